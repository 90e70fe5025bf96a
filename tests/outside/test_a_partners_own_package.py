"""A connector that another package brings: the hub finds it, tries it, and takes it along in a night."""

from __future__ import annotations

import json

import pytest

from tests.scaffold.checkout import Checkout

CLUB = "northmoor_youth_club"
BOTH = ("--partner", "yjs", "--partner", CLUB)
pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]


def test_nothing_of_the_hub_was_changed_for_it(joined: Checkout) -> None:
    assert joined.changed() == []


def test_it_keeps_every_promise(joined: Checkout) -> None:
    said = joined.run("hub", "conform", CLUB, seconds=600)
    assert f"{CLUB}: 35 kept." in said


def test_its_own_tests_pass_where_it_is_installed(joined: Checkout) -> None:
    own = joined.root / "tests" / "outside" / "northmoor-youth-club"
    joined.run("pytest", "-q", "--rootdir", own, own / "tests", "-k", "becomes")


def test_it_takes_part_in_a_real_night(joined: Checkout) -> None:
    said = joined.run("hub", "simulate", "--", joined.bin / "hub", "night", "--json", *BOTH)
    night = json.loads(said[said.index("{") : said.rindex("}") + 1])
    assert night["green"], said[-3000:]
    assert {f"pull_{CLUB}", f"push_{CLUB}"} <= {one["dag_id"] for one in night["runs"]}

    ledger = json.loads(joined.run("hub", "ledger", "--json"))
    (recorded,) = [row for row in ledger if row["partner"] == CLUB and row["hop"] == "recorded"]
    assert recorded["buckets"] == {"matched": 6, "new": 6}
    # What the YJS asks of a mentor goes to them; nothing of the hub names them.
    (sent,) = [row for row in ledger if row["partner"] == CLUB and row["hop"] == "acknowledged"]
    assert sent["buckets"]["sent"] == sent["buckets"]["received"] > 0


def test_taken_out_again_the_hub_knows_it_no_more(joined: Checkout) -> None:
    joined.run("uv", "pip", "uninstall", "--python", joined.bin / "python", "northmoor-youth-club")
    assert CLUB not in joined.run("hub", "partners")
    assert "There is no partner named" in joined.run("hub", "check", CLUB, status=2)
