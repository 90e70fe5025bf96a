"""`hub deliveries …`: what goes out, and what partners said of it."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from hub.cli.errors import speaking_plainly
from hub.cli.listing import AsJson, night_said, print_json, show
from hub.hub import open_hub
from hub.registry import connector
from hub.replay import ReplayChangedError, send_again
from hub.store import outbox, replay
from hub.store.replay import Found, Wanted
from schemas.clocks import TransportState

app = typer.Typer(help="Messages to partners and their receipts.", no_args_is_help=True)
AGAIN = ", ".join(replay.AGAIN_FROM)
SHOWN = (
    "safety",
    "message_key",
    "to_partner",
    "kind",
    "change",
    "state",
    "answer_reason",
    "queued_at",
    "sent_at",
)


@app.command("list")
@speaking_plainly
def list_messages(
    partner: Annotated[str | None, typer.Option(help="Only to this partner.")] = None,
    state: Annotated[str | None, typer.Option(help="queued, received, accepted, refused, held …")] = None,
    night: Annotated[str | None, typer.Option(help="Handed over, or tried, in that night.")] = None,
    limit: Annotated[int, typer.Option(help="How many at the most.")] = 200,
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """A child at risk first, then the longest waiting."""
    with open_hub() as hub, hub.store.reading() as connection:
        rows = outbox.listing(
            connection, state, limit, partner=partner, night=night_said(night) if night else None
        )
    show(rows, SHOWN, as_json=as_json, empty="There is no such message.")


@app.command("show")
@speaking_plainly
def show_message(key: Annotated[str, typer.Argument(help="As `hub deliveries list` shows it.")]) -> None:
    """One message, and every answer to it."""
    with open_hub() as hub, hub.store.reading() as connection:
        message = outbox.one(connection, key)
    if message is None:
        raise typer.BadParameter(f"no message has the key {key}; `hub deliveries list` shows them")
    print_json(message)


@app.command("replay")
@speaking_plainly
def replay_messages(
    partner: Annotated[str, typer.Option(help="Whom to send to again.")],
    since: Annotated[
        str | None, typer.Option(help="Only of that night, such as 2026-11-24, or later.")
    ] = None,
    state: Annotated[str | None, typer.Option(help=f"Only these: {AGAIN}.")] = None,
    yes: Annotated[int | None, typer.Option(help="How many, for scripts: nothing is asked.")] = None,
) -> None:
    """Send again what a partner has not accepted: under the same keys, with the next push."""
    wanted = _wanted(partner, since, state)
    with open_hub(actor=getpass.getuser()) as hub:
        with hub.store.reading() as connection:
            found = replay.find(connection, wanted)
        _say_overtaken(found)
        number = _how_many(partner, len(found.keys), yes)
        try:
            send_again(hub, partner, found.keys[:number])
        except ReplayChangedError as changed:
            typer.echo(str(changed), err=True)
            raise typer.Exit(1) from None
    typer.echo(f"{number} will go with the next push to {partner}.")


def _wanted(partner: str, since: str | None, state: str | None) -> Wanted:
    connector(partner)
    if state is not None and state not in replay.AGAIN_FROM:
        raise typer.BadParameter(f"nothing that is {state} is sent again; it can be one of: {AGAIN}")
    states = (TransportState(state),) if state else replay.AGAIN_FROM
    return Wanted(partner, states, night_said(since) if since else None)


def _say_overtaken(found: Found) -> None:
    if found.overtaken:
        typer.echo(
            f"{found.overtaken} not counted: a newer version took its place, so it is never sent again."
        )


def _how_many(partner: str, there_are: int, said: int | None) -> int:
    """As many as the person says, which is never more than there are."""
    if said is None and there_are:
        said = typer.prompt(f"This will send {there_are} messages to {partner} again. How many?", type=int)
    number = said or 0
    if not 0 < number <= there_are:
        typer.echo(
            f"There are {there_are} to send again to {partner}, not {number}. Nothing was done.", err=True
        )
        raise typer.Exit(1)
    return number
