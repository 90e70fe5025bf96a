"""Set-based merge of a staged batch into the record, with history. One transaction, nine statements.

The order matters: what a statement decides, the next ones read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from hub.store import held as held_rows
from hub.store.record_tables import HISTORIES, RECORD_COLUMNS
from hub.store.staging import Staged
from hub.store.tables import (
    child,
    held_row,
    identity_key,
    inbox,
    vault,
    vault_history,
)

NEW, CHANGED, UNCHANGED, SUPERSEDED, DELETED = "new", "changed", "unchanged", "superseded", "deleted"
# The buckets whose rows go into the record; the others have nothing to say that is not there.
MERGED = (NEW, CHANGED, DELETED)


@dataclass(frozen=True)
class Merge:
    staged: Staged
    batch_id: str
    now: datetime

    def run(self, connection: sa.Connection) -> None:
        self._join_children_known_by_now(connection)
        self._decide(connection)
        self._keep_history(connection)
        self._add_children(connection)
        self._write_records(connection)
        self._write_vault(connection)
        self._remember_arrivals(connection)
        self._remember_keys(connection)
        self._close_held_rows(connection)

    def _join_children_known_by_now(self, connection: sa.Connection) -> None:
        """Since ours was matched, another partner's batch may have brought the same new child: join it.

        A child who was on file already stays; one whom two have come to claim is joined to neither.
        """
        ours, keys = self.staged.records, self.staged.keys
        same = (keys.c.identifier == identity_key.c.identifier) & (
            keys.c.with_birth_date == identity_key.c.with_birth_date
        )
        overtaken = (
            sa.select(keys.c.child_id, sa.func.min(identity_key.c.child_id).label("known"))
            .join(identity_key, same)
            .where(keys.c.is_new_child)
            .group_by(keys.c.child_id)
            .having(sa.func.count(identity_key.c.child_id.distinct()) == 1)
        )
        for found in connection.execute(overtaken).all():
            for table in (ours, keys):
                connection.execute(
                    table.update().where(table.c.child_id == found.child_id).values(child_id=found.known)
                )

    def _decide(self, connection: sa.Connection) -> None:
        """Put each record into exactly one bucket, by what we already hold of it."""
        ours, held = self.staged.records, self.staged.target
        came_before = (
            sa.exists()
            .where(inbox.c.partner == self.staged.partner, inbox.c.feed == self.staged.feed)
            .where(inbox.c.reference == ours.c.reference, inbox.c.version_hash == ours.c.version_hash)
            # Said outright: two levels down, SQLAlchemy would look at any staged row instead of this one.
            .correlate(ours)
        )
        # Where no time is stated, what comes later is newer, and a return to what was said before is news.
        no_newer = held.c.ordered_at >= ours.c.ordered_at
        against_held = (
            sa.select(
                sa.case(
                    (held.c.content_hash == ours.c.content_hash, UNCHANGED),
                    (came_before & no_newer, SUPERSEDED),
                    (held.c.ordered_at > ours.c.ordered_at, SUPERSEDED),
                    (ours.c.is_deleted, DELETED),
                    else_=CHANGED,
                )
            )
            .where(held.c.partner == self.staged.partner, held.c.feed == self.staged.feed)
            .where(held.c.reference == ours.c.reference)
            .scalar_subquery()
        )
        first_seen = sa.case((ours.c.is_deleted, DELETED), else_=NEW)
        bucket = sa.case(
            (ours.c.standing == "repeat", UNCHANGED),
            (ours.c.standing == "older", SUPERSEDED),
            else_=sa.func.coalesce(against_held, first_seen),
        )
        connection.execute(ours.update().values(bucket=bucket))

    def _keep_history(self, connection: sa.Connection) -> None:
        ours, held, history = self.staged.records, self.staged.target, HISTORIES[self.staged.kind]
        for current, past in ((held, history), (vault, vault_history)):
            replaced = (
                sa.select(*(current.c[column.name] for column in past.columns))
                .join(ours, ours.c.reference == current.c.reference)
                .where(current.c.partner == self.staged.partner, current.c.feed == self.staged.feed)
                .where(ours.c.bucket.in_((CHANGED, DELETED)))
            )
            connection.execute(past.insert().from_select([column.name for column in past.columns], replaced))

    def _add_children(self, connection: sa.Connection) -> None:
        ours = self.staged.records
        since = sa.literal(self.now, child.c.known_since.type)
        # A child with several records is offered several times; sorting them out first would cost more.
        came = sa.select(ours.c.child_id, sa.literal(self.staged.partner), since).where(
            ours.c.is_new_child, ours.c.bucket.in_(MERGED)
        )
        self._insert(connection, child, ("child_id", "from_partner", "known_since"), came)

    def _write_records(self, connection: sa.Connection) -> None:
        ours, held = self.staged.records, self.staged.target
        stamped = {
            "partner": sa.literal(self.staged.partner),
            "feed": sa.literal(self.staged.feed),
            "reference": ours.c.reference,
            "version_no": sa.literal(1),
            "batch_id": sa.literal(self.batch_id),
            "recorded_at": sa.literal(self.now, held.c.recorded_at.type),
        }
        names = ("partner", "feed", "reference", *RECORD_COLUMNS, *self.staged.plain)
        came = (
            sa.select(*(stamped[name] if name in stamped else ours.c[name] for name in names))
            .where(ours.c.bucket.in_(MERGED))
            .order_by(ours.c.reference)
        )
        self._upsert(connection, held, names, came, version_no=held.c.version_no + 1)
        # An unchanged record that was sent again is as new as its last sending:
        # what is older than that must not overwrite it later.
        newer = sa.select(sa.func.max(ours.c.ordered_at)).where(
            ours.c.reference == held.c.reference, ours.c.bucket == UNCHANGED
        )
        connection.execute(
            held.update()
            .where(held.c.partner == self.staged.partner, held.c.feed == self.staged.feed)
            .where(held.c.reference.in_(sa.select(ours.c.reference).where(ours.c.bucket == UNCHANGED)))
            .where(held.c.ordered_at < newer.scalar_subquery())
            .values(ordered_at=newer.scalar_subquery())
        )

    def _write_vault(self, connection: sa.Connection) -> None:
        ours = self.staged.records
        names = ("partner", "feed", "reference", "version_no", "key_id", "sealed")
        came = (
            sa.select(
                sa.literal(self.staged.partner),
                sa.literal(self.staged.feed),
                ours.c.reference,
                sa.literal(1),
                ours.c.key_id,
                ours.c.sealed,
            )
            .where(ours.c.bucket.in_(MERGED))
            .order_by(ours.c.reference)
        )
        self._upsert(connection, vault, names, came, version_no=vault.c.version_no + 1)

    def _remember_arrivals(self, connection: sa.Connection) -> None:
        ours = self.staged.records
        names = ("partner", "feed", "reference", "version_hash", "batch_id", "message", "row", "part")
        came = (
            sa.select(
                sa.literal(self.staged.partner),
                sa.literal(self.staged.feed),
                ours.c.reference,
                ours.c.version_hash,
                sa.literal(self.batch_id),
                ours.c.message,
                ours.c.row,
                ours.c.part,
            )
            .where(ours.c.standing != "repeat")
            .order_by(ours.c.reference)
        )
        self._insert(connection, inbox, names, came)

    def _remember_keys(self, connection: sa.Connection) -> None:
        ours, keys = self.staged.records, self.staged.keys
        came = (
            sa.select(keys.c.identifier, keys.c.with_birth_date, sa.func.min(keys.c.child_id))
            .where(keys.c.reference.in_(sa.select(ours.c.reference).where(ours.c.bucket.in_(MERGED))))
            .group_by(keys.c.identifier, keys.c.with_birth_date)
            .order_by(keys.c.identifier, keys.c.with_birth_date)
        )
        self._insert(connection, identity_key, ("identifier", "with_birth_date", "child_id"), came)

    def _close_held_rows(self, connection: sa.Connection) -> None:
        """Only data can fix a held row: a sound version of the same record has come."""
        ours = self.staged.records
        of_another_batch = (
            (held_row.c.partner == self.staged.partner)
            & (held_row.c.feed == self.staged.feed)
            & (held_row.c.batch_id != self.batch_id)
        )
        came = sa.select(ours.c.reference).where(ours.c.bucket.in_(MERGED))
        held_rows.fix(connection, of_another_batch & held_row.c.reference.in_(came), now=self.now)

    def _insert(
        self, connection: sa.Connection, table: sa.Table, names: tuple[str, ...], came: sa.Select[Any]
    ) -> None:
        connection.execute(_insert(connection, table).from_select(names, came).on_conflict_do_nothing())

    def _upsert(
        self,
        connection: sa.Connection,
        table: sa.Table,
        names: tuple[str, ...],
        came: sa.Select[Any],
        **instead: Any,
    ) -> None:
        statement = _insert(connection, table).from_select(names, came)
        keys = [column.name for column in table.primary_key.columns]
        values = {name: statement.excluded[name] for name in names if name not in keys} | instead
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))


def _insert(connection: sa.Connection, table: sa.Table) -> Any:
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)
