"""What every shape is read into: a sitting, defendants, their offences and results; and these into rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

Row = dict[str, str | None]

PERSON = (
    "defendant_id",
    "master_defendant_id",
    "is_youth",
    "person_or_company",
    "title",
    "first_name",
    "middle_name",
    "last_name",
    "birth_date",
    "gender",
    "nationality",
    "ethnicity_self_defined",
    "ethnicity_observed",
    "address_line_1",
    "address_line_2",
    "address_line_3",
    "address_line_4",
    "address_line_5",
    "postcode",
    "aliases",
    "pnc",
    "cro",
    "asn",
    "bail_status",
    "interpreter_language",
    "specific_requirements",
    "guardian_name",
    "guardian_contact",
)
OFFENCE = (
    "offence_id",
    "offence_code",
    "offence_title",
    "offence_date",
    "arrest_date",
    "plea",
    "verdict",
)
RESULT = (
    "result_id",
    "result_code",
    "result_label",
    "result_category",
    "result_ordered_on",
    "result_shared_on",
    "result_text",
    "result_is_deleted",
    "result_is_amendment",
    "amendment_reason",
    "custody_after_hearing",
)
COLUMNS: tuple[str, ...] = (
    "message_shape",
    "shared_time",
    "is_reshare",
    "hearing_id",
    "hearing_type",
    "hearing_day",
    "jurisdiction",
    "court_code",
    "court_name",
    "case_id",
    "case_urn",
    *PERSON,
    *OFFENCE,
    *RESULT,
    "reference",
)

COURT_TIME = ZoneInfo("Europe/London")


@lru_cache(maxsize=4096)
def court_day(moment: str | None) -> str | None:
    """The day by the court's own clock: in summer, midnight there is 23:00 of the day before in UTC."""
    try:
        read = datetime.fromisoformat(moment or "")
        local = read.astimezone(COURT_TIME) if read.tzinfo else read
    except (ValueError, OverflowError):
        return moment
    return local.date().isoformat()


@dataclass(frozen=True, slots=True)
class Sitting:
    """A hearing: where, of what kind, and on which days. `sent_for` is the one day a message is about."""

    columns: Row
    days: tuple[str, ...] = ()
    sent_for: str | None = None

    def on(self, ordered_on: str | None) -> Row:
        """With its day in court, for a result ordered then.

        The day a result was ordered counts where the court sat that day. Otherwise the result is an older
        one sent along, and its date is no day of this hearing: then the day the message is about stands,
        or the first sitting.
        """
        if ordered_on in self.days:
            return self.columns | {"hearing_day": ordered_on}
        return self.columns | {"hearing_day": self.sent_for or min(self.days, default=None)}


@dataclass(frozen=True, slots=True)
class Calendar:
    """The sittings a message tells of: the usual one, and those that a result may name by hearing id."""

    usual: Sitting
    by_id: Mapping[str, Sitting] = field(default_factory=dict)

    def of(self, hearing_id: str | None) -> Sitting:
        return self.by_id.get(hearing_id or "", self.usual)


@dataclass(frozen=True, slots=True)
class Result:
    """`offence_id` is the offence a result names that was not found beneath one."""

    columns: Row
    sitting: Sitting
    offence_id: str | None = None


@dataclass(frozen=True, slots=True)
class Offence:
    columns: Row
    results: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True)
class Defendant:
    """`results` are those given to the person or the case, not beneath one offence."""

    columns: Row
    sitting: Sitting
    offences: tuple[Offence, ...] = ()
    results: tuple[Result, ...] = ()

    def rows(self) -> Iterator[Row]:
        known = {offence.columns.get("offence_id") for offence in self.offences}
        for offence in self.offences:
            yield from self._offence_rows(offence)
        loose = [
            result for result in self.results if result.offence_id is None or result.offence_id not in known
        ]
        for result in loose:
            yield self._row({"offence_id": result.offence_id}, result)
        # A remand, say, before any offence is put: the person and the bail status still matter.
        if not self.offences and not loose:
            yield self._row({}, None)

    def _offence_rows(self, offence: Offence) -> Iterator[Row]:
        offence_id = offence.columns.get("offence_id")
        named = [result for result in self.results if offence_id and result.offence_id == offence_id]
        results = [*offence.results, *named]
        for result in results:
            yield self._row(offence.columns, result)
        if not results:
            yield self._row(offence.columns, None)

    def _row(self, offence: Row, result: Result | None) -> Row:
        if result is None:
            return self.sitting.on(None) | self.columns | offence
        ordered_on = result.columns.get("result_ordered_on")
        return result.sitting.on(ordered_on) | self.columns | offence | result.columns
