"""The case system as a sender: what the YJS does with a child comes back, and goes to the child referred."""

from __future__ import annotations

from datetime import date

from tests.world import World, case_row, referral


def test_each_view_becomes_records_of_its_kind(world: World) -> None:
    for feed in ("progress", "referrals", "assessments", "orders"):
        world.case_system_says(feed, case_row(feed))
    world.pull("yjs")

    assert world.rows("SELECT feed, count(*) AS n FROM screening GROUP BY feed") == [
        {"feed": "assessments", "n": 6}
    ]
    (referred,) = world.rows("SELECT need, referred_on, to_service, urgency, consent_given_by FROM referral")
    assert str(referred.pop("referred_on")) == "2026-10-22"
    assert referred == {
        "need": "mental_health",
        "to_service": "Northmoor CAMHS",
        "urgency": "soon",
        "consent_given_by": "parent",
    }
    (order,) = world.rows(
        "SELECT fact, disposal, disposal_as_sent, holds_from, holds_until FROM circumstance"
    )
    assert str(order.pop("holds_from")) == "2026-10-12"
    assert order == {
        "fact": "order",
        "disposal": "Youth Cautions with YJS intervention",
        "disposal_as_sent": "YC",
        "holds_until": None,
    }
    assert world.rows("SELECT state, referral_from, referral_reference FROM status_update") == [
        {"state": "accepted", "referral_from": "police", "referral_reference": "NMP-R-0000001"}
    ]
    assert world.children() == 1
    assert world.ledger("yjs")["recorded"] == {"matched": 9, "new": 9}
    assert not {one for one in world.findings("yjs") if one[0].startswith("HUB-T")}


def test_what_is_said_of_a_referral_is_said_of_the_child_who_was_referred(world: World) -> None:
    world.police_send(referral(1))
    world.pull()
    # No identifier is shared, and the name is another: the reference alone says who is meant.
    world.case_system_says(
        "progress", case_row("progress", familyName="Married", startedOn=date(2026, 11, 21))
    )
    world.pull("yjs")

    children = world.rows("SELECT child_id FROM referral UNION SELECT child_id FROM status_update")
    assert len(children) == 1
    assert world.rows("SELECT state FROM status_update") == [{"state": "started"}]
