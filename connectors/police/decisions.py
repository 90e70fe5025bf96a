"""The decision file: what the YJS tells the force, who decide. Pure: messages in, bytes out."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.contract import OutboundMessage
from connectors.outward import Outward, british_day, ours, yes_or_no
from connectors.strict_json import loads

KEY = "MessageKey"
# Content of the file's name: enough that two files never share it.
HASH_DIGITS = 12
STAMP = "%Y%m%dT%H%M%SZ"

decisions = Outward(
    ReferralRef=ours("referral_reference"),
    AssessedOn=british_day("assessed_on"),
    Recommendation=ours("recommendation"),
    RecommendedOn=british_day("recommended_on"),
    Engagement=ours("engagement"),
    State=ours("state"),
    StateOn=british_day("state_on"),
    Completed=yes_or_no("completed"),
    Change=ours("change"),
)
COLUMNS = (KEY, *decisions.columns)


@dataclass(frozen=True)
class DecisionFile:
    """A file of ours as its manifest tells it: what is in it, and under which keys."""

    name: str
    size: int
    sha256: str
    keys: tuple[str, ...]

    @property
    def manifest_name(self) -> str:
        return f"{self.name.removesuffix('.csv')}.manifest.json"

    def manifest(self, created: datetime) -> bytes:
        described = {
            "name": self.name,
            "bytes": self.size,
            "sha256": self.sha256,
            "rows": len(self.keys),
            "keys": self.keys,
        }
        written = {"schema_version": "1", "created": f"{created:%Y-%m-%dT%H:%M:%SZ}", "files": [described]}
        return json.dumps(written).encode()

    @classmethod
    def read(cls, manifest: bytes) -> DecisionFile:
        """From a manifest of ours. KeyError, TypeError or ValueError where it is none."""
        written = loads(manifest)
        if not isinstance(written, dict):
            raise TypeError(type(written).__name__)
        (one,) = written["files"]
        keys = tuple(str(key) for key in one["keys"])
        if len(keys) != int(one["rows"]):
            raise ValueError(len(keys))
        return cls(str(one["name"]), int(one["bytes"]), str(one["sha256"]), keys)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:HASH_DIGITS]


def described(name: str, content: bytes, keys: Sequence[str]) -> DecisionFile:
    return DecisionFile(name, len(content), hashlib.sha256(content).hexdigest(), tuple(keys))


def file_name(content: bytes, parties: str, at: datetime) -> str:
    return f"decision_{parties}_{at:{STAMP}}_{digest(content)}.csv"


def as_csv(messages: Sequence[OutboundMessage]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n", restval="")
    writer.writeheader()
    writer.writerows({KEY: message.key, **message.body} for message in messages)
    return text.getvalue().encode()
