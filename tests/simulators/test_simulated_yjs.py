"""The case system: its table, and the case workers who answer it."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from simulators.yjs import simulator, simulator_on
from simulators.yjs_worklist import Answers, answer_worklist, case_database, create_worklist, worklist

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def message(number: int, record: str | None = None) -> dict[str, object]:
    return {
        "message_key": f"message-{number}",
        "record_key": record or f"record-{number}",
        "version_no": 1,
        "kind": "referral",
        "change": "new",
        "hub_child_id": "child-1",
        "from_partner": "police",
        "source_reference": "NMP-R-0001000",
    }


def send(url: str, messages: list[dict[str, object]]) -> None:
    with case_database(url) as engine, engine.begin() as connection:
        connection.execute(insert(worklist), messages)


def answers(url: str) -> dict[str, tuple[str | None, str | None, str | None]]:
    columns = worklist.c
    wanted = select(columns.message_key, columns.answer, columns.answer_reason, columns.case_reference)
    with case_database(url) as engine, engine.connect() as connection:
        return {key: (answer, why, case) for key, answer, why, case in connection.execute(wanted)}


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path / 'case_system.sqlite3'}"
    create_worklist(address)
    return address


def test_case_workers_accept_most_refuse_a_few_with_a_reason_and_leave_a_few(url):
    send(url, [message(number) for number in range(400)])
    told = answer_worklist(url, NOON)
    assert told == Answers(accepted=380, refused=8, left=12)
    given = answers(url).values()
    assert all(case and not why for answer, why, case in given if answer == "accepted")
    assert all(why and not case for answer, why, case in given if answer == "refused")


def test_an_answer_is_given_once_and_what_was_left_stays_left(url):
    send(url, [message(number) for number in range(400)])
    answer_worklist(url, NOON)
    before = answers(url)
    assert answer_worklist(url, NOON) == Answers(accepted=0, refused=0, left=12)
    assert answers(url) == before


def test_the_same_message_is_answered_alike_in_another_database(url, tmp_path):
    other = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    create_worklist(other)
    for address in (url, other):
        send(address, [message(number) for number in range(100)])
        answer_worklist(address, NOON)
    assert answers(url) == answers(other)


def test_every_version_of_a_record_has_the_same_case_reference(url):
    send(url, [message(1, record="one"), message(2, record="one")])
    answer_worklist(url, NOON)
    assert len({case for _, _, case in answers(url).values()}) == 1


def test_the_same_message_key_cannot_stand_in_the_worklist_twice(url):
    send(url, [message(1)])
    with pytest.raises(IntegrityError):
        send(url, [message(1)])


def test_the_process_answers_by_itself_and_keeps_its_rows_over_a_restart(tmp_path):
    with simulator.start(tmp_path, 1) as case_system:
        address = case_system.settings["HUB_YJS_DATABASE_URL"]
        send(address, [message(number) for number in range(20)])
        _wait_for_answers(address, at_least=15)
    answered = answers(address)
    with simulator.start(tmp_path, 1) as case_system:
        assert case_system.settings["HUB_YJS_DATABASE_URL"] == address
        assert answers(address) == answered


def test_the_case_system_runs_on_a_database_of_the_callers(url, tmp_path):
    with simulator_on(url).start(tmp_path, 1) as case_system:
        assert case_system.settings == {"HUB_YJS_DATABASE_URL": url}


def _wait_for_answers(url: str, at_least: int) -> None:
    deadline = time.monotonic() + 10
    counted = select(func.count()).where(worklist.c.answer.is_not(None))
    with case_database(url) as engine:
        while time.monotonic() < deadline:
            with engine.connect() as connection:
                if connection.execute(counted).scalar_one() >= at_least:
                    return
            time.sleep(0.05)
    pytest.fail("the case workers did not answer within ten seconds")
