"""Six wrong hubs. The harness is worth something only while it finds out each of them.

Each rewires the product in the process that is killed, and in the one that starts again after it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa

from connectors.contract import Answer, Connector, OutboundMessage, PushFeed, Receipt
from hub.exchange import deliver, record
from hub.exchange.land import Pull
from hub.store import batches, leases, merge, queueing, recording
from hub.store.engine import Store

Find = Callable[[str], Connector]


def _same(find: Find) -> Find:
    return find


@dataclass(frozen=True)
class Mutant:
    """`caught_by` is the checker that must find it, `hop` the one in which it does harm."""

    name: str
    hop: str
    caught_by: str
    rewired: Callable[[], AbstractContextManager[Any]]
    connector: Callable[[Find], Find] = _same


@contextmanager
def cursor_saved_first() -> Iterator[None]:
    """What was fetched is remembered in a transaction of its own, before its rows are registered."""
    register, real = batches.register, Pull._register

    def twice(pull: Pull) -> None:
        with pull.hub.store.transaction() as connection:
            own = {"batch_id": pull.opener.batch_id, "partner": pull.partner, "feed": pull.feed.name}
            for message in pull.messages:
                connection.execute(batches.message.insert().values(**vars(message), **own))
        real(pull)

    with (
        patch.object(Pull, "_register", twice),
        patch.object(batches, "register", lambda connection, row, messages: register(connection, row, ())),
    ):
        yield


@contextmanager
def outbox_in_a_second_transaction() -> Iterator[None]:
    """The record is committed, and only then is what must be sent queued."""
    real_merge, real_record = recording.merge, record._record
    later: list[tuple[Any, ...]] = []

    def merge_only(
        connection: Any, staged: Any, batch_id: str, now: Any, to: Iterable[Any]
    ) -> dict[str, int]:
        later.extend((staged, one, batch_id, now) for one in to)
        return real_merge(connection, staged, batch_id, now, ())

    def and_then(hub: Any, *about: Any) -> None:
        real_record(hub, *about)
        with hub.store.transaction() as connection:
            while later:
                queueing.queue(connection, *later.pop())

    with patch.object(recording, "merge", merge_only), patch.object(record, "_record", and_then):
        yield


@contextmanager
def no_transaction() -> Iterator[None]:
    """Every statement stands for itself."""

    @contextmanager
    def each_alone(store: Store) -> Iterator[sa.Connection]:
        with store.engine.connect() as connection:
            if store.is_sqlite:
                # It begins by itself, so the transaction is over before there is anything in it.
                connection.exec_driver_sql("COMMIT")
            else:
                connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection
            connection.commit()

    with patch.object(Store, "transaction", each_alone):
        yield


@contextmanager
def marked_before_sending() -> Iterator[None]:
    """The receipt is written down before there is one."""

    def too_soon(hub: Any, delivery: Any, going: Any, receipts: Iterable[Receipt]) -> None:
        now = hub.clock()
        said = [Receipt(one.key, Answer.RECEIVED, now) for one in going.messages]
        deliver._mark(hub, delivery, going, said)
        for _ in receipts:
            pass

    with patch.object(deliver, "_mark_each", too_soon):
        yield


def new_key_for_each_try(find: Find) -> Find:
    """A key made of the attempt, not of the content."""

    def rekeyed(feed: PushFeed) -> PushFeed:
        def push(client: Any, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
            true = {f"{one.key}:{secrets.token_hex(4)}": one for one in messages}
            for receipt in feed.push(client, [OutboundMessage(key, one.body) for key, one in true.items()]):
                yield replace(receipt, key=true[receipt.key].key)

        return replace(feed, push=push)

    def found(name: str) -> Connector:
        connector = find(name)
        return replace(connector, pushes=tuple(rekeyed(feed) for feed in connector.pushes))

    return found


@contextmanager
def no_fence() -> Iterator[None]:
    """Whoever began with a lease goes on, whoever took over meanwhile."""

    def nothing(*_: Any, **__: Any) -> None: ...

    with patch.object(leases, "hold", nothing), patch.object(leases, "check", nothing):
        yield


@contextmanager
def no_unique_inbox_key() -> Iterator[None]:
    """The inbox takes what it has; see `two_workers` for why only two can show it."""

    def plain(
        _merge: Any, connection: sa.Connection, table: sa.Table, names: tuple[str, ...], came: sa.Select[Any]
    ) -> None:
        if table.name == "inbox":
            connection.execute(table.insert().from_select(names, came))
        else:
            real(_merge, connection, table, names, came)

    real = merge.Merge._insert
    with patch.object(merge.Merge, "_insert", plain), two_workers():
        yield


@contextmanager
def two_workers() -> Iterator[None]:
    """No lease keeps them apart. Not a mutant of its own: what is left must hold without it."""

    def take(_connection: Any, partner: str, direction: str, **_: Any) -> leases.Lease:
        return leases.Lease(partner, direction, secrets.randbelow(10**9), 1)

    def resume(_connection: Any, partner: str, direction: str, number: int, **_: Any) -> leases.Lease:
        return leases.Lease(partner, direction, number, secrets.randbelow(10**9))

    def nothing(*_: Any, **__: Any) -> None: ...

    with (
        patch.object(leases, "take", take),
        patch.object(leases, "resume", resume),
        patch.object(leases, "hold", nothing),
        patch.object(leases, "check", nothing),
        patch.object(leases, "end", nothing),
    ):
        yield


KILLED = (
    Mutant("cursor saved first", "land", "lost", cursor_saved_first),
    Mutant("outbox in a second transaction", "record", "lost", outbox_in_a_second_transaction),
    Mutant("no transaction", "record", "lost", no_transaction),
    Mutant("marked before sending", "deliver", "lost", marked_before_sending),
    Mutant("new key for each try", "deliver", "double", nullcontext, new_key_for_each_try),
)
SEEN_BY_TWO = Mutant("no unique inbox key", "record", "double", no_unique_inbox_key)
WITHOUT_LEASES = Mutant("two workers", "record", "", two_workers)
WITHOUT_A_FENCE = Mutant("no fence", "", "", no_fence)
MUTANTS = {one.name: one for one in (*KILLED, SEEN_BY_TWO, WITHOUT_LEASES, WITHOUT_A_FENCE)}
