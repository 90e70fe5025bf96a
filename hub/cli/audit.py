"""`hub audit …`: who did what, and whether the record of it is whole."""

from __future__ import annotations

from typing import Annotated

import typer

from hub import witness
from hub.cli.errors import speaking_plainly
from hub.cli.listing import AsJson, show
from hub.hub import open_hub
from hub.store import audit

app = typer.Typer(help="Who did what, and whether the record of it is whole.", no_args_is_help=True)
SHOWN = ("seq", "at", "event", "action", "actor", "partner", "feed", "subject", "records")
MOST_SHOWN = 20


@app.command("list")
@speaking_plainly
def list_events(
    subject: Annotated[
        str | None, typer.Option(help="A batch, delivery, message key or held row; else everything.")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many at the most.")] = 50,
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """The latest first. Never a child: a subject leads to the record."""
    with open_hub() as hub, hub.store.reading() as connection:
        rows = audit.listing(connection, subject=subject, limit=limit)
    show(rows, SHOWN, as_json=as_json, empty="There is no such event.")


@app.command("verify")
@speaking_plainly
def verify() -> None:
    """Walk the whole chain. Exit 1 where an event was changed, taken out, put in or cut off."""
    with open_hub() as hub:
        hasher, seen = hub.keyring.hasher("audit"), list(witness.witnessed(hub))
        with hub.store.reading() as connection:
            faults = list(audit.faults(connection, hasher, seen))
            length = audit.head(connection).seq
    for fault in faults[:MOST_SHOWN]:
        typer.echo(f"{fault}.", err=True)
    if faults:
        typer.echo(
            f"The audit is not whole: {len(faults)} faults. What to do: tell the data protection officer, "
            "keep this database as it is, and compare it with the last backup.",
            err=True,
        )
        raise typer.Exit(1)
    typer.echo(f"The audit is whole: {length} events, {len(seen)} ends witnessed.")
