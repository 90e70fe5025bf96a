"""Children's services: their database with the dataset, and the front door that takes referral forms.

Run as a process, `python -m simulators.social_care HOME NIGHT MOOD`; it stops when its standard input ends.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import create_engine

from simulators.cast import bystanders, cast
from simulators.drop import write_once
from simulators.moods import Door
from simulators.nights import morning
from simulators.partner import Running, Simulator, say_ready, start_child
from simulators.social_care_dataset import create_dataset, show
from simulators.social_care_front import FrontDoor, serving
from simulators.social_care_nights import night_rows


def begin(home: Path, night: int, mood: str) -> Running:
    """In a mood only by the line to the front door: a file has no line that could be spoiled."""
    return start_child("simulators.social_care", home / "social_care", night, mood)


def fill(database_url: str, night: int) -> None:
    engine = create_engine(database_url)
    create_dataset(engine)
    with engine.begin() as connection:
        show(connection, night_rows(night, cast(), bystanders()))
    engine.dispose()


def opened(kept: Path, night: int) -> FrontDoor:
    """With the forms of earlier nights, which have been decided about since."""
    door = FrontDoor(night=night)
    if kept.exists():
        known = json.loads(kept.read_text())
        door.taken, door.outcomes = known["taken"], known["outcomes"]
    door.decide(morning(night) - timedelta(hours=12), before=night)
    return door


def main(home: Path, night: int) -> None:
    database, kept = f"sqlite:///{(home / 'dataset.sqlite3').resolve()}", home / "forms.json"
    fill(database, night)
    door = opened(kept, night)

    def keep() -> None:
        write_once(kept, json.dumps({"taken": door.taken, "outcomes": door.outcomes}).encode())

    with serving(door, keep) as settings:
        say_ready({**settings, "HUB_SOCIAL_CARE_DATABASE_URL": database})
        sys.stdin.buffer.read()


simulator = Simulator("social_care", begin, door=Door("HUB_SOCIAL_CARE_BASE_URL", speaks_http=True))

if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
