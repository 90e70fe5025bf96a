"""Where nobody may refer by MESH, that feed asks nobody and needs no mailbox."""

from __future__ import annotations

from connectors.contract import Since
from connectors.health import connector
from connectors.health.settings import HealthSettings


def test_a_hub_without_a_mailbox_pulls_nothing_and_takes_nothing() -> None:
    feed = connector.pull_feed("liaison")
    settings = HealthSettings(fhir_url="http://127.0.0.1:9/fhir")
    with connector.connect(settings) as lines:
        assert list(feed.pull(lines, Since(None, ()))) == []
        assert feed.taken is not None
        feed.taken(lines, [])
