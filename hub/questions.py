"""Held rows as questions to a person in Airflow, and what is done with the answers.

Airflow's database holds the question and the answer, so neither may say anything of a child: a question has
the row's key, the words of the rule and how long it waits; an answer is chosen, not written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.exchange.tasks import speaking_plainly
from hub.held_rows import HeldRowStandsElsewhereError, Move, decide
from hub.hub import open_hub
from hub.log import log_event
from hub.store import held
from schemas.clocks import HeldState
from schemas.hops import PLACE, RecordKey

# Nobody has answered, or somebody has said so: the row stays as it is.
LEAVE_IT_HELD = "Leave it held"
ANSWERS: Mapping[str, Move | None] = {
    "Release: its sender says that it is right": Move(
        HeldState.RELEASED, "its sender says that it is right as it stands"
    ),
    "Discard: its sender has withdrawn it": Move(HeldState.DISCARDED, "its sender has withdrawn it"),
    "Discard: it was sent by mistake": Move(
        HeldState.DISCARDED, "its sender says that it was sent by mistake"
    ),
    LEAVE_IT_HELD: None,
}
NOT_SAID = "somebody"


def choose(partner: str, at_most: str) -> list[dict[str, str]]:
    """A question for each row of the partner that waits: a child at risk first, then the longest waiting."""
    with speaking_plainly(), open_hub() as hub:
        with hub.store.reading() as connection:
            rows = held.listing(connection, partner=partner, limit=int(at_most))
        return [_question(row, hub.clock()) for row in rows]


def carry_out(key: str, answer: Mapping[str, Any]) -> None:
    """The same as at the shell, in the name of whoever answered."""
    move = ANSWERS[_chosen(answer["chosen_options"])]
    if move is None:
        return
    with speaking_plainly(), open_hub(actor=_who(answer)) as hub:
        try:
            decide(hub, RecordKey.parse(key), move)
        except HeldRowStandsElsewhereError:
            # At the shell, or by a file that put it right, while the question stood.
            log_event("held_row_was_decided_meanwhile")


def _question(row: Mapping[str, Any], now: datetime) -> dict[str, str]:
    key = str(RecordKey(*(row[name] for name in ("batch_id", *PLACE))))
    return {
        "key": key,
        "subject": f"Held row {key}",
        "body": f"{row['words']} ({row['rules']})\n\nIt waits for {_days((now - row['held_at']).days)}. "
        f"Whose it is, and what was done so far, shows with `hub held show {key}`.",
    }


def _days(days: int) -> str:
    return {0: "less than a day", 1: "one day"}.get(days, f"{days} days")


def _chosen(options: Sequence[str]) -> str:
    (chosen,) = options
    return chosen


def _who(answer: Mapping[str, Any]) -> str:
    user = answer.get("responded_by_user") or {}
    return f"{user.get('name') or user.get('id') or NOT_SAID} in Airflow"
