"""The dataset read on SQLite and PostgreSQL, and what its tables become."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest

from connectors.contract import Since
from connectors.social_care import connector
from tests.connectors.social_care.department import GIRL, NOTHING_YET, ROWS, SETTLED, Dataset, pulled, said

CIRCUMSTANCES = connector.pull_feed("circumstances")
REFERRED = connector.pull_feed("referred")
Front = dict[str, str]


def facts(dataset: Dataset, front: Front, **settings: str) -> dict[str, dict[str, object]]:
    with dataset.connected(front, **settings) as department:
        rows = said(CIRCUMSTANCES, pulled(department, "circumstances"))
    return {str(row["reference"]): row for row in rows}


def test_each_table_says_its_fact_of_the_person_beside_it(dataset: Dataset, front: Front) -> None:
    rows = facts(dataset, front)
    assert {reference: row["fact"] for reference, row in rows.items()} == {
        "ssd_legal_status/1": "care_status",
        "ssd_cin_episodes/1": "child_in_need",
        "ssd_cin_episodes/2": "contact",
        "ssd_cp_plans/1": "protection_plan",
        "ssd_early_help_episodes/1": "early_help",
        "ssd_missing/1": "missing",
        "ssd_involvements/1": "involvement",
        "ssd_contacts/1": "contact",
        "hub_placements/1": "accommodation",
    }
    people = {(row["person_reference"], row["nhs_number"], row["born_on"]) for row in rows.values()}
    assert people == {(GIRL, "9990000018", date(2011, 3, 14))}


def test_codes_days_and_workers_are_read(dataset: Dataset, front: Front) -> None:
    rows = facts(dataset, front)
    care, absence = rows["ssd_legal_status/1"], rows["ssd_missing/1"]
    assert (care["legal_status"], care["holds_from"], care["remanded"]) == ("C2", date(2026, 3, 2), False)
    assert (absence["holds_from"], absence["holds_until"]) == (date(2026, 11, 20), date(2026, 11, 21))
    assert rows["ssd_cp_plans/1"]["concern"] == "neglect"
    assert rows["ssd_involvements/1"]["worker"] == "W101"
    assert rows["ssd_cin_episodes/1"]["provider"] == "North"


def test_a_child_on_remand_carries_the_flag_until_it_ends(dataset: Dataset, front: Front) -> None:
    (status,) = ROWS["ssd_legal_status"]
    ended = {"lega_legal_status_id": "2", "lega_legal_status_end_date": SETTLED}
    on_remand = {**status, "lega_legal_status": "J1"}
    dataset.say("ssd_legal_status", on_remand, on_remand | ended)
    rows = facts(dataset, front)
    assert [rows[f"ssd_legal_status/{number}"]["remanded"] for number in (1, 2)] == [True, False]


@pytest.mark.parametrize("word", ["Y", None, "perhaps"])
def test_where_a_child_lives_in_confidence_is_not_taken_in(
    dataset: Dataset, front: Front, word: str | None
) -> None:
    (placement,), (referral,) = ROWS["hub_placements"], ROWS["hub_referrals"]
    dataset.say("hub_placements", placement | {"confidential": word})
    dataset.say("hub_referrals", referral | {"confidential": word})
    with dataset.connected(front) as department:
        messages = pulled(department, "circumstances") + pulled(department, "referred")
    raw = b"".join(piece for one in messages for piece in one.body)
    assert b"hub_placements" in raw
    assert b"SCR-1" in raw
    for secret in (b"Ravensgill", b"NX8 8ZZ", b"Cobbler", b"NX1 2AB"):
        assert secret not in raw


def test_a_placement_that_is_not_confidential_is_told(dataset: Dataset, front: Front) -> None:
    placement = facts(dataset, front)["hub_placements/1"]
    assert (placement["provider"], placement["postcode"]) == ("Ravensgill House", "NX8 8ZZ")
    assert placement["is_confidential"] is False


def test_a_confidential_placement_is_told_where_that_is_agreed(dataset: Dataset, front: Front) -> None:
    (placement,) = ROWS["hub_placements"]
    dataset.say("hub_placements", placement | {"confidential": "Y"})
    told = facts(dataset, front, confidential_placements="agreed")["hub_placements/1"]
    assert (told["provider"], told["is_confidential"]) == ("Ravensgill House", True)


def test_a_row_that_was_struck_out_is_deleted_under_its_own_reference(dataset: Dataset, front: Front) -> None:
    dataset.say("ssd_contacts")
    gone = {"removed_from": "ssd_contacts", "removed_id": "1", "removed_person_id": GIRL}
    dataset.say("hub_removed", gone)
    row = facts(dataset, front)["ssd_contacts/1"]
    assert (row["is_deleted"], row["fact"], row["nhs_number"]) == (True, "contact", "9990000018")


def test_a_table_that_is_gone_or_changed_is_told_and_the_others_are_read(
    dataset: Dataset, front: Front
) -> None:
    dataset.do("DROP TABLE ssd_cp_plans")
    dataset.do("ALTER TABLE ssd_missing RENAME COLUMN miss_missing_episode_type TO kind")
    with dataset.connected(front) as department:
        messages = pulled(department, "circumstances")
    problems = {one.name: one.problem.code for one in messages if one.problem}
    assert problems == {"ssd_cp_plans": "SOC-R01", "ssd_missing": "SOC-R01"}
    assert sum(one.declared_rows or 0 for one in messages) == 7


def test_a_table_that_is_agreed_to_be_missing_is_not_asked_for(dataset: Dataset, front: Front) -> None:
    dataset.do("DROP TABLE ssd_cp_plans")
    with dataset.connected(front, without="ssd_cp_plans, hub_removed") as department:
        messages = pulled(department, "circumstances")
    assert all(one.problem is None for one in messages)
    assert not {"ssd_cp_plans", "hub_removed"} & {one.name for one in messages}


def test_nothing_where_there_was_something_is_not_believed(dataset: Dataset, front: Front) -> None:
    with dataset.connected(front) as department:
        cursor = pulled(department, "circumstances")[-1].cursor
        dataset.say("ssd_contacts")
        again = pulled(department, "circumstances", Since(cursor, frozenset()))
    (empty,) = [one for one in again if one.problem]
    assert (empty.name, empty.problem and empty.problem.code) == ("ssd_contacts", "SOC-R02")
    # Asked again the next night, against the count from before.
    assert json.loads(again[-1].cursor or "{}")["ssd_contacts"] == 1


def test_a_person_who_stands_there_twice_doubles_nothing_unseen(dataset: Dataset, front: Front) -> None:
    (person,) = ROWS["ssd_person"]
    dataset.say("ssd_person", person, person)
    with dataset.connected(front) as department:
        contacts = next(one for one in pulled(department, "circumstances") if one.name == "ssd_contacts")
    opened = sum(frame.height for frame in CIRCUMSTANCES.open(io.BytesIO(b"".join(contacts.body))))
    # The hub refuses a message that holds other than what it declares.
    assert (contacts.declared_rows, opened) == (1, 2)


def test_what_stands_as_it_stood_is_told_again(dataset: Dataset, front: Front) -> None:
    """A fact of last year may be about a child whom we know only since today."""
    with dataset.connected(front) as department:
        first, second = (
            {one.name: b"".join(one.body) for one in pulled(department, "circumstances")} for _ in range(2)
        )
    assert all(first[name] != second[name] for name in first)


def test_a_referral_to_the_yjs_says_what_and_about_whom(dataset: Dataset, front: Front) -> None:
    with dataset.connected(front) as department:
        (row,) = said(REFERRED, pulled(department, "referred", NOTHING_YET))
    assert (row["reference"], row["reason"], row["referred_on"]) == (
        "SCR-1",
        "prevention",
        date(2026, 11, 20),
    )
    assert (row["family_name"], row["person_reference"], row["referrer"]) == (
        "Quillborne",
        GIRL,
        "early help",
    )
    assert (row["address"], row["postcode"]) == ("4 Cobbler's Row", "NX1 2AB")


def test_a_check_counts_the_tables_and_knocks(dataset: Dataset, front: Front) -> None:
    with dataset.connected(front) as department:
        assert connector.check(department) == "8 tables can be read, and the front door answers"
