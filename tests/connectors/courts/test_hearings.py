"""How court messages are opened: as HMCTS publishes them, and with children in them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from connectors.courts.hearings import COLUMNS, UnknownShapeError, rows

PUBLISHED = Path(__file__).parent / "published"


@pytest.mark.parametrize(
    ("name", "shape", "people", "count"),
    [
        # Three defendants under one id, two of them word for word the same: two rows.
        ("commonPlatformMessage", "hearing-resulted", 1, 2),
        # One result on the offence, one on the case, three on the person; all but those also at a glance.
        ("hearing-resulted-onedefendant-oneoffence", "case", 1, 5),
        # An appeal: applicant and subject are one person. Two results on the offence, one on the appeal.
        ("hearing-results-added-for-day", "hearing-resulted", 1, 3),
        # A breach: the respondent is its subject; the applicant, another person, is not.
        ("public.hearing-resulted-court-order", "hearing-resulted", 1, 1),
        ("progression.query.prosecutioncase", "case", 2, 2),
        ("police-result-generated", "police-result", 1, 5),
        ("police-notification-requested", "police-notification", 1, 3),
        ("informant-register-document-requests", "register", 2, 5),
    ],
)
def test_every_published_message_is_opened(
    published: Any, name: str, shape: str, people: int, count: int
) -> None:
    opened = published(name)
    assert len(opened) == count
    assert {row["message_shape"] for row in opened} == {shape}
    assert len({row["defendant_id"] or (row["first_name"], row["last_name"]) for row in opened}) == people
    assert all(tuple(row) == COLUMNS for row in opened)


def test_the_two_children_of_the_published_case_are_found(published: Any) -> None:
    children = [row for row in published("progression.query.prosecutioncase") if row["is_youth"] == "true"]
    assert [child["first_name"] for child in children] == ["John", "Robert"]
    assert {child["bail_status"] for child in children} == {"C"}
    assert {child["guardian_name"] for child in children} == {
        "GPersonGivenName11 GPersonGivenName21 GPersonGivenName31 GPersonFamilyName2"
    }
    assert {(child["ethnicity_self_defined"], child["ethnicity_observed"]) for child in children} == {
        ("A1", "4")
    }


def test_the_published_register_says_what_its_published_csv_says(published: Any) -> None:
    """The courts' own flat form of the same register is the measure."""
    flat = ("DefSurname", "DoBDefendant", "URN", "ASN", "OffCode", "Plea", "CJSResultCode", "RegText")
    names = (
        "last_name",
        "birth_date",
        "case_urn",
        "asn",
        "offence_code",
        "plea",
        "result_code",
        "result_text",
    )
    with (PUBLISHED / "informantRegister.csv").open(newline="") as file:
        theirs = sorted(tuple(line[name] for name in flat) for line in csv.DictReader(file))
    opened = published("informant-register-document-requests")
    assert sorted(tuple(row[name] or "" for name in names) for row in opened) == theirs


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("organisation-units", "reference data about a court"),
        ("commonPlatformMessageAttributes", "the attributes of a message"),
    ],
)
def test_what_holds_no_results_is_refused(published: Any, name: str, words: str) -> None:
    with pytest.raises(UnknownShapeError, match=words) as refused:
        published(name)
    assert refused.value.code == "CRT-R02"
    assert "What to do:" in str(refused.value)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "not a JSON object"),
        ({}, "of no shape we know"),
        ({"hearing": {"id": "1"}}, "neither a case nor an application"),
        (
            {"hearing": {"prosecutionCases": [{"id": "1"}]}},
            r"hearing\.prosecutionCases\[0\]\.defendants is not there",
        ),
        ({"hearing": [{"id": "1"}]}, r"the message\.hearing is not an object"),
        ({"hearing": {"prosecutionCases": [None]}}, r"prosecutionCases\[0\] is not an object"),
        ({"hearing": {}, "defendant": {}}, "marks of several shapes: hearing-resulted and police-result"),
        ({"prosecutionCase": {"defendants": []}}, "no defendants"),
        ({"caseDefendants": []}, "neither defendants nor changed results"),
        ({"informantRegisterDocumentRequests": [{"hearingVenue": {}}]}, "courtSessions is not there"),
    ],
)
def test_a_message_that_could_hide_people_is_refused_with_the_place(document: object, words: str) -> None:
    with pytest.raises(UnknownShapeError, match=words):
        rows(document)


def test_a_refusal_says_where_and_never_what() -> None:
    person = {"firstName": {"planted": "Zephyrine"}, "lastName": "Quillfeather"}
    document = {"defendant": {"individualDefendant": {"person": person}}}
    with pytest.raises(UnknownShapeError) as refused:
        rows(document)
    assert "the message.defendant.individualDefendant.person.firstName is not a single value" in str(
        refused.value
    )
    assert "Zephyrine" not in str(refused.value)
    assert "Quillfeather" not in str(refused.value)


def test_a_child_resulted_is_read_in_full(sample: Any) -> None:
    [row] = sample("hearing-resulted_youth")
    said = {name: value for name, value in row.items() if value is not None}
    assert {
        name: said.pop(name) for name in ("defendant_id", "master_defendant_id", "offence_id", "result_id")
    }
    assert {name: said.pop(name) for name in ("case_id", "hearing_id", "reference")}
    assert said == {
        "message_shape": "hearing-resulted",
        "shared_time": "2026-03-03T16:42:09.118Z",
        "is_reshare": "false",
        "hearing_type": "First hearing",
        "hearing_day": "2026-03-03",
        "jurisdiction": "MAGISTRATES",
        "court_code": "B99FV00",
        "court_name": "Fenwick Vale Youth Court",
        "case_urn": "99FV1000126",
        "is_youth": "true",
        "person_or_company": "person",
        "title": "MISS",
        "first_name": "Zephyrine",
        "middle_name": "Ondine",
        "last_name": "Quillfeather",
        "birth_date": "2010-05-17",
        "gender": "FEMALE",
        "nationality": "British",
        "ethnicity_self_defined": "W1",
        "ethnicity_observed": "1",
        "address_line_1": "7 Larkspur Row",
        "address_line_2": "Fenwick Vale",
        "postcode": "ZZ10 4AB",
        "aliases": "Zeffie Quillfeather; Zephyrine Tarn",
        "pnc": "2026/0104417R",
        "cro": "001044/26D",
        "asn": "2699FV0100000000126K",
        "bail_status": "A",
        "interpreter_language": "British Sign Language",
        "specific_requirements": "Hearing loop; short breaks",
        "guardian_name": "Marigold Quillfeather",  # the interpreter is none
        "guardian_contact": "07700900126",
        "offence_code": "TH68010",
        "offence_title": "Theft from a shop",
        "offence_date": "2026-01-17",
        "arrest_date": "2026-01-17",
        "plea": "GUILTY",
        "verdict": "GUILTY",  # its type, not the court's prose
        "result_label": "Referral order",
        "result_category": "FINAL",
        "result_ordered_on": "2026-03-03",
        "result_shared_on": "2026-03-03",
        "result_text": "Referral order for 3 months. To report to the youth offender panel.",
        "result_is_deleted": "false",
        "result_is_amendment": "false",
        "custody_after_hearing": "A",
    }


def test_a_remand_without_a_result_is_a_row(sample: Any) -> None:
    [row] = sample("hearing-resulted_remand-to-youth-detention-without-a-result")
    assert (row["bail_status"], row["offence_code"], row["result_id"]) == ("S", "TH68023", None)
    # With two parents, each number says whose it is.
    assert row["guardian_name"] == "Ambrose Morrowbank; Sunniva Morrowbank"
    assert row["guardian_contact"] == "Ambrose Morrowbank: 01632960626; Sunniva Morrowbank: 07700900626"


def test_a_remand_before_any_offence_is_a_row(sample: Any) -> None:
    [row] = sample("hearing-resulted_remand-to-local-authority-before-any-offence")
    assert (row["bail_status"], row["offence_id"], row["last_name"]) == ("L", None, "Thistlewaite")


@pytest.mark.parametrize(
    ("bail", "read"),
    [
        ({"code": "S", "description": "Remanded into Secure Accommodation"}, "S"),
        (
            {"description": "Remanded into Secure Accommodation"},
            "Remanded into Secure Accommodation",
        ),  # no code
        ("IN_CUSTODY", "IN_CUSTODY"),  # as the courts wrote it until 2019
        ({}, None),
        (None, None),
    ],
)
def test_a_remand_is_seen_however_it_is_written(bail: object, read: str | None) -> None:
    holder = {"personDetails": {"lastName": "Morrowbank"}, "bailStatus": bail}
    case = {"defendants": [{"id": "1", "personDefendant": holder}]}
    [row] = rows({"hearing": {"prosecutionCases": [case]}})
    assert row["bail_status"] == read


def test_results_given_to_the_person_stand_on_the_offence_they_name(sample: Any) -> None:
    opened = sample("hearing-resulted_results-given-to-the-person")
    assert [(row["last_name"], row["result_label"], row["offence_code"]) for row in opened] == [
        ("Brackenshaw", "Conditional discharge", "CD71039"),
        ("Brackenshaw", "Costs", "CD71039"),
        ("Brackenshaw", "Parental bind over", None),  # names no offence
        ("Hallowmere", "Referral order", "CD71039"),
        ("Hallowmere", "Surcharge", "CD71039"),
        (
            None,
            "Collection order",
            None,
        ),  # names nobody in the hearing: nobody's, rather than the wrong one's
    ]


def test_brother_and_sister_in_one_case_stay_two(sample: Any) -> None:
    opened = sample("case_two-youths-of-one-home")
    assert [(row["first_name"], row["result_label"], row["bail_status"], row["plea"]) for row in opened] == [
        ("Peregrine", "Referral order", "A", "GUILTY"),
        ("Cressida", "Surcharge", "C", "GUILTY"),  # a result that only the glance has
    ]
    # The last hearing that was resulted; the review in May is a listing.
    assert {row["hearing_day"] for row in opened} == {"2026-03-02"}


def test_somebody_only_at_a_glance_keeps_an_undivided_name() -> None:
    seen = {"id": "1", "name": "Isolde van der Vantergill", "dateOfBirth": "2008-10-09", "isYouth": "TRUE"}
    [row] = rows({"hearingsAtAGlance": {"hearings": [{"id": "h", "defendants": [seen]}]}})
    assert (row["first_name"], row["last_name"], row["aliases"]) == (None, None, "Isolde van der Vantergill")
    assert (row["is_youth"], row["hearing_id"]) == ("true", "h")


def test_the_case_learns_from_the_glance_what_it_does_not_say() -> None:
    own = {
        "id": "d",
        "personDefendant": {"personDetails": {"lastName": "Vantergill"}},
        "offences": [{"id": "o"}],
    }
    seen = {"id": "d", "name": "Isolde Vantergill", "dateOfBirth": "2008-10-09", "offences": [{"id": "o"}]}
    case, glance = {"defendants": [own]}, {"hearings": [{"id": "h", "defendants": [seen]}]}
    [row] = rows({"prosecutionCase": case, "caseAtAGlance": glance})
    assert (row["last_name"], row["birth_date"], row["hearing_id"]) == ("Vantergill", "2008-10-09", "h")


@pytest.mark.parametrize(
    ("verdict", "read"),
    [
        ({"verdictType": {"categoryType": "GUILTY", "verdictCode": "G", "category": "Guilty"}}, "GUILTY"),
        ({"verdictType": {"verdictCode": "G"}}, "G"),
        ({"verdictType": "FOUND_GUILTY", "verdictCode": "G"}, "FOUND_GUILTY"),  # as the register writes it
        ({"verdictCode": "PSJ"}, "PSJ"),
        ({"verdictType": {"description": "Guilty of the second count only"}}, None),  # prose
        (None, None),
    ],
)
def test_a_verdict_is_read_by_its_type(verdict: object, read: str | None) -> None:
    defendant = {"defendantId": "d", "offences": [{"id": "o", "verdict": verdict}]}
    [row] = rows({"defendant": defendant})
    assert row["verdict"] == read


def test_a_summons_number_that_stands_for_none_is_nobodys(sample: Any) -> None:
    opened = sample("police-result_youth-without-a-summons-number")
    assert {row["asn"] for row in opened} == {None}
    assert [(row["offence_code"], row["result_label"]) for row in opened] == [
        ("TH68010", "Conditional discharge"),
        ("CD71039", None),
        (None, "Parental bind over"),
    ]
    assert {row["guardian_name"] for row in opened} == {"Jocasta Brackenshaw"}


def test_a_case_number_that_stands_for_none_is_no_cases() -> None:
    [row] = rows({"urn": "00PP0000008", "defendant": {"defendantId": "1"}})
    assert row["case_urn"] is None
