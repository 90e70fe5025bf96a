"""`hub report`: the pages of a month, in a folder that can be handed on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.errors import speaking_plainly
from hub.hub import open_hub
from hub.report import months
from hub.report.month import before

app = typer.Typer(help="The pages of a month.", no_args_is_help=True)


@app.command("build")
@speaking_plainly
def build(
    to: Annotated[Path, typer.Option(help="The folder they are written into; made if it is not there.")],
    month: Annotated[str | None, typer.Option(help="As 2026-10; else the last that is over.")] = None,
    partner: Annotated[list[str] | None, typer.Option(help="Only this partner; may be said again.")] = None,
) -> None:
    """Write each partner's month as pages and as a table: for its lead, and for a board."""
    with open_hub() as hub:
        chosen = month_said(month) if month else before(hub.night)
        written = months.build(hub, chosen, to, partner)
    for path in written:
        typer.echo(path)


def month_said(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise typer.BadParameter("a month is said as 2026-10") from None
