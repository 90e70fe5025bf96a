"""The case system's views as they are read: one moment, every row, the latest return last."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.contract import InboundMessage, Since
from connectors.errors import PartnerUnavailableError
from connectors.yjs import connector
from connectors.yjs.settings import YjsSettings
from connectors.yjs.views import ASSESSMENTS, CONCERNS, ORDERS, PROGRESS, REFERRALS
from hub.exchange import versions
from hub.landing.keyring import Keyring
from simulators import yjs_views
from simulators.yjs_worklist import case_database
from tests.servers.postgres import Postgres
from tests.world import case_row

TODAY = date(2026, 11, 23)
NEVER = Since(None, frozenset())
VIEWS = {view.feed: view for view in (PROGRESS, REFERRALS, ASSESSMENTS, ORDERS)}
MANY = 3000

Database = Callable[[], str]


@pytest.fixture
def case_system(new_database: Database) -> str:
    """The case system's database, with its views, on SQLite or PostgreSQL."""
    return made(new_database())


def made(url: str) -> str:
    with case_database(url) as engine:
        yjs_views.create_views(engine)
    return url


def say(url: str, feed: str, *rows: dict[str, Any]) -> None:
    with case_database(url) as engine, engine.begin() as connection:
        yjs_views.clear(connection, feed)
        yjs_views.say(connection, feed, rows)


def ask(url: str, *statements: str) -> None:
    with case_database(url) as engine, engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def pulled(url: str, feed: str) -> Iterator[InboundMessage]:
    """Each message while its transaction is open."""
    with connector.connect(YjsSettings(database_url=url)) as client:
        yield from connector.pull_feed(feed).pull(client, NEVER)


def opened(url: str, feed: str) -> pl.DataFrame:
    (body,) = [b"".join(message.body) for message in pulled(url, feed)]
    frames = list(connector.pull_feed(feed).open(io.BytesIO(body)))
    return pl.concat(frames).with_columns(message=pl.lit(0, dtype=pl.Int64))


def translated(rows: pl.DataFrame, feed: str) -> pl.DataFrame:
    found = connector.pull_feed(feed)
    both = [found.record.frame(rows, TODAY), found.child.frame(rows, TODAY)]
    return pl.concat([rows.select("message", "row", "part"), *both], how="horizontal")


@pytest.mark.parametrize("feed", VIEWS)
def test_what_is_declared_is_what_comes_in_every_agreed_column(case_system: str, feed: str) -> None:
    say(case_system, feed, *(case_row(feed, number) for number in range(7)))
    (declared,) = [message.declared_rows for message in pulled(case_system, feed)]
    rows = opened(case_system, feed)

    assert rows.height == declared == 7 * VIEWS[feed].records_in_a_row
    assert rows["problem"].null_count() == rows.height
    found = connector.pull_feed(feed)
    assert found.takes <= set(rows.columns)
    assert set(rows.columns) - {"message", "row", "part", "problem"} <= found.takes | found.ignores


def test_an_assessment_says_of_each_help_whether_a_need_was_found(case_system: str) -> None:
    say(case_system, "assessments", case_row("assessments", gangAssociation="YES", countyLinesActivity="NO"))
    rows = translated(opened(case_system, "assessments"), "assessments")

    assert dict(rows.select("help", "need_found").iter_rows()) == dict.fromkeys(CONCERNS) | {
        "mental_health": True,
        "substance_misuse": False,
        "exploitation": True,
    }
    assert rows["reference"].to_list() == [f"AP-1/{each}" for each in CONCERNS]


def test_a_case_without_its_own_id_is_not_known_by_half_its_key(case_system: str) -> None:
    """Once the id is filled in, it would be another record."""
    say(case_system, "progress", case_row("progress", 1, caseID=None), case_row("progress", 2))
    rows = translated(opened(case_system, "progress"), "progress")

    assert sorted(rows["reference"].to_list(), key=str) == ["NMYJS-2/NMP-R-0000002", None]


def test_rows_that_change_while_they_are_read_are_read_as_they_stood(case_system: str) -> None:
    say(case_system, "orders", *(case_row("orders", number, cmsdisposalType="YC") for number in range(MANY)))
    (message,) = pulled_with_a_change(
        case_system,
        "UPDATE yp_programme SET \"cmsdisposalType\" = 'RO'",
        "DELETE FROM yp_programme WHERE \"interventionProgrammeID\" < 'IP-2'",
    )
    rows = pl.concat(connector.pull_feed("orders").open(io.BytesIO(message)))

    assert rows.height == MANY
    assert rows["cmsdisposalType"].unique().to_list() == ["YC"]
    assert set(opened(case_system, "orders")["cmsdisposalType"]) == {"RO"}


def pulled_with_a_change(url: str, *statements: str) -> Iterator[bytes]:
    """A message, and somebody who writes and commits once its first rows have come."""
    for message in pulled(url, "orders"):
        pieces = iter(message.body)
        first = [next(pieces), next(pieces)]
        ask(url, *statements)
        yield b"".join([*first, *pieces])


def test_a_row_that_was_written_since_the_count_is_left_for_the_next_night(case_system: str) -> None:
    say(case_system, "orders", case_row("orders", 1))
    for message in pulled(case_system, "orders"):
        ask(case_system, "DELETE FROM yp_programme")
        lines = b"".join(message.body).splitlines()
    assert len(lines) == 1 + 1
    assert opened(case_system, "orders").is_empty()


@pytest.fixture
def on_postgresql(postgres: Postgres) -> str:
    return made(postgres.new_database())


@pytest.mark.server
def test_nothing_can_be_written_while_it_is_read(on_postgresql: str) -> None:
    # On SQLite no view can write.
    ask(
        on_postgresql,
        "CREATE FUNCTION counted() RETURNS text LANGUAGE sql AS "
        "$$ INSERT INTO yp_deleted VALUES ('YP-9') RETURNING ypid $$",
        "CREATE OR REPLACE VIEW hub_deleted_children AS SELECT counted() AS ypid",
    )
    (message,) = pulled(on_postgresql, "orders")
    assert message.problem is not None
    assert message.problem.code == "YJS-R02"


@pytest.mark.server
def test_a_line_that_drops_in_the_middle_is_no_end(on_postgresql: str) -> None:
    say(on_postgresql, "orders", *(case_row("orders", number) for number in range(MANY)))
    ours = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND xact_start "
    )
    with pytest.raises(PartnerUnavailableError, match="does not answer"):
        list(pulled_with_a_change(on_postgresql, f"{ours} IS NOT NULL AND datname = current_database()"))


LOST = {
    "no view": ("hub_orders", "YJS-R01", ("DROP VIEW hub_orders",)),
    "no column": (
        "hub_orders",
        "YJS-R01",
        (
            "DROP VIEW hub_orders",
            'CREATE VIEW hub_orders AS SELECT ypid, "interventionProgrammeID" FROM yp_programme',
        ),
    ),
    "no list of the deleted": ("hub_orders", "YJS-R02", ("DROP VIEW hub_deleted_children",)),
    "a list of something else": (
        "hub_orders",
        "YJS-R02",
        (
            "DROP VIEW hub_deleted_children",
            "CREATE VIEW hub_deleted_children AS SELECT ypid AS child FROM yp_deleted",
        ),
    ),
}


@pytest.mark.parametrize("lost", LOST)
def test_what_is_lost_is_told_and_nothing_is_read(case_system: str, lost: str) -> None:
    name, code, statements = LOST[lost]
    ask(case_system, *statements)
    (message,) = pulled(case_system, "orders")

    assert message.problem is not None
    assert (message.name, message.problem.code, tuple(message.body)) == (name, code, ())


def test_a_view_over_a_table_that_lost_its_column_is_lost_too(tmp_path: Path) -> None:
    url = made(f"sqlite:///{tmp_path / 'case_system.db'}")
    ask(
        url,
        "DROP VIEW hub_orders",
        "CREATE VIEW hub_orders AS SELECT ypid, their_column FROM yp_programme",
    )
    (message,) = pulled(url, "orders")
    assert message.problem is not None
    assert message.problem.code == "YJS-R01"


def test_a_night_without_rows_is_a_message_too(case_system: str) -> None:
    (message,) = pulled(case_system, "referrals")
    assert message.declared_rows == 0
    assert opened(case_system, "referrals").is_empty()


def test_the_same_rows_are_another_content_each_time(case_system: str) -> None:
    say(case_system, "orders", case_row("orders"))
    once, again = (b"".join(m.body) for _ in range(2) for m in pulled(case_system, "orders"))
    assert once != again


def test_1900_01_01_is_open_and_no_fault(case_system: str) -> None:
    nothing = date(1900, 1, 1)
    say(case_system, "orders", case_row("orders", endDate=nothing, startDate=None))
    say(case_system, "progress", case_row("progress", endedOn=nothing, startedOn=nothing, declinedOn=nothing))
    for feed in ("orders", "progress"):
        rows, found = opened(case_system, feed), connector.pull_feed(feed)
        record = found.record.frame(rows, TODAY)
        assert found.record.findings(rows, record) == ()
    assert record["state"].to_list() == ["accepted"]


@pytest.mark.parametrize(
    ("said", "state", "on"),
    [
        ({}, "accepted", date(2026, 11, 20)),
        ({"startedOn": date(2026, 11, 21)}, "started", date(2026, 11, 21)),
        (
            {"startedOn": date(2026, 11, 1), "endedOn": date(2026, 11, 22), "completed": "YES"},
            "completed",
            date(2026, 11, 22),
        ),
        (
            {"startedOn": date(2026, 11, 1), "endedOn": date(2026, 11, 22), "completed": "NO"},
            "ended_early",
            date(2026, 11, 22),
        ),
        # Nobody has said that the child failed.
        (
            {"startedOn": date(2026, 11, 1), "endedOn": date(2026, 11, 22)},
            "started",
            date(2026, 11, 1),
        ),
        ({"declinedReason": "lives elsewhere"}, "declined", None),
    ],
)
def test_the_dates_say_how_far_it_has_come(
    tmp_path: Path, said: dict[str, Any], state: str, on: date | None
) -> None:
    url = made(f"sqlite:///{tmp_path / 'case_system.db'}")
    say(url, "progress", case_row("progress", **said))
    (row,) = translated(opened(url, "progress"), "progress").to_dicts()
    assert (row["state"], row["state_on"]) == (state, on)


RETURNS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 1),
        st.none() | st.integers(0, 2),
        st.sampled_from(("YC", "RO", "YRO")),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one[:3],
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(returns=RETURNS, order=st.randoms(use_true_random=False))
def test_the_latest_return_wins_in_whatever_order_the_rows_lie(
    tmp_path: Path, returns: list[tuple[int, int, int | None, str]], order: Any
) -> None:
    url = made(f"sqlite:///{tmp_path / 'case_system.db'}")
    rows = [
        case_row(
            "orders",
            source_return_id=f"R{start}{end}{signed}",
            return_start_date=date(2026, 7, 1) + timedelta(days=92 * start),
            return_end_date=date(2026, 9, 30) + timedelta(days=92 * start + end),
            signoff_date=None if signed is None else date(2026, 10, 20) + timedelta(days=signed),
            cmsdisposalType=word,
        )
        for start, end, signed, word in returns
    ]
    order.shuffle(rows)
    say(url, "orders", *rows)

    record = translated(opened(url, "orders"), "orders")
    newest = record.filter(_standing(record, tmp_path) == "newest")
    latest = max(returns, key=lambda one: (one[0], one[1], -1 if one[2] is None else one[2]))
    assert newest["disposal_as_sent"].to_list() == [latest[3]]


def _standing(record: pl.DataFrame, home: Path) -> pl.Series:
    hasher = Keyring.load(home / "keys.json").hasher("version")
    kind = connector.pull_feed("orders").record.kind
    content = versions.content_hashes(record, kind, "yjs/orders", hasher)
    return versions.standings(
        record.select("message", "row", "part", "reference").with_columns(
            version_hash=versions.version_hashes(record, content, hasher),
            ordered_at=pl.lit(0),
        )
    )
