"""A partner that cannot be reached, or that asks for it, is left alone for a while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest

from connectors.contract import Connector
from connectors.errors import PartnerUnavailableError
from hub import report
from hub.exchange.line import checked_line, partner_line
from hub.ledger.balance import EQUATIONS
from schemas.hops import Hop
from tests.night.calls import FarForce
from tests.night.statuses import Statuses, status
from tests.world import World

# A line that is down.


def test_after_five_failures_in_a_row_the_sixth_try_does_not_reach_the_partner(force: FarForce) -> None:
    force.is_down()
    assert force.line.calls == 5
    said = force.pull()
    assert said.startswith(
        "police: pull is left alone until 23 November at 04:40, since 23 November at 04:30: "
        "5 tries in a row failed. What to do: nothing tonight: what is due is carried over"
    )
    assert force.line.calls == 5


def test_it_must_be_five_in_a_row(force: FarForce) -> None:
    force.is_down(4)
    force.line.is_down = False
    assert force.pull() == ""
    force.is_down(5)
    assert force.line.calls == 10


def test_ten_minutes_later_one_try_is_made_and_a_bad_one_is_the_last_for_ten_more(force: FarForce) -> None:
    force.is_down()
    force.world.later(minutes=10)
    assert "does not answer" in force.pull()
    assert "until 23 November at 04:50, since 23 November at 04:30: 6 tries" in force.pull()
    assert force.line.calls == 6

    force.world.later(minutes=10)
    force.line.is_down = False
    assert force.pull() == ""
    assert force.world.ledger()["recorded"] == {"matched": 1, "new": 1}
    assert force.pull() == ""
    assert force.line.calls == 8


def test_of_two_workers_at_once_one_makes_the_try(force: FarForce) -> None:
    force.is_down()
    force.line.is_down = False
    for tried in range(1, 6):
        force.world.later(minutes=10)
        assert sorted(two_at_once(force)) == ["left alone", "tried"]
        # It went badly, so the next round begins where this one did.
        assert force.line.calls == 5 + tried


def went_down() -> None:
    raise PartnerUnavailableError("police: went down.", fix="nothing.")


def two_at_once(force: FarForce) -> list[str]:
    came, begin, other_is_done = list[str](), Barrier(2), Event()

    def work() -> None:
        begin.wait(10)
        try:
            with partner_line(force.leased(), "police"):
                other_is_done.wait(10)
                went_down()
        except PartnerUnavailableError as fault:
            came.append("tried" if "went down" in str(fault) else "left alone")
        other_is_done.set()

    workers = [Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(20)
    return came


def test_a_worker_that_was_killed_in_its_try_holds_up_nobody_for_longer_than_ten_minutes(
    force: FarForce,
) -> None:
    force.is_down()
    force.line.is_down = False
    force.world.later(minutes=10)
    killed = partner_line(force.leased(), "police")
    killed.__enter__()
    assert "left alone until" in force.pull()
    force.world.later(minutes=10)
    assert force.pull() == ""


def test_a_fault_of_our_own_in_the_one_try_says_nothing_of_the_partner(force: FarForce) -> None:
    force.is_down()
    force.line.is_down = False
    force.world.later(minutes=10)
    with pytest.raises(ZeroDivisionError), partner_line(force.leased(), "police"):
        raise ZeroDivisionError
    assert force.pull() == ""


def test_another_partner_and_the_other_direction_are_not_affected(force: FarForce) -> None:
    force.is_down()
    force.world.pull("courts")
    force.world.pull("yjs")
    assert {row["partner"] for row in force.world.rows("SELECT partner FROM batch")} == {"courts", "yjs"}
    force.line.is_down = False
    assert force.push() == ""
    assert "left alone" in force.pull()


def test_a_clock_that_went_back_an_hour_keeps_nobody_waiting_for_it(force: FarForce) -> None:
    force.is_down()
    force.line.is_down = False
    force.world.later(hours=-1)
    assert force.pull() == ""


def test_the_partners_error_is_told_also_where_it_cannot_be_counted(force: FarForce) -> None:
    with pytest.raises(PartnerUnavailableError, match="went down"), partner_line(force.leased(), "police"):
        lose_the_breakers(force)


def lose_the_breakers(force: FarForce) -> None:
    with force.world.hub.store.transaction() as connection:
        connection.exec_driver_sql("DROP TABLE breaker")
    went_down()


def test_a_check_is_always_tried_and_closes_what_it_finds_well(force: FarForce) -> None:
    force.is_down()
    force.line.is_down = False
    with checked_line(force.world.hub, "police"):
        pass
    assert force.pull() == ""
    assert force.line.calls == 7


# What is due meanwhile.


def test_what_is_due_is_carried_over_and_the_ledger_balances(force: FarForce) -> None:
    Statuses(force.world).say(status(1), status(2))
    force.line.is_down = True
    for _ in range(6):
        said = force.push()
    assert "push is left alone until" in said
    assert force.world.ledger("police")["outgoing"] == {"due": 2, "carried_over": 10, "waiting": 12}
    assert unbalanced(force.world) == []
    assert {row["state"] for row in force.world.rows("SELECT state FROM outbox")} == {"queued"}

    force.line.is_down = False
    force.world.later(days=1)
    assert force.push() == ""
    assert force.world.ledger("police")["outgoing"] == {"carried_over": 2, "sent": 2}
    assert unbalanced(force.world) == []


def test_the_night_says_who_is_left_alone_and_is_as_red_as_without(force: FarForce) -> None:
    world = force.world
    world.pull("courts")
    world.pull("yjs")
    world.push("yjs")
    assert force.push() == ""
    force.is_down(4)
    before = report.collect(world.hub, world.hub.night)
    force.is_down(1)
    facts = report.collect(world.hub, world.hub.night)
    assert facts.reasons == before.reasons != ()
    said = "Fetching is left alone until 04:40: 5 tries in a row failed."
    assert f"Police: Missing: nothing ran tonight for referrals and updates. {said}" in report.summary(facts)
    page = report.write(world.hub, world.hub.night)
    for shown in (page, page.with_name("police.html")):
        assert said in shown.read_text()
    assert "left alone until" not in page.with_name("yjs.html").read_text()

    world.later(minutes=10)
    assert "Fetching was left alone until 04:40" in report.summary(report.collect(world.hub, facts.night))


def unbalanced(world: World) -> list[str]:
    runs: dict[tuple[str, str], dict[str, int]] = {}
    for row in world.rows("SELECT run_id, hop, bucket, records FROM ledger_line"):
        runs.setdefault((row["run_id"], row["hop"]), {})[row["bucket"]] = row["records"]
    return [hop for (_, hop), buckets in runs.items() if EQUATIONS[Hop(hop)].difference(buckets)]


# A partner that asks to be left alone.


@dataclass
class Busy:
    """A partner who answers each call by asking for so much time."""

    wait: timedelta | None
    calls: int = 0

    def connect(self, _: object) -> None:
        self.calls += 1
        raise PartnerUnavailableError("police: too many calls.", fix="nothing.", retry_after=self.wait)

    def among(self, real: Callable[[str], Connector]) -> Callable[[str], Connector]:
        return lambda name: replace(real(name), connect=self.connect) if name == "police" else real(name)


def test_a_partner_that_asks_for_an_hour_is_left_alone_for_it(force: FarForce) -> None:
    busy, real = Busy(timedelta(hours=1)), force.world.hub
    force.world.hub = replace(real, connector=busy.among(real.connector))
    assert "too many calls" in force.pull()
    with pytest.raises(PartnerUnavailableError, match=r"until 23 November at 05:30, .+: they asked") as told:
        force.world.pull()
    assert told.value.retry_after == timedelta(hours=1)
    force.world.later(minutes=59)
    assert "left alone" in force.pull()
    assert busy.calls == 1

    force.world.hub = real
    force.world.later(minutes=1)
    assert force.pull() == ""


@pytest.mark.parametrize("wait", [None, timedelta(0), timedelta(seconds=120), -timedelta(hours=1)])
def test_a_short_wait_is_a_failure_like_any_other(force: FarForce, wait: timedelta | None) -> None:
    busy = Busy(wait)
    force.world.hub = replace(force.world.hub, connector=busy.among(force.world.hub.connector))
    for _ in range(6):
        force.pull()
    assert busy.calls == 5
