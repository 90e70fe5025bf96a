"""The defects of the courts' old feed to youth justice services that a reader can have, each as a test.

The feed's other defects (a failed sending that nobody saw, an answer before its question) belong to the
hub's transport and are tested there.
"""

from __future__ import annotations

from typing import Any

import pytest

from connectors.courts.hearings import rows


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (False, "false"),
        ("false", "false"),  # any text counts as yes in the language the old feed was written in
        (" False", "false"),
        (True, "true"),
        ("TRUE", "true"),
        ("Yes", "yes"),  # not for a reader to interpret: a rule holds it
        (0, "0"),
        ("", None),
        (None, None),
    ],
)
def test_the_text_false_is_no(sent: object, read: str | None) -> None:
    result = {"judicialResultId": "r", "isDeleted": sent, "isNewAmendment": sent}
    defendant = {"id": "d", "isYouth": sent, "offences": [{"id": "o", "judicialResults": [result]}]}
    [row] = rows({"hearing": {"prosecutionCases": [{"defendants": [defendant]}]}, "isReshare": sent})
    flags = ("is_youth", "is_reshare", "result_is_deleted", "result_is_amendment")
    assert [row[flag] for flag in flags] == [read] * 4


def test_a_child_flagged_adult_keeps_the_birth_date_that_says_otherwise(sample: Any) -> None:
    [row] = sample("hearing-resulted_youth-flag-false-aged-15")
    assert (row["is_youth"], row["birth_date"], row["hearing_day"]) == ("false", "2010-05-17", "2026-03-09")


def test_every_record_and_every_session_of_a_register_is_read(sample: Any) -> None:
    opened = sample("register_two-records-two-sessions")
    assert {(row["last_name"], row["reference"].split("/")[3]) for row in opened} == {
        ("Oakenfull", "1.1"),
        ("Hallowmere", "2.1"),  # the second session of the first record
        ("Thistlewaite", "1.1"),  # the second record
    }


def test_a_record_for_nobody_and_a_blank_template_are_read_all_the_same(sample: Any) -> None:
    opened = sample("register_no-recipients-and-a-blank-template")
    assert [row["case_urn"] for row in opened] == ["FVT5550004", "FVT5550005", "FVT5550006"]
    assert [row["last_name"] for row in opened] == ["Vantergill", "Brackenshaw", None]
    assert opened[2]["aliases"] == "Cressida Hallowmere"  # the name came undivided


def test_a_child_is_read_behind_an_adult(sample: Any) -> None:
    """The old feed matched a whole hearing by its first defendant."""
    opened = sample("hearing-resulted_youth-beside-adult")
    assert [(row["last_name"], row["is_youth"]) for row in opened] == [
        ("Oakenfull", "false"),
        ("Morrowbank", "true"),
        ("Morrowbank", "true"),
    ]


def test_a_company_does_not_cost_the_child_beside_it(sample: Any) -> None:
    """The old feed lost the whole hearing where one defendant was no person."""
    opened = sample("hearing-resulted_company-beside-youth")
    assert [(row["person_or_company"], row["last_name"]) for row in opened] == [
        ("company", None),
        ("person", "Hallowmere"),
    ]


def test_three_dates_are_three_columns(sample: Any) -> None:
    [row] = sample("hearing-resulted_three-different-dates")
    assert row["hearing_day"] == "2026-03-11"
    assert row["result_ordered_on"] == "2026-02-25"  # a result of an earlier day, sent along
    assert row["result_shared_on"] == "2026-03-12"
    assert row["shared_time"] == "2026-03-13T08:02:11.900Z"  # this one orders versions, and no other


def test_the_published_share_before_its_own_hearing_keeps_its_dates(published: Any) -> None:
    """As published: shared on the 13th, ordered and heard on the 14th. Odd, and for a rule to say so."""
    opened = published("hearing-results-added-for-day")
    assert {(row["hearing_day"], row["result_ordered_on"], row["result_shared_on"]) for row in opened} == {
        ("2025-01-14", "2025-01-14", "2025-01-13")
    }
    assert {row["shared_time"] for row in opened} == {"2025-01-13T13:29:17.790Z"}


def test_a_message_without_a_shared_time_borrows_none(published: Any) -> None:
    opened = published("police-result-generated")
    assert {row["shared_time"] for row in opened} == {None}
    assert {row["result_shared_on"] for row in opened} == {"2024-09-25"}


def test_each_result_of_several_sitting_days_has_its_own_day(sample: Any) -> None:
    opened = sample("hearing-resulted_several-sitting-days")
    assert [(row["result_label"], row["hearing_day"]) for row in opened] == [
        ("Adjournment", "2026-06-09"),
        # Written 23:00 of the 9th in UTC, which in June is midnight of the 10th in court.
        ("Youth rehabilitation order England and Wales", "2026-06-10"),
        (None, "2026-06-08"),  # no result: the first sitting
    ]


@pytest.mark.parametrize(
    ("days", "sent_for", "ordered", "day"),
    [
        (["2026-03-02", "2026-03-03"], None, "2026-03-03", "2026-03-03"),
        (["2026-03-03", "2026-03-02"], None, None, "2026-03-02"),  # first by date, not by place
        (["2026-03-02", "2026-03-03"], "2026-03-03", None, "2026-03-03"),  # the day the message is about
        (["2026-03-02", "2026-03-03"], "2026-03-02", "2026-03-03", "2026-03-03"),
        (["2026-03-02"], None, "2025-10-01", "2026-03-02"),  # an old result sent along
        ([], None, "2025-10-01", None),  # never borrowed from the order
        (["next Tuesday"], None, None, "next Tuesday"),  # not for a reader to guess
    ],
)
def test_the_day_in_court_is_a_day_the_court_sat(
    days: list[str], sent_for: str | None, ordered: str | None, day: str | None
) -> None:
    offence = {"id": "o", "judicialResults": [{"judicialResultId": "r", "orderedDate": ordered}]}
    hearing = {
        "hearingDays": [{"sittingDay": day} for day in days],
        "prosecutionCases": [{"defendants": [{"id": "d", "offences": [offence]}]}],
    }
    [row] = rows({"hearing": hearing, "hearingDay": sent_for})
    assert row["hearing_day"] == day


def test_a_cancelled_sitting_is_no_day_in_court() -> None:
    days = [{"sittingDay": "2026-03-02", "isCancelled": True}, {"sittingDay": "2026-03-09"}]
    hearing = {"hearingDays": days, "prosecutionCases": [{"defendants": [{"id": "d"}]}]}
    [row] = rows({"hearing": hearing})
    assert row["hearing_day"] == "2026-03-09"


def test_a_reshare_supersedes_what_was_shared_before(sample: Any) -> None:
    before = {row["reference"]: row for row in sample("hearing-resulted_first-share")}
    after = {row["reference"]: row for row in sample("hearing-resulted_reshare-amends-and-deletes")}
    assert before.keys() < after.keys()  # the same results by the same references, and one more
    assert [
        (row["result_label"], row["result_is_amendment"], row["result_is_deleted"]) for row in after.values()
    ] == [
        ("Conditional discharge", "true", "false"),
        ("Costs", "true", "true"),
        ("Compensation", "true", "false"),
    ]
    assert all(
        str(after[reference]["shared_time"]) > str(row["shared_time"]) for reference, row in before.items()
    )
    assert {row["hearing_day"] for row in after.values()} == {"2026-03-05"}  # the day did not move


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        ([("2026-03-01", False), ("2026-03-02", True)], ("2026-03-02", "true")),
        ([("2026-03-02", False), ("2026-03-01", True)], ("2026-03-02", "false")),
        (
            [("2026-03-02", False), ("2026-03-02", True)],
            ("2026-03-02", "true"),
        ),  # of one day's two, the deletion
        ([("2026-03-02", True), ("2026-03-02", False)], ("2026-03-02", "true")),
        ([(None, False), ("2026-03-01", False)], ("2026-03-01", "false")),
    ],
)
def test_a_result_told_twice_in_one_message_is_the_one_shared_last(
    told: list[tuple[str | None, bool]], stands: tuple[str, str]
) -> None:
    copies = [
        {"judicialResultId": "r", "lastSharedDateTime": day, "isDeleted": deleted} for day, deleted in told
    ]
    defendant = {"id": "d", "offences": [{"id": "o", "judicialResults": copies}]}
    [row] = rows({"hearing": {"prosecutionCases": [{"defendants": [defendant]}]}})
    assert (row["result_shared_on"], row["result_is_deleted"]) == stands


def test_a_deletion_told_to_the_police_is_a_row(sample: Any) -> None:
    """A struck-out result is gone from the defendants: only the list of changes still names it."""
    opened = sample("police-notification_deletion")
    assert [
        (row["result_label"], row["result_is_deleted"], row["result_is_amendment"]) for row in opened
    ] == [
        ("Referral order", "false", "true"),  # updated, and standing
        ("Fine", "true", "true"),
        ("Compensation", "true", "true"),
    ]
    assert {(row["last_name"], row["birth_date"]) for row in opened} == {("Morrowbank", "2009-11-02")}
    assert [row["offence_title"] for row in opened] == ["Robbery", "Robbery", "Criminal damage"]


@pytest.mark.parametrize(
    ("kind", "deleted", "amendment"),
    [
        ("DELETED", "true", "true"),
        ("deleted", "true", "true"),
        ("ADDED", None, "true"),
        ("UPDATED", None, "true"),
        ("NONE", None, None),
        (None, None, None),
        ("REVIVED", None, "revived"),  # nobody agreed what it means: a rule holds it
    ],
)
def test_every_kind_of_amendment_is_told(
    kind: str | None, deleted: str | None, amendment: str | None
) -> None:
    change = {"id": "r", "amendmentType": kind, "resultTitle": "Fine"}
    offences = [{"id": "o", "judicialResultDetails": [change]}]
    details = {"defendantResultDetails": [{"id": "d", "offenceResultDetails": offences}]}
    [row] = rows({"caseResultDetails": details, "caseDefendants": [{"defendantId": "d"}]})
    assert (row["result_is_deleted"], row["result_is_amendment"]) == (deleted, amendment)
    assert row["reference"] == "d/o/r"


@pytest.mark.parametrize(
    ("application", "whose"),
    [
        (
            {"offenceResultDetails": [{"id": "o2", "judicialResultDetails": [{"id": "r"}]}]},
            "d2",
        ),  # by offence
        (
            {"applicationSubjectFirstName": "Isolde", "applicationSubjectLastName": "Vantergill"},
            "d1",
        ),  # by name
        ({"applicationSubjectFirstName": "Caspian", "applicationSubjectLastName": "Thistlewaite"}, None),
        ({}, None),  # nothing says whose: nobody's
    ],
)
def test_a_change_on_an_application_goes_to_whom_it_fits_alone(
    application: dict[str, object], whose: str | None
) -> None:
    people = [
        _defendant("d1", "o1", "Isolde", "Vantergill"),
        _defendant("d2", "o2", "Thaddeus", "Morrowbank"),
    ]
    changed = (
        application
        if "offenceResultDetails" in application
        else application | {"judicialResultDetails": [{"id": "r"}]}
    )
    opened = rows({"caseDefendants": people, "caseResultDetails": {"applicationResultDetails": [changed]}})
    assert [row["defendant_id"] for row in opened if row["result_id"] == "r"] == [whose]


def _defendant(defendant_id: str, offence_id: str, first_name: str, last_name: str) -> dict[str, object]:
    person = {"firstName": first_name, "lastName": last_name}
    return {
        "defendantId": defendant_id,
        "individualDefendant": {"person": person},
        "offences": [{"id": offence_id}],
    }
