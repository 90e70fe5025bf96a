"""Only our children: what comes about others leaves no trace, and a child's name stands only under a seal."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from hub import report
from simulators.cast import bystanders, cast
from simulators.courts import night_sittings
from simulators.courts_files import as_json, file_name
from simulators.courts_people import guardian_of
from simulators.courts_sittings import VICTIM_SURNAME, Kind, Party, Sitting
from simulators.held import held_by
from simulators.identifiers import short_pnc
from simulators.nights import morning
from simulators.partner import Running
from simulators.people import Person, traces
from simulators.police_files import drop
from simulators.police_referrals import Referral, referral_row
from tests.night.one_world import one_world
from tests.traces import Traces
from tests.world import World

# The first is eighteen to the day, and was seventeen on the day of the offence: one of ours.
ADULTS = bystanders()[1:]
CHILDREN = cast()[:30]
# The parent beside a child in court is kept on purpose, and may have an adult's name: this child came alone.
ALONE = next(child for child in cast() if "adopted_before" not in child.oddities and not guardian_of(child))
KINDS: tuple[Kind, ...] = ("hearing", "application", "case", "police-result", "police-notification")


def words_of(person: Person) -> set[str]:
    pnc = person.identifiers.pnc
    days = {f"{person.born_on:{form}}" for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d")}
    return {*traces(person), *days, *({short_pnc(pnc)} if pnc else ())}


@dataclass(frozen=True)
class Night:
    """All the adults in the force's file, and before the court in every shape a message can have."""

    world: World
    log: str

    @property
    def traces(self) -> Traces:
        return Traces.of(self.world.hub)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, police_server: tuple[Running, Path]) -> Iterator[Night]:
    with one_world(tmp_path_factory, police_server, "a_night_with_adults") as world, _listening() as heard:
        _send(world)
        for partner in ("police", "courts"):
            world.pull(partner)
        world.push()
        report.write(world.hub, world.hub.night)
        yield Night(world, heard.getvalue())


@contextmanager
def _listening() -> Iterator[io.StringIO]:
    """All that anybody logs, down to the last detail."""
    heard, root = io.StringIO(), logging.getLogger()
    ear, before = logging.StreamHandler(heard), root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        root.removeHandler(ear)
        root.setLevel(before)


def _send(world: World) -> None:
    people = [*CHILDREN, *ADULTS]
    rows = [referral_row(Referral(f"NMP-R-{place:07d}", person, 1)) for place, person in enumerate(people, 1)]
    world.leave(world.police_folder, drop(rows, morning(1)).files())
    sittings = [sitting for sitting in night_sittings(1, cast()) if sitting.parties]
    for number, kind in enumerate(KINDS):
        beside = _with_adults(next(one for one in sittings if one.kind == kind), ADULTS)
        alone = replace(beside, number=9000 + number, parties=beside.parties[1:])
        for sitting in (beside, alone):
            world.leave(world.courts_folder, {file_name(sitting): as_json(sitting)})


def _with_adults(sitting: Sitting, adults: tuple[Person, ...]) -> Sitting:
    """A child's sitting with these adults in the dock beside the child."""
    child = replace(sitting.parties[0], person=ALONE)
    others = tuple(Party(held_by(adult, "courts"), child.charges, child.bail) for adult in adults)
    return replace(sitting, parties=(child, *others))


def test_the_adults_were_there_and_are_counted(night: Night) -> None:
    assert night.world.ledger("police")["translated"] == {
        "opened_records": len(CHILDREN) + len(ADULTS),
        "translated": len(CHILDREN),
        "out_of_scope": len(ADULTS),
    }
    courts = night.world.ledger("courts")["translated"]
    # In two of the shapes all stand together; each has stood beside a child and without one.
    assert courts["out_of_scope"] > 4 * len(ADULTS)
    assert courts["translated"] > 0


def test_of_the_adults_there_is_no_trace(night: Night) -> None:
    words = {word for adult in ADULTS for word in words_of(adult)}
    assert night.traces.plain(*words) == set()
    assert night.traces.sealed(*words) == set()
    assert [word for word in words if word in night.log] == []


def test_of_victims_in_the_wording_of_charges_there_is_no_trace(night: Night) -> None:
    assert night.traces.plain(VICTIM_SURNAME) | night.traces.sealed(VICTIM_SURNAME) == set()


def test_what_gives_a_child_away_stands_only_under_a_seal(night: Night) -> None:
    words = {word for child in CHILDREN for word in words_of(child)}
    assert night.traces.plain(*words) == set()
    assert [word for word in words if word in night.log] == []
    # The search finds what is there.
    found = {word for word, place in night.traces.sealed(*words) if place == "vault"}
    assert {child.given_names.split(" ")[0] for child in CHILDREN} <= found
