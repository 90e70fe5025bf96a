"""What the force say of our files: an acknowledgement of each, and the rows they reject, as receipts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.contract import Answer, Receipt
from connectors.errors import PartnerRefusedError, UnreadableMessageError
from connectors.moments import said_at
from connectors.police.client import Force
from connectors.police.decisions import COLUMNS, DecisionFile
from connectors.police.push import sent_files
from connectors.strict_csv import PROBLEM, frames
from connectors.strict_json import loads
from connectors.transports.sftp import SftpFolder

ACKNOWLEDGEMENT, REJECTIONS = ".ack.json", ".rej.csv"
LONGEST_ACKNOWLEDGEMENT, LONGEST_REJECTIONS = 100_000, 50_000_000
LONGEST_WORDS = 120
MASK = "…"
RULE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
# What a spreadsheet would run.
FORMULA = ("=", "+", "-", "@")
# A quotation, a word with a figure in it, or a word that could be a name.
TELLING = re.compile(r"\"[^\"]*\"|\S*\d\S*|\b[^\W\d_a-zß-ÿ][\w'’-]*")
NO_NAMES = (*COLUMNS, "A", "An", "The", "This", "That", "No", "Not", "Is", "It", "There", "Row", "Referral")
DOES_NOT_ADD_UP = "the acknowledgement does not add up with our file"
# A row that was taken on, with a remark.
REMARK = "warning"


@dataclass(frozen=True)
class Acknowledgement:
    file: str
    sha256: str
    received: datetime
    rows: int
    accepted: int
    rejected: int

    def agrees(self, file: DecisionFile, refused: Iterable[str]) -> bool:
        """Told of this file and all its rows, and every rejected row is one of them."""
        named = set(refused)
        same = (self.file, self.sha256.lower(), self.rows) == (file.name, file.sha256, len(file.keys))
        counted = self.accepted + self.rejected == self.rows and self.rejected == len(named)
        return same and counted and named <= set(file.keys)


def answers(force: Force, keys: Iterable[str]) -> Iterator[Receipt]:
    """One receipt for each key that is answered, and one, by its file name, for each file we never sent."""
    asked, now = set(keys), datetime.now(UTC)
    there = {file.name: file.size for file in force.outbound.files()}
    acknowledged = {name.removesuffix(ACKNOWLEDGEMENT) for name in there if name.endswith(ACKNOWLEDGEMENT)}
    sent = {file.name: file for file in sent_files(force)}
    for name in sorted(acknowledged & sent.keys()):
        if asked & set(sent[name].keys):
            of_file = _of_file(force.outbound, sent[name], there, now)
            yield from (receipt for receipt in of_file if receipt.key in asked)
    strange = sorted(acknowledged - sent.keys())
    yield from (Receipt(name, Answer.UNKNOWN, now, "we sent no such file") for name in strange)


def _of_file(
    folder: SftpFolder, file: DecisionFile, there: dict[str, int], now: datetime
) -> tuple[Receipt, ...]:
    try:
        told = read_acknowledgement(
            _content(folder, f"{file.name}{ACKNOWLEDGEMENT}", there, LONGEST_ACKNOWLEDGEMENT), now
        )
        rejections = f"{file.name}{REJECTIONS}"
        refused = (
            read_rejections(_content(folder, rejections, there, LONGEST_REJECTIONS))
            if rejections in there
            else {}
        )
    except (UnreadableMessageError, PartnerRefusedError, KeyError, TypeError, ValueError):
        return _unknown(file, now, "the acknowledgement cannot be read")
    return receipts(file, told, refused, now)


def _content(folder: SftpFolder, name: str, there: dict[str, int], most: int) -> bytes:
    if there[name] > most:
        raise ValueError(there[name])
    return b"".join(folder.read(name))


def read_acknowledgement(content: bytes, now: datetime) -> Acknowledgement:
    told = loads(content)
    if not isinstance(told, dict):
        raise TypeError(type(told).__name__)
    return Acknowledgement(
        file=str(told["file"]),
        sha256=str(told["sha256"]),
        received=said_at(told.get("received"), now=now),
        rows=int(told["rows"]),
        accepted=int(told["accepted"]),
        rejected=int(told["rejected"]),
    )


def read_rejections(content: bytes) -> dict[str, str]:
    """Why, for each key that was rejected; the first reason of several."""
    reasons: dict[str, str] = {}
    for frame in frames(io.BytesIO(content)):
        for row in frame.iter_rows(named=True):
            if row[PROBLEM] is not None:
                raise ValueError(row["row"])
            if row["severity"].strip() != REMARK:
                reasons.setdefault(row["key"], reason(row["rule"], row["message"]))
    return reasons


def receipts(
    file: DecisionFile, told: Acknowledgement, refused: dict[str, str], now: datetime
) -> tuple[Receipt, ...]:
    if not told.agrees(file, refused):
        return _unknown(file, now, DOES_NOT_ADD_UP)
    return tuple(
        Receipt(key, Answer.REFUSED, told.received, refused[key], file.name)
        if key in refused
        else Receipt(key, Answer.ACCEPTED, told.received, their_reference=file.name)
        for key in file.keys
    )


def _unknown(file: DecisionFile, now: datetime, why: str) -> tuple[Receipt, ...]:
    return tuple(Receipt(key, Answer.UNKNOWN, now, why, file.name) for key in file.keys)


def reason(rule: str, message: str) -> str:
    """Their rule and their words on one line, short, and with whatever could name a child left out."""
    code = rule.strip() if RULE.fullmatch(rule.strip()) else "no rule given"
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in message).split())
    if not line or line.startswith(FORMULA):
        return code
    plain = TELLING.sub(lambda found: found[0] if found[0] in NO_NAMES else MASK, line)
    return f"{code}: {plain if len(plain) <= LONGEST_WORDS else plain[: LONGEST_WORDS - 1] + MASK}"
