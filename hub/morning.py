"""The morning report's two steps: write the page, then let the run's colour say what the page says."""

from __future__ import annotations

from datetime import date

from hub import witness
from hub.clock import last_night
from hub.hub import Hub, open_hub
from hub.log import log_event


class RedNightError(Exception):
    """The night does not balance, or is not whole. The page says what and what to do."""


def write_page(night: str = "") -> str:
    """Write the page of the night (ISO date; else of the last one), whatever colour it has."""
    from hub import report  # noqa: PLC0415 - pages are drawn only here, not at every parse

    with open_hub() as hub:
        chosen = date.fromisoformat(night) if night else _last(hub)
        report.write(hub, chosen)
        witness.witness(hub)
    log_event("report_written", night=chosen.isoformat())
    return chosen.isoformat()


def judge(night: str) -> None:
    from hub import report  # noqa: PLC0415

    with open_hub() as hub:
        facts = report.collect(hub, date.fromisoformat(night))
    if not facts.is_green:
        raise RedNightError(f"The night of {night} is red: {' '.join(facts.reasons)}")


def _last(hub: Hub) -> date:
    return last_night(hub.clock(), zone=hub.settings.timezone, cut_off=hub.settings.cut_off)
