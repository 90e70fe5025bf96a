"""What the case system promises of its reporting views.

Nothing here holds a row: a view is read again every night, and what is put right in the case system is here
the next morning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from quality.rules import DAY, Dimension, Filled, Holds, MessageConsequence, Rule, RuleWords, set_aside, warn
from quality.suites import any_child
from quality.suites.any_child import CLOCK_ALLOWANCE, Sender
from schemas.hops import Hop

SYSTEM_LEAD = "case system lead"
CASE = Sender(owner=SYSTEM_LEAD, person_record="the child's record", offence_record="the offence")

NO_BIRTH_DATE = ("1900-01-01", "1970-01-01")
TRUE_OR_FALSE = ("true", "false", "1", "0")


def _cell(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars()


def _born() -> pl.Expr:
    said = (_cell("dateOfBirth") != "").fill_null(value=False)
    return said & ~_cell("dateOfBirth").is_in(NO_BIRTH_DATE)


RECEIVED = (
    warn(
        "YJS-R03",
        "A birth date is filled, and not with 1900-01-01 or 1970-01-01.",
        Holds(("dateOfBirth",), _born),
        why="The birth date tells two children of one name apart. Without it what the YJS does may stand "
        "beside the child's record instead of in it.",
        fix="Ask for the birth date at the next contact and fill it in on the child's record. Leave it empty "
        "until then.",
        owner=SYSTEM_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "YJS-R04",
        "Each row has the ypid, the case system's own key of the child.",
        Holds(("ypid",), lambda: (_cell("ypid") != "").fill_null(value=False)),
        why="Nobody can tell that two items are about one child, or that the child was struck out.",
        fix="Look in the export why the row has no child. Most often the record was merged into another.",
        owner=SYSTEM_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    warn(
        "YJS-R05",
        "Each row says whether it is deleted: true or false.",
        Holds(("deleted",), lambda: _cell("deleted").is_in(TRUE_OR_FALSE).fill_null(value=False)),
        why="We take it for not deleted. A child who should be forgotten may still be worked with.",
        fix="Let the view write true or false in every row. Put a deleted child on the list of deleted "
        "children too.",
        owner=SYSTEM_LEAD,
        dimension=Dimension.VALIDITY,
    ),
    warn(
        "YJS-R06",
        "Each row says when its return begins, in return_start_date.",
        Holds(
            ("return_start_date",),
            lambda: _cell("return_start_date").str.to_date("%Y-%m-%d", strict=False).is_not_null(),
        ),
        why="The latest return wins. Without its dates an old one may stand for how things are now.",
        fix="Let the view write the dates of the return in every row.",
        owner=SYSTEM_LEAD,
        dimension=Dimension.TIMELINESS,
    ),
)


def _ends_after_it_began(code: str, began: str, ended: str, *, of: str) -> Rule:
    return set_aside(
        code,
        f"{of} does not end before it began.",
        Holds((ended, began), lambda: pl.col(ended) >= pl.col(began)),
        why="How long the child was worked with comes out below nothing, and the help seems never to have "
        "been.",
        fix="Check both dates in the case record. 1900-01-01 as the end means that it is open.",
        owner=SYSTEM_LEAD,
        dimension=Dimension.CONSISTENCY,
    )


def _happened(code: str, column: str, *, what: str) -> Rule:
    return set_aside(
        code,
        f"{what} is not later than the day we read it.",
        Holds((column, DAY), lambda: pl.col(column) <= pl.col(DAY).dt.offset_by(CLOCK_ALLOWANCE)),
        why="A day to come is a plan or a slip. Taken as done, nobody asks whether the child was seen.",
        fix="Correct the date in the case record. A plan has its own place there.",
        owner=SYSTEM_LEAD,
        dimension=Dimension.ACCURACY,
    )


def _filled(code: str, column: str, sentence: str, *, why: str, fix: str) -> Rule:
    return warn(
        code,
        sentence,
        Filled(column),
        why=why,
        fix=fix,
        owner=SYSTEM_LEAD,
        dimension=Dimension.COMPLETENESS,
    )


def _said_where(
    code: str, sentence: str, column: str, looks_at: str, asked: Callable[[], pl.Expr], *, why: str, fix: str
) -> Rule:
    """The column is filled wherever it is asked for, in a record that is not struck out."""

    def said() -> pl.Expr:
        return pl.when(asked() & ~pl.col("is_deleted")).then(pl.col(column).is_not_null())

    return warn(
        code,
        sentence,
        Holds((column, looks_at, "is_deleted"), said),
        why=why,
        fix=fix,
        owner=SYSTEM_LEAD,
        dimension=Dimension.COMPLETENESS,
    )


# The same of every view, so under the same codes.
CHILD = (
    any_child.name_is_a_name("YJS-T01", CASE, "family_name"),
    any_child.name_is_a_name("YJS-T02", CASE, "given_names"),
    any_child.names_without_digits("YJS-T03", CASE),
    any_child.names_with_whole_letters("YJS-T04", CASE),
    any_child.born_already("YJS-T05", CASE),
    any_child.pnc_after_ten("YJS-T06", CASE),
    any_child.own_ethnicity("YJS-T07", CASE),
)

PROGRESS = (
    *CHILD,
    _filled(
        "YJS-T10",
        "referral_from",
        "A row says who sent the referral, in fromPartner.",
        why="We cannot tell whose referral it is, so nobody is told what became of the child.",
        fix="Take fromPartner and sourceReference over from the worklist when the case is opened.",
    ),
    _ends_after_it_began("YJS-T11", "attended_start_on", "attended_end_on", of="A programme"),
    _said_where(
        "YJS-T12",
        "A referral that was declined says why.",
        "reason",
        "state",
        lambda: pl.col("state") == "declined",
        why="Whoever referred cannot put right what they are not told, and the child may go without help.",
        fix="Make the reason a field that must be filled before a referral can be declined.",
    ),
    _said_where(
        "YJS-T13",
        "A recommendation says the day of the panel.",
        "recommended_on",
        "recommendation",
        lambda: pl.col("recommendation").is_not_null(),
        why="The police decide by the latest recommendation, and cannot tell which that is.",
        fix="Fill in the day of the panel beside its recommendation.",
    ),
    _said_where(
        "YJS-T14",
        "A programme that has ended says whether it was completed.",
        "completed",
        "attended_end_on",
        lambda: pl.col("attended_end_on").is_not_null(),
        why="Until it is said the child counts as still on it. Taken for not completed, they may be charged.",
        fix="Answer YES or NO when the programme is closed.",
    ),
    _happened("YJS-T15", "assessed_on", what="An assessment"),
    _happened("YJS-T16", "recommended_on", what="A panel's recommendation"),
)

REFERRALS = (
    *CHILD,
    _filled(
        "YJS-T20",
        "need",
        "A referral says for which help, in need.",
        why="The referral counts for no help, and the child looks as if nobody had thought of it.",
        fix="Choose the need on the referral. If none of the list fits, tell our data desk.",
    ),
    _filled(
        "YJS-T21",
        "to_service",
        "A referral says who is asked to help, in service.",
        why="Nobody can ask that service what became of the child.",
        fix="Choose the service on the referral.",
    ),
    _filled(
        "YJS-T22",
        "referred_on",
        "The day of the referral is filled.",
        why="How long the child waits is counted from that day. Without it nobody sees that they wait.",
        fix="Fill in the day on which the referral was sent to the service.",
    ),
    _happened("YJS-T23", "referred_on", what="A referral"),
    _ends_after_it_began("YJS-T24", "screened_on", "referred_on", of="The step from screening to referral"),
    _filled(
        "YJS-T25",
        "consent_given_by",
        "A referral says who agreed to the help, in consentGivenBy.",
        why="A voluntary service may not take the child on until somebody has agreed, and sends it back.",
        fix="Ask the child, or who cares for them, and record who agreed.",
    ),
)

ASSESSMENTS = (
    *CHILD,
    _filled(
        "YJS-T30",
        "screened_on",
        "An assessment says when the child was assessed, in date.",
        why="Nobody can tell whether the child was looked at this year or before the last order.",
        fix="Fill in the day of the assessment.",
    ),
    _happened("YJS-T31", "screened_on", what="An assessment"),
    _said_where(
        "YJS-T32",
        "An assessment that is complete says of each help whether a need was found.",
        "need_found",
        "is_complete",
        lambda: pl.col("is_complete"),
        why="An empty answer may mean no need, or that nobody asked. The child goes without either way.",
        fix="Answer YES or NO for each concern before the assessment is signed off.",
    ),
)

ORDERS = (
    *CHILD,
    _filled(
        "YJS-T40",
        "holds_from",
        "An order says from when it holds, in startDate.",
        why="The time to the first panel and the plan is counted from that day.",
        fix="Fill in the start of the order.",
    ),
    _ends_after_it_began("YJS-T41", "holds_from", "holds_until", of="An order"),
    _filled(
        "YJS-T42",
        "disposal_as_sent",
        "An order says which it is, in cmsdisposalType.",
        why="The order counts under no measure, and the child under none of its helps.",
        fix="Choose the disposal on the programme.",
    ),
)

FOUND_BY_THE_CLIENT = (
    RuleWords(
        "YJS-R01",
        MessageConsequence.REJECT_MESSAGE,
        "The agreed view is there, with its agreed columns, and can be read to its end.",
        why="What the view says of any child is not known tonight. The other views are read.",
        fix="Put the view or its column back under the agreed name. If the change is meant, agree it with "
        "our data desk before it is made. We look every night.",
        owner=SYSTEM_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
    RuleWords(
        "YJS-R02",
        MessageConsequence.REJECT_MESSAGE,
        "The list of deleted children can be read.",
        why="A child who was struck out would come back with all their records, so no view is taken without "
        "it.",
        fix="Put the list back under its agreed name. An empty list is fine. We look every night.",
        owner=SYSTEM_LEAD,
        dimension=Dimension.COMPLETENESS,
    ),
)

VIEWS: Mapping[str, Mapping[Hop, tuple[Rule, ...]]] = {
    "progress": {Hop.RECEIVED: RECEIVED, Hop.TRANSLATED: PROGRESS},
    "referrals": {Hop.RECEIVED: RECEIVED, Hop.TRANSLATED: REFERRALS},
    "assessments": {Hop.RECEIVED: RECEIVED, Hop.TRANSLATED: ASSESSMENTS},
    "orders": {Hop.RECEIVED: RECEIVED, Hop.TRANSLATED: ORDERS},
}
