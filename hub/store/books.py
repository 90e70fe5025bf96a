"""What a hop leaves behind for people: its ledger lines, gaps and findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import sqlalchemy as sa

from hub.store import bulk
from hub.store.engine import by_name
from hub.store.tables import finding, ledger_gap, ledger_line
from schemas.hops import PLACE, Finding, Hop


@dataclass(frozen=True)
class Page:
    """Where in the books a hop writes: `run_id` is a batch on the way in, a delivery on the way out."""

    run_id: str
    partner: str
    feed: str
    night: date

    @property
    def stamp(self) -> dict[str, Any]:
        return {"run_id": self.run_id, "partner": self.partner, "feed": self.feed, "night": self.night}


def write_lines(connection: sa.Connection, page: Page, hop: Hop, buckets: Mapping[str, int]) -> None:
    """Written anew each time: a hop that is run again has one set of lines."""
    connection.execute(
        ledger_line.delete().where(ledger_line.c.run_id == page.run_id, ledger_line.c.hop == hop.value)
    )
    rows = [page.stamp | {"hop": hop.value, "bucket": name, "records": n} for name, n in buckets.items()]
    connection.execute(ledger_line.insert(), rows)


def write_gaps(connection: sa.Connection, page: Page, hop: Hop, gaps: Mapping[str, str]) -> None:
    """`gaps` names each record that is in no bucket, or in two, and which."""
    connection.execute(
        ledger_gap.delete().where(ledger_gap.c.run_id == page.run_id, ledger_gap.c.hop == hop.value)
    )
    if gaps:
        rows = [page.stamp | {"hop": hop.value, "record": key, "fault": fault} for key, fault in gaps.items()]
        connection.execute(ledger_gap.insert(), rows)


def write_findings(connection: sa.Connection, page: Page, hop: Hop, findings: Iterable[Finding]) -> None:
    connection.execute(finding.delete().where(finding.c.run_id == page.run_id, finding.c.hop == hop.value))
    bulk.load(connection, finding, (_rows(page, hop, one) for one in findings))


def _rows(page: Page, hop: Hop, one: Finding) -> pl.DataFrame:
    """A row for each record that broke the rule; a single one without a place where it is about the batch."""
    nowhere = pl.DataFrame({name: [None] for name in PLACE}, schema=dict.fromkeys(PLACE, pl.Int64))
    places = nowhere if one.places is None else one.places.select(PLACE)
    about = page.stamp | {
        "hop": hop.value,
        "rule": one.rule,
        "consequence": one.consequence.value,
        "field": one.field,
        "words": one.words,
    }
    return places.with_columns(pl.lit(value).alias(name) for name, value in about.items())


def lines_of(connection: sa.Connection, night: date) -> list[dict[str, Any]]:
    query = (
        sa.select(ledger_line)
        .where(ledger_line.c.night == night)
        .order_by(ledger_line.c.partner, ledger_line.c.feed, ledger_line.c.run_id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def gaps_of(connection: sa.Connection, night: date) -> list[dict[str, Any]]:
    query = (
        sa.select(ledger_gap)
        .where(ledger_gap.c.night == night)
        .order_by(ledger_gap.c.partner, ledger_gap.c.hop, ledger_gap.c.record)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def findings_of(connection: sa.Connection, night: date) -> list[dict[str, Any]]:
    """By partner, hop and rule, with how many records broke it; the worst first."""
    query = (
        sa.select(
            finding.c.partner,
            finding.c.feed,
            finding.c.hop,
            finding.c.rule,
            finding.c.consequence,
            finding.c.field,
            finding.c.words,
            sa.func.count().label("records"),
        )
        .where(finding.c.night == night)
        .group_by(
            finding.c.partner,
            finding.c.feed,
            finding.c.hop,
            finding.c.rule,
            finding.c.consequence,
            finding.c.field,
            finding.c.words,
        )
        .order_by(finding.c.partner, sa.desc("records"), finding.c.rule)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def lines_of_run(connection: sa.Connection, run_id: str, hop: Hop) -> dict[str, int]:
    query = sa.select(ledger_line.c.bucket, ledger_line.c.records).where(
        ledger_line.c.run_id == run_id, ledger_line.c.hop == hop.value
    )
    return by_name(connection.execute(query))
