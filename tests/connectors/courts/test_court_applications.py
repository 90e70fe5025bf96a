"""Appeals, breaches and variations: whom they are about, once each."""

from __future__ import annotations

from typing import Any

from connectors.courts.hearings import rows


def test_an_application_is_about_its_subject_once(sample: Any) -> None:
    opened = sample("hearing-resulted_application-only-youth")
    assert [(row["last_name"], row["offence_code"], row["result_label"]) for row in opened] == [
        ("Vantergill", "TH68010", "Fine"),
        ("Vantergill", None, "Conditional discharge"),
    ]
    assert len({row["defendant_id"] for row in opened}) == 1


def test_a_breach_without_a_subject_is_about_the_child_who_answers_it(sample: Any) -> None:
    [row] = sample("hearing-resulted_court-order-breach-youth-is-respondent")
    assert (row["last_name"], row["bail_status"], row["case_urn"]) == ("Morrowbank", "L", "99FV1001426")
    # The order is an old one: its date is no day of this hearing.
    assert (row["result_ordered_on"], row["hearing_day"]) == ("2025-10-01", "2026-03-19")


def test_of_two_parties_only_the_one_under_the_order_has_its_offences() -> None:
    parties = [_party("1", "Vantergill"), _party("2", "Morrowbank")]
    offence = {"offence": {"id": "o", "offenceCode": "TH68010"}}
    order = {"masterDefendantId": "2", "courtOrderOffences": [offence]}
    given = [{"judicialResultId": "r", "label": "Fine"}]
    application = {"respondents": parties, "courtOrder": order, "judicialResults": given}
    opened = rows({"hearing": {"courtApplications": [application]}})
    assert [(row["last_name"], row["offence_code"], row["result_label"]) for row in opened] == [
        ("Vantergill", None, None),
        ("Morrowbank", "TH68010", None),
        (None, None, "Fine"),  # nothing says of whom
    ]


def test_a_subject_of_whom_nothing_is_said_is_none() -> None:
    order = {"masterDefendantId": "2", "courtOrderOffences": [{"offence": {"id": "o"}}]}
    parties = [_party("1", "Vantergill"), _party("2", "Morrowbank")]
    application = {"subject": {"masterDefendant": {}}, "respondents": parties, "courtOrder": order}
    opened = rows({"hearing": {"courtApplications": [application]}})
    assert [(row["last_name"], row["offence_id"]) for row in opened] == [
        ("Vantergill", None),
        ("Morrowbank", "o"),
    ]


def test_the_only_party_does_not_get_the_offence_of_another_persons_order() -> None:
    order = {"masterDefendantId": "2", "courtOrderOffences": [{"offence": {"id": "o"}}]}
    given = [{"judicialResultId": "r"}]
    application = {"applicant": _party("1", "Vantergill"), "courtOrder": order, "judicialResults": given}
    opened = rows({"hearing": {"courtApplications": [application]}})
    assert [(row["last_name"], row["offence_id"], row["result_id"]) for row in opened] == [
        ("Vantergill", None, None),
        (None, "o", None),
        (None, None, "r"),
    ]


def test_a_child_in_a_case_and_in_its_application_comes_once() -> None:
    given = {"judicialResultId": "r", "label": "Fine"}
    offence = {"id": "o", "offenceCode": "TH68010", "judicialResults": [given]}
    own = {
        "id": "1",
        "masterDefendantId": "m",
        "offences": [offence],
        **_party("m", "Morrowbank")["masterDefendant"],
    }
    subject = _party("m", "Morrowbank")
    subject["masterDefendant"]["defendantCase"] = [{"caseId": "c", "defendantId": "1"}]
    bare = {"prosecutionCaseId": "c", "offences": [{"id": "o", "offenceCode": "TH68010"}]}
    hearing = {
        "prosecutionCases": [{"id": "c", "defendants": [own]}],
        "courtApplications": [{"subject": subject, "courtApplicationCases": [bare]}],
    }
    [row] = rows({"hearing": hearing})
    assert row["reference"] == "1/o/r"


def _party(person_id: str, last_name: str) -> dict[str, Any]:
    holder = {"personDetails": {"lastName": last_name}}
    return {"masterDefendant": {"masterDefendantId": person_id, "personDefendant": holder}}
