"""What is killed at every point: small nights in which everything happens.

To add a direction, add its run to a scenario's night; to add a partner, a scenario with what came before,
what comes tonight, and what must have come of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from hub.store import held
from hub.store.audit import AuditEvent, Event
from hub.store.leases import PULL, PUSH
from schemas.clocks import HeldState
from schemas.hops import PLACE, RecordKey
from simulators.police_files import drop
from simulators.spoiled import spoiled_drop
from tests.crash.effects import Effect, in_decision_files, in_the_worklist
from tests.crash.hops import Run
from tests.world import World, case_row, referral

# A record, and in a field that travels all the way, which of its versions it is.
Arrived = tuple[str, str]


@dataclass(frozen=True)
class Scenario:
    name: str
    before: Callable[[World], None]
    tonight: Callable[[World], None]
    # The whole night in its order. Each of its runs is killed, hop by hop.
    night: tuple[Run, ...]
    effects: Callable[[World], Iterable[Effect]]
    arrives: frozenset[Arrived]
    children: int
    held: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


def version(number: int, hour: int, **changes: str) -> dict[str, str]:
    """The referral as it was at that hour; the officer's name says which version it is."""
    return referral(number, LastUpdated=f"2026-11-22T{hour:02d}:00:00Z", Officer=f"v{hour}", **changes)


def _police_before(world: World) -> None:
    """An earlier night: two referrals known, one row held, and released since."""
    no_text = spoiled_drop(drop([version(6, 10)], world.now[0]), "windows_1252")
    world.leave(world.police_folder, no_text.files())
    world.later(minutes=1)
    world.police_send(version(1, 10), version(4, 12))
    world.pull("police")
    world.push()
    (waiting,) = world.held()
    key = RecordKey(str(waiting["batch_id"]), *(int(waiting[name]) for name in PLACE))
    with world.hub.deciding(AuditEvent(Event.ALTERATION, "held row released")) as connection:
        held.move(connection, key, HeldState.RELEASED, by="a person", why="known", now=world.hub.clock())
    world.later(days=1)


def _police_tonight(world: World) -> None:
    """A new referral, a changed one, one without its reference, an adult, and three more of four versions."""
    world.police_send(
        version(2, 10),
        version(1, 15),
        version(3, 10, ReferralRef=""),
        version(9, 10, DOB="14/03/1980"),
        version(4, 11),
        version(4, 14),
        version(4, 13),
    )


POLICE_TO_YJS = Scenario(
    name="police to yjs",
    before=_police_before,
    tonight=_police_tonight,
    night=(Run("police", PULL), Run("yjs", PUSH)),
    effects=in_the_worklist,
    arrives=frozenset(
        {
            ("NMP-R-0000001", "v10"),
            ("NMP-R-0000001", "v15"),
            ("NMP-R-0000002", "v10"),
            ("NMP-R-0000004", "v12"),
            ("NMP-R-0000004", "v14"),
            ("NMP-R-0000006", "v10"),
        }
    ),
    children=4,
    held=("HUB-T03",),
)


def _case(number: int, quarter: int, **changes: Any) -> dict[str, Any]:
    """What the case system's return for a quarter says of a referral; the assessment's day says which."""
    began, ends = date(2026, 3 * quarter - 2, 1), date(2026, 3 * quarter, 28)
    returned = {"source_return_id": f"R-2026-{quarter}", "return_start_date": began, "return_end_date": ends}
    return case_row("progress", number, assessedOn=date(2026, 11, 10 + quarter), **returned | changes)


def _yjs_before(world: World) -> None:
    """An earlier night: the force is told of one of its referrals."""
    world.police_send(version(1, 10), version(2, 10))
    world.pull("police")
    world.push("yjs")
    world.case_system_says("progress", _case(1, 1))
    world.pull("yjs")
    world.push("police")
    world.later(days=1)


def _yjs_tonight(world: World) -> None:
    """A new answer, four versions of another, one without its key, and an adult."""
    world.case_system_says(
        "progress",
        _case(1, 4),
        _case(1, 2),
        _case(1, 1),
        _case(1, 3),
        _case(2, 4),
        _case(3, 4, caseID=None, sourceReference=None),
        _case(9, 4, dateOfBirth=date(1980, 3, 14)),
    )


YJS_TO_POLICE = Scenario(
    name="yjs to police",
    before=_yjs_before,
    tonight=_yjs_tonight,
    night=(Run("yjs", PULL), Run("police", PUSH)),
    effects=in_decision_files,
    arrives=frozenset(
        {
            ("NMP-R-0000001", "11/11/2026"),
            ("NMP-R-0000001", "14/11/2026"),
            ("NMP-R-0000002", "14/11/2026"),
        }
    ),
    children=2,
    held=("HUB-T03 HUB-T03",),
)

SCENARIOS = (POLICE_TO_YJS, YJS_TO_POLICE)
RUNS = tuple((scenario, run) for scenario in SCENARIOS for run in scenario.night)
