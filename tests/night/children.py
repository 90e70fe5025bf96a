"""Children as two partners speak of them, and which child the hub takes each record to be about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from simulators.cast import cast
from simulators.courts import night_sittings
from simulators.courts_files import as_json
from simulators.identifiers import pnc
from tests.world import World

PNC, ANOTHER_PNC = pnc(2024, 100_001), pnc(2024, 100_002)
# What a later version of a referral says beside what is new in it.
NEWS = {"LastUpdated": "2026-11-22T12:00:00Z"}


def at_court(row: Mapping[str, str], number: int = 1) -> bytes:
    """A hearing about the child of this referral, born on the day that referrals are by default."""
    hearing = next(sitting for sitting in night_sittings(1, cast()) if sitting.kind == "hearing")
    child = hearing.parties[0]
    person = replace(
        child.person,
        truth_id=f"YP-{number:04d}",
        family_name=row["Surname"],
        born_on=date(2011, 3, 14),
        identifiers=replace(child.person.identifiers, pnc=row["PNCID"] or None, cro=None),
    )
    return as_json(replace(hearing, number=9000 + number, parties=(replace(child, person=person),)))


def children_of(world: World) -> dict[str, str]:
    """The child of each record, by its reference."""
    rows = world.rows(
        "SELECT reference, child_id FROM referral UNION SELECT reference, child_id FROM outcome"
    )
    return {row["reference"]: row["child_id"] for row in rows}
