"""The police: out-of-court and custody referrals, as CSV files with manifests over SFTP."""

from __future__ import annotations

from pathlib import Path

from connectors.contract import Connector, PullFeed
from connectors.police import client, translation
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
        ),
    ),
)
