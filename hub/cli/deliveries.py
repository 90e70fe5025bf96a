"""`hub deliveries …`: what goes out, and what partners said of it."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.cli.errors import speaking_plainly
from hub.cli.listing import AsJson, print_json, show
from hub.hub import open_hub
from hub.store import outbox

app = typer.Typer(help="Messages to partners and their receipts.", no_args_is_help=True)
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
    state: Annotated[str | None, typer.Option(help="queued, received, accepted, refused, held …")] = None,
    limit: Annotated[int, typer.Option(help="How many at the most.")] = 200,
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """A child at risk first, then the longest waiting."""
    with open_hub() as hub, hub.store.reading() as connection:
        rows = outbox.listing(connection, state, limit)
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
