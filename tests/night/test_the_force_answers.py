"""Answers of the force as they should not come, and ours to the files that it sends."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from hub.exchange import runs
from hub.exchange.telling_back import tell_back
from hub.store import leases
from simulators import police_clerk
from simulators.police_clerk import REJECTION_COLUMNS, Taken
from simulators.police_files import as_csv, read_csv
from tests.night.statuses import Statuses, status
from tests.world import World, referral

Told = dict[str, Any]


@pytest.fixture
def yjs(quiet_world: World) -> Statuses:
    """Three messages are with the force."""
    yjs = Statuses(quiet_world)
    yjs.say(*(status(number) for number in (1, 2, 3)))
    quiet_world.push("police")
    return yjs


def answer(world: World, *rejected: Mapping[str, str], **told: object) -> Taken:
    """As the force should, but for what is said here."""
    (file,) = police_clerk.taken(world.police_inbound)
    good = json.loads(police_clerk.answer(file)[f"{file.name}.ack.json"])
    counts = {"accepted": len(file.rows) - len(rejected), "rejected": len(rejected)}
    world.leave(
        world.police_folder,
        {
            f"{file.name}.rej.csv": as_csv(rejected, REJECTION_COLUMNS),
            f"{file.name}.ack.json": json.dumps(good | counts | told).encode(),
        },
    )
    return file


def rejecting(key: str, **said: str) -> dict[str, str]:
    return {"row": "2", "key": key, "field": "ReferralRef", "rule": "NMP-D01", "severity": "error",
            "message": "the referral is closed"} | said  # fmt: skip


def key_of(world: World, number: int) -> str:
    query = f"SELECT message_key FROM outbox WHERE reference = 'S-{number:07d}'"  # noqa: S608
    return str(world.rows(query)[0]["message_key"])


def states(world: World) -> list[str]:
    query = "SELECT state FROM outbox WHERE to_partner = 'police' ORDER BY reference"
    return [row["state"] for row in world.rows(query)]


def test_each_message_gets_its_own_answer(yjs: Statuses) -> None:
    world = yjs.world
    answer(world, rejecting(key_of(world, 2)))
    world.push("police")
    assert states(world) == ["accepted", "refused", "accepted"]
    query = "SELECT answer_reason FROM outbox WHERE state = 'refused'"
    assert world.rows(query) == [{"answer_reason": "NMP-D01: the referral is closed"}]


def test_an_answer_that_comes_twice_is_one(yjs: Statuses) -> None:
    world = yjs.world
    for _ in range(2):
        answer(world, rejecting(key_of(world, 2)))
        world.push("police")
        world.later(days=1)
    assert states(world) == ["accepted", "refused", "accepted"]
    assert world.rows("SELECT count(*) AS n FROM receipt WHERE delivery_id IS NULL") == [{"n": 3}]


def test_what_was_answered_once_is_not_answered_otherwise_later(yjs: Statuses) -> None:
    world = yjs.world
    answer(world, rejecting(key_of(world, 2)))
    world.push("police")
    answer(world, rejecting(key_of(world, 1)))
    world.push("police")
    assert states(world) == ["accepted", "refused", "accepted"]


@pytest.mark.parametrize(
    "told", [{"rows": 2, "accepted": 2}, {"rows": 4, "accepted": 4}, {"sha256": "0" * 64}, {"rejected": 1}]
)
def test_an_answer_that_does_not_add_up_is_unknown_and_nothing_is_sent_twice(
    yjs: Statuses, told: Told
) -> None:
    world = yjs.world
    answer(world, **told)
    world.push("police")
    assert states(world) == ["unknown"] * 3

    world.later(days=1)
    world.push("police")
    assert states(world) == ["unknown"] * 3
    assert police_clerk.doubles(world.police_inbound) == {}

    answer(world)
    world.push("police")
    assert states(world) == ["accepted"] * 3


def test_a_rejected_key_that_we_never_sent_makes_the_answer_unknown(yjs: Statuses) -> None:
    answer(yjs.world, rejecting("police:yjs:S-0000009:ab"))
    yjs.world.push("police")
    assert states(yjs.world) == ["unknown"] * 3


def test_an_answer_to_a_file_we_never_sent_is_told_and_changes_nothing(yjs: Statuses) -> None:
    world = yjs.world
    stray = {"file": "decision_NMYJS_NMP_20261101T060000Z_0123456789ab.csv", "rows": 9, "accepted": 9}
    world.leave(world.police_folder, {f"{stray['file']}.ack.json": json.dumps(stray).encode()})
    world.push("police")
    assert states(world) == ["received"] * 3
    assert ("HUB-A01", "warn", None) in world.findings()


def test_a_formula_in_their_words_is_left_out(yjs: Statuses) -> None:
    world = yjs.world
    formula = '=HYPERLINK("http://somewhere";"open me")'
    answer(world, rejecting(key_of(world, 1), message=formula, rule="=1+1"))
    world.push("police")
    query = "SELECT answer_reason FROM outbox WHERE state = 'refused'"
    assert world.rows(query) == [{"answer_reason": "no rule given"}]


def test_a_newer_word_is_told_after_the_older(yjs: Statuses) -> None:
    world = yjs.world
    yjs.say(status(1, at="2026-11-23T16:00:00Z", state="completed", completed="Y"))
    world.push("police")
    rows = [row for file in police_clerk.taken(world.police_inbound) for row in file.rows]
    told = {row["Change"]: row["Completed"] for row in rows if row["ReferralRef"] == "NMP-R-0000001"}
    assert told == {"new": "", "changed": "Y"}


# Telling them of theirs.


def acknowledged(world: World, name: str) -> tuple[Told, list[dict[str, str]]]:
    told = json.loads((world.police_inbound / f"{name}.ack.json").read_bytes())
    return told, read_csv((world.police_inbound / f"{name}.rej.csv").read_bytes())


def test_rows_about_adults_are_counted_and_never_named(quiet_world: World) -> None:
    world = quiet_world
    sent = world.police_send(referral(1), referral(2, DOB="14/03/1980", Gravity="9"))
    world.pull("police")
    world.push("police")
    told, rows = acknowledged(world, sent.name)
    assert (told["rows"], told["accepted"], rows) == (2, 2, [])


def test_no_value_of_theirs_is_in_what_they_are_told(quiet_world: World) -> None:
    world = quiet_world
    sent = world.police_send(referral(1, Gravity="eleven", PNCID="2024/1234567A", ReferralRef="=cmd|x"))
    world.pull("police")
    world.push("police")
    written = (world.police_inbound / f"{sent.name}.rej.csv").read_bytes()
    assert [row["key"] for row in read_csv(written)] == ["", ""]
    assert not [value for value in (b"eleven", b"1234567A", b"=cmd") if value in written]


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize("spoil", [_cut, lambda content: content.replace(b"Surname", b"FamilyName")])
def test_a_file_that_was_refused_whole_is_told_with_the_reason(
    quiet_world: World, spoil: Callable[[bytes], bytes]
) -> None:
    world = quiet_world
    sent = world.police_send(referral(1))
    path = world.police_folder / sent.name
    path.write_bytes(spoil(path.read_bytes()))
    world.pull("police")
    world.push("police")
    told, rows = acknowledged(world, sent.name)
    assert (told["rows"], told["accepted"], told["rejected"], rows) == (0, 0, 0, [])
    assert told["reason"].startswith("HUB-R")

    path.write_bytes(sent.content)
    world.later(days=1)
    world.pull("police")
    world.push("police")
    told, _ = acknowledged(world, sent.name)
    assert (told["rows"], told["accepted"], told["reason"]) == (1, 1, None)


def test_telling_twice_is_harmless_and_once_is_enough(quiet_world: World) -> None:
    world = quiet_world
    world.police_send(referral(1), referral(2, ReferralRef=""))
    world.pull("police")
    world.push("police")
    before = {path.name: path.read_bytes() for path in world.police_inbound.iterdir()}
    assert world.rows("SELECT count(*) AS n FROM message WHERE reported_at IS NULL") == [{"n": 0}]
    with runs.run(world.hub, "police", leases.PUSH) as leased:
        assert tell_back(leased, "police") == []
    with world.hub.store.transaction() as connection:
        connection.exec_driver_sql("UPDATE message SET reported_at = NULL")
    world.later(hours=1)
    world.push("police")
    assert {path.name: path.read_bytes() for path in world.police_inbound.iterdir()} == before
