"""`hub held …`: rows that wait for a person."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from hub.cli.errors import speaking_plainly
from hub.cli.listing import AsJson, print_json, show
from hub.hub import open_hub
from hub.store import held
from hub.store.audit import AuditEvent, Event
from schemas.hops import RecordKey

app = typer.Typer(help="Rows that wait for a person.", no_args_is_help=True)
Key = Annotated[str, typer.Argument(help="The row's key, as `hub held list` shows it.")]
Because = Annotated[str, typer.Option("--because", help="Why; it is kept.", prompt="Why")]


@app.command("list")
@speaking_plainly
def list_rows(
    partner: Annotated[str | None, typer.Option(help="Only this partner.")] = None,
    state: Annotated[str, typer.Option(help="waiting, released, gone on, discarded, fixed.")] = held.WAITING,
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """A child at risk first, then the longest waiting. Never a value."""
    with open_hub() as hub, hub.store.reading() as connection:
        rows = held.listing(connection, state=state, partner=partner)
    for row in rows:
        row["key"] = str(_key(row))
    columns = ("safety", "key", "partner", "reference", "rules", "words", "held_at")
    show(rows, columns, as_json=as_json, empty="No row waits.")


@app.command("show")
@speaking_plainly
def show_row(key: Key) -> None:
    """Why one row is held, whose it is, and what was decided."""
    with open_hub() as hub, hub.store.reading() as connection:
        row = held.one(connection, _parsed(key))
    if row is None:
        raise _unknown(key)
    print_json({name: value for name, value in row.items() if name not in ("sealed", "key_id")})


@app.command("release")
@speaking_plainly
def release(key: Key, because: Because) -> None:
    """Let the row go on with the next pull, as it is; what held it is waived."""
    _decide(key, held.RELEASED, because, "It goes on with the next pull of its partner.")


@app.command("discard")
@speaking_plainly
def discard(key: Key, because: Because) -> None:
    """Take the row out of the way; what it said is destroyed, that it was here is kept."""
    _decide(key, held.DISCARDED, because, "What it said is destroyed.")


def _decide(key: str, state: str, because: str, then: str) -> None:
    event = {held.RELEASED: Event.ALTERATION, held.DISCARDED: Event.ERASURE}[state]
    decided = AuditEvent(event, f"held row {state}", subject=key)
    with open_hub(actor=getpass.getuser()) as hub, hub.deciding(decided) as connection:
        if held.one(connection, _parsed(key)) is None:
            raise _unknown(key)
        done = held.decide(connection, _parsed(key), state, by=hub.actor, why=because, now=hub.clock())
    if not done:
        typer.echo(f"The row {key} no longer waits; `hub held show` says what was decided.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{key} is {state}. {then}")


def _key(row: dict[str, object]) -> RecordKey:
    return RecordKey(str(row["batch_id"]), *(int(str(row[name])) for name in ("message", "row", "part")))


def _parsed(key: str) -> RecordKey:
    try:
        return RecordKey.parse(key)
    except ValueError:
        raise typer.BadParameter("a key looks like 01a2…:0:17:0; `hub held list` shows them") from None


def _unknown(key: str) -> typer.BadParameter:
    return typer.BadParameter(f"no held row has the key {key}; `hub held list` shows them")
