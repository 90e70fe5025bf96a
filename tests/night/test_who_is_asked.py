"""A referral of the YJS goes to who gives that help, and to nobody else."""

from __future__ import annotations

import pytest

from hub.exchange import routes
from hub.store.queueing import Route
from tests.world import World, case_row, referral

HERE = Route("referral", routes.YJS_WORKLIST, sent_by="police", needs=("education",))


def test_nothing_is_laid_ready_for_a_partner_who_is_not_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = {one.to.partner for one in routes.routes("referral", "yjs")}
    assert "police" not in everybody
    monkeypatch.setattr("hub.registry.partner_names", lambda: ("police",))
    assert routes.routes("referral", "yjs") == ()


def test_whoever_gives_another_help_does_not_hear_of_it(
    quiet_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "ROUTES", (HERE,))
    quiet_world.police_send(referral(1))
    quiet_world.pull()
    assert quiet_world.rows("SELECT reference FROM outbox") == []


def test_whoever_gives_the_help_hears_of_it(quiet_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Route("referral", routes.POLICE_DECISIONS, sent_by="yjs", needs=("mental_health",))
    monkeypatch.setattr(routes, "ROUTES", (asked,))
    quiet_world.case_system_says(
        "referrals", case_row("referrals", 1), case_row("referrals", 2, need="ETE", service="Elsewhere")
    )
    quiet_world.pull("yjs")
    assert quiet_world.rows("SELECT to_partner, reference FROM outbox") == [
        {"to_partner": "police", "reference": "REF-1"}
    ]
