"""The force's referral file and its manifest, byte for byte as the force's specification says."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from simulators.nights import iso, stamp

COLUMNS = (
    "ReferralRef", "LastUpdated", "NominalID", "Surname", "Forenames", "Aliases", "DOB", "Sex",
    "EthnicitySelfDefined", "EthnicityObserved", "AddressLine1", "AddressLine2", "Town", "Postcode", "PNCID",
    "CrimeRef", "OffenceCode", "OffenceDate", "Gravity", "Admission", "DecisionDeadline", "Reason",
    "RiskMarkers", "Officer",
)  # fmt: skip

Row = Mapping[str, str]


@dataclass(frozen=True)
class Drop:
    """A referral file together with the manifest that makes it ready."""

    name: str
    content: bytes
    rows: int
    created: datetime

    @property
    def manifest_name(self) -> str:
        return f"{self.name.removesuffix('.csv')}.manifest.json"

    def manifest(self) -> bytes:
        described = {
            "name": self.name,
            "bytes": len(self.content),
            "sha256": hashlib.sha256(self.content).hexdigest(),
            "rows": self.rows,
        }
        return json.dumps(
            {"schema_version": "1", "created": iso(self.created), "files": [described]}
        ).encode()

    def files(self) -> dict[str, bytes]:
        """By name, in the order the force writes them: the manifest last."""
        return {self.name: self.content, self.manifest_name: self.manifest()}


def drop(rows: Iterable[Row], created: datetime, sequence: int = 1) -> Drop:
    kept = list(rows)
    return Drop(file_name(created, sequence), as_csv(kept), len(kept), created)


def file_name(created: datetime, sequence: int) -> str:
    return f"referral_NMP_NMYJS_{stamp(created)}_{sequence:03d}.csv"


def as_csv(rows: Iterable[Row], columns: Iterable[str] = COLUMNS) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(columns), lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))
