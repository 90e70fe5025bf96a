"""Northmoor Youth Club: say here who they are, and what goes which way."""

from __future__ import annotations

from pathlib import Path

from connectors.contract import Connector, PullFeed, PushFeed, Wanted
from northmoor_youth_club import client, push, translation
from northmoor_youth_club.settings import NorthmoorYouthClubSettings

connector = Connector(
    name="northmoor_youth_club",
    title="Northmoor Youth Club",
    settings=NorthmoorYouthClubSettings,
    connect=client.connect,
    check=client.check,
    agreement=Path(__file__).parent / "agreement.yaml",
    pulls=(
        PullFeed(
            name="requests",
            words="Children for whom they ask for help",
            purpose="youth_justice_services",
            pull=client.requests,
            open=client.opened,
            record=translation.record,
            child=translation.child,
            scope=translation.scope,
        ),
    ),
    pushes=(
        PushFeed(
            name="messages",
            words="Children whom we refer to them",
            purpose="youth_justice_services",
            message=translation.message,
            push=push.push,
            answers=push.answers,
            wants=(Wanted("referral", sent_by="yjs", needs=("mentoring",)),),
        ),
    ),
)
