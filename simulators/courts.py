"""The courts: a folder into which each message falls as one JSON file.

There is nothing to serve, so the courts' process writes its drop, says where it is, and ends.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from simulators.cast import bystanders, cast
from simulators.courts_files import files_of
from simulators.courts_moods import FILES
from simulators.courts_sittings import Sitting, shared_again, sittings
from simulators.drop import write_once
from simulators.moods import CALM
from simulators.partner import Running, Simulator, say_ready, start_child
from simulators.people import YoungPerson

FOLDER = "results"


def night_sittings(night: int, people: Sequence[YoungPerson]) -> list[Sitting]:
    adults = bystanders()
    return [*sittings(night, people, adults), *(shared_again(night, people, adults) if night > 1 else ())]


def result_files(night: int, people: Sequence[YoungPerson]) -> dict[str, bytes]:
    """One night's messages by file name. Nothing in a name says who the message is about."""
    return files_of(night_sittings(night, people))


def write_nights(folder: Path, night: int, mood: str = CALM) -> None:
    people = cast()
    everything = [one for each in range(1, night + 1) for one in night_sittings(each, people)]
    for name, content in FILES.get(mood, files_of)(everything).items():
        write_once(folder / name, content)


def begin(home: Path, night: int, mood: str) -> Running:
    return start_child("simulators.courts", home / "courts", night, mood)


def main(home: Path, night: int, mood: str) -> None:
    write_nights(home / FOLDER, night, mood)
    say_ready({"HUB_COURTS_FOLDER": str((home / FOLDER).resolve())})


simulator = Simulator("courts", begin, content_moods=FILES.keys())

if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
