"""What an agreement stops stands on the page with its reason, and a child at risk stands first."""

from __future__ import annotations

from datetime import date

from quality.reports.night import summary
from quality.reports.pages import render_night
from quality.reports.partner_night import Flag
from tests.night.agreements import changed, under
from tests.world import World, referral

BECAUSE = "Not shared because agreement NM-ISA-2026-01 version 1 ended on 2026-11-22."


def stopped_night(world: World) -> None:
    world.police_send(referral(1), referral(2, RiskMarkers="SG"))
    world.pull()
    world.pull("courts")
    world.pull("yjs")
    world.push("police")
    under(world, "yjs", changed("yjs", ends_on=date(2026, 11, 22)))
    world.push()


def test_a_child_at_risk_whom_the_agreement_stops_heads_the_page(world: World) -> None:
    stopped_night(world)
    facts = world.facts()
    (first,) = facts.at_risk
    assert (first.reference, first.flag, first.why) == ("NMP-R-0000002", Flag.SET, BECAUSE)
    assert first.owner == "Information governance lead, Northmoor Youth Justice Service"
    assert "hub deliveries share" in first.fix
    assert facts.flagged == 1
    page = render_night(facts)
    assert page.index(BECAUSE) < page.rindex("Partner by partner")


def test_all_that_is_not_shared_is_counted_by_its_reason(world: World) -> None:
    stopped_night(world)
    facts = world.facts()
    yjs = next(one for one in facts.partners if one.name == "yjs")
    (reason,) = yjs.stuck
    assert (reason.why, reason.records, reason.at_risk, reason.older) == (BECAUSE, 2, 1, 0)
    assert (yjs.sent.due, yjs.sent.not_shared, yjs.sent.waiting) == (2, 2, 0)
    assert "2 due: 0 sent, 2 not shared. Nothing was lost." in summary(facts)
    assert facts.waiting == 2
    assert facts.is_green, "what waits for an agreement is told, and is no fault of the night"
