"""`hub deliveries …`: what goes out, and what partners said of it."""

from __future__ import annotations

import getpass
from typing import Annotated, Any

import typer

from hub.cli.errors import speaking_plainly
from hub.cli.listing import AsJson, print_json, show
from hub.hub import open_hub
from hub.store import not_shared, outbox
from hub.store.audit import AuditEvent, Event

app = typer.Typer(help="Messages to partners and their receipts.", no_args_is_help=True)
Key = Annotated[str, typer.Argument(help="As `hub deliveries list` shows it.")]
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
    state: Annotated[str | None, typer.Option(help="queued, received, accepted, refused, held …")] = None,
    limit: Annotated[int, typer.Option(help="How many at the most.")] = 200,
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """A child at risk first, and of those first whom an agreement stops; then the longest waiting."""
    with open_hub() as hub, hub.store.reading() as connection:
        rows = outbox.listing(connection, state, limit)
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
