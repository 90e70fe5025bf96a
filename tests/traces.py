"""Where a word can be found in all that a hub leaves behind: in plain, or only under its seal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from hub.hub import Hub
from hub.landing import sealed_file
from hub.landing.keyring import SealBrokenError
from hub.store import held
from hub.store.tables import held_row, metadata, vault, vault_history
from hub.store.vaulting import vault_place
from schemas.hops import RecordKey

# A frame between hops, by its number; a message has its hash for a name.
FRAME = re.compile(r"\d{6}")


@dataclass(frozen=True)
class Traces:
    """Each place with all the text in it."""

    plain_places: tuple[tuple[str, str], ...]
    sealed_places: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, hub: Hub) -> Traces:
        database = (Path(hub.settings.store_url.removeprefix("sqlite:///") + end) for end in ("", "-wal"))
        files = {*_files(hub.settings.home), *(path for path in database if path.exists())}
        return cls((*_rows(hub), *map(_bytes, sorted(files))), (*_unsealed(hub), *_landed(hub)))

    def plain(self, *words: str) -> set[tuple[str, str]]:
        """Each word that can be read by anybody, and where."""
        return _found(self.plain_places, words)

    def sealed(self, *words: str) -> set[tuple[str, str]]:
        """Each word that can be read with the key, and where."""
        return _found(self.sealed_places, words)


def _found(places: Iterable[tuple[str, str]], words: Iterable[str]) -> set[tuple[str, str]]:
    wanted = {word: word.casefold() for word in words}
    return {
        (word, place)
        for place, text in ((place, text.casefold()) for place, text in places)
        for word, folded in wanted.items()
        if folded in text
    }


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _bytes(path: Path) -> tuple[str, str]:
    """Its name and its bytes: a name can give a child away too. UTF-8 is read as such, all else survives."""
    return str(path), f"{path} {path.read_bytes().decode('utf-8', 'replace')}"


def _rows(hub: Hub) -> Iterator[tuple[str, str]]:
    with hub.store.reading() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                yield table.name, " ".join(str(value) for value in row)


def _unsealed(hub: Hub) -> Iterator[tuple[str, str]]:
    with hub.store.reading() as connection:
        for table in (vault, vault_history):
            for row in connection.execute(sa.select(table)).mappings():
                place = vault_place(row["partner"], row["feed"], row["reference"])
                yield table.name, _text(hub.keyring.open(row["sealed"], key_id=row["key_id"], place=place))
        for row in connection.execute(sa.select(held_row).where(held_row.c.sealed.is_not(None))).mappings():
            key = RecordKey(row["batch_id"], row["message"], row["row"], row["part"])
            opened = hub.keyring.open(row["sealed"], key_id=row["key_id"], place=held.place(key))
            yield held_row.name, _text(opened)


def _landed(hub: Hub) -> Iterator[tuple[str, str]]:
    for path in _files(hub.settings.home / "landing"):
        try:
            content = b"".join(sealed_file.read(path, hub.keyring))
        except SealBrokenError as fault:
            raise AssertionError(f"{path} is not sealed, or not by us") from fault
        yield str(path), f"{_text(content)} {_frame(content) if FRAME.fullmatch(path.name) else ''}"


def _frame(content: bytes) -> str:
    # Compressed, so that a name does not stand in its bytes.
    return " ".join(str(cell) for row in pl.read_ipc_stream(content).iter_rows() for cell in row)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
