"""Where the audit chain stood, written down outside the database each morning.

Whoever cuts the end off the chain, and has the keys, must also find this file: copy it away with the backups.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson

from hub.hub import Hub
from hub.store import audit
from hub.store.audit import Link


def file_of(hub: Hub) -> Path:
    return hub.settings.home / "audit" / "witness.jsonl"


def witness(hub: Hub) -> None:
    """Add tonight's end of the chain."""
    with hub.store.reading() as connection:
        link = audit.head(connection)
    line = {"at": hub.clock(), "night": hub.night, "seq": link.seq, "hash": link.hash.hex()}
    path = file_of(hub)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def witnessed(hub: Hub) -> Iterator[Link]:
    path = file_of(hub)
    lines = path.read_bytes().splitlines() if path.exists() else []
    for line in lines:
        told = orjson.loads(line)
        yield Link(told["seq"], bytes.fromhex(told["hash"]))
