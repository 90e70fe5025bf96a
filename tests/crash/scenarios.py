"""What is killed at every point: small nights in which everything happens.

To add a direction, add its run to a scenario's night; to add a partner, a scenario with what came before,
what comes tonight, and what must have come of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hub.store import held
from hub.store.audit import AuditEvent, Event
from hub.store.leases import PULL, PUSH
from schemas.hops import PLACE, RecordKey
from simulators.police_files import drop
from simulators.spoiled import spoiled_drop
from tests.crash.hops import Run
from tests.world import World, referral

# Version number and, in a field that travels all the way, which of the partner's versions it carries.
Arrived = tuple[str, int, str]


@dataclass(frozen=True)
class Scenario:
    name: str
    before: Callable[[World], None]
    tonight: Callable[[World], None]
    # The whole night in its order. Each of its runs is killed, hop by hop.
    night: tuple[Run, ...]
    arrives: frozenset[Arrived]
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
        held.decide(connection, key, held.RELEASED, by="a person", why="known", now=world.hub.clock())
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
    arrives=frozenset(
        {
            ("NMP-R-0000001", 1, "v10"),
            ("NMP-R-0000001", 2, "v15"),
            ("NMP-R-0000002", 1, "v10"),
            ("NMP-R-0000004", 1, "v12"),
            ("NMP-R-0000004", 2, "v14"),
            ("NMP-R-0000006", 1, "v10"),
        }
    ),
    held=("HUB-T03",),
)

SCENARIOS = (POLICE_TO_YJS,)
RUNS = tuple((scenario, run) for scenario in SCENARIOS for run in scenario.night)
