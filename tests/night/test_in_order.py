"""Messages go in order: a child at risk first, of one child the oldest first, an old version never late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors.contract import OutboundMessage, Receipt
from connectors.errors import PartnerUnavailableError
from hub import registry
from hub.exchange.deliver import deliver
from hub.exchange.outgoing import outgoing
from hub.exchange.runs import run
from hub.ledger.balance import EQUATIONS
from hub.store import leases
from schemas.hops import Hop
from tests.world import World, referral

FIRST = datetime(2026, 11, 22, 10, tzinfo=UTC)
# What befalls a push: all is well; nobody answers; they have it and say nothing; it is lost on the way; the
# line breaks after the first.
THERE, DOWN, SILENT, LOST, BREAKS = "there", "down", "silent", "lost", "breaks"
DOWN_TONIGHT = PartnerUnavailableError("yjs: the line is down.", fix="nothing tonight.")


@dataclass
class CaseSystem:
    """The real one behind a line that a test may break; it remembers what arrived, in order."""

    line: str = THERE
    got: list[OutboundMessage] = field(default_factory=list)

    def push(self, client: Any, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
        given_ = list(messages)
        if self.line == DOWN:
            raise DOWN_TONIGHT
        if self.line == LOST:
            return
        arriving = given_[:1] if self.line == BREAKS else given_
        self.got += arriving
        receipts = list(registry.connector("yjs").pushes[0].push(client, arriving))
        if self.line != SILENT:
            yield from receipts
        if self.line == BREAKS:
            raise DOWN_TONIGHT

    @property
    def references(self) -> list[str]:
        return [message.body["source_reference"][-1] for message in self.got]


@pytest.fixture
def theirs(quiet_world: World) -> CaseSystem:
    partner, real = CaseSystem(), registry.connector("yjs")
    broken = replace(real, pushes=(replace(real.pushes[0], push=partner.push),))
    quiet_world.hub = replace(
        quiet_world.hub, connector=lambda name: broken if name == "yjs" else registry.connector(name)
    )
    return partner


def version(number: int, *, of: int) -> dict[str, str]:
    stamp = (FIRST + timedelta(hours=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return referral(of, LastUpdated=stamp, CrimeRef=f"NMP/2000{number}/26")


def pull(world: World, *rows: dict[str, str]) -> None:
    world.later(minutes=1)
    world.police_send(*rows)
    world.pull()


def push(world: World, theirs: CaseSystem, line: str) -> None:
    theirs.line = line
    with suppress(PartnerUnavailableError):
        world.push()


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    order=st.permutations(range(4)),
    line=st.lists(st.sampled_from((THERE, DOWN, SILENT, LOST)), min_size=4, max_size=4),
)
@example(order=[0, 1, 2, 3], line=[LOST, LOST, LOST, LOST])
@example(order=[0, 1, 3, 2], line=[SILENT, DOWN, SILENT, DOWN])
def test_whatever_the_order_and_the_line_the_newest_version_arrives_last(
    quiet_world: World, theirs: CaseSystem, order: list[int], line: list[str]
) -> None:
    theirs.got.clear()
    # A record of its own for each case, in one world.
    of = 1 + len(quiet_world.rows("SELECT reference FROM referral"))
    for number, befalls in zip(order, line, strict=True):
        pull(quiet_world, version(number, of=of))
        push(quiet_world, theirs, befalls)
    push(quiet_world, theirs, THERE)
    push(quiet_world, theirs, THERE)

    versions = [int(message.body["crime_reference"][8]) for message in theirs.got]
    assert versions == sorted(versions)
    assert versions[-1] == 3
    assert len({(message.key, message.body["crime_reference"]) for message in theirs.got}) == len(
        {message.key for message in theirs.got}
    ), "one key carried two versions"


def test_a_child_at_risk_goes_first_and_of_one_child_the_oldest(
    quiet_world: World, theirs: CaseSystem
) -> None:
    world = quiet_world
    pull(world, referral(1))
    pull(world, referral(2))
    pull(world, referral(3, NominalID="N0000002", Surname="Quillborne2", RiskMarkers="SG"))
    pull(world, referral(4, NominalID="N0000001", Surname="Quillborne1"))
    pull(world, referral(5))
    assert world.children() == 3
    push(world, theirs, THERE)
    assert theirs.references == ["2", "3", "1", "4", "5"]


def test_down_for_three_nights_all_arrives_once_in_order_and_each_night_balances(
    quiet_world: World, theirs: CaseSystem
) -> None:
    world, books = quiet_world, []
    tonight = (
        [referral(1), referral(2, RiskMarkers="SG")],
        [version(1, of=1), referral(3)],
        [referral(4)],
        [],
    )
    for rows, line in zip(tonight, (DOWN, DOWN, DOWN, THERE), strict=True):
        for row in rows:
            pull(world, row)
        push(world, theirs, line)
        books.append(world.ledger("yjs")["outgoing"])
        assert EQUATIONS[Hop.OUTGOING].difference(books[-1]) == 0
        world.later(days=1)

    # The first version of the first referral never left, and never will: the second took its place.
    assert books == [
        {"due": 2, "waiting": 2},
        {"due": 2, "carried_over": 1, "waiting": 3},
        {"due": 1, "carried_over": 3, "waiting": 4},
        {"carried_over": 4, "sent": 4},
    ]
    assert theirs.references == ["2", "1", "3", "4"]
    push(world, theirs, THERE)
    assert len(theirs.got) == len({message.key for message in theirs.got}) == 4


def test_a_step_tried_again_hands_over_only_what_has_no_answer(
    quiet_world: World, theirs: CaseSystem
) -> None:
    """The line breaks after the first of three receipts, and the step is tried again."""
    world = quiet_world
    pull(world, referral(1), referral(2), referral(3))
    with run(world.hub, "yjs", leases.PUSH) as leased:
        (delivery,) = outgoing(leased, "yjs")
        theirs.line = BREAKS
        with pytest.raises(PartnerUnavailableError):
            deliver(leased, delivery)
        theirs.line = THERE
        deliver(leased, delivery)
    assert sorted(theirs.references) == ["1", "2", "3"]
    assert world.ledger("yjs")["acknowledged"] == {"sent": 3, "received": 3}


@pytest.mark.parametrize("befalls", [LOST, SILENT])
def test_a_version_nobody_knows_of_is_overtaken_while_its_delivery_is_open(
    quiet_world: World, theirs: CaseSystem, befalls: str
) -> None:
    world = quiet_world
    pull(world, version(0, of=1))
    push(world, theirs, befalls)
    assert world.ledger("yjs")["acknowledged"] == {"sent": 1, "unknown": 1}
    pull(world, version(1, of=1))
    assert [row["state"] for row in world.rows("SELECT state FROM outbox ORDER BY version_no")] == [
        "overtaken",
        "queued",
    ]
    push(world, theirs, THERE)
    assert [message.body["crime_reference"] for message in theirs.got][-1] == "NMP/20001/26"
    assert EQUATIONS[Hop.ACKNOWLEDGED].difference(world.ledger("yjs")["acknowledged"]) == 0
