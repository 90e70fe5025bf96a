"""The YJS case system: its database with its reporting views, and case workers who look at the worklist
twice a second.

Run as a process, `python -m simulators.yjs HOME NIGHT MOOD`; it stops when its standard input ends.
"""

import os
import select
import sys
from datetime import UTC, datetime
from pathlib import Path

from simulators.cast import bystanders, cast
from simulators.moods import Door
from simulators.partner import Running, Simulator, say_ready, start_child
from simulators.yjs_cases import take_on, tell
from simulators.yjs_moods import AS_IT_IS, MANNERS, Manner
from simulators.yjs_nights import fill
from simulators.yjs_views import create_views
from simulators.yjs_worklist import answer_once, case_database, create_worklist

DATABASE_VARIABLE = "SIMULATED_YJS_DATABASE_URL"
LOOK_EVERY_SECONDS = 0.5


def simulator_on(database_url: str) -> Simulator:
    """The case system on a database of the caller's, such as PostgreSQL."""

    def begin(home: Path, night: int, mood: str) -> Running:
        # By the environment: an address holds a password, and a command line is everybody's to read.
        settings = {DATABASE_VARIABLE: database_url}
        return start_child("simulators.yjs", home / "yjs", night, mood, environment=settings)

    # A file has no line that could be spoiled.
    door = None if database_url.startswith("sqlite") else Door("HUB_YJS_DATABASE_URL")
    return Simulator("yjs", begin, content_moods=MANNERS.keys(), door=door)


def begin(home: Path, night: int, mood: str) -> Running:
    file = (home / "yjs" / "case_system.sqlite3").resolve()
    return simulator_on(f"sqlite:///{file}").begin(home, night, mood)


def open_for(database_url: str, night: int, manner: Manner = AS_IT_IS) -> None:
    """The tables, and what the views show on this night; the worklist stays as it was left."""
    create_worklist(database_url)
    with case_database(database_url) as engine:
        create_views(engine)
        with engine.begin() as connection:
            fill(connection, night, cast(), bystanders(), manner.rows)
            tell(connection, night, manner.rows)


def work(database_url: str, night: int, manner: Manner = AS_IT_IS) -> None:
    """Answer until nobody holds our standard input any more."""
    with case_database(database_url) as engine:
        while not select.select([sys.stdin], [], [], LOOK_EVERY_SECONDS)[0]:
            answer_once(engine, datetime.now(UTC) + manner.clock)
            take_on(engine, night)


def main(night: int, mood: str) -> None:
    database_url, manner = os.environ[DATABASE_VARIABLE], MANNERS.get(mood, AS_IT_IS)
    open_for(database_url, night, manner)
    say_ready({"HUB_YJS_DATABASE_URL": database_url})
    work(database_url, night, manner)


simulator = Simulator("yjs", begin, content_moods=MANNERS.keys())

if __name__ == "__main__":
    main(int(sys.argv[2]), sys.argv[3])
