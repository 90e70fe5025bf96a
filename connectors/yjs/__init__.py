"""The YJS itself: its case system, a SQL database with a worklist for what the hub brings."""

from __future__ import annotations

from pathlib import Path

from connectors.contract import Connector, PushFeed
from connectors.yjs import client, translation
from connectors.yjs.settings import YjsSettings

connector = Connector(
    name="yjs",
    title="Youth Justice Service",
    settings=YjsSettings,
    connect=client.connect,
    check=client.check,
    agreement=Path(__file__).parent / "agreement.yaml",
    pushes=(
        PushFeed(
            name="worklist",
            words="Referrals and outcomes for the case workers",
            purpose="youth_justice_services",
            message=translation.worklist,
            push=client.push,
            answers=client.answers,
        ),
    ),
)
