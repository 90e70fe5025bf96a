"""Conservation: at every hop, what went in is what came out. Pure sums; no database, no files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas.hops import PLACE, Hop, RecordKey


@dataclass(frozen=True)
class Equation:
    ins: tuple[str, ...]
    outs: tuple[str, ...]

    def __str__(self) -> str:
        return f"{' + '.join(self.ins)} = {' + '.join(self.outs)}".replace("_", " ")

    def difference(self, buckets: Mapping[str, int]) -> int:
        """What went in less what came out: above nought is lost, below is doubled."""
        return sum(buckets.get(name, 0) for name in self.ins) - sum(
            buckets.get(name, 0) for name in self.outs
        )


# The unit of the first is a message; of the others, a record.
EQUATIONS: dict[Hop, Equation] = {
    Hop.RECEIVED: Equation(("received",), ("opened", "rejected", "duplicate")),
    Hop.TRANSLATED: Equation(
        ("opened_records", "released"), ("translated", "held", "discarded", "out_of_scope")
    ),
    Hop.MATCHED: Equation(("translated",), ("matched", "for_review")),
    Hop.RECORDED: Equation(("matched",), ("new", "changed", "unchanged", "superseded", "deleted")),
    Hop.OUTGOING: Equation(("due", "carried_over"), ("sent", "waiting", "held", "not_shareable")),
    Hop.ACKNOWLEDGED: Equation(("sent",), ("accepted", "received", "refused", "unknown")),
}


class UnbalancedError(Exception):
    """The program lost or doubled a record. The night is red; the records are named in the ledger."""

    def __init__(self, partner: str, feed: str, hop: Hop, keys: tuple[str, ...]) -> None:
        shown = ", ".join(keys[:5]) + (f" and {len(keys) - 5} more" if len(keys) > 5 else "")
        super().__init__(
            f"{partner}, {feed}, hop {hop}: the ledger does not balance for record {shown}. "
            "What to do: nothing of this batch has gone further and it is kept in landing; "
            "report the fault, then run the night again."
        )
        self.keys = keys


def complete(hop: Hop, counts: Mapping[str, int]) -> dict[str, int]:
    """Every bucket of the hop's equation, nought where nothing fell into it."""
    equation = EQUATIONS[hop]
    return {name: counts.get(name, 0) for name in (*equation.ins, *equation.outs)}


def gaps(batch: str, expected: pl.DataFrame, found: pl.DataFrame) -> dict[str, str]:
    """Each record that went in and is in no bucket, or came out twice, or out of nowhere.

    Both frames have the places; `found` has a row for each record in each bucket.
    """
    counted = found.group_by(PLACE).len()
    faults = {
        "lost": expected.join(counted, on=PLACE, how="anti"),
        "doubled": counted.filter(pl.col("len") > 1),
        "out of nowhere": counted.join(expected, on=PLACE, how="anti"),
    }
    return {
        str(RecordKey(batch, *place)): fault
        for fault, frame in faults.items()
        for place in frame.select(PLACE).sort(PLACE).iter_rows()
    }
