"""The courts: hearing results as HMCTS publishes them, one JSON file a message in a drop folder."""

from __future__ import annotations

from pathlib import Path

from connectors.contract import Connector, PullFeed
from connectors.courts import client, translation
from connectors.courts.settings import CourtsSettings

connector = Connector(
    name="courts",
    title="Courts",
    settings=CourtsSettings,
    connect=client.connect,
    check=client.check,
    agreement=Path(__file__).parent / "agreement.yaml",
    pulls=(
        PullFeed(
            name="results",
            words="Results of hearings about children",
            purpose="court_work",
            pull=client.results,
            open=client.opened,
            record=translation.outcome,
            child=translation.child,
            scope=translation.scope,
        ),
    ),
)
