"""The police: referrals and decisions as CSV files over SFTP, and back what the YJS tells them."""

from __future__ import annotations

from pathlib import Path

from connectors.contract import Connector, PullFeed, PushFeed, Wanted
from connectors.police import client, translation, updates
from connectors.police.answers import answers
from connectors.police.decisions import decisions
from connectors.police.push import push
from connectors.police.reporting import report
from connectors.police.settings import PoliceSettings
from connectors.strict_csv import frames

connector = Connector(
    name="police",
    title="Police",
    settings=PoliceSettings,
    connect=client.connect,
    check=client.check,
    agreement=Path(__file__).parent / "agreement.yaml",
    pulls=(
        PullFeed(
            name="referrals",
            words="Children the police refer to the YJS",
            purpose="out_of_court_decisions",
            pull=client.referral_files,
            open=frames,
            record=translation.referral,
            child=translation.child,
            scope=translation.scope,
            report=report,
        ),
        PullFeed(
            name="updates",
            words="What the police decided about children they referred",
            purpose="out_of_court_decisions",
            pull=client.update_files,
            open=frames,
            record=updates.update,
            child=updates.child,
            scope=updates.scope,
            report=report,
        ),
    ),
    pushes=(
        PushFeed(
            name="decisions",
            words="What the YJS tells the police, who decide",
            purpose="out_of_court_decisions",
            message=decisions,
            push=push,
            answers=answers,
            wants=(Wanted("status_update", addressed_by="referral_from"),),
        ),
    ),
)
