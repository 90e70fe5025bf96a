"""What children's services promise of what they tell, and we of the form that we send them."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from quality.rules import (
    DAY,
    Dimension,
    Holds,
    MessageConsequence,
    Rule,
    RuleWords,
    Suite,
    hold_row,
    set_aside,
    warn,
)
from quality.suites import any_child
from quality.suites.any_child import CLOCK_ALLOWANCE, TEN, Sender, birthday
from quality.suites.social_care_received import (
    CIRCUMSTANCES,
    DATASET_LEAD,
    DOOR_MANAGER,
    OUTCOMES,
    REFERRED,
)
from schemas.hops import Hop

DATA_DESK = "our data desk"
CASE_SYSTEM = Sender(owner=DATASET_LEAD, person_record="the case system", offence_record="the offence")
# Looked after because of an offence: remand, detention, and a requirement of residence.
BY_JUSTICE = ("J1", "J2", "J3")
PRESSING = ("urgent", "emergency")


def _one_number_one_person() -> pl.Expr:
    people = pl.col("person_reference").n_unique().over("nhs_number")
    return pl.when(pl.col("nhs_number").is_not_null()).then(people == 1)


def _old_enough() -> pl.Expr:
    return pl.when(pl.col("legal_status").is_in(BY_JUSTICE)).then(birthday(TEN) <= pl.col("holds_from"))


def _happened(code: str, column: str, *, what: str, owner: str) -> Rule:
    return set_aside(
        code,
        f"{what} is not later than the day we read it.",
        Holds((column, DAY), lambda: pl.col(column) <= pl.col(DAY).dt.offset_by(CLOCK_ALLOWANCE)),
        why="A day to come is a plan or a slip. Taken as done, nobody asks whether it was.",
        fix="Correct the date in the case system; most often it is the year.",
        owner=owner,
        dimension=Dimension.ACCURACY,
    )


TRANSLATED = (
    any_child.name_is_a_name("SOC-T01", CASE_SYSTEM, "family_name"),
    any_child.name_is_a_name("SOC-T02", CASE_SYSTEM, "given_names"),
    any_child.born_already("SOC-T03", CASE_SYSTEM),
    hold_row(
        "SOC-T04",
        "An NHS number belongs to one person.",
        Holds(("nhs_number", "person_reference"), _one_number_one_person),
        why="What is said of one child would be read as the other's, and treatment may follow it. The rows "
        "wait until somebody has looked.",
        fix="Look both people up. Where they are one child, merge them; where they are two, correct the "
        "number of one. The record of an adopted child's life before stays apart, without the new number.",
        owner=DATASET_LEAD,
        dimension=Dimension.UNIQUENESS,
    ),
    hold_row(
        "SOC-T05",
        "Nobody under ten is looked after because of an offence (J1, J2, J3).",
        Holds(("legal_status", "born_on", "holds_from"), _old_enough),
        why="A child under ten cannot have committed an offence. Either the birth date is wrong, or somebody "
        "is taken for an offender who is not.",
        fix="Check the legal status and the birth date in the case system.",
        owner=DATASET_LEAD,
        dimension=Dimension.CONSISTENCY,
    ),
    set_aside(
        "SOC-T06",
        "Nothing ends before it began.",
        Holds(("holds_until", "holds_from"), lambda: pl.col("holds_until") >= pl.col("holds_from")),
        why="The child's worker cannot tell whether the care or help still goes on, and takes it to be open.",
        fix="Check both dates in the case system.",
        owner=DATASET_LEAD,
        dimension=Dimension.CONSISTENCY,
    ),
    _happened("SOC-T07", "holds_from", what="The first day of care, help or absence", owner=DATASET_LEAD),
)


def _unless_struck_out(asked: Callable[[], pl.Expr]) -> Callable[[], pl.Expr]:
    return lambda: pl.when(~pl.col("is_deleted")).then(asked())


def _parents_answered(told: str, reason: str) -> pl.Expr:
    is_told = pl.col(told).is_not_null() & (pl.col(told) != "not_told")
    return is_told | pl.col(reason).is_not_null()


def _consent_answered(consent: str, reason: str) -> pl.Expr:
    return pl.col(consent).is_not_null() | pl.col(reason).is_not_null()


REFERRED_TRANSLATED = (
    any_child.somebody("SOC-T11", CASE_SYSTEM),
    any_child.name_is_a_name("SOC-T12", CASE_SYSTEM, "family_name"),
    any_child.born_already("SOC-T13", CASE_SYSTEM),
    _happened("SOC-T14", "referred_on", what="The day of a referral", owner=DATASET_LEAD),
    warn(
        "SOC-T15",
        "A referral says who consented and whether the parents know, or why not.",
        Holds(
            (
                "consent_given_by",
                "no_consent_because",
                "parents_told",
                "parents_not_told_because",
                "is_deleted",
            ),
            _unless_struck_out(
                lambda: (
                    _consent_answered("consent_given_by", "no_consent_because")
                    & _parents_answered("parents_told", "parents_not_told_because")
                )
            ),
        ),
        why="Prevention is voluntary. A worker who rings parents who know nothing loses the child.",
        fix="Ask whoever refers, and fill in the answer, or the reason why there is none.",
        owner=DATASET_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
)

OUTCOMES_TRANSLATED = (_happened("SOC-T21", "state_on", what="The day of an outcome", owner=DOOR_MANAGER),)

ANSWERED = ("Consent", "NoConsentReason", "ParentsTold", "ParentsNotToldReason", "Risks", "Change")


def _answered(*, at_risk: bool) -> Callable[[], pl.Expr]:
    def answered() -> pl.Expr:
        consent = _consent_answered("Consent", "NoConsentReason")
        parents = _parents_answered("ParentsTold", "ParentsNotToldReason")
        asked = (pl.col("Change") != "deleted") & (pl.col("Risks").is_not_null() == at_risk)
        return pl.when(asked).then(consent & parents)

    return answered


OUTGOING = (
    hold_row(
        "SOC-O01",
        "A form says who consented and whether the parents know, or why not, unless a risk is marked.",
        Holds(ANSWERED, _answered(at_risk=False)),
        why="The front door sends a form back that leaves this open, and the child waits twice.",
        fix="Fill in consent and whether the parents know in the case system, or the reason why not.",
        owner=DATA_DESK,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "SOC-O02",
        "A form about a child at risk, too, says who consented and whether the parents know, or why not.",
        Holds(ANSWERED, _answered(at_risk=True)),
        why="The form goes, for a child at risk waits for no tick. The front door will ask by telephone.",
        fix="Ring the front door and tell them, then fill it in in the case system.",
        owner=DATA_DESK,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "SOC-O03",
        "A form that cannot wait says when the front door was told by telephone.",
        Holds(
            ("PhonedAt", "Urgency", "Change"),
            lambda: pl.when(pl.col("Urgency").is_in(PRESSING) & (pl.col("Change") != "deleted")).then(
                pl.col("PhonedAt").is_not_null()
            ),
        ),
        why="The form follows the call. Without the call nobody may look at it before the morning.",
        fix="Ring the front door now. Then record the time of the call in the case system.",
        owner=DATA_DESK,
        dimension=Dimension.TIMELINESS,
    ),
    warn(
        "SOC-O04",
        "A form for protection says what harm is feared.",
        Holds(
            ("Concern", "Need", "Change"),
            lambda: pl.when((pl.col("Need") == "safeguarding") & (pl.col("Change") != "deleted")).then(
                pl.col("Concern").is_not_null()
            ),
        ),
        why="Whoever opens the form cannot tell which child to see first.",
        fix="Choose the category of concern in the case system.",
        owner=DATA_DESK,
        dimension=Dimension.COMPLETENESS,
    ),
)

ACKNOWLEDGED = (
    warn(
        "SOC-A01",
        "An accepted form comes with the number of the contact.",
        Holds(
            ("their_reference", "answer"),
            lambda: pl.when(pl.col("answer") == "accepted").then(pl.col("their_reference").is_not_null()),
        ),
        why="The child's worker cannot ask after the contact without its number.",
        fix="Let the answer carry the contact's number.",
        owner=DOOR_MANAGER,
        dimension=Dimension.COMPLETENESS,
    ),
)

FOUND_BY_THE_CLIENT = (
    RuleWords(
        "SOC-R01",
        MessageConsequence.REJECT_MESSAGE,
        "Every agreed table of the dataset is there, with its columns, and open to us.",
        why="What the table says of our children is not known that night. The other tables are read.",
        fix="Give the table or column back, or tell us before you change it.",
        owner=DATASET_LEAD,
        dimension=Dimension.CONSISTENCY,
    ),
    RuleWords(
        "SOC-R02",
        MessageConsequence.REJECT_MESSAGE,
        "A table that had rows yesterday is not empty today.",
        why="An export that failed looks just like a day on which nobody is in care.",
        fix="Look whether the dataset was built last night, and whether our rights changed.",
        owner=DATASET_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    RuleWords(
        "SOC-R03",
        MessageConsequence.REJECT_MESSAGE,
        "As many outcomes come as the front door says there are.",
        why="The one that is missing may be the answer that a child waits for.",
        fix="Look why the listing is shorter than its own count.",
        owner=DOOR_MANAGER,
        dimension=Dimension.COMPLETENESS,
    ),
)

suite = Suite(
    "social_care",
    {
        "circumstances": {Hop.RECEIVED: CIRCUMSTANCES, Hop.TRANSLATED: TRANSLATED},
        "referred": {Hop.RECEIVED: REFERRED, Hop.TRANSLATED: REFERRED_TRANSLATED},
        "outcomes": {Hop.RECEIVED: OUTCOMES, Hop.TRANSLATED: OUTCOMES_TRANSLATED},
        "referrals": {Hop.OUTGOING: OUTGOING, Hop.ACKNOWLEDGED: ACKNOWLEDGED},
    },
    found_in_messages=FOUND_BY_THE_CLIENT,
)
