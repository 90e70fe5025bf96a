"""The courts: messages in the published shapes, about children and about others."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulators.cast import cast
from simulators.courts import night_sittings, result_files, simulator
from simulators.courts_files import file_name
from simulators.courts_messages import message
from simulators.courts_sittings import VICTIM_SURNAME, Sitting
from simulators.people import YoungPerson, traces
from simulators.police_referrals import referrals

PEOPLE = cast()
FIRST = night_sittings(1, PEOPLE)
SECOND = night_sittings(2, PEOPLE)


def of_kind(sittings: list[Sitting], kind: str) -> list[dict[str, Any]]:
    return [message(sitting) for sitting in sittings if sitting.kind == kind]


def defendants(hearing: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for case in hearing["hearing"]["prosecutionCases"] for each in case["defendants"]]


def results(found: Any) -> Iterator[dict[str, Any]]:
    """Every judicial result, wherever in a message it stands."""
    if isinstance(found, dict):
        if "judicialResultId" in found:
            yield found
        for value in found.values():
            yield from results(value)
    if isinstance(found, list):
        for value in found:
            yield from results(value)


def test_a_night_is_written_the_same_every_time():
    assert result_files(1, PEOPLE) == result_files(1, PEOPLE)


@pytest.mark.parametrize(("night", "files"), [(1, 40), (2, 12), (3, 12)])
def test_the_courts_share_so_many_messages(night, files):
    assert len(result_files(night, PEOPLE)) == files


def test_a_file_name_says_what_it_is_and_not_who_it_is_about():
    told = {trace for person in PEOPLE for trace in traces(person)}
    for name in map(file_name, FIRST + SECOND):
        assert re.fullmatch(
            r"(hearing-resulted|case|police-result|police-notification)_\d{8}T\d{6}Z_[0-9a-f-]{36}\.json",
            name,
        )
        assert not [trace for trace in told if trace in name]


def test_the_first_night_holds_every_kind_of_message():
    assert {sitting.kind for sitting in FIRST} == {
        "hearing",
        "application",
        "case",
        "police-result",
        "police-notification",
    }


def test_a_child_stands_beside_an_adult_and_only_the_child_is_marked_as_a_youth():
    mixed = [each for each in of_kind(FIRST, "hearing") if len({d["isYouth"] for d in defendants(each)}) == 2]
    assert len(mixed) == 3
    assert all(
        not adult["associatedPersons"] for each in mixed for adult in defendants(each) if not adult["isYouth"]
    )


def test_most_children_come_with_a_parent_or_guardian():
    youths = [
        each for hearing in of_kind(FIRST, "hearing") for each in defendants(hearing) if each["isYouth"]
    ]
    accompanied = [each for each in youths if each["associatedPersons"]]
    assert len(accompanied) > len(youths) / 2
    assert {each["associatedPersons"][0]["role"] for each in accompanied} == {"ParentGuardian"}


@pytest.mark.parametrize(
    ("bail", "code", "label"),
    [
        ("S", "4058", "Remanded in youth detention accommodation"),
        ("L", "4029", "Remanded in local authority accommodation"),
    ],
)
def test_a_remand_is_in_the_bail_status_and_in_the_result(bail, code, label):
    remanded = [
        each
        for hearing in of_kind(FIRST, "hearing")
        for each in defendants(hearing)
        if each["personDefendant"]["bailStatus"]["code"] == bail
    ]
    (youth,) = remanded
    assert (code, label) in {(each["cjsCode"], each["label"]) for each in results(youth)}


def test_an_application_has_a_youth_as_its_subject_and_no_prosecution_case():
    (application,) = of_kind(FIRST, "application")
    (only,) = application["hearing"]["courtApplications"]
    assert "prosecutionCases" not in application["hearing"]
    assert only["subject"]["masterDefendant"]["isYouth"] is True
    assert [each["label"] for each in only["judicialResults"]] == ["Order revoked"]


def test_a_case_query_holds_two_youths_and_no_results():
    (case,) = of_kind(FIRST, "case")
    assert [each["isYouth"] for each in case["prosecutionCase"]["defendants"]] == [True, True]
    assert not list(results(case))


def test_a_police_notification_names_the_deleted_result_and_no_longer_holds_it():
    (told,) = of_kind(SECOND, "police-notification")
    (defendant,) = told["caseResultDetails"]["defendantResultDetails"]
    (struck,) = defendant["offenceResultDetails"][0]["judicialResultDetails"]
    assert struck["amendmentType"] == "DELETED"
    shared = {each["judicialResultId"] for hearing in of_kind(FIRST, "hearing") for each in results(hearing)}
    assert struck["id"] in shared
    assert struck["id"] not in {each["judicialResultId"] for each in results(told)}


def test_the_second_night_shares_hearings_again_later_with_a_result_amended_and_one_deleted():
    before = {each["hearing"]["id"]: each for each in of_kind(FIRST, "hearing")}
    again = [each for each in of_kind(SECOND, "hearing") if each["isReshare"]]
    assert len(again) == 3
    assert all(each["sharedTime"] > before[each["hearing"]["id"]]["sharedTime"] for each in again)
    changed = [each for hearing in again for each in results(hearing) if each["isNewAmendment"]]
    assert sorted(each["isDeleted"] for each in changed) == [False, False, True]


def test_an_amended_result_keeps_its_id_and_changes_its_length():
    first = {
        each["judicialResultId"]: each for hearing in of_kind(FIRST, "hearing") for each in results(hearing)
    }
    second = [each for hearing in of_kind(SECOND, "hearing") for each in results(hearing)]
    amended = [each for each in second if each["isNewAmendment"] and not each["isDeleted"]]
    assert amended
    for each in amended:
        earlier = first[each["judicialResultId"]]
        assert each["judicialResultPrompts"][0]["value"] != earlier["judicialResultPrompts"][0]["value"]


def test_a_good_part_of_the_children_before_the_court_are_known_to_the_police_by_the_same_number():
    police = {each.person.identifiers.pnc for each in referrals(1, PEOPLE, ())} - {None}
    courts = {defendant.get("pncId") for each in of_kind(FIRST, "hearing") for defendant in defendants(each)}
    assert len(police & courts) >= 20
    assert courts - police


def test_the_court_knows_the_adopted_child_only_by_the_old_name():
    children = [p.person for s in FIRST for p in s.parties if isinstance(p.person, YoungPerson)]
    oddities = {oddity for child in children for oddity in child.oddities}
    assert "adopted_before" in oddities
    assert "adopted_after" not in oddities


def test_the_wording_of_a_charge_names_a_victim_who_is_nowhere_else():
    for hearing in of_kind(FIRST, "hearing"):
        wordings = [offence.pop("wording") for each in defendants(hearing) for offence in each["offences"]]
        assert all(VICTIM_SURNAME in wording for wording in wordings)
        assert VICTIM_SURNAME not in json.dumps(hearing)


def test_the_drop_holds_the_night_and_a_restart_changes_nothing(tmp_path):
    with simulator.start(tmp_path, 1) as courts:
        folder = Path(courts.settings["HUB_COURTS_FOLDER"])
        dropped = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
    assert {name: content for name, (content, _) in dropped.items()} == result_files(1, PEOPLE)
    with simulator.start(tmp_path, 1):
        assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.iterdir()} == dropped
    with simulator.start(tmp_path, 2):
        assert len(list(folder.iterdir())) == 52
