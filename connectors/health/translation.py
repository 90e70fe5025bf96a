"""What a service says of a referral of ours, and what each column becomes."""

from __future__ import annotations

import polars as pl

from connectors.contract import Scope
from connectors.health.states import STATES
from connectors.readings import Reading, always, cell, day, instant, text, yes
from connectors.translation import Translation
from schemas.child_details import ChildDetails
from schemas.status_update import StatusUpdate


def _state() -> pl.Expr:
    theirs, ours = list(STATES), [state.value for state in STATES.values()]
    return cell("status").replace_strict(theirs, ours, default=None, return_dtype=pl.String)


progress = Translation(
    StatusUpdate,
    ignores={"task": "which server's Task it is changes nothing of what it says"},
    # One referral goes to one service, so there is one answer to it, in versions.
    reference=text("referral"),
    referral_from=always(value="yjs", because="only answers to the YJS's referrals are asked for"),
    referral_reference=text("referral"),
    version_at=instant("said_at"),
    is_deleted=yes("deleted", when=("yes",), no=("no",)),
    state=Reading(("status",), lambda _: _state(), "a word of BSeR, of a Task, of our sheet or of BaRS"),
    state_on=day("said_on"),
    reason=text("reason"),
    attended_start_on=day("started_on"),
    attended_end_on=day("ended_on"),
    words=text("words"),
    lawful_basis=always(value="uk_gdpr_9_2_h", because="the service says what became of help with health"),
)

# Which child it is, the referral says that it answers.
child = Translation(ChildDetails, person_reference=text("patient"))

scope = Scope(
    "Everybody: a Task is asked for only where it names a referral of the YJS's.",
    lambda: pl.lit(value=True),
    takes=(),
)
