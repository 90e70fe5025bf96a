"""Bad referral files, all in one night: each is told of by its own reason, and the others go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.ledger.balance import EQUATIONS
from schemas.hops import Hop
from simulators.courts_sittings import VICTIM_SURNAME
from simulators.partner import Running
from simulators.police_files import COLUMNS, Drop, drop
from simulators.spoiled import MANIFEST_FAULTS, SPOILED_FILES, spoiled_drop
from tests.night.one_world import one_world
from tests.traces import Traces
from tests.world import FIRST_MORNING, World, referral

ROWS = 3


@dataclass(frozen=True)
class Spoiled:
    """What the spec promises of a file of three rows: why it is parked, else which of its rows arrive."""

    name: str
    parked: str | None = None
    arrive: tuple[int, ...] = (0, 1, 2)
    found: frozenset[tuple[str, str, str | None]] = frozenset()
    held: tuple[tuple[str, int], ...] = ()


def parked(name: str, reason: str) -> Spoiled:
    return Spoiled(name, reason, arrive=())


def found(name: str, *found: tuple[str, str, str | None], **about: Any) -> Spoiled:
    return Spoiled(name, found=frozenset(found), **about)


def one_held(name: str, place: int, arrive: tuple[int, ...]) -> Spoiled:
    # Row 2 is the first below the header.
    return found(name, ("HUB-R11", "hold_row", None), held=(("HUB-R11", place + 2),), arrive=arrive)


FILES = (
    parked("empty_file", "HUB-R09"),
    # A day without records still has its header.
    Spoiled("header_only", arrive=()),
    parked("html_login_page", "HUB-R08"),
    parked("wrong_columns", "HUB-R02"),
    parked("renamed_column", "HUB-R02"),
    found("added_sensitive_column"),
    parked("duplicated_column", "HUB-R10"),
    # Read by name, so the order is nothing.
    found("swapped_columns"),
    found("byte_order_mark"),
    one_held("windows_1252", 0, arrive=(1, 2)),
    parked("utf_16", "HUB-R07"),
    found("mixed_line_endings"),
    one_held("nul_bytes", 1, arrive=(0, 2)),
    parked("unclosed_quote", "HUB-R06"),
    one_held("ragged_row", 0, arrive=(1, 2)),
    # Manifest and export agree, so what is whole can be used.
    one_held("cut_in_the_middle", 2, arrive=(0, 1)),
    # Somebody's name, not a word for nothing.
    found("surname_null"),
    found("surname_none"),
    found("surname_na"),
    found("impossible_date", ("HUB-T01", "set_aside", "offence_on")),
    found("two_digit_date", ("HUB-T01", "set_aside", "born_on")),
    found("sentinel_date", ("HUB-T01", "set_aside", "born_on"), ("POL-R03", "warn", "DOB")),
    found("unknown_code", ("HUB-T02", "set_aside", "reason")),
    found("bad_pnc", ("HUB-T01", "set_aside", "pnc")),
)

# What lies beside the files, and why it cannot be used. `None` is a manifest that nobody can read.
MANIFESTS: Mapping[str, tuple[str, ...]] = {
    "checksum_disagrees": ("HUB-R05",),
    "row_count_disagrees": ("HUB-R04",),
    "manifest_without_file": ("POL-R02",),
    "file_without_manifest": (),
    "same_file_twice": ("", "HUB-R01"),
    "old_version_after_new": ("", ""),
}
UNUSABLE_MANIFESTS = {
    "a_sign_in_page": b"<html><body>Sign in</body></html>",
    "no_object": b"[]",
    "no_files": b'{"schema_version": "1"}',
    "a_file_without_a_checksum": b'{"files": [{"name": "x.csv", "bytes": 1, "rows": 1}]}',
    "rows_in_words": b'{"files": [{"name": "x.csv", "bytes": 1, "sha256": "0", "rows": "many"}]}',
    # More than any database can count, of a file that is there.
    "rows_beyond_counting": b'{"files": [{"name": "x.csv", "bytes": 1, "sha256": "0", "rows": 9%030d}]}' % 0,
    "fewer_rows_than_none": b'{"files": [{"name": "x.csv", "bytes": 1, "sha256": "0", "rows": -1}]}',
    "far_too_long": b'{"files": [' + b" " * 100_001 + b"]}",
}


@dataclass(frozen=True)
class Night:
    """Every bad file at once, and a sound one among them."""

    world: World
    sent: dict[str, Drop] = field(default_factory=dict)
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def numbers(self, name: str) -> list[int]:
        return [message["number"] for message in self.messages.get(name, [])]

    def findings(self, name: str) -> frozenset[tuple[str, str, str | None]]:
        numbers = self.numbers(name)
        rows = self.world.rows(
            "SELECT rule, consequence, field, message FROM finding WHERE partner = 'police'"
        )
        return frozenset(
            (row["rule"], row["consequence"], row["field"]) for row in rows if row["message"] in numbers
        )

    def held(self, name: str) -> list[dict[str, Any]]:
        return [row for row in self.world.held() if row["message"] in self.numbers(name)]

    def arrived(self, name: str) -> dict[int, dict[str, Any]]:
        """The worklist rows of one file, by their place in it."""
        first = first_reference(name)
        numbered = {int(row["source_reference"][-7:]) - first: row for row in self.world.worklist()}
        return {place: row for place, row in numbered.items() if place in range(ROWS)}


ALL = ("sound", *(one.name for one in FILES), *MANIFESTS)


def first_reference(name: str) -> int:
    return 100 * (ALL.index(name) + 1)


def three_referrals(name: str) -> Drop:
    first = first_reference(name)
    rows = [referral(first + place, Surname="Quillborne") for place in range(ROWS)]
    return drop(rows, FIRST_MORNING + timedelta(minutes=10 * ALL.index(name)), 1)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, police_server: tuple[Running, Path]) -> Iterator[Night]:
    with one_world(tmp_path_factory, police_server, "a_night_of_bad_files") as world:
        night = Night(world)
        _send_everything(night)
        world.pull()
        world.push()
        for message in world.messages():
            name = next(
                (name for name, one in night.sent.items() if stamp(one) in (message["name"] or "")), ""
            )
            night.messages.setdefault(name, []).append(message)
        yield night


def _send_everything(night: Night) -> None:
    folder = night.world.police_folder
    for name in ALL:
        good = night.sent[name] = three_referrals(name)
        if name in MANIFEST_FAULTS:
            night.world.leave(folder, MANIFEST_FAULTS[name](good))
        else:
            bad = spoiled_drop(good, name) if name in SPOILED_FILES else good
            night.world.leave(folder, bad.files())
    for name, manifest in UNUSABLE_MANIFESTS.items():
        night.world.leave(folder, {f"{name}.manifest.json": manifest, "x.csv": b"x"})


def stamp(made: Drop) -> str:
    """What the names of all that was made from it begin with: an older version is written a minute later."""
    return made.name[: len("referral_NMP_NMYJS_20261123T043")]


def test_the_spec_speaks_of_every_spoiled_file() -> None:
    assert {one.name for one in FILES} == set(SPOILED_FILES)
    assert set(MANIFESTS) == set(MANIFEST_FAULTS)


def test_the_sound_file_among_them_arrives(night: Night) -> None:
    assert list(night.arrived("sound")) == [0, 1, 2]


@pytest.mark.parametrize("spoiled", FILES, ids=lambda one: one.name)
def test_each_bad_file_is_told_of_and_what_is_sound_in_it_arrives(night: Night, spoiled: Spoiled) -> None:
    (message,) = night.messages[spoiled.name]
    assert (message["bucket"], message["reason"]) == (
        "rejected" if spoiled.parked else "opened",
        spoiled.parked,
    )
    assert not spoiled.parked or "What to do:" in message["words"]
    assert night.findings(spoiled.name) == spoiled.found
    assert [(row["rules"], row["row"]) for row in night.held(spoiled.name)] == list(spoiled.held)
    assert tuple(night.arrived(spoiled.name)) == spoiled.arrive


@pytest.mark.parametrize(("fault", "reasons"), MANIFESTS.items(), ids=str)
def test_each_fault_of_a_manifest_has_its_reason(night: Night, fault: str, reasons: tuple[str, ...]) -> None:
    assert tuple(message["reason"] or "" for message in night.messages.get(fault, [])) == reasons


def test_a_manifest_that_cannot_be_used_is_told_of_without_its_name(night: Night) -> None:
    nameless = [message for message in night.messages[""] if message["reason"] == "POL-R01"]
    assert len(nameless) == len(UNUSABLE_MANIFESTS)


def test_the_older_of_two_versions_does_not_stand(night: Night) -> None:
    arrived = night.arrived("old_version_after_new")
    assert [row["gravity"] for row in arrived.values()] == [2, 2, 2]
    assert night.world.ledger()["recorded"]["superseded"] == ROWS


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("surname_null", "family_name", "Null"),
        ("surname_none", "family_name", "None"),
        ("surname_na", "family_name", "NA"),
        ("byte_order_mark", "family_name", "Quillborne"),
        ("swapped_columns", "family_name", "Quillborne"),
        # A bad value is left out, and its child is not kept waiting for it.
        ("impossible_date", "offence_on", None),
        ("two_digit_date", "born_on", None),
        ("sentinel_date", "born_on", None),
        ("unknown_code", "reason", None),
        ("bad_pnc", "pnc", None),
    ],
)
def test_what_the_case_worker_reads_of_a_spoiled_row(
    night: Night, name: str, column: str, value: object
) -> None:
    assert night.arrived(name)[0][column] == value


@pytest.mark.parametrize("name", ["windows_1252", "nul_bytes"])
def test_a_row_with_a_cell_that_is_no_text_is_held_under_its_own_reference(night: Night, name: str) -> None:
    """So that the sound version closes it, and its safety markers are seen."""
    (row,) = night.held(name)
    assert row["reference"] == f"NMP-R-{first_reference(name) + row['row'] - 2:07d}"


def test_every_hop_balances(night: Night) -> None:
    for partner in ("police", "yjs"):
        for hop, buckets in night.world.ledger(partner).items():
            assert EQUATIONS[Hop(hop)].difference(buckets) == 0, hop
    assert night.world.rows("SELECT * FROM ledger_gap") == []


def test_no_word_to_anybody_names_a_value(night: Night) -> None:
    said = [
        words
        for table in ("message", "finding", "held_row")
        for row in night.world.rows(f"SELECT words FROM {table}")  # noqa: S608 - our own tables
        if (words := row["words"])
    ]
    cells = {value for name in ALL for row in _rows_of(night, name) for value in row}
    values = {value for value in cells if len(value) > 3 and value not in COLUMNS} - RULES_OWN_WORDS
    assert len(values) > 100
    assert [word for word in said if any(value in word for value in values)] == []


# What the agreed sentences of the rules say themselves.
RULES_OWN_WORDS = {"01/01/1900", "many"}


def _rows_of(night: Night, name: str) -> Iterator[list[str]]:
    sent = night.sent[name].content
    content = SPOILED_FILES[name](sent) if name in SPOILED_FILES else sent
    for line in content.decode("latin-1").split("\r\n")[1:]:
        yield line.split(",")


def test_the_victim_nobody_agreed_to_send_is_nowhere(night: Night) -> None:
    (dropped,) = night.world.rows("SELECT words FROM finding WHERE rule = 'HUB-R03'")
    assert dropped["words"] == "A column that is not agreed was dropped: VictimName."
    traces = Traces.of(night.world.hub)
    assert traces.plain(VICTIM_SURNAME) == set()
    assert traces.sealed(VICTIM_SURNAME) == set()
    # The search finds what is there: a child of the same file.
    assert traces.sealed("Quillborne")
