"""What the hub promises the case system, and what its answers and its views promise the hub."""

from __future__ import annotations

import polars as pl

from quality.rules import DAY, Dimension, Filled, Holds, OneOf, Suite, hold_row, warn
from quality.suites.any_child import CLOCK_ALLOWANCE
from quality.suites.yjs_views import FOUND_BY_THE_CLIENT, SYSTEM_LEAD, VIEWS
from schemas.hops import Hop

# What leaves the hub is the hub's own to put right.
DATA_DESK = "data desk"

NEVER_EMPTY = ("message_key", "record_key", "version_no", "from_partner", "source_reference")
IDENTITY = ("family_name", "given_names", "aliases", "nhs_number", "upn", "pnc", "cro")
AGREED_ANSWERS = ("accepted", "received", "refused")


def _said(column: str, *words: str) -> Holds:
    """The case system refuses an empty cell here, so nothing is a broken rule too."""
    return Holds((column,), lambda: pl.col(column).is_in(words).fill_null(value=False))


def _lawful_or_at_risk() -> pl.Expr:
    return pl.col("lawful_basis").is_not_null() | pl.col("safety_flags").is_not_null()


def _worker_knows_whom() -> pl.Expr:
    known = pl.any_horizontal(pl.col(name).is_not_null() for name in IDENTITY)
    return pl.when(pl.col("change") != "deleted").then(known)


def _of_kind(kind: str, holds: pl.Expr) -> pl.Expr:
    return pl.when((pl.col("kind") == kind) & (pl.col("change") != "deleted")).then(holds)


def _where_answered(answer: str, column: str) -> Holds:
    return Holds(
        (column, "answer"), lambda: pl.when(pl.col("answer") == answer).then(pl.col(column).is_not_null())
    )


OUTGOING = (
    hold_row(
        "YJS-O01",
        "A message says which child it is about.",
        Filled("hub_child_id"),
        why="It could be put to any child.",
        fix="Nothing to do in the case system: our data desk looks why the child was not found, and sends it "
        "again.",
        owner=DATA_DESK,
        dimension=Dimension.COMPLETENESS,
    ),
    hold_row(
        "YJS-O02",
        "A message is a referral, an outcome, news of a referral, or a fact about the child.",
        _said("kind", "referral", "outcome", "status_update", "circumstance"),
        why="The worklist takes no other, and one wrong message would stop the children beside it.",
        fix="Nothing to do in the case system, unless it is to take a new kind: then add it to the worklist "
        "first and tell our data desk.",
        owner=DATA_DESK,
        dimension=Dimension.VALIDITY,
    ),
    hold_row(
        "YJS-O03",
        "A message says whether it is new, changed or deleted.",
        _said("change", "new", "changed", "deleted"),
        why="Taken for new, a correction opens a second case for the same child.",
        fix="Nothing to do in the case system: our data desk puts it right and sends it again.",
        owner=DATA_DESK,
        dimension=Dimension.VALIDITY,
    ),
    hold_row(
        "YJS-O04",
        "A message has its key, its record and version, and the sender's reference.",
        Holds(NEVER_EMPTY, lambda: pl.all_horizontal(pl.col(name).is_not_null() for name in NEVER_EMPTY)),
        why="Without them a message cannot be told from its repeat, and a child may be on the list twice.",
        fix="Nothing to do in the case system: our data desk puts it right and sends it again.",
        owner=DATA_DESK,
        dimension=Dimension.COMPLETENESS,
    ),
    hold_row(
        "YJS-O05",
        "Nothing is sent back to where it came from.",
        Holds(("from_partner",), lambda: pl.col("from_partner") != "yjs"),
        why="The YJS's own words would come back as somebody else's, and the child would seem to be referred "
        "twice.",
        fix="Nothing to do in the case system: our data desk looks at the route.",
        owner=DATA_DESK,
        dimension=Dimension.CONSISTENCY,
    ),
    # Held, not set aside: the database refuses the whole lot that a score out of range stands in.
    hold_row(
        "YJS-O06",
        "A gravity score is 1 to 5.",
        OneOf("gravity", (1, 2, 3, 4, 5)),
        why="The case system refuses any other, and the children sent with it.",
        fix="Nothing to do in the case system: our data desk asks the sender which score is meant.",
        owner=DATA_DESK,
        dimension=Dimension.VALIDITY,
    ),
    hold_row(
        "YJS-O07",
        "A message says what in law allows it, unless the child may be at risk.",
        Holds(("lawful_basis", "safety_flags"), _lawful_or_at_risk),
        why="A child's record may be shared only where the law allows it. Where the child may be at risk, "
        "the law does, and nothing is held.",
        fix="Nothing to do in the case system: our data desk asks the sender for the lawful basis.",
        owner=DATA_DESK,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "YJS-O08",
        "A message has a name or an identifier by which the worker knows the child.",
        Holds((*IDENTITY, "change"), _worker_knows_whom),
        why="The worker has nobody to ring or visit, and the child waits until it is known who it is.",
        fix="Look in the case system for other messages of the same hub child id. If there are none, ask the "
        "sender, whose reference stands in the message.",
        owner=DATA_DESK,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "YJS-O09",
        "A referral says why the child is referred.",
        Holds(("reason", "kind", "change"), lambda: _of_kind("referral", pl.col("reason").is_not_null())),
        why="The worker cannot tell a missing child from a charge, and the urgent one waits its turn.",
        fix="Ask the sender, whose reference stands in the message. Our data desk asks them to send it "
        "complete.",
        owner=DATA_DESK,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "YJS-O10",
        "An outcome says what was decided, or how far the case has come.",
        Holds(
            ("disposal", "disposal_code", "stage", "kind", "change"),
            lambda: _of_kind(
                "outcome",
                pl.any_horizontal(
                    pl.col(name).is_not_null() for name in ("disposal", "disposal_code", "stage")
                ),
            ),
        ),
        why="The worker learns that something happened, and not what the child must now do.",
        fix="Look the case up at the court by its reference. Our data desk asks the court to share the "
        "result.",
        owner=DATA_DESK,
        dimension=Dimension.COMPLETENESS,
    ),
)

ACKNOWLEDGED = (
    warn(
        "YJS-A01",
        "A refused message comes with the reason.",
        _where_answered("refused", "reason"),
        why="The sender cannot put right what they are not told, and the child is not taken on.",
        fix="Make the reason a field that must be filled before a message can be refused.",
        owner=SYSTEM_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "YJS-A02",
        "An accepted message comes with the case reference.",
        _where_answered("accepted", "their_reference"),
        why="Later news of the child cannot be put to the case, and the sender cannot ask about it.",
        fix="Write the case reference into the worklist when the case is opened.",
        owner=SYSTEM_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "YJS-A03",
        "An answer is accepted or refused.",
        OneOf("answer", AGREED_ANSWERS),
        why="With any other word nobody knows whether the child has been taken on, and both sides may wait.",
        fix="Answer accepted or refused. If a third answer is needed, agree it with our data desk first.",
        owner=SYSTEM_LEAD,
        dimension=Dimension.VALIDITY,
    ),
    warn(
        "YJS-A04",
        "An answer is not given later than the day we read it.",
        Holds(("at", DAY), lambda: pl.col("at").dt.date() <= pl.col(DAY).dt.offset_by(CLOCK_ALLOWANCE)),
        why="How long children wait for an answer is counted from these times, and would be counted wrongly.",
        fix="Set the clock of the case system's server.",
        owner=SYSTEM_LEAD,
        dimension=Dimension.TIMELINESS,
    ),
)

suite = Suite(
    "yjs",
    {"worklist": {Hop.OUTGOING: OUTGOING, Hop.ACKNOWLEDGED: ACKNOWLEDGED}, **VIEWS},
    found_in_messages=FOUND_BY_THE_CLIENT,
)
