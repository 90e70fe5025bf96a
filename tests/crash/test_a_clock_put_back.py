"""Our own clock goes back an hour, anywhere in a night: nothing is lost, doubled or out of order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from connectors.contract import Connector, OutboundMessage, Receipt
from tests.crash import alike, checkers, effects
from tests.crash.hops import Run
from tests.crash.scenarios import POLICE_TO_YJS, version
from tests.crash.stage import Stage, stage
from tests.world import World

NIGHT = POLICE_TO_YJS.night
STEPS = [(run, hop) for run in NIGHT for hop in run.hops]


def night(world: World, *, back_before: tuple[Run, str] | None = None) -> None:
    for run in NIGHT:
        ticket = run.ticket
        for hop in run.hops:
            if (run, hop) == back_before:
                world.later(hours=-1)
            ticket = alike.take(world.hub, ticket, hop)
            world.later(minutes=1)


def test_before_any_step_all_arrives_once_and_in_order(root: Path) -> None:
    with stage(root) as staged:
        world = staged.world
        alike.begin(POLICE_TO_YJS, world)
        staged.save()
        for step in STEPS:
            staged.reset()
            night(world, back_before=step)
            night(world)
            assert checkers.faults(world, POLICE_TO_YJS) == [], step


def test_of_one_child_what_came_first_still_goes_first(staged: Stage) -> None:
    """Between one record of a child and the next the clock goes back."""
    world, handed = staged.world, list[str]()
    for number in range(1, 5):
        world.police_send(version(number, 10, NominalID="N0000007", Surname="Quillborne7"))
        alike.take_all(world.hub, NIGHT[0].ticket, NIGHT[0].hops)
        world.later(hours=-1)
    assert world.children() == 1
    real = world.hub.connector
    world.hub = replace(world.hub, connector=lambda name: noting(real(name), handed))
    alike.take_all(world.hub, NIGHT[1].ticket, NIGHT[1].hops)
    assert handed == [f"NMP-R-{number:07d}" for number in range(1, 5)]
    assert list(checkers.doubles(world, list(effects.in_the_worklist(world)), 1)) == []


def noting(connector: Connector, handed: list[str]) -> Connector:
    (feed,) = connector.pushes

    def push(client: Any, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
        given = list(messages)
        handed.extend(message.body["source_reference"] for message in given)
        yield from feed.push(client, given)

    return replace(connector, pushes=(replace(feed, push=push),))
