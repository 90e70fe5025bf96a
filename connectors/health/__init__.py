"""Health: mental health, speech and language, liaison and diversion; each service by its own route."""

from __future__ import annotations

from pathlib import Path

from connectors.contract import Connector, PullFeed, PushFeed, Wanted
from connectors.health import (
    client,
    liaison,
    liaison_translation,
    lines,
    mesh_route,
    pull,
    push,
    statuses,
    translation,
)
from connectors.health.message import message
from connectors.health.settings import HealthSettings

connector = Connector(
    name="health",
    title="Health services",
    settings=HealthSettings,
    connect=lines.connect,
    check=client.check,
    agreement=Path(__file__).parent / "agreement.yaml",
    pulls=(
        PullFeed(
            name="progress",
            words="What became of children whom the YJS referred",
            purpose="youth_justice_services",
            pull=pull.progress,
            taken=pull.taken,
            open=statuses.opened,
            record=translation.progress,
            child=translation.child,
            scope=translation.scope,
        ),
        PullFeed(
            name="liaison",
            words="Children whom liaison and diversion refers to the YJS",
            purpose="youth_justice_services",
            pull=mesh_route.referrals,
            # After the commit, and only then: nobody would ask after a referral that is lost here.
            taken=mesh_route.taken,
            open=liaison.opened,
            record=liaison_translation.referral,
            child=liaison_translation.child,
            scope=liaison_translation.scope,
        ),
    ),
    pushes=(
        PushFeed(
            name="referrals",
            words="Children whom the YJS refers for help with their health",
            purpose="youth_justice_services",
            message=message,
            push=push.push,
            answers=push.answers,
            wants=(
                Wanted(
                    "referral", sent_by="yjs", needs=("mental_health", "physical_health", "speech_language")
                ),
            ),
        ),
    ),
)
