"""A referral of the YJS goes to whoever gives that help, and to nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.contract import Wanted
from hub import registry
from hub.exchange.routes import routes
from schemas import codes
from schemas.kinds import KINDS
from tests.world import World, case_row

PARTNERS = registry.connectors()


def asked_for(world: World, monkeypatch: pytest.MonkeyPatch, wanted: Wanted) -> list[str]:
    """Two referrals of the YJS, for mental health and for school: which of them wait for the force."""
    force = PARTNERS["police"]
    told = replace(force, pushes=(replace(force.pushes[0], wants=(wanted,)),))
    monkeypatch.setattr(registry, "connectors", lambda: {"police": told})
    world.case_system_says(
        "referrals", case_row("referrals", 1), case_row("referrals", 2, need="ETE", service="Elsewhere")
    )
    world.pull("yjs")
    return [row["reference"] for row in world.rows("SELECT reference FROM outbox")]


@pytest.mark.parametrize(
    ("wanted", "waiting"),
    [
        (Wanted("referral"), ["REF-1", "REF-2"]),
        (Wanted("referral", sent_by="yjs", needs=("mental_health", "speech_language")), ["REF-1"]),
        (Wanted("referral", sent_by="courts"), []),
        (Wanted("outcome"), []),
    ],
)
def test_whoever_gives_the_help_hears_of_it_and_nobody_else(
    quiet_world: World, monkeypatch: pytest.MonkeyPatch, wanted: Wanted, waiting: list[str]
) -> None:
    assert asked_for(quiet_world, monkeypatch, wanted) == waiting


def test_nothing_is_laid_ready_for_a_partner_who_is_not_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {route.to.partner for route in routes("referral", "police")} == {"yjs"}
    monkeypatch.setattr(registry, "connectors", dict)
    assert routes("referral", "police") == ()


@pytest.mark.parametrize(
    "one", [one for partner in PARTNERS.values() for feed in partner.pushes for one in feed.wants]
)
def test_what_is_wanted_is_a_kind_a_need_and_a_partner_that_there_are(one: Wanted) -> None:
    assert one.kind in KINDS
    assert set(one.needs) <= {need.code for need in codes.load("referral_need").codes}
    assert one.sent_by in (None, *PARTNERS)
    assert one.addressed_by in (None, *KINDS[one.kind].columns())
