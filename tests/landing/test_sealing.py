"""Sealed bytes open only where they were put, whole, and with the key that sealed them."""

from __future__ import annotations

import stat
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.landing import sealed_file
from hub.landing.keyring import Keyring, SealBrokenError
from hub.landing.landing import Landing

KEYRING = Keyring("k1", {"k1": b"1" * 32})


@given(plain=st.binary(max_size=500), place=st.binary(min_size=1, max_size=40))
def test_what_is_sealed_opens_at_its_place_and_nowhere_else(plain: bytes, place: bytes) -> None:
    sealed = KEYRING.seal(plain, place=place)
    assert plain == KEYRING.open(sealed, key_id="k1", place=place)
    assert len(plain) < 8 or plain not in sealed
    with pytest.raises(SealBrokenError):
        KEYRING.open(sealed, key_id="k1", place=place + b"x")


def test_after_a_rotation_the_old_key_still_opens_and_hashes_stay_the_same() -> None:
    sealed = KEYRING.seal(b"said", place=b"here")
    rotated = Keyring("k2", KEYRING.keys | {"k2": b"2" * 32})
    assert rotated.open(sealed, key_id="k1", place=b"here") == b"said"
    assert rotated.hasher("identity").one("x") == KEYRING.hasher("identity").one("x")
    assert KEYRING.hasher("identity").one("x") != KEYRING.hasher("landing").one("x")


@given(texts=st.lists(st.none() | st.text(), max_size=8))
@settings(deadline=None)
def test_a_column_is_hashed_as_its_texts_are(texts: list[str | None]) -> None:
    hasher = KEYRING.hasher("version")
    one_by_one = [None if text is None else hasher.one(text) for text in texts]
    assert hasher.many(pl.Series(texts, dtype=pl.String)).to_list() == one_by_one


def test_rows_that_are_sealed_together_open_each_at_its_own_place() -> None:
    places = [b"vault/1", b"vault/2"]
    sealed = KEYRING.seal_each([b"one", b"two"], places)
    assert [KEYRING.open(row, key_id="k1", place=at) for row, at in zip(sealed, places, strict=True)] == [
        b"one",
        b"two",
    ]
    assert sealed[0][:12] != sealed[1][:12], "a nonce that is used twice breaks the seal"


def test_a_key_we_do_not_hold_is_named_and_nothing_else_is() -> None:
    with pytest.raises(SealBrokenError, match="k9"):
        KEYRING.open(b"0" * 40, key_id="k9", place=b"here")
    assert "1111" not in repr(KEYRING)


def test_the_first_run_makes_one_key_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "home" / "keys.json"
    first, second = Keyring.load(path), Keyring.load(path)
    assert first.keys == second.keys
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@settings(deadline=None, max_examples=30)
@given(pieces=st.lists(st.binary(max_size=2000), max_size=6), frame=st.integers(1, 700))
def test_any_pieces_come_back_as_they_went_in(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], frame: int
) -> None:
    path = tmp_path_factory.mktemp("sealed") / "file"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_file, "FRAME_BYTES", frame)
        sealed_file.write(path, pieces, KEYRING)
        assert b"".join(sealed_file.read(path, KEYRING)) == b"".join(pieces)


def _frames(path: Path) -> tuple[bytes, list[bytes]]:
    header, _, rest = path.read_bytes().partition(b"\n")
    frames = []
    while rest:
        size = int.from_bytes(rest[:4], "big")
        frames.append(rest[: 4 + size])
        rest = rest[4 + size :]
    return header + b"\n", frames


@pytest.mark.parametrize(
    "tampering", ["last frame cut off", "two frames swapped", "a frame twice", "a byte changed"]
)
def test_tampering_with_a_file_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tampering: str
) -> None:
    monkeypatch.setattr(sealed_file, "FRAME_BYTES", 10)
    path = tmp_path / "file"
    sealed_file.write(path, [b"0123456789" * 4], KEYRING)
    header, frames = _frames(path)
    changed = {
        "last frame cut off": frames[:-1],
        "two frames swapped": [frames[1], frames[0], *frames[2:]],
        "a frame twice": [frames[0], *frames],
        "a byte changed": [frames[0][:-1] + bytes([frames[0][-1] ^ 1]), *frames[1:]],
    }[tampering]
    path.write_bytes(header + b"".join(changed))
    with pytest.raises(SealBrokenError):
        list(sealed_file.read(path, KEYRING))


def test_the_same_bytes_have_the_same_address_and_it_cannot_be_guessed(tmp_path: Path) -> None:
    landing = Landing(tmp_path, KEYRING)
    first, second = (
        landing.seal_message("a batch", [b"a small record"]),
        landing.seal_message("a batch", [b"a small ", b"record"]),
    )
    other = Landing(tmp_path / "other", Keyring("k1", {"k1": b"2" * 32}))
    stranger = other.seal_message("a batch", [b"a small record"])
    assert first == second
    assert stranger.address != first.address
    assert landing.open_message("a batch", first.address).read() == b"a small record"
    landing.destroy_message("a batch", first.address)
    assert not landing.holds_message("a batch", first.address)


def test_what_is_written_once_stays_whoever_comes_later(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "000000"
    sealed_file.write_once(path, [b"first"], KEYRING)
    written = path.read_bytes()
    sealed_file.write_once(path, [b"second"], KEYRING)
    assert path.read_bytes() == written
    assert list(path.parent.iterdir()) == [path]
