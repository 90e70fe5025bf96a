"""What liaison and diversion promises of the children whom it refers to the YJS."""

from __future__ import annotations

import polars as pl

from quality.rules import (
    DAY,
    Dimension,
    Filled,
    Holds,
    MessageConsequence,
    RuleWords,
    set_aside,
    warn,
)
from quality.suites import any_child
from quality.suites.any_child import CLOCK_ALLOWANCE, Sender, filled_unless_struck_out

REFERRER = "liaison and diversion's data lead"
TEAM = Sender(owner=REFERRER, person_record="their patient record", offence_record="no record of theirs")


def _numbered_where_named() -> pl.Expr:
    """Of whom there is no word at all, another rule tells."""
    return pl.when(pl.col("family_name").is_not_null()).then(pl.col("nhs_number").is_not_null())


RECEIVED = (
    warn(
        "HEA-R08",
        "Whatever a referral refers to is in the Bundle.",
        Holds(("references_outside",), lambda: pl.col("references_outside").is_null()),
        why="We cannot follow it: what stands there is not known to the child's worker.",
        fix="Put the part into the Bundle, or leave the reference out.",
        owner=REFERRER,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "HEA-R09",
        "A flag about the child is one of the agreed ones.",
        Holds(("flags_unread",), lambda: pl.col("flags_unread").is_null()),
        why="It may be the warning that keeps a child or a worker safe, and nobody here sees it.",
        fix="Ring the YJS and say what the flag is. Then agree its code with us.",
        owner=REFERRER,
        dimension=Dimension.VALIDITY,
    ),
)
TRANSLATED = (
    any_child.somebody("HEA-T06", TEAM),
    any_child.name_is_a_name("HEA-T07", TEAM, "family_name"),
    any_child.name_is_a_name("HEA-T08", TEAM, "given_names"),
    any_child.names_without_digits("HEA-T09", TEAM),
    any_child.names_with_whole_letters("HEA-T10", TEAM),
    any_child.born_already("HEA-T11", TEAM),
    any_child.version_made_already("HEA-T12", TEAM),
    warn(
        "HEA-T13",
        "A referral says when it was written.",
        Filled("version_at"),
        why="Of two versions we cannot tell which is the newer, and an old one may stand for the new.",
        fix="Write meta.lastUpdated of the ServiceRequest, or the timestamp of the Bundle.",
        owner=REFERRER,
        dimension=Dimension.TIMELINESS,
    ),
    set_aside(
        "HEA-T14",
        "A child is not referred on a day that is still to come.",
        Holds(
            ("referred_on", DAY), lambda: pl.col("referred_on") <= pl.col(DAY).dt.offset_by(CLOCK_ALLOWANCE)
        ),
        why="How long a child waits is counted from that day.",
        fix="Correct authoredOn.",
        owner=REFERRER,
        dimension=Dimension.ACCURACY,
    ),
    warn(
        "HEA-T15",
        "A referral says which help is asked for.",
        Holds(("need", "is_deleted"), lambda: filled_unless_struck_out("need")),
        why="The worker must ring to learn why the child was referred.",
        fix="Give the ServiceRequest a code that is agreed, or ask us to agree the one that you use.",
        owner=REFERRER,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "HEA-T16",
        "A referral has the child's NHS number, and it is a sound one.",
        Holds(("nhs_number", "family_name"), _numbered_where_named),
        why="By it a child is found again whose name is written in two ways. A number with a slip in it is "
        "taken for none: it might be another child's.",
        fix="Trace the child, and send the referral again with the number.",
        owner=REFERRER,
        dimension=Dimension.VALIDITY,
    ),
)
FOUND_BY_THE_CLIENT = (
    RuleWords(
        "HEA-R04",
        MessageConsequence.REJECT_MESSAGE,
        "A referral is a Bundle of FHIR R4 with a ServiceRequest in it.",
        why="Nobody can tell which child is referred.",
        fix="Send it again as a message, a transaction or a collection.",
        owner=REFERRER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HEA-R05",
        MessageConsequence.REJECT_MESSAGE,
        "A referral comes from a mailbox that may refer to us.",
        why="Anybody with a mailbox could bring a child to the YJS.",
        fix="Ask whose mailbox it is; those who may refer stand in our settings.",
        owner="our data desk",
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HEA-R06",
        MessageConsequence.REJECT_MESSAGE,
        "Where children are real, no NHS number is one made for tests.",
        why="A test system sends into our mailbox, or a child has a number that is not theirs.",
        fix="If the child is real, send it again with the right number or with none.",
        owner=REFERRER,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HEA-R07",
        MessageConsequence.REJECT_MESSAGE,
        "A Bundle has in it every part that its own references name.",
        why="A part is lost: it may be the child, or the warning about them.",
        fix="Send the whole Bundle again.",
        owner=REFERRER,
        dimension=Dimension.COMPLETENESS,
    ),
)
