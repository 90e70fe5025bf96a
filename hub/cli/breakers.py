"""`hub breakers …`: which partners are left alone, until when, and why."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from hub import breakers
from hub.cli.errors import speaking_plainly
from hub.cli.listing import AsJson, show
from hub.hub import open_hub
from hub.store import breakers as store
from hub.store.leases import PULL, PUSH

app = typer.Typer(help="Which partners are left alone for a while.", no_args_is_help=True)
SHOWN = ("partner", "direction", "state", "because", "since", "until")


@app.command("list")
@speaking_plainly
def list_breakers(as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag of the shell
    """Every partner and direction in which something ever went wrong, and how it stands now."""
    with open_hub() as hub:
        with hub.store.reading() as connection:
            standings = store.standings(connection)
        found, now = breakers.now(hub, standings), hub.clock()
    rows = [
        {
            "partner": one.partner,
            "direction": one.direction,
            "state": breakers.words(breaker, now),
            "because": breakers.because(breaker),
            "since": breaker.since,
            "until": breaker.until,
            "failures": breaker.failures,
            "refusals": breaker.refusals,
        }
        for one, breaker in found
    ]
    show(rows, SHOWN, as_json=as_json, empty="No line to a partner has failed yet.")


@app.command("close")
@speaking_plainly
def close(
    partner: Annotated[str, typer.Argument(help="One of `hub partners`.")],
    direction: Annotated[str, typer.Argument(help="pull or push.")],
) -> None:
    """Let the next run call the partner again. Ask them first: a refused sign-in may lock the account."""
    if direction not in (PULL, PUSH):
        raise typer.BadParameter(f"there is no direction {direction}; there are: {PULL}, {PUSH}")
    with open_hub(actor=getpass.getuser()) as hub:
        hub.connector(partner)
        was_open = breakers.close(hub, partner, (direction,))
    said = "is closed" if was_open else "was closed already"
    typer.echo(f"The breaker of {partner}, {direction}, {said}. The next run calls them.")
