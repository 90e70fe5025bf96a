"""Bad court messages, all in one night: each is parked with its reason, and the sound one goes on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import PartnerRefusedError
from hub.exchange import steps
from hub.ledger.balance import EQUATIONS
from schemas.hops import Hop
from simulators.cast import cast
from simulators.courts import night_sittings
from simulators.courts_files import as_json
from simulators.partner import Running
from simulators.spoiled import SPOILED_MESSAGES, Spoil
from tests.night.one_world import one_world
from tests.world import World, referral

HEARINGS = [
    body
    for sitting in night_sittings(1, cast())
    if sitting.kind == "hearing" and b'"isYouth": true' in (body := as_json(sitting))
]

# How a message can be bad beside the ways of the simulator.
ALSO_BAD: Mapping[str, Spoil] = {
    "two_documents": lambda content: content + content,
    "a_list": lambda content: b"[" + content + b"]",
    "a_word": lambda _: b'"see attached"',
    "not_utf_8": lambda content: content.decode().replace("Northmoor", "Nørthmoor", 1).encode("cp1252"),
    "utf_16": lambda content: content.decode().encode("utf-16"),
    "nul_in_a_name": lambda content: content.replace(b"Northmoor", b"North\\u0000moor", 1),
    "half_a_character": lambda content: content.replace(b"Northmoor", b"North\\ud800moor", 1),
    "number_too_great": lambda content: content.replace(b"{", b'{"amount": 1e400, ', 1),
    "another_shape": lambda _: b'{"messageType": "hearing", "version": "1"}',
    "defendants_in_words": lambda content: re.sub(
        rb'"defendants": \[', b'"defendants": "none", "were": [', content
    ),
}
BAD = {**SPOILED_MESSAGES, **ALSO_BAD}

REASONS: Mapping[str, str | None] = {
    "duplicate_keys": "HUB-R12",
    "deep_nesting": "HUB-R13",
    "not_a_number": "HUB-R14",
    "truncated": "HUB-R14",
    "html_login_page": "HUB-R08",
    "empty_file": "HUB-R09",
    # It says nothing of the age, and the birth date does: the child is not lost for it.
    "youth_as_text": None,
    "mixed_list": "CRT-R02",
    "two_documents": "HUB-R14",
    "a_list": "CRT-R02",
    "a_word": "CRT-R02",
    "not_utf_8": "HUB-R14",
    "utf_16": "HUB-R07",
    "nul_in_a_name": "HUB-R14",
    "half_a_character": "HUB-R14",
    "number_too_great": "HUB-R14",
    "another_shape": "CRT-R02",
    "defendants_in_words": "CRT-R02",
}


def file_name(number: int) -> str:
    return f"hearing-resulted_20261122T17{number:02d}00Z_00000000-0000-0000-0000-{number:012d}.json"


@dataclass(frozen=True)
class Night:
    world: World
    messages: dict[str, dict[str, Any]]
    sound: dict[str, Any]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, police_server: tuple[Running, Path]) -> Iterator[Night]:
    with one_world(tmp_path_factory, police_server, "a_night_of_bad_messages") as world:
        sent = {name: spoil(HEARINGS[number]) for number, (name, spoil) in enumerate(BAD.items())}
        sent["sound"] = HEARINGS[len(BAD)]
        world.leave(
            world.courts_folder, {file_name(number): body for number, body in enumerate(sent.values())}
        )
        world.police_send(referral(1))
        for partner in ("courts", "police"):
            world.pull(partner)
        world.push()
        messages = dict(zip(sent, world.messages("courts"), strict=True))
        yield Night(world, messages, messages.pop("sound"))


def test_the_spec_speaks_of_every_bad_message() -> None:
    assert set(REASONS) == set(BAD)


@pytest.mark.parametrize(("name", "reason"), REASONS.items(), ids=str)
def test_each_bad_message_has_its_reason(night: Night, name: str, reason: str | None) -> None:
    message = night.messages[name]
    assert (message["bucket"], message["reason"]) == ("rejected" if reason else "opened", reason)
    assert message["name"] == file_name(list(BAD).index(name))
    if reason:
        assert re.fullmatch(r".+[.?] What to do: .+\.", message["words"])


def test_the_sound_message_beside_them_and_the_other_partner_go_on(night: Night) -> None:
    assert night.sound["bucket"] == "opened"
    arrived = [row["from_partner"] for row in night.world.worklist()]
    assert arrived.count("courts") == night.sound["rows"] + night.messages["youth_as_text"]["rows"]
    assert arrived.count("police") == 1


def test_every_hop_balances(night: Night) -> None:
    for hop, buckets in night.world.ledger("courts").items():
        assert EQUATIONS[Hop(hop)].difference(buckets) == 0, hop
    opened = sum(reason is None for reason in REASONS.values()) + 1
    received = {"received": len(BAD) + 1, "opened": opened, "rejected": len(BAD) + 1 - opened}
    assert night.world.ledger("courts")["received"] == received


def test_no_reason_quotes_the_message(night: Night) -> None:
    texts = {text.decode() for body in HEARINGS for text in re.findall(rb'": "([^"]{5,})"', body)}
    said = [message["words"] for message in night.messages.values() if message["words"]]
    assert len(texts) > 100
    assert [words for words in said if any(text in words for text in texts)] == []


def test_a_parked_message_is_told_of_once_and_kept_sealed(night: Night) -> None:
    hub = night.world.hub
    steps.pull(hub, "courts")
    parked = night.world.rows(
        "SELECT batch_id, address FROM message WHERE partner = 'courts' AND bucket = 'rejected'"
    )
    assert len(parked) == sum(reason is not None for reason in REASONS.values())
    assert all(hub.landing.of("courts").holds_message(row["batch_id"], row["address"]) for row in parked)


def test_a_message_still_being_written_is_left_until_it_is_whole(quiet_world: World) -> None:
    world = quiet_world
    unfinished = world.courts_folder / f"{file_name(1)}.part"
    unfinished.write_bytes(HEARINGS[0][:100])
    world.pull("courts")
    assert world.messages("courts") == []

    unfinished.write_bytes(HEARINGS[0])
    unfinished.rename(world.courts_folder / file_name(1))
    world.pull("courts")
    assert [message["bucket"] for message in world.messages("courts")] == ["opened"]


def test_a_cut_message_that_the_gateway_writes_again_is_taken(quiet_world: World) -> None:
    world = quiet_world
    world.leave(world.courts_folder, {file_name(1): HEARINGS[0][:100]})
    world.pull("courts")
    world.leave(world.courts_folder, {file_name(1): HEARINGS[0]})
    world.pull("courts")
    assert [message["bucket"] for message in world.messages("courts")] == ["rejected", "opened"]


def test_a_drop_folder_that_is_gone_is_said_plainly(quiet_world: World) -> None:
    shutil.rmtree(quiet_world.courts_folder)
    with pytest.raises(
        PartnerRefusedError, match=r"drop folder .*courts is not there\. What to do: check the setting"
    ):
        quiet_world.pull("courts")
    assert quiet_world.ledger("courts") == {}

    quiet_world.courts_folder.mkdir()
    quiet_world.courts_send(HEARINGS[0])
    quiet_world.pull("courts")
    assert quiet_world.ledger("courts")["received"] == {"received": 1, "opened": 1}
