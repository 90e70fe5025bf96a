"""All that the page of a night is made from, read within one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hub.hub import Hub
from hub.report.lines import RunLines, runs_of
from hub.store import batches, books, breakers, deliveries, past_nights, reporting
from hub.store.batches import BatchRow
from hub.store.breakers import Standing
from hub.store.deliveries import DeliveryRow
from hub.store.reporting import STUCK, Rows

SHOWN_GAPS = 20
SHOWN_PER_REASON = 50
# A partner's own words of refusal may be as many as the refusals.
SHOWN_REASONS = 200
# All of them, as far as a person can read: those who are not shown are still counted.
SHOWN_AT_RISK = 1000
NIGHTS_SHOWN = 14


@dataclass(frozen=True)
class NightRead:
    night: date
    batches: list[BatchRow]
    unfinished: list[BatchRow]
    deliveries: list[DeliveryRow]
    runs: Mapping[str, tuple[str, RunLines]]
    parked: Rows
    findings: Rows
    gaps: Rows
    held_reasons: Rows
    held_records: Rows
    held_at_risk: Rows
    undelivered: Rows
    undelivered_counts: Mapping[str, int]
    doubtful: Rows
    doubtful_counts: Mapping[str, int]
    stuck_reasons: Rows
    stuck_records: Rows
    # How many messages to a partner stand in a state: those of tonight's deliveries, and all.
    tonight: Mapping[tuple[str, str], int]
    outbox: Mapping[tuple[str, str], int]
    names: Mapping[tuple[str, int], str]
    # The books of the last nights, this one the last of them.
    past: Rows
    breakers: list[Standing]

    @classmethod
    def of(cls, hub: Hub, night: date) -> NightRead:
        with hub.store.reading() as connection:
            delivered = deliveries.of_night(connection, night)
            delivery_ids = [one.delivery_id for one in delivered]
            undelivered, undelivered_counts = reporting.undelivered_at_risk(connection, limit=SHOWN_AT_RISK)
            doubtful, doubtful_counts = reporting.doubtful(connection, night, limit=SHOWN_AT_RISK)
            held = reporting.held_records(connection, night, per_reason=SHOWN_PER_REASON)
            at_risk = reporting.held_at_risk(connection, night, limit=SHOWN_AT_RISK)
            gaps = reporting.gaps(connection, night, shown=SHOWN_GAPS)
            return cls(
                night=night,
                batches=batches.of_night(connection, night),
                unfinished=reporting.unfinished(connection, night),
                deliveries=delivered,
                runs=_runs(
                    books.lines_of(connection, night),
                    reporting.opened_rows(connection, night),
                    reporting.released_rows(connection, night),
                ),
                parked=reporting.parked(connection, night),
                findings=books.findings_of(connection, night),
                gaps=gaps,
                held_reasons=reporting.held_reasons(connection, night),
                held_records=held,
                held_at_risk=at_risk,
                undelivered=undelivered,
                undelivered_counts=undelivered_counts,
                doubtful=doubtful,
                doubtful_counts=doubtful_counts,
                stuck_reasons=reporting.stuck_reasons(connection, delivery_ids, limit=SHOWN_REASONS),
                stuck_records=reporting.stuck_records(connection, per_reason=SHOWN_PER_REASON),
                tonight=reporting.standing_now(connection, of_deliveries=delivery_ids),
                outbox=reporting.standing_now(connection),
                names=reporting.message_names(connection, _places([*held, *at_risk], doubtful, gaps)),
                past=past_nights.sums(connection, first_shown(night), night),
                breakers=breakers.standings(connection),
            )

    @property
    def partners(self) -> set[str]:
        """Whom the books of tonight know, and whose rows still wait."""
        known = {one.partner for one in (*self.batches, *self.unfinished)}
        known |= {one.partner for one in self.deliveries}
        known |= {row["partner"] for row in (*self.held_reasons, *self.gaps, *self.doubtful)}
        known |= set(self.undelivered_counts)
        return known | {partner for partner, state in self.outbox if state in STUCK}

    def runs_of(self, partner: str) -> dict[str, RunLines]:
        return {run_id: run for run_id, (whose, run) in self.runs.items() if whose == partner}

    def batches_of(self, partner: str) -> list[BatchRow]:
        return [one for one in self.batches if one.partner == partner]

    def unfinished_of(self, partner: str) -> list[BatchRow]:
        return [one for one in self.unfinished if one.partner == partner]

    def deliveries_of(self, partner: str) -> list[DeliveryRow]:
        """Oldest first."""
        return [one for one in self.deliveries if one.partner == partner]

    def parked_count(self, partner: str) -> int:
        """A message with a name is one, however often it was tried tonight."""
        of_partner = (row for row in self.parked if row["partner"] == partner)
        return sum(1 if row["name"] else row["times"] for row in of_partner)

    def held_count(self, partner: str, column: str) -> int:
        return sum(int(row[column]) for row in self.held_reasons if row["partner"] == partner)

    def stuck_count(self, partner: str) -> int:
        return sum(self.outbox.get((partner, state), 0) for state in STUCK)

    def states_tonight(self, partner: str) -> Counter[str]:
        return Counter({state: n for (to, state), n in self.tonight.items() if to == partner})

    def states_of_all(self, partner: str) -> Counter[str]:
        return Counter({state: n for (to, state), n in self.outbox.items() if to == partner})


def first_shown(night: date) -> date:
    return night - timedelta(days=NIGHTS_SHOWN - 1)


def _runs(
    lines: Rows, opened: Mapping[str, int], released: Mapping[str, int]
) -> dict[str, tuple[str, RunLines]]:
    owners = {line["run_id"]: line["partner"] for line in lines}
    return {run_id: (owners[run_id], run) for run_id, run in runs_of(lines, opened, released).items()}


def _places(held: Rows, doubtful: Rows, gaps: Rows) -> set[tuple[str, int]]:
    """The messages that the shown records came in."""
    places = {(row["batch_id"], row["message"]) for row in held}
    places |= {(row["run_id"], row["message"]) for row in doubtful}
    return places | {place[:2] for row in gaps if (place := gap_place(row["record"]))}


def gap_place(record: str) -> tuple[str, int, int, int] | None:
    """Batch, message, row and part of a record in the ledger; none where it is a message on its way out."""
    batch_id, *numbers = record.rsplit(":", 3)
    if len(numbers) != 3 or not all(number.isdigit() for number in numbers):
        return None
    message, row, part = (int(number) for number in numbers)
    return batch_id, message, row, part
