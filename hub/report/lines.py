"""The ledger of one partner's night, its runs added up. Pure sums over what the books say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from hub.ledger.balance import EQUATIONS
from quality.reports.partner_night import LedgerLine
from schemas.hops import Hop

Buckets = dict[str, int]
# What a hop hands on, and what the next takes up: the same records, written down twice.
HANDED_ON = {
    Hop.MATCHED: (Hop.TRANSLATED, "translated"),
    Hop.RECORDED: (Hop.MATCHED, "matched"),
    Hop.ACKNOWLEDGED: (Hop.OUTGOING, "sent"),
}


class RunLines:
    """The ledger lines of one run (a batch, or a delivery) of one feed."""

    def __init__(self, feed: str, opened: int | None = None, released: int = 0) -> None:
        self.feed = feed
        # How many records its messages held: counted at the door, apart from the ledger. None: not known.
        self.opened = opened
        self.released = released
        self.hops: dict[Hop, Buckets] = {}

    def count(self, hop: Hop, bucket: str) -> int:
        return self.hops.get(hop, {}).get(bucket, 0)

    def difference(self, hop: Hop) -> int:
        return EQUATIONS[hop].difference(self.hops[hop])

    def difference_between(self, hop: Hop) -> int:
        """What was handed on to this hop less what it took up."""
        if hop is Hop.TRANSLATED and self.opened is not None:
            took = self.count(hop, "opened_records") + self.count(hop, "released")
            return self.opened + self.released - took
        if hop in HANDED_ON:
            before, bucket = HANDED_ON[hop]
            return self.count(before, bucket) - self.count(hop, bucket)
        return 0

    @property
    def faults(self) -> tuple[int, int]:
        """How many records are lost and how many doubled, over all hops."""
        off = [self.difference(hop) for hop in self.hops]
        off += [self.difference_between(hop) for hop in self.hops]
        return _above(off), _below(off)


def runs_of(
    lines: Iterable[Mapping[str, Any]], opened: Mapping[str, int], released: Mapping[str, int]
) -> dict[str, RunLines]:
    """Ledger lines by run. `opened` has no entry for a delivery, nor for what retention has removed."""
    runs: dict[str, RunLines] = {}
    for line in lines:
        run_id, hop = line["run_id"], Hop(line["hop"])
        if run_id not in runs:
            runs[run_id] = RunLines(line["feed"], opened.get(run_id), released.get(run_id, 0))
        run = runs[run_id]
        run.hops.setdefault(hop, {})[line["bucket"]] = line["records"]
    return runs


def summed(runs: Iterable[RunLines]) -> tuple[LedgerLine, ...]:
    """One line for each feed and hop, in the order of the way."""
    together: dict[tuple[str, Hop], list[RunLines]] = defaultdict(list)
    for run in runs:
        for hop in run.hops:
            together[(run.feed, hop)].append(run)
    order = list(Hop)
    in_order = sorted(together.items(), key=lambda one: (one[0][0], order.index(one[0][1])))
    return tuple(_line(feed, hop, of_hop) for (feed, hop), of_hop in in_order)


def _line(feed: str, hop: Hop, runs: list[RunLines]) -> LedgerLine:
    equation = EQUATIONS[hop]
    within = [run.difference(hop) for run in runs]
    between = [run.difference_between(hop) for run in runs]
    return LedgerLine(
        feed=feed,
        hop=hop.value,
        ins={name: sum(run.count(hop, name) for run in runs) for name in equation.ins},
        outs={name: sum(run.count(hop, name) for run in runs) for name in equation.outs},
        runs=len(runs),
        lost=_above(within),
        doubled=_below(within),
        lost_between=_above(between),
        doubled_between=_below(between),
    )


def _above(differences: Iterable[int]) -> int:
    return sum(one for one in differences if one > 0)


def _below(differences: Iterable[int]) -> int:
    return -sum(one for one in differences if one < 0)
