"""Northmoor Youth Club: every promise, and one record told in our words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import northmoor_youth_club

from hub.conformance import conforms

test_promises = conforms("northmoor_youth_club")

SAMPLE = Path(northmoor_youth_club.__file__).parent / "samples" / "requests.json"


def test_a_request_becomes_a_referral() -> None:
    feed = northmoor_youth_club.connector.pull_feed("requests")
    with SAMPLE.open("rb") as message:
        rows = next(feed.open(message))

    (referral,) = feed.record.frame(rows, date(2026, 11, 23)).to_dicts()
    (child,) = feed.child.frame(rows, date(2026, 11, 23)).to_dicts()

    assert (referral["reference"], referral["need"], referral["is_deleted"]) == ("NOR-1", "mentoring", False)
    assert (child["family_name"], child["born_on"]) == ("Quillborne", date(2011, 3, 14))
