"""A partner's night in numbers: what came, by where it went; what was due, by where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from hub.report.lines import RunLines
from hub.report.read import NightRead
from hub.store.batches import PULLED, RECORDED, BatchRow
from hub.store.outbox import HELD, OVERTAKEN, QUEUED, UNSURE
from hub.store.reporting import NOT_SHARED, REFUSED
from quality.reports.partner_night import Came, Sent
from schemas.clocks import TransportState
from schemas.hops import Hop

UNANSWERED = (TransportState.SENT.value, TransportState.RECEIVED.value)
ACCEPTED = TransportState.ACCEPTED.value
# Our words for it, and in which bucket of which hop it is counted.
INTO = {
    "recorded": (
        (Hop.RECORDED, "new"),
        (Hop.RECORDED, "changed"),
        (Hop.RECORDED, "deleted"),
    ),
    "duplicate": ((Hop.RECORDED, "unchanged"),),
    "older": ((Hop.RECORDED, "superseded"),),
    "for_review": ((Hop.MATCHED, "for_review"),),
    "held": ((Hop.TRANSLATED, "held"),),
    "discarded": ((Hop.TRANSLATED, "discarded"),),
    "out_of_scope": ((Hop.TRANSLATED, "out_of_scope"),),
}


def came(read: NightRead, partner: str, runs: dict[str, RunLines], zone: ZoneInfo) -> Came:
    batches = read.batches_of(partner)
    counted: Counter[str] = Counter()
    for batch in batches:
        counted.update(_of_batch(batch, runs.get(batch.batch_id, RunLines(batch.feed))))
    pulled = (batch.landed_at for batch in batches if batch.source == PULLED)
    return Came(at=_local(pulled, zone), parked=read.parked_count(partner), **counted)


def _of_batch(batch: BatchRow, run: RunLines) -> dict[str, int]:
    received = run.opened if run.opened is not None else run.count(Hop.TRANSLATED, "opened_records")
    into = {name: sum(run.count(*bucket) for bucket in buckets) for name, buckets in INTO.items()}
    lost, doubled = run.faults
    left = received + run.released - sum(into.values()) - lost + doubled
    if batch.state == RECORDED:
        # It reached its end, so what is in none of the buckets is gone, whatever the lines say.
        lost, doubled, left = lost + max(left, 0), doubled + max(-left, 0), 0
    return {
        "messages": run.count(Hop.RECEIVED, "received"),
        "repeated": run.count(Hop.RECEIVED, "duplicate"),
        "received": received,
        "released": run.released,
        **into,
        "on_the_way": max(left, 0),
        "lost": lost,
        "doubled": doubled,
    }


def sent(read: NightRead, partner: str, runs: dict[str, RunLines], zone: ZoneInfo) -> Sent:
    """Messages are counted where they stand now, so one that two runs of a night took up counts once."""
    tonight, every = read.states_tonight(partner), read.states_of_all(partner)
    earlier = every - tonight
    faults = [run.faults for run in runs.values() if Hop.OUTGOING in run.hops]
    return Sent(
        at=_local((one.started_at for one in read.deliveries_of(partner)), zone),
        due=tonight.total(),
        accepted=tonight[ACCEPTED],
        unanswered=sum(tonight[state] for state in UNANSWERED),
        refused=tonight[REFUSED],
        unsure=tonight[UNSURE],
        waiting=tonight[QUEUED],
        held=tonight[HELD],
        replaced=tonight[OVERTAKEN],
        not_shared=tonight[NOT_SHARED],
        lost=sum(lost for lost, _ in faults),
        doubled=sum(doubled for _, doubled in faults),
        earlier_unanswered=sum(earlier[state] for state in UNANSWERED),
        earlier_refused=earlier[REFUSED],
        earlier_held=earlier[HELD],
        earlier_not_shared=earlier[NOT_SHARED],
    )


def _local(times: Iterable[datetime], zone: ZoneInfo) -> tuple[datetime, ...]:
    """To the minute: the feeds of one run are one time for whoever reads it."""
    minutes = (when.astimezone(zone).replace(second=0, microsecond=0) for when in times)
    return tuple(dict.fromkeys(minutes))
