"""Handing over: decision files, whole or not at all, and none of their messages twice.

SFTP knows no key, so the folder is looked at before anything is sent: a message that stands in a manifest
of ours is there. The manifest is written last; until it is, the force does not look at the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from connectors.contract import Answer, OutboundMessage, Receipt
from connectors.errors import PartnerRefusedError, UnreadableMessageError
from connectors.police.client import Force
from connectors.police.decisions import DecisionFile, as_csv, described, digest, file_name
from connectors.transports.announced import MANIFEST
from connectors.transports.sftp import UNFINISHED, SftpFolder

# 20,000 keys are 3 MB.
LONGEST_OWN_MANIFEST = 50_000_000
OUR_ANSWERS = (".ack.json", ".rej.csv")


def push(force: Force, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
    """The receipt is given once the manifest stands; what the force say of each row comes later."""
    waiting = list(messages)
    now = datetime.now(UTC)
    _clear(force)
    files = {key: file.name for file in sent_files(force) for key in file.keys}
    new = [message for message in waiting if message.key not in files]
    if new:
        name = _hand_over(force, new, now)
        files |= {message.key: name for message in new}
    yield from (Receipt(one.key, Answer.RECEIVED, now, their_reference=files[one.key]) for one in waiting)


def sent_files(force: Force) -> Iterator[DecisionFile]:
    """Every file of ours whose manifest stands, and so was whole when it was written."""
    for file in force.inbound.files():
        if is_ours(file.name, force.parties) and file.name.endswith(MANIFEST):
            known = _read(force.inbound, file.name) if file.size <= LONGEST_OWN_MANIFEST else None
            if known is not None and known.manifest_name == file.name:
                yield known


def is_ours(name: str, parties: str) -> bool:
    return name.startswith(f"decision_{parties}_")


def _read(folder: SftpFolder, manifest: str) -> DecisionFile | None:
    """None where it cannot be read: its messages are sent again, under the same keys."""
    try:
        return DecisionFile.read(b"".join(folder.read(manifest)))
    except (UnreadableMessageError, PartnerRefusedError, KeyError, TypeError, ValueError):
        return None


def _clear(force: Force) -> None:
    """What a run that was cut off left of ours, never whole and never under an agreed name."""
    for file in force.inbound.files():
        whole = file.name.removesuffix(UNFINISHED)
        ours = is_ours(whole, force.parties) or whole.endswith(OUR_ANSWERS)
        if file.name.endswith(UNFINISHED) and ours:
            force.inbound.remove(file.name)


def _hand_over(force: Force, messages: list[OutboundMessage], now: datetime) -> str:
    content = as_csv(messages)
    left = _left_without_manifest(force, content)
    name = left or file_name(content, force.parties, now)
    file = described(name, content, [message.key for message in messages])
    if left is None:
        force.inbound.put(name, content)
    force.inbound.put(file.manifest_name, file.manifest(now))
    return name


def _left_without_manifest(force: Force, content: bytes) -> str | None:
    """The same file, whole, from a run that was cut off before its manifest."""
    agreed = re.compile(rf"decision_{re.escape(force.parties)}_\d{{8}}T\d{{6}}Z_{digest(content)}\.csv")
    there = {file.name: file.size for file in force.inbound.files()}
    same = (name for name, size in there.items() if agreed.fullmatch(name) and size == len(content))
    return next((name for name in same if f"{name.removesuffix('.csv')}{MANIFEST}" not in there), None)
