"""Northmoor Youth Club, played: what they say of whom on which night."""

from datetime import timedelta
from pathlib import Path

from simulators.cast import cast
from simulators.moods import Door
from simulators.nights import iso, morning
from simulators.partner import Running, Simulator, start_child

Row = dict[str, str]
CHILDREN = range(1, 7)
HELPS = ("MENTOR", "MH")


def request(number: int, *, surname: str, forename: str, born: str, changed_at: str, wish: str) -> Row:
    """As they write it."""
    return {
        "id": f"NOR-{number}",
        "changed_at": changed_at,
        "withdrawn": "no",
        "surname": surname,
        "forename": forename,
        "born": born,
        "help": HELPS[number % 2],
        "wish": wish,
    }


def requests(night: int) -> dict[int, Row]:
    """A child more each night; the others as they were."""
    people = cast()
    return {
        number: request(
            number,
            surname=people[number].family_name,
            forename=people[number].given_names,
            born=people[number].born_on.isoformat(),
            changed_at=iso(morning(max(1, number - CHILDREN.stop + 2)) - timedelta(hours=number)),
            wish="somebody to talk to",
        )
        for number in range(CHILDREN.start, CHILDREN.stop + night - 1)
    }


def begin(home: Path, night: int, _mood: str) -> Running:
    """In a mood only by their line: what they write is always well."""
    return start_child("northmoor_youth_club.service", home / "northmoor_youth_club", night)


simulator = Simulator(
    "northmoor_youth_club",
    begin,
    door=Door("HUB_NORTHMOOR_YOUTH_CLUB_BASE_URL", speaks_http=True),
)
