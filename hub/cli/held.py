"""`hub held …`: rows that wait for a person."""

from __future__ import annotations

import getpass
from collections.abc import Collection
from typing import Annotated

import typer

from hub.cli.errors import speaking_plainly
from hub.cli.listing import AsJson, print_json, show
from hub.held_rows import HeldRowStandsElsewhereError, Move, UnknownHeldRowError, decide, possible, words
from hub.hub import open_hub
from hub.reasons import NoReasonError, ReasonNamesAChildError
from hub.store import held
from schemas.clocks import HELD_OPEN, HeldState
from schemas.hops import RecordKey

app = typer.Typer(help="Rows that wait for a person.", no_args_is_help=True)
Key = Annotated[str, typer.Argument(help="The row's key, as `hub held list` shows it.")]
Because = Annotated[str, typer.Option("--because", help="Why; it is kept in plain.", prompt="Why")]
Note = Annotated[str | None, typer.Option("--because", help="A note; it is kept in plain.")]
With = Annotated[str | None, typer.Option("--with", help="Who has it in hand now; you, unless you say.")]
OPEN, ANY = "open", "any"
STATES = ", ".join((OPEN, ANY, *(state.value for state in HeldState)))
SHOWN = ("safety", "key", "state", "with_whom", "partner", "reference", "rules", "words", "held_at")


@app.command("list")
@speaking_plainly
def list_rows(
    partner: Annotated[str | None, typer.Option(help="Only this partner.")] = None,
    state: Annotated[str, typer.Option(help=f"One of: {STATES}.")] = OPEN,
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """A child at risk first, then the longest waiting. Never a value."""
    states = _states(state)
    with open_hub() as hub, hub.store.reading() as connection:
        rows = held.listing(connection, states=states, partner=partner)
    for row in rows:
        row["key"] = str(_key(row))
    show(rows, SHOWN, as_json=as_json, empty="No row waits." if state == OPEN else "There is no such row.")


@app.command("show")
@speaking_plainly
def show_row(key: Key) -> None:
    """Why one row is held, whose it is, every move it made, and what may be done with it now."""
    with open_hub() as hub, hub.store.reading() as connection:
        row = held.one(connection, _parsed(key))
        moves = held.moves(connection, _parsed(key))
    if row is None:
        raise typer.BadParameter(str(UnknownHeldRowError(key)))
    shown = {name: value for name, value in row.items() if name not in ("sealed", "key_id")}
    print_json(shown | {"moves": moves, "possible": possible(HeldState(row["state"]))})


@app.command("acknowledge")
@speaking_plainly
def acknowledge(key: Key, with_whom: With = None, because: Note = None) -> None:
    """Say that the row was seen."""
    _decide(key, Move(HeldState.ACKNOWLEDGED, because, with_whom), "It still waits.")


@app.command("start")
@speaking_plainly
def start(key: Key, with_whom: With = None, because: Note = None) -> None:
    """Say that somebody is at work on it."""
    _decide(key, Move(HeldState.IN_PROGRESS, because, with_whom), "It still waits.")


@app.command("wait")
@speaking_plainly
def wait(key: Key, with_whom: With = None, because: Note = None) -> None:
    """Say that it was put right at its source, and waits for the next file."""
    then = "A sound version of the record closes it; nobody need do that."
    _decide(key, Move(HeldState.WAITING_FOR_NEXT_FILE, because, with_whom), then)


@app.command("explain")
@speaking_plainly
def explain(key: Key, because: Because) -> None:
    """Close the row: why it is so is known, and nothing is to be done. What it said is kept, sealed."""
    _decide(key, Move(HeldState.EXPLAINED, because), "Should it be held again, it says that it came back.")


@app.command("release")
@speaking_plainly
def release(key: Key, because: Because) -> None:
    """Let the row go on with the next pull, as it is; what held it is waived."""
    _decide(key, Move(HeldState.RELEASED, because), "It goes on with the next pull of its partner.")


@app.command("discard")
@speaking_plainly
def discard(key: Key, because: Because) -> None:
    """Take the row out of the way; what it said is destroyed, that it was here is kept."""
    _decide(key, Move(HeldState.DISCARDED, because), "What it said is destroyed.")


def _decide(key: str, move: Move, then: str) -> None:
    with open_hub(actor=getpass.getuser()) as hub:
        try:
            decide(hub, _parsed(key), move)
        except (UnknownHeldRowError, ReasonNamesAChildError, NoReasonError) as wrong:
            raise typer.BadParameter(str(wrong)) from None
        except HeldRowStandsElsewhereError as stands:
            typer.echo(str(stands), err=True)
            raise typer.Exit(1) from None
    typer.echo(f"{key} is {words(move.state)}. {then}")


def _states(said: str) -> Collection[HeldState]:
    if said in (OPEN, ANY):
        return HELD_OPEN if said == OPEN else tuple(HeldState)
    if said not in set(HeldState):
        raise typer.BadParameter(f"there is no state {said}; there are: {STATES}")
    return (HeldState(said),)


def _key(row: dict[str, object]) -> RecordKey:
    return RecordKey(str(row["batch_id"]), *(int(str(row[name])) for name in ("message", "row", "part")))


def _parsed(key: str) -> RecordKey:
    try:
        return RecordKey.parse(key)
    except ValueError:
        raise typer.BadParameter("a key looks like 01a2…:0:17:0; `hub held list` shows them") from None
