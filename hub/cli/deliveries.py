"""`hub deliveries …`: what goes out, and what partners said of it."""

from __future__ import annotations

import getpass
from typing import Annotated, Any

import typer

from hub.cli.errors import speaking_plainly
from hub.cli.listing import AsJson, night_said, print_json, show
from hub.hub import open_hub
from hub.registry import connector
from hub.replay import ReplayChangedError, send_again
from hub.store import not_shared, outbox, replay
from hub.store.audit import AuditEvent, Event
from hub.store.replay import Found, Wanted
from schemas.clocks import TransportState

app = typer.Typer(help="Messages to partners and their receipts.", no_args_is_help=True)
Key = Annotated[str, typer.Argument(help="As `hub deliveries list` shows it.")]
AGAIN = ", ".join(replay.AGAIN_FROM)
SHOWN = (
    "safety",
    "message_key",
    "to_partner",
    "kind",
    "change",
    "state",
    "not_shared_because",
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
    """A child at risk first, and of those first whom an agreement stops; then the longest waiting."""
    with open_hub() as hub, hub.store.reading() as connection:
        rows = outbox.listing(
            connection, state, limit, partner=partner, night=night_said(night) if night else None
        )
    show(rows, SHOWN, as_json=as_json, empty="There is no such message.")


@app.command("show")
@speaking_plainly
def show_message(key: Key) -> None:
    """One message, why it is not shared or under what it went, and every answer to it."""
    with open_hub() as hub, hub.store.reading() as connection:
        message = outbox.one(connection, key)
    if message is None:
        raise _unknown(key)
    print_json(message)


@app.command("share")
@speaking_plainly
def share(
    key: Key, because: Annotated[str, typer.Option("--because", help="Why; it is kept.", prompt="Why")]
) -> None:
    """Let one message about a child at risk go although an agreement stops it. Only with a safety flag."""
    decided = AuditEvent(Event.ALTERATION, "let go for safeguarding", subject=key)
    with open_hub(actor=getpass.getuser()) as hub, hub.deciding(decided) as connection:
        message = outbox.one(connection, key)
        if message is None:
            raise _unknown(key)
        if not not_shared.let_go(connection, key, by=hub.actor, why=because):
            typer.echo(_not_let_go(message), err=True)
            raise typer.Exit(1)
    to = message["to_partner"]
    typer.echo(f"{key} goes with the next run to {to}: `hub night --partner {to}` starts one now.")


def _not_let_go(message: dict[str, Any]) -> str:
    if not message["safety"]:
        return (
            f"{message['message_key']} has no safety flag, so only the agreement can let it go. "
            "What to do: docs/how-to/add-or-renew-an-agreement.md."
        )
    return f"{message['message_key']} does not wait any more; `hub deliveries show` says where it is."


def _unknown(key: str) -> typer.BadParameter:
    return typer.BadParameter(f"no message has the key {key}; `hub deliveries list` shows them")


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
