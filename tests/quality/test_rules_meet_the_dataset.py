"""Children's services' rules name columns that the hub really hands over, and their own night keeps them."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime

import polars as pl
import pytest
from rule_tables import TODAY, placed

from connectors.contract import PullFeed, Since
from connectors.social_care import connector
from connectors.social_care.client import Department
from connectors.social_care.settings import SocialCareSettings
from quality.runner import assess
from quality.suites.social_care import suite
from schemas.hops import PLACE, Hop, Verdict
from simulators.social_care import fill
from simulators.social_care_front import FrontDoor, serving


@pytest.fixture(scope="module")
def department(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Department]:
    url = f"sqlite:///{tmp_path_factory.mktemp('dataset') / 'dataset.db'}"
    fill(url, 1)
    door = FrontDoor()
    form = {"Reference": "REF-1", "BirthDate": "14/03/2011"}
    for number in range(30):
        door.take({"key": f"social_care:yjs:REF-{number}:0a", "form": form}, f"{number:02}{0:062}")
    door.decide(datetime(2026, 11, 22, 12, tzinfo=UTC))
    with serving(door) as found:
        settings = SocialCareSettings(
            database_url=url,
            base_url=found["HUB_SOCIAL_CARE_BASE_URL"],
            key=found["HUB_SOCIAL_CARE_KEY"],
        )
        with connector.connect(settings) as opened:
            yield opened


def rows_of(feed: PullFeed, department: Department) -> pl.DataFrame:
    """The agreed columns of our children's rows, as the hub keeps them."""
    frames = [
        frame.with_columns(message=pl.lit(number, dtype=pl.Int64))
        for number, one in enumerate(feed.pull(department, Since(None, frozenset())))
        for frame in feed.open(io.BytesIO(b"".join(one.body)))
    ]
    kept = pl.concat(frame.select(*PLACE, "problem", *sorted(feed.takes)) for frame in frames)
    return kept.filter(feed.scope.ours().fill_null(value=True))


@pytest.mark.parametrize("name", ["circumstances", "referred", "outcomes"])
@pytest.mark.parametrize("hop", [Hop.RECEIVED, Hop.TRANSLATED])
def test_every_rule_of_what_comes_can_be_assessed_and_a_usual_night_keeps_it(
    name: str, hop: Hop, department: Department
):
    feed = connector.pull_feed(name)
    rows = rows_of(feed, department)
    assert rows.height > 3
    if hop is Hop.TRANSLATED:
        ours = (rows.select(PLACE), feed.record.frame(rows, TODAY), feed.child.frame(rows, TODAY))
        rows = pl.concat(ours, how="horizontal")

    assert assess(suite.rules(name, hop), rows, on=TODAY) == Verdict()


def test_every_rule_of_the_form_can_be_assessed():
    record = pl.DataFrame(
        [{"reference": "REF-1", "change": "new", "consent_given_by": "parent", "parents_told": "told"}]
    )
    form = connector.push_feed("referrals").message.frame(record)

    assert assess(suite.rules("referrals", Hop.OUTGOING), placed(form), on=date(2026, 11, 23)) == Verdict()
