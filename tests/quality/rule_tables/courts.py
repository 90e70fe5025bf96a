"""The courts' rules."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from quality.suites import courts
from quality.suites.courts_received import AGE_COLUMNS, RECEIVED
from rule_tables import TODAY, RuleTable, breaks, keeps
from schemas.child_details import ChildDetails
from schemas.outcome import Outcome

MARKS = ("person_or_company", "result_is_deleted", "result_is_amendment")

received = RuleTable(
    rules=RECEIVED,
    types=dict.fromkeys((*AGE_COLUMNS, *MARKS), pl.String),
    good={
        "is_youth": "true",
        "birth_date": "2011-02-14",
        "hearing_day": "2026-11-20",
        "result_ordered_on": "2026-11-20",
        "shared_time": "2026-11-20T16:31:00Z",
        "person_or_company": "person",
        "result_is_deleted": "false",
        "result_is_amendment": None,
    },
    cases=(
        keeps("CRT-R03", "the mark alone is enough", birth_date=None),
        keeps("CRT-R03", "the birth date alone is enough", is_youth=None),
        keeps("CRT-R03", "without a day in court, the day it was shared stands", is_youth=None,
              hearing_day=None, result_ordered_on=None),
        keeps("CRT-R03", "a company has no age", is_youth=None, birth_date=None, person_or_company="company"),
        breaks("CRT-R03", "neither", is_youth=None, birth_date=None),
        breaks("CRT-R03", "nor is it said that it is a person", is_youth=None, birth_date=" ",
               person_or_company=None),
        breaks("CRT-R03", "a stand-in is no birth date", is_youth=None, birth_date="1900-01-01"),
        breaks("CRT-R03", "born after the day in court", is_youth=None, birth_date="2027-02-14"),
        breaks("CRT-R03", "no day to count from", is_youth=None, hearing_day=None, result_ordered_on=None,
               shared_time=None),
        keeps("CRT-R04", "eighteen that day, and no youth", is_youth="false", birth_date="2008-11-20"),
        breaks("CRT-R04", "eighteen the day after, and marked as none", is_youth="false",
               birth_date="2008-11-21"),
        keeps("CRT-R05", "there is no mark", is_youth=None),
        breaks("CRT-R05", "another word", is_youth="yes"),
        keeps("CRT-R06", "struck out", result_is_deleted="true"),
        breaks("CRT-R06", "another word", result_is_deleted="withdrawn"),
        keeps("CRT-R07", "an amendment", result_is_amendment="true"),
        breaks("CRT-R07", "a kind nobody agreed", result_is_amendment="rescinded"),
    ),
)  # fmt: skip

STRUCK_OUT = {
    "is_deleted": True,
    "born_on": None,
    "ethnicity_self_defined": None,
    "case_reference": None,
    "hearing_on": None,
}

translated = RuleTable(
    rules=courts.TRANSLATED,
    types={name: column.dtype for name, column in (Outcome.columns() | ChildDetails.columns()).items()},
    good={
        "reference": "case/offence/result",
        "version_at": datetime(2026, 11, 20, 16, 31, tzinfo=UTC),
        "is_deleted": False,
        "stage": "sentenced",
        "case_reference": "99NM0000126",
        "hearing_on": date(2026, 11, 20),
        "ordered_on": date(2026, 11, 20),
        "offence_code": "TH68010",
        "offence_on": date(2026, 8, 27),
        "disposal_code": "3111",
        "disposal": "Referral order",
        "person_reference": "master",
        "family_name": "Thornbury",
        "given_names": "Ada May",
        "born_on": date(2011, 2, 14),
        "ethnicity_self_defined": "W1",
        "pnc": "2024/0123456X",
    },
    cases=(
        keeps("CRT-T01", "the court's key for the person", family_name=None, given_names=None, pnc=None),
        keeps("CRT-T01", "struck out: found by its reference", family_name=None, given_names=None, pnc=None,
              person_reference=None, **STRUCK_OUT),
        breaks("CRT-T01", "nothing at all", family_name=None, given_names=None, pnc=None,
               person_reference=None),
        keeps("CRT-T02", "a surname that reads like nothing", family_name="None"),
        breaks("CRT-T02", "a stand-in", family_name="UNKNOWN"),
        keeps("CRT-T03", "there is none", given_names=None),
        breaks("CRT-T03", "a stand-in", given_names="TBC"),
        keeps("CRT-T04", "a numeral in letters", given_names="Ada II"),
        breaks("CRT-T04", "a number in the name", family_name="Thornbury1"),
        keeps("CRT-T05", "accents, whole", family_name="Brünhagård"),
        breaks("CRT-T05", "UTF-8 read as something else", family_name="BrÃ¼nhagård"),
        keeps("CRT-T06", "none is there, as of one struck out", **STRUCK_OUT),
        breaks("CRT-T06", "born tomorrow", born_on=TODAY + timedelta(days=1), pnc=None),
        keeps("CRT-T07", "ten that very day", born_on=date(2016, 8, 27), pnc=None),
        keeps("CRT-T07", "no offence in it", born_on=date(2017, 2, 14), pnc=None, offence_on=None,
              offence_code=None),
        breaks("CRT-T07", "ten the day after", born_on=date(2016, 8, 28), pnc=None),
        keeps("CRT-T08", "after the birth"),
        breaks("CRT-T08", "before the birth", offence_on=date(2010, 8, 27)),
        keeps("CRT-T09", "not said", offence_on=None),
        breaks("CRT-T09", "in a year, and no day in court to compare", offence_on=date(2027, 8, 27),
               hearing_on=None, is_deleted=True),
        keeps("CRT-T10", "shared today", version_at=datetime(2026, 11, 23, 4, tzinfo=UTC)),
        breaks("CRT-T10", "shared next year", version_at=datetime(2027, 11, 20, 16, tzinfo=UTC)),
        keeps("CRT-T11", "given in the year of the tenth birthday", pnc="2021/0123456X"),
        breaks("CRT-T11", "given the year before", pnc="2020/0123456X"),
        keeps("CRT-T12", "with the letter that some have", offence_code="TH68010A"),
        breaks("CRT-T12", "a court's own code", offence_code="ABC001"),
        keeps("CRT-T13", "in court the same day", offence_on=date(2026, 11, 20)),
        breaks("CRT-T13", "the day after the court sat", offence_on=date(2026, 11, 21)),
        keeps("CRT-T14", "an older order, sent along", ordered_on=date(2025, 1, 14)),
        breaks("CRT-T14", "ordered next year", ordered_on=date(2027, 11, 20)),
        keeps("CRT-T15", "struck out: nobody need be told apart", **STRUCK_OUT),
        breaks("CRT-T15", "not there", born_on=None),
        keeps("CRT-T16", "asked, and would not say", ethnicity_self_defined="NS"),
        breaks("CRT-T16", "not there", ethnicity_self_defined=None),
        keeps("CRT-T17", "eighteen tomorrow", born_on=date(2008, 11, 21)),
        breaks("CRT-T17", "eighteen today", born_on=date(2008, 11, 20)),
        keeps("CRT-T18", "struck out: its reference is enough", **STRUCK_OUT),
        breaks("CRT-T18", "not there", case_reference=None),
        keeps("CRT-T19", "the name alone", disposal_code=None),
        keeps("CRT-T19", "nothing is decided yet", stage="heard", disposal_code=None, disposal=None),
        breaks("CRT-T19", "a sentence without words", disposal_code=None, disposal=None),
        keeps("CRT-T20", "struck out: no time limit runs", **STRUCK_OUT),
        breaks("CRT-T20", "not there", hearing_on=None),
    ),
)  # fmt: skip
