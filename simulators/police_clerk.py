"""The force's clerk: takes the YJS's decision files, answers each, and writes what the force decided.

A file counts once its manifest is there. Each message is taken on once, however often it comes.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from simulators.drop import write_once
from simulators.nights import iso, stamp
from simulators.police_files import Drop, Row, as_csv, read_csv

DECISION_COLUMNS = (
    "MessageKey", "ReferralRef", "AssessedOn", "Recommendation", "RecommendedOn", "Engagement", "State",
    "StateOn", "Completed", "Change",
)  # fmt: skip
UPDATE_COLUMNS = (
    "UpdateRef", "ReferralRef", "LastUpdated", "DOB", "NominalID", "Surname", "Forenames", "PNCID",
    "OutcomeCode", "DecidedOn",
)  # fmt: skip
REJECTION_COLUMNS = ("row", "key", "field", "rule", "severity", "message")
FILE_NAME = re.compile(r"decision_NMYJS_NMP_(\d{8}T\d{6}Z)_([0-9a-f]{12})\.csv")
MANIFEST, ACKNOWLEDGEMENT, REJECTIONS = ".manifest.json", ".ack.json", ".rej.csv"

# Of a hundred messages, these are rejected.
REJECTED_BELOW = 3
REJECTED = {
    "field": "ReferralRef",
    "rule": "NMP-D01",
    "severity": "error",
    "message": "the referral is closed, so nothing can be added to it",
}
# What the panel asks for, and what the force mostly makes of it.
OUTCOME = {
    "no_further_action": "21",
    "community_resolution": "8",
    "outcome_22": "22",
    "outcome_23": "23",
    "youth_caution": "2",
    "youth_conditional_caution": "2",
    "charge": "1",
}
# Of ten recommendations the force goes its own way in one.
OWN_WAY_BELOW, OWN_WAY = 10, "1"


@dataclass(frozen=True)
class Taken:
    """One decision file of the YJS as the clerk finds it."""

    name: str
    content: bytes
    described: Mapping[str, object]

    @property
    def rows(self) -> list[dict[str, str]]:
        return read_csv(self.content)

    @property
    def is_whole(self) -> bool:
        agreed = (len(self.content), hashlib.sha256(self.content).hexdigest())
        return agreed == (self.described["bytes"], self.described["sha256"])

    @property
    def written(self) -> datetime:
        at = FILE_NAME.fullmatch(self.name)
        assert at is not None  # noqa: S101  only such names are taken
        return datetime.strptime(at[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def look(inbound: Path, outbound: Path) -> int:
    """Answer every file that is not answered yet; how many there were. The same file, the same answer."""
    waiting = [file for file in taken(inbound) if not (outbound / f"{file.name}{ACKNOWLEDGEMENT}").exists()]
    for file in waiting:
        for name, content in (updates(file, referrals(outbound)) | answer(file)).items():
            write_once(outbound / name, content)
    return len(waiting)


def taken(inbound: Path) -> Iterator[Taken]:
    for manifest in sorted(inbound.glob(f"decision_*{MANIFEST}")):
        (described,) = json.loads(manifest.read_bytes())["files"]
        name = described["name"]
        if FILE_NAME.fullmatch(name) and (inbound / name).exists():
            yield Taken(name, (inbound / name).read_bytes(), described)


def doubles(inbound: Path) -> dict[str, int]:
    """How often each message came beyond the first time."""
    came = Counter(row["MessageKey"] for file in taken(inbound) for row in file.rows)
    return {key: times - 1 for key, times in came.items() if times > 1}


def desk_of(key: str) -> int:
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % 100


def by_desk(key: str) -> bool:
    return desk_of(key) < REJECTED_BELOW


def answer(file: Taken, is_rejected: Callable[[str], bool] = by_desk) -> dict[str, bytes]:
    """The rejected rows and the acknowledgement, in the order they are written."""
    rows = file.rows if file.is_whole else []
    rejected = [
        {"row": str(number), "key": row["MessageKey"], **REJECTED}
        for number, row in enumerate(rows, start=2)
        if is_rejected(row["MessageKey"])
    ]
    told = {
        "file": file.name,
        "sha256": hashlib.sha256(file.content).hexdigest(),
        "received": iso(file.written),
        "rows": len(rows),
        "accepted": len(rows) - len(rejected),
        "rejected": len(rejected),
    }
    return {
        f"{file.name}{REJECTIONS}": as_csv(rejected, REJECTION_COLUMNS),
        f"{file.name}{ACKNOWLEDGEMENT}": json.dumps(told).encode(),
    }


def referrals(outbound: Path) -> dict[str, Row]:
    """What the force knows of each referral it sent; the newest file last."""
    files = sorted(outbound.glob("referral_*.csv"))
    return {row["ReferralRef"]: row for file in files for row in read_csv(file.read_bytes())}


def updates(file: Taken, known: Mapping[str, Row]) -> dict[str, bytes]:
    """What the force decided upon each recommendation that it took, as a file with its manifest."""
    rows = file.rows if file.is_whole else []
    decided = {
        row["ReferralRef"]: _update(row, known[row["ReferralRef"]], file.written)
        for row in rows
        if row["Recommendation"] in OUTCOME
        and row["ReferralRef"] in known
        and desk_of(row["MessageKey"]) >= REJECTED_BELOW
    }
    return update_drop(decided.values(), file.written, file.name).files() if decided else {}


def update_drop(rows: Iterable[Row], at: datetime, because: str = "") -> Drop:
    """Named by the moment, and numbered by the file it answers: two of one moment do not collide."""
    kept = list(rows)
    sequence = int(hashlib.sha256(because.encode()).hexdigest(), 16) % 1000
    return Drop(
        f"update_NMP_NMYJS_{stamp(at)}_{sequence:03d}.csv", as_csv(kept, UPDATE_COLUMNS), len(kept), at
    )


def _update(row: Row, referral: Row, at: datetime) -> Row:
    own_way = desk_of(f"decision {row['ReferralRef']}") < OWN_WAY_BELOW
    known = ("ReferralRef", "DOB", "NominalID", "Surname", "Forenames", "PNCID")
    return {
        "UpdateRef": row["ReferralRef"].replace("-R-", "-U-"),
        "LastUpdated": iso(at),
        **{name: referral[name] for name in known},
        "OutcomeCode": OWN_WAY if own_way else OUTCOME[row["Recommendation"]],
        "DecidedOn": f"{at:%d/%m/%Y}",
    }
