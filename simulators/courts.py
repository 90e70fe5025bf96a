"""The courts: a folder into which each message falls as one JSON file.

There is nothing to serve, so the courts' process writes its drop, says where it is, and ends.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from simulators.cast import bystanders, cast
from simulators.courts_messages import event, message
from simulators.courts_results import made_id
from simulators.courts_sittings import Sitting, shared_again, sittings
from simulators.drop import write_once
from simulators.nights import stamp
from simulators.partner import Running, Simulator, say_ready, start_child
from simulators.people import YoungPerson

FOLDER = "results"


def night_sittings(night: int, people: Sequence[YoungPerson]) -> list[Sitting]:
    adults = bystanders()
    return [*sittings(night, people, adults), *(shared_again(night, people, adults) if night > 1 else ())]


def result_files(night: int, people: Sequence[YoungPerson]) -> dict[str, bytes]:
    """One night's messages by file name. Nothing in a name says who the message is about."""
    return {file_name(sitting): as_json(sitting) for sitting in night_sittings(night, people)}


def file_name(sitting: Sitting) -> str:
    unique = made_id("message", sitting.kind, sitting.number, sitting.change)
    return f"{event(sitting)}_{stamp(sitting.shared)}_{unique}.json"


def as_json(sitting: Sitting) -> bytes:
    return json.dumps(message(sitting), ensure_ascii=False, indent=1).encode()


def write_nights(folder: Path, night: int) -> None:
    people = cast()
    for each in range(1, night + 1):
        for name, content in result_files(each, people).items():
            write_once(folder / name, content)


def start(home: Path, night: int) -> Running:
    return start_child("simulators.courts", home / "courts", night)


def main(home: Path, night: int) -> None:
    write_nights(home / FOLDER, night)
    say_ready({"HUB_COURTS_FOLDER": str((home / FOLDER).resolve())})


simulator = Simulator("courts", start)

if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
