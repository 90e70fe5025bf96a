"""A record whose identifiers point to two children: nobody guesses, it waits, and it is not lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from hub.exchange import match as matching
from hub.exchange import record as recording
from hub.exchange.land import land
from hub.exchange.translate import translate
from hub.hub import Hub
from hub.store import batches, held
from schemas.clocks import HeldState
from schemas.hops import PLACE, RecordKey
from tests.night.children import ANOTHER_PNC, NEWS, PNC, at_court, children_of
from tests.traces import Traces
from tests.world import World, references, referral

# The first two are on file, each a child of its own.
ON_FILE = referral(1, PNCID=PNC), referral(2)
DOUBTFUL = referral(3, NominalID="N0000002", PNCID=PNC, RiskMarkers="SG", Surname="Doubtful")


def with_a_doubtful_referral(world: World, *beside: Mapping[str, str]) -> RecordKey:
    """The key of the held row: a referral under the one child's PNC id and the other's nominal."""
    world.police_send(*ON_FILE)
    world.pull()
    world.police_send(DOUBTFUL, *beside)
    world.pull()
    (row,) = world.held()
    return RecordKey(*(row[name] for name in ("batch_id", *PLACE)))


def decide(world: World, key: RecordKey, state: HeldState) -> None:
    with world.hub.store.transaction() as connection:
        assert held.move(connection, key, state, by="a worker", why="looked", now=world.hub.clock())


def test_a_record_that_points_to_two_children_waits_for_a_person(quiet_worlds: World) -> None:
    world = quiet_worlds
    with_a_doubtful_referral(world, referral(4))
    world.push()

    assert world.ledger()["matched"] == {"translated": 4, "matched": 3, "for_review": 1}
    assert ("HUB-M01", "hold_row", "one_child") in world.findings()
    (row,) = world.held()
    said = (row["reference"], row["hop"], row["rules"], row["owner"], row["safety"])
    assert said == ("NMP-R-0000003", "matched", "HUB-M01", "data desk", True)
    assert references(world.worklist()) == ["NMP-R-0000001", "NMP-R-0000002", "NMP-R-0000004"]
    assert {place for _, place in Traces.of(world.hub).sealed("Doubtful")} > {"held_row"}


def test_records_of_one_file_that_point_to_two_children_between_them_wait_both(quiet_world: World) -> None:
    world = quiet_world
    world.police_send(*ON_FILE)
    world.pull()
    # A PNC id that is new to us, under both children's nominals.
    world.police_send(
        referral(3, NominalID="N0000001", PNCID=ANOTHER_PNC),
        referral(4, NominalID="N0000002", PNCID=ANOTHER_PNC),
        referral(5, NominalID="N0000001"),
    )
    world.pull()
    assert [row["reference"] for row in world.held()] == ["NMP-R-0000003", "NMP-R-0000004"]
    assert world.children() == 2


def test_an_amendment_whose_identifiers_are_another_childs_waits(quiet_world: World) -> None:
    world = quiet_world
    world.police_send(*ON_FILE)
    world.pull()
    world.police_send(referral(2, PNCID=PNC, **NEWS))
    world.pull()
    assert [row["rules"] for row in world.held()] == ["HUB-M01"]


def test_released_it_goes_on_as_a_child_of_its_own(quiet_world: World) -> None:
    """To be joined with neither is work for somebody; to be joined with the wrong one is harm."""
    world = quiet_world
    key = with_a_doubtful_referral(world)
    decide(world, key, HeldState.RELEASED)
    world.later(days=1)
    world.pull()
    world.push()

    assert world.ledger()["translated"] == {"released": 1, "translated": 1}
    assert world.ledger()["matched"] == {"translated": 1, "matched": 1}
    (arrived,) = (row for row in world.worklist() if row["source_reference"] == "NMP-R-0000003")
    assert (arrived["pnc"], arrived["family_name"], str(arrived["born_on"])) == (
        PNC,
        "Doubtful",
        "2011-03-14",
    )
    child = children_of(world)
    assert len(set(child.values())) == 3
    # What it pointed to still belongs to those who had it.
    world.police_send(referral(5, PNCID=PNC))
    world.pull()
    assert children_of(world)["NMP-R-0000005"] == child["NMP-R-0000001"]


def test_corrected_by_the_force_it_goes_on_to_its_child(quiet_world: World) -> None:
    world = quiet_world
    with_a_doubtful_referral(world)
    world.police_send({**DOUBTFUL, "PNCID": "", **NEWS})
    world.pull()
    assert [row["state"] for row in world.held(HeldState.FIXED)] == ["fixed"]
    child = children_of(world)
    assert child["NMP-R-0000003"] == child["NMP-R-0000002"]


def test_discarded_it_says_nothing_any_more(quiet_world: World) -> None:
    world = quiet_world
    decide(world, with_a_doubtful_referral(world), HeldState.DISCARDED)
    world.pull()
    assert {place for _, place in Traces.of(world.hub).sealed("Doubtful")} & {"held_row", "vault"} == set()
    assert "NMP-R-0000003" not in children_of(world)


# What came while a batch was on its way between matching and the record.


def step_by_step(hub: Hub, ids: Iterable[str], *steps: Callable[[Hub, str], None]) -> None:
    for step in steps:
        for one in ids:
            step(hub, one)


def referrals_landed(hub: Hub) -> list[str]:
    """The batches of the force's referrals that are to go on; those of its updates are empty."""
    ids = land(hub, "police")
    with hub.store.reading() as connection:
        return [one for one in ids if batches.get(connection, one).feed == "referrals"]


def test_a_child_on_file_is_not_moved_by_what_another_partner_brought_meanwhile(quiet_world: World) -> None:
    world = quiet_world
    world.police_send(referral(1))
    world.pull()
    before = children_of(world)
    world.police_send(referral(1, PNCID=PNC, **NEWS))
    with world.at_work() as hub:
        on_its_way = land(hub, "police")
        step_by_step(hub, on_its_way, translate, matching.match)
        world.courts_send(at_court(referral(1, PNCID=PNC)))
        world.pull("courts")
        step_by_step(hub, on_its_way, recording.record)
    assert children_of(world)["NMP-R-0000001"] == before["NMP-R-0000001"]


def test_a_new_child_that_two_have_come_to_claim_is_joined_to_neither(quiet_world: World) -> None:
    world = quiet_world
    world.police_send(referral(1, NominalID="N1", PNCID=PNC))
    with world.at_work() as hub:
        (first,) = referrals_landed(hub)
        step_by_step(hub, [first], translate, matching.match)
        world.police_send(referral(2, NominalID="N1"))
        second = referrals_landed(hub)[-1]
        step_by_step(hub, [second], translate, matching.match, recording.record)
        world.courts_send(at_court(referral(1, PNCID=PNC)))
        world.pull("courts")
        step_by_step(hub, [first], recording.record)
    child = children_of(world)
    assert len(set(child.values())) == 3
