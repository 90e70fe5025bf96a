"""One row for each matter, under a reference that stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.courts.hearings import rows
from connectors.strict_json import loads

PUBLISHED = Path(__file__).parent / "published"


@pytest.mark.parametrize(
    ("first", "second", "reference"),
    [
        ({"id": "d"}, {"id": "d"}, "d/o/r"),
        ({}, {}, "-/o/r"),  # without the person's id the result's own still tells it
    ],
)
def test_a_reference_stays_the_same_from_share_to_share(
    first: dict[str, str], second: dict[str, str], reference: str
) -> None:
    def shared(defendant: dict[str, str], day: str) -> str | None:
        offence = {"id": "o", "judicialResults": [{"judicialResultId": "r", "lastSharedDateTime": day}]}
        case = {"defendants": [{**defendant, "offences": [offence]}]}
        [row] = rows({"hearing": {"prosecutionCases": [case]}, "sharedTime": f"{day}T10:00:00Z"})
        return row["reference"]

    assert shared(first, "2026-03-01") == shared(second, "2026-03-02") == reference


def test_nothing_of_a_person_is_in_a_reference_without_ids() -> None:
    body = (PUBLISHED / "informant-register-document-requests.json").read_bytes()
    references = [row["reference"] for row in rows(loads(body))]
    assert references == [
        "TFL4359536/2020-01-20/record-1/1.1/PS90010.1/1",
        "TFL4359536/2020-01-20/record-1/1.1/-/1",
        "-/2020-01-20/record-1/1.1/-/1",
        "TFL4359536/2020-01-20/record-1/1.2/PS90010.1/-",
        "TFL4359536/2020-01-20/record-1/1.2/-/1",
    ]
    [bare] = rows(
        {"urn": "99FV1", "id": "h", "defendant": {"individualDefendant": {"person": {"lastName": "Tarn"}}}}
    )
    assert bare["reference"] == "99FV1/h/-"


@pytest.mark.parametrize(
    "results",
    [
        ([], []),
        ([{"judicialResultId": "r"}], []),  # the one without a result is not outdone by a stranger's
        ([{"judicialResultId": "r"}], [{"judicialResultId": "r"}]),
    ],
)
def test_two_people_under_one_id_are_both_kept(results: tuple[list[object], list[object]]) -> None:
    people = [
        {
            "id": "d",
            "personDefendant": {"personDetails": {"lastName": name}},
            "offences": [{"id": "o", "judicialResults": given}],
        }
        for name, given in zip(("Oakenfull", "Morrowbank"), results, strict=True)
    ]
    opened = rows({"hearing": {"prosecutionCases": [{"defendants": people}]}})
    assert [row["last_name"] for row in opened] == ["Oakenfull", "Morrowbank"]
    assert len({row["reference"] for row in opened}) == 2


def test_two_results_without_ids_on_one_offence_are_both_kept() -> None:
    offence = {"id": "o", "judicialResults": [{"label": "Fine"}, {"label": "Costs"}]}
    opened = rows({"hearing": {"prosecutionCases": [{"defendants": [{"id": "d", "offences": [offence]}]}]}})
    assert [(row["result_label"], row["reference"]) for row in opened] == [
        ("Fine", "d/o/-"),
        ("Costs", "d/o/-~2"),
    ]


def test_of_one_persons_two_cases_a_result_stands_in_the_one_with_its_offence() -> None:
    cases = [
        {
            "id": case,
            "defendants": [{"id": f"d {case}", "masterDefendantId": "m", "offences": [{"id": f"o {case}"}]}],
        }
        for case in ("first", "second")
    ]
    given = {"masterDefendantId": "m", "judicialResult": {"judicialResultId": "r", "offenceId": "o second"}}
    opened = rows({"hearing": {"prosecutionCases": cases, "defendantJudicialResults": [given]}})
    assert [row["reference"] for row in opened] == ["d first/o first/-", "d second/o second/r"]
