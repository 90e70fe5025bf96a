"""The night, now: every pull, then every push, then the report, through Airflow."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from hub import registry
from hub.rest import Rest
from hub.stack import Stack

DAGS_WITHIN_SECONDS = 90
RUN_WITHIN_SECONDS = 3600
# Each look costs the API server a fiftieth of a second, which the tasks need.
LOOK_EVERY_SECONDS = 0.6
REPORT = "morning_report"


class DagsMissingError(Exception):
    pass


@dataclass(frozen=True)
class Ran:
    dag_id: str
    succeeded: bool
    seconds: float


def dag_ids(partners: Iterable[str]) -> tuple[list[str], list[str]]:
    """The pulls and the pushes of these partners."""
    connected = {name: registry.connector(name) for name in partners}
    pulls = [f"pull_{name}" for name, one in connected.items() if one.pulls]
    pushes = [f"push_{name}" for name, one in connected.items() if one.pushes]
    return pulls, pushes


def run(stack: Stack, partners: Iterable[str], night: date, tell: Callable[[Ran], None]) -> list[Ran]:
    """Pulls go side by side, then pushes, so that what came tonight leaves tonight.

    Who is asked only about children we know is pulled after those who bring them.
    """
    pulls, pushes = dag_ids(partners)
    # First, because the DAG files are read meanwhile.
    stack.rest.warm()
    _wait_for_dags(stack.rest, {*pulls, *pushes, REPORT})
    ran: list[Ran] = []
    report = [REPORT] if set(partners) == set(registry.partner_names()) else []
    bring, tell_more = _who_brings_first(pulls)
    waves: tuple[tuple[list[str], dict[str, str]], ...] = (
        (bring, {}),
        (tell_more, {}),
        (pushes, {}),
        (report, {"night": night.isoformat()}),
    )
    for together, conf in waves:
        for one in _run_together(stack.rest, together, conf):
            ran.append(one)
            tell(one)
    return ran


def _who_brings_first(pulls: Iterable[str]) -> tuple[list[str], list[str]]:
    def asks_about_known(dag_id: str) -> bool:
        feeds = registry.connector(dag_id.removeprefix("pull_")).pulls
        return any(feed.only_known for feed in feeds)

    ids = list(pulls)
    return [one for one in ids if not asks_about_known(one)], [one for one in ids if asks_about_known(one)]


def _wait_for_dags(rest: Rest, wanted: set[str]) -> None:
    until = time.monotonic() + DAGS_WITHIN_SECONDS
    while wanted - rest.dag_ids():
        if time.monotonic() > until:
            files = ", ".join(rest.import_errors()) or "none with an import error"
            raise DagsMissingError(
                f"Airflow does not show {', '.join(sorted(wanted - rest.dag_ids()))} (files: {files}). "
                "What to do: import the file in dags/ by hand; the error shows there."
            )
        time.sleep(LOOK_EVERY_SECONDS)


def _run_together(rest: Rest, dags: list[str], conf: dict[str, str]) -> Iterable[Ran]:
    began = time.monotonic()
    waiting = {dag_id: rest.trigger(dag_id, conf) for dag_id in dags}
    while waiting:
        for dag_id, run_id in list(waiting.items()):
            state = rest.state(dag_id, run_id)
            if state in ("success", "failed"):
                del waiting[dag_id]
                yield Ran(dag_id, state == "success", time.monotonic() - began)
        if time.monotonic() - began > RUN_WITHIN_SECONDS:
            yield from (Ran(dag_id, succeeded=False, seconds=RUN_WITHIN_SECONDS) for dag_id in waiting)
            return
        time.sleep(LOOK_EVERY_SECONDS)
