"""The pages of a month on disk, in a folder that can be handed on: no script, no request, nothing beside it.

`<month>/<partner>.html` is a partner's page, `<month>/<partner>-board.html` the same without any list of
records, `<month>/<partner>.csv` its numbers; all take their stylesheets from `assets/`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from io import StringIO
from pathlib import Path

from hub.hub import Hub
from hub.report.month import collect
from hub.report.pages import write_assets, write_whole
from quality.reports.month import PartnerMonth
from quality.reports.month_words import measures_of, month_name
from quality.reports.pages import render_month

# Where a cell begins so, a spreadsheet takes it for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def build(hub: Hub, month: date, to: Path, partners: Iterable[str] | None = None) -> list[Path]:
    """Every file of the month, each whole or not at all; in the order in which they were written."""
    folder = to / f"{month:%Y-%m}"
    folder.mkdir(parents=True, exist_ok=True)
    write_assets(to)
    written = []
    for one in collect(hub, month, partners):
        for name, content in files_of(one).items():
            write_whole(folder / name, content)
            written.append(folder / name)
    return written


def files_of(one: PartnerMonth) -> dict[str, bytes]:
    return {
        f"{one.name}.html": render_month(one, ways=_ways(one)).encode(),
        f"{one.name}-board.html": render_month(one, for_the_board=True).encode(),
        f"{one.name}.csv": table(one).encode(),
    }


def _ways(one: PartnerMonth) -> dict[str, str]:
    return {"For your board": f"{one.name}-board.html", "The numbers (CSV)": f"{one.name}.csv"}


def table(one: PartnerMonth) -> str:
    """The numbers of the page, one to a line: what, which month, how many."""
    lines = StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(("what", "month", "value"))
    for numbers in one.past:
        for what in ("received", "accepted", "warned", "held"):
            writer.writerow((what, month_name(numbers), getattr(numbers, what)))
    for measure in measures_of(one):
        writer.writerow((plain(measure.name), month_name(one.numbers), measure.share))
    for reason, records in (one.sent.reasons if one.sent else {}).items():
        writer.writerow((plain(f"refused: {reason}"), month_name(one.numbers), records))
    return lines.getvalue()


def plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
