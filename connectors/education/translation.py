"""What schools say of a pupil, and what each column becomes. The same by either route."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

from connectors.contract import Scope
from connectors.readings import (
    Codes,
    Reading,
    always,
    cell,
    code,
    day,
    day_in,
    instant,
    listed,
    text,
    yes,
)
from connectors.translation import Translation
from schemas.child_details import ChildDetails
from schemas.circumstance import Circumstance
from schemas.identifiers import uln, upn

CODES = Path(__file__).parent / "codes"
SEXES = Codes(CODES / "sex.csv", onto="sex")
PROVISIONS = Codes(CODES / "provision.csv", onto="kpi2_provision_type")
MARKS = Codes(CODES / "attendance.csv", onto="attendance_group")
KINDS = Codes(CODES / "exclusion_kind.csv", onto="circumstance")
REASONS = Codes(CODES / "suspension_reason.csv", onto="suspension_reason")
SEN_PROVISIONS = Codes(CODES / "sen_provision.csv", onto="sen_provision")
SEN_TYPES = Codes(CODES / "sen_type.csv", onto="sen_type")
YES, NO = ("Y", "true"), ("N", "false")
# Written by the census where there is no UPN, by reason.
NO_UPN = tuple(f"UN{number}" for number in range(1, 8))
NO_ULN = "9999999999"
PART_TIME, DETAINED = "part_time", "detained"
ATTENDED = ("present",)
# In detention no session could be attended; a part-time timetable leaves them out, and they count.
POSSIBLE = (*ATTENDED, "authorised", "unauthorised", PART_TIME)
ADULT_MONTHS = 18 * 12


def _as_written_if_invalid(
    column: str, canonical: Callable[[pl.Expr], pl.Expr], words: str, none: tuple[str, ...]
) -> Reading:
    """A number with a slip stays as it was sent: the suite says what follows, and to whom."""

    def make(_: date) -> pl.Expr:
        written = cell(column).str.replace_all(r"\s", "").str.to_uppercase()
        return pl.when(~written.is_in(none)).then(pl.coalesce(canonical(written), written))

    return Reading((column,), make, words, null_is_an_answer=True)


UPN = _as_written_if_invalid("UPN", upn.canonical, "a UPN; UN1 to UN7 are none", NO_UPN)
ULN = _as_written_if_invalid("ULN", uln.canonical, f"a ULN; {NO_ULN} is none", (NO_ULN,))

pupil = Translation(
    ChildDetails,
    person_reference=text("PupilID"),
    family_name=text("LegalSurname"),
    given_names=text("LegalForenames"),
    aliases=listed("PreferredName"),
    born_on=day("DOB"),
    sex=code("Sex", SEXES),
    sex_as_sent=text("Sex"),
    upn=UPN,
    uln=ULN,
    school=text("SchoolName"),
)


def minutes_a_week(column: str) -> Reading:
    def make(_: date) -> pl.Expr:
        hours = pl.when(cell(column).str.contains(r"^[0-9]{1,2}(\.[0-9]{1,2})?$")).then(cell(column))
        return (hours.cast(pl.Float64) * 60).round().cast(pl.Int64)

    return Reading((column,), make, "hours a week, such as 12.5, as minutes")


def _half_days(*groups: str) -> Reading:
    """How many half days bear a mark of these groups. With a mark nobody agreed, none is counted."""

    def make(on: date) -> pl.Expr:
        known = MARKS.read().on(on)
        marks = cell("Marks").str.split(";")
        mark, count = (pl.element().str.extract(r"^(.+)=([0-9]{1,4})$", group) for group in (1, 2))
        group = mark.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.String)
        strange = marks.list.eval(group.is_null()).list.any()
        counted = pl.when(group.is_in(groups)).then(count.cast(pl.Int64)).otherwise(0)
        return pl.when(~strange).then(marks.list.eval(counted).list.sum())

    return Reading(("Marks",), make, f"half days with a mark of {', '.join(groups)}", MARKS)


COMMON = {
    "reference": text("RecordID"),
    "version_at": instant("UpdatedAt"),
    "is_deleted": yes("Deleted", when=YES, no=NO),
    "holds_from": day("StartDate"),
    "holds_until": day("EndDate"),
    "provider": text("SchoolName"),
    "lawful_basis": always(
        value="children_act_2004_s10", because="schools and the YJS work together for the child"
    ),
}


def _fact(name: str, because: str) -> Reading:
    return always(value=name, because=because)


enrolment = Translation(
    Circumstance,
    ignores=None,
    **COMMON,
    fact=_fact("education", "the list holds places at schools"),
    provision=code("Provision", PROVISIONS),
    detail_as_sent=text("Provision"),
    weekly_minutes_offered=minutes_a_week("WeeklyHoursOffered"),
    weekly_minutes_attended=minutes_a_week("WeeklyHoursAttended"),
)

attendance = Translation(
    Circumstance,
    ignores=None,
    **COMMON,
    fact=_fact("attendance", "the list holds the half days of a term so far"),
    sessions_possible=_half_days(*POSSIBLE),
    sessions_attended=_half_days(*ATTENDED),
    sessions_detained=_half_days(DETAINED),
    sessions_part_time=_half_days(PART_TIME),
)

suspension = Translation(
    Circumstance,
    ignores=None,
    **COMMON,
    fact=code("Kind", KINDS),
    suspension_reason=code("Reason", REASONS),
    detail_as_sent=text("Reason"),
)

need = Translation(
    Circumstance,
    ignores=None,
    **COMMON,
    fact=_fact("send_plan", "the list holds special educational needs and the plans for them"),
    sen_provision=code("SENProvision", SEN_PROVISIONS),
    sen_type=code("SENType", SEN_TYPES),
    detail_as_sent=text("SENType"),
)


def _is_child() -> pl.Expr:
    made = cell("UpdatedAt").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return day_in("DOB").dt.offset_by(f"{ADULT_MONTHS}mo") > made


scope = Scope("Pupils under 18 when the record was last changed.", _is_child, takes=("DOB", "UpdatedAt"))
