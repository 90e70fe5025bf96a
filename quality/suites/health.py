"""What health services promise of their answers, and we of what we refer to them."""

from __future__ import annotations

import polars as pl

from quality.rules import (
    DAY,
    Dimension,
    Filled,
    Holds,
    Matches,
    MessageConsequence,
    RuleWords,
    Suite,
    hold_row,
    set_aside,
    warn,
)
from quality.suites import any_child, health_liaison
from quality.suites.any_child import CLOCK_ALLOWANCE, Sender
from schemas.hops import Hop

SERVICE_LEAD = "the service's data lead"
OUR_CASE_WORKER = "the child's case worker"
SERVICE = Sender(
    owner=SERVICE_LEAD, person_record="their patient record", offence_record="no record of theirs"
)
WITHDRAWN = "deleted"


def _unless_withdrawn(column: str) -> Holds:
    return Holds(
        (column, "Change"),
        lambda: pl.when(pl.col("Change") != WITHDRAWN).then(pl.col(column).is_not_null()),
    )


TRANSLATED = (
    any_child.version_made_already("HEA-T01", SERVICE),
    warn(
        "HEA-T02",
        "An answer says when it was given.",
        Filled("version_at"),
        why="Of two answers we cannot tell which is the newer, and an old one may stand for the new.",
        fix="Let your server write meta.lastUpdated, or lastModified in a file.",
        owner=SERVICE_LEAD,
        dimension=Dimension.TIMELINESS,
    ),
    warn(
        "HEA-T03",
        "Whoever does not take a child on says why.",
        Holds(
            ("reason", "words", "state"),
            lambda: pl.when(pl.col("state") == "declined").then(
                pl.col("reason").is_not_null() | pl.col("words").is_not_null()
            ),
        ),
        why="Without a reason the worker can neither put the referral right nor find another service.",
        fix="Give the reason in statusReason, or choose one in the answer sheet.",
        owner=SERVICE_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    set_aside(
        "HEA-T04",
        "Help does not end before it began.",
        Holds(
            ("attended_end_on", "attended_start_on"),
            lambda: pl.col("attended_start_on") <= pl.col("attended_end_on"),
        ),
        why="How long a child was helped is counted from these days.",
        fix="Correct the days in executionPeriod, or in the answer sheet.",
        owner=SERVICE_LEAD,
        dimension=Dimension.CONSISTENCY,
    ),
    set_aside(
        "HEA-T05",
        "Help has not begun on a day that is still to come.",
        Holds(
            ("attended_start_on", DAY),
            lambda: pl.col("attended_start_on") <= pl.col(DAY).dt.offset_by(CLOCK_ALLOWANCE),
        ),
        why="The child would count as helped while they still wait.",
        fix="Give the day of the first appointment once it has taken place.",
        owner=SERVICE_LEAD,
        dimension=Dimension.ACCURACY,
    ),
)
OUTGOING = (
    hold_row(
        "HEA-O01",
        "A referral names the child, unless it is withdrawn.",
        _unless_withdrawn("FamilyName"),
        why="The service could not tell who is referred.",
        fix="Fill in the child's name in the case system.",
        owner=OUR_CASE_WORKER,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "HEA-O02",
        "A referral has the child's NHS number.",
        _unless_withdrawn("NHSNumber"),
        why="Without it the service may open a second record of a child whom they know already.",
        fix="Ask the family or the GP practice, and enter the number in the case system.",
        owner=OUR_CASE_WORKER,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "HEA-O03",
        "A referral has the child's birth date.",
        _unless_withdrawn("BornOn"),
        why="Services are for certain ages, and two children of one name are told apart by it.",
        fix="Fill in the birth date in the case system.",
        owner=OUR_CASE_WORKER,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "HEA-O04",
        "A referral says what is the safe way to reach the family.",
        _unless_withdrawn("SafeContact"),
        why="An appointment letter that the wrong person opens can put the child in danger.",
        fix="Agree it with the child, and write it down in the case system.",
        owner=OUR_CASE_WORKER,
        dimension=Dimension.COMPLETENESS,
    ),
    hold_row(
        "HEA-O05",
        "The referral's own reference has none of the signs that FHIR divides by.",
        Matches("Referral", r"^[^|,$\\]{1,200}$"),
        why="A repeat of it could not be found again, and the child would be referred twice.",
        fix="Let the case system number its referrals without commas, bars, dollars or backslashes.",
        owner="the case system's data lead",
        dimension=Dimension.VALIDITY,
    ),
)
ACKNOWLEDGED = (
    warn(
        "HEA-A01",
        "A referral that is not taken comes back with a reason.",
        Holds(
            ("reason", "answer"),
            lambda: pl.when(pl.col("answer") == "refused").then(pl.col("reason").is_not_null()),
        ),
        why="The worker must know whether to put it right, to send it again, or to look elsewhere.",
        fix="Ask the service for the reason.",
        owner=SERVICE_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
)
FOUND_BY_THE_CLIENT = (
    RuleWords(
        "HEA-R01",
        MessageConsequence.REJECT_MESSAGE,
        "Every service's line can be read.",
        why="What became of the children whom it was asked to help is not known tonight.",
        fix="Look whether the service's server or mailbox is there. We ask again every night.",
        owner=SERVICE_LEAD,
        dimension=Dimension.TIMELINESS,
    ),
    RuleWords(
        "HEA-R02",
        MessageConsequence.REJECT_MESSAGE,
        "A status file is a Bundle of FHIR R4.",
        why="Nobody can tell which children it is about.",
        fix="Send it again as a Bundle of Tasks, or as the answer sheet.",
        owner=SERVICE_LEAD,
        dimension=Dimension.VALIDITY,
    ),
    RuleWords(
        "HEA-R03",
        MessageConsequence.REJECT_MESSAGE,
        "A status file comes from the mailbox of a service that we refer to.",
        why="Anybody with a mailbox could say that a child is not taken on.",
        fix="Ask the service whether its mailbox is another now; ours is told of it in the settings.",
        owner="our data desk",
        dimension=Dimension.VALIDITY,
    ),
)

suite = Suite(
    "health",
    {
        "progress": {Hop.TRANSLATED: TRANSLATED},
        "liaison": {Hop.RECEIVED: health_liaison.RECEIVED, Hop.TRANSLATED: health_liaison.TRANSLATED},
        "referrals": {Hop.OUTGOING: OUTGOING, Hop.ACKNOWLEDGED: ACKNOWLEDGED},
    },
    found_in_messages=(*FOUND_BY_THE_CLIENT, *health_liaison.FOUND_BY_THE_CLIENT),
)
