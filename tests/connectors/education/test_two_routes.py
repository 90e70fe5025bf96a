"""By either route the same is known of every pupil."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from io import BytesIO

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from connectors.contract import PullFeed, Since
from connectors.education import connector
from schemas.hops import PLACE
from simulators.education_service import Service
from tests.connectors.education.conftest import as_files, connected, leave
from tests.servers.openssh import OpenSsh

TODAY = date(2026, 11, 24)


def told(feed: PullFeed, settings: Mapping[str, str]) -> pl.DataFrame:
    """Record and child, in our words."""
    frames = []
    with connected(settings) as education:
        for message in feed.pull(education, Since(None, ())):
            assert message.problem is None
            frames += list(feed.open(BytesIO(b"".join(message.body))))
    rows = pl.concat([frame.select(*sorted(feed.takes), "row", "part", "problem") for frame in frames])
    assert rows["problem"].null_count() == rows.height
    both = pl.concat([feed.record.frame(rows, TODAY), feed.child.frame(rows, TODAY)], how="horizontal")
    return both.drop(PLACE, strict=False).sort("reference")


@pytest.mark.server
@pytest.mark.parametrize("feed", connector.pulls, ids=lambda feed: feed.name)
def test_pages_over_http_and_files_say_the_same(
    feed: PullFeed, service: Service, over_http: dict[str, str], openssh: OpenSsh
) -> None:
    leave(openssh.folder, service)
    pages, files = told(feed, over_http), told(feed, as_files(openssh, over_http))
    assert pages.height > 0
    assert_frame_equal(pages, files)


@pytest.mark.server
def test_both_say_what_was_deleted(service: Service, over_http: dict[str, str], openssh: OpenSsh) -> None:
    leave(openssh.folder, service)
    feed = connector.pull_feed("needs")
    for route in (over_http, as_files(openssh, over_http)):
        assert told(feed, route).filter("is_deleted").height == 1


@pytest.mark.server
def test_a_file_that_has_landed_is_not_fetched_again(
    service: Service, over_http: dict[str, str], openssh: OpenSsh
) -> None:
    leave(openssh.folder, service)
    feed = connector.pull_feed("enrolments")
    with connected(as_files(openssh, over_http)) as education:
        landed = [message.fingerprint for message in feed.pull(education, Since(None, ()))]
        assert len(landed) == 1
        assert list(feed.pull(education, Since(None, landed))) == []


@pytest.mark.server
def test_the_drop_is_checked_by_signing_in(
    service: Service, over_http: dict[str, str], openssh: OpenSsh
) -> None:
    leave(openssh.folder, service)
    with connected(as_files(openssh, over_http)) as education:
        assert connector.check(education) == "signed in; 6 files with a manifest are there"
