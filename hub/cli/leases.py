"""`hub leases …`: who is at work for which partner."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from hub.cli.errors import speaking_plainly
from hub.cli.listing import AsJson, show
from hub.hub import open_hub
from hub.store import leases
from hub.store.audit import NoChild

app = typer.Typer(help="Which run is at work for which partner.", no_args_is_help=True)
SHOWN = ("partner", "direction", "at_work", "number", "taken_at", "until")


@app.command("list")
@speaking_plainly
def list_leases(as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag of the shell
    """Every partner and direction that a run was ever at work for."""
    with open_hub() as hub, hub.store.reading() as connection:
        rows = leases.listing(connection)
        now = hub.clock()
    for row in rows:
        row["at_work"] = row["until"] > now
    show(rows, SHOWN, as_json=as_json, empty="No run has been at work yet.")


@app.command("end")
@speaking_plainly
def end(
    partner: Annotated[str, typer.Argument(help="One of `hub partners`.")],
    direction: Annotated[str, typer.Argument(help="pull or push.")],
) -> None:
    """Free a lease whose run was killed. A run that is still at work can commit nothing more."""
    with (
        open_hub(actor=getpass.getuser()) as hub,
        hub.deciding(NoChild("a lease is freed by hand")) as connection,
    ):
        freed = leases.end_by_hand(connection, partner, direction, now=hub.clock())
    if not freed:
        raise typer.BadParameter(f"there is no {direction} lease of {partner}; `hub leases list` shows them")
    typer.echo(f"The next {direction} run of {partner} can begin.")
