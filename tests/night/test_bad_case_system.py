"""The case system down, changed, busy or forgetful: nothing is lost, nothing goes under a second key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.contract import Answer, Connector, OutboundMessage, Receipt
from connectors.errors import ConnectorError, PartnerRefusedError, PartnerUnavailableError
from hub import registry
from simulators.yjs_worklist import case_database, create_worklist
from tests.traces import Traces
from tests.world import World, references, referral

REFERENCES = ["NMP-R-0000001", "NMP-R-0000002"]


@pytest.fixture
def ready(quiet_world: World) -> World:
    """Two referrals are due for the case workers."""
    quiet_world.police_send(referral(1, Surname="Undelivered"), referral(2))
    quiet_world.pull()
    return quiet_world


def ask(world: World, *statements: str) -> None:
    with case_database(world.case_system) as engine, engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def outgoing(world: World) -> dict[str, int]:
    """What became of tonight's last delivery."""
    return world.ledger("yjs")["outgoing"]


@pytest.mark.parametrize(
    ("address", "kind", "said"),
    [
        ("sqlite:////nowhere/at/all.db", PartnerUnavailableError, "does not answer"),
        ("postgresql+psycopg://hub@127.0.0.1:1/cases", PartnerUnavailableError, "does not answer"),
        ("no address", ConnectorError, "database_url"),
    ],
    ids=["no folder", "nobody listens", "no address"],
)
def test_down_tonight_all_is_sent_the_next_time(
    ready: World, monkeypatch: pytest.MonkeyPatch, address: str, kind: type[ConnectorError], said: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("HUB_YJS_DATABASE_URL", address)
        with pytest.raises(kind, match=said) as told:
            ready.push()
    assert re.search(r"What to do: .+\.$", str(told.value))
    assert "secret" not in str(told.value)
    assert outgoing(ready) == {"due": 2, "waiting": 2}

    ready.push()
    assert references(ready.worklist()) == REFERENCES
    assert ready.rows("SELECT DISTINCT state FROM outbox") == [{"state": "received"}]
    # What was laid ready and never handed over lies nowhere.
    assert {place for _, place in Traces.of(ready.hub).sealed("Undelivered") if "outgoing" in place} == set()


RENAME = "ALTER TABLE hub_worklist RENAME"


@pytest.mark.parametrize(
    ("changed", "put_right"),
    [
        (f"{RENAME} TO their_worklist", "ALTER TABLE their_worklist RENAME TO hub_worklist"),
        (f"{RENAME} COLUMN plea TO pleaded", f"{RENAME} COLUMN pleaded TO plea"),
        (f"{RENAME} COLUMN answer_reason TO why", f"{RENAME} COLUMN why TO answer_reason"),
        (
            "CREATE TRIGGER closed BEFORE INSERT ON hub_worklist BEGIN SELECT RAISE(ABORT, 'closed'); END",
            "DROP TRIGGER closed",
        ),
    ],
    ids=["no table", "a column of ours", "a column of theirs", "closed to us"],
)
def test_a_table_that_changed_is_refused_plainly(ready: World, changed: str, put_right: str) -> None:
    ask(ready, changed)
    with pytest.raises(PartnerRefusedError, match=r"^yjs: the .+ What to do: (ask|compare) .+\.$") as told:
        ready.push()
    assert not any(word in str(told.value) for word in ("Undelivered", "Ottoline", "2011", *REFERENCES))

    ask(ready, put_right)
    ready.push()
    assert references(ready.worklist()) == REFERENCES
    assert ready.rows("SELECT DISTINCT state FROM outbox") == [{"state": "received"}]


def test_a_busy_case_system_is_waited_for_and_then_left_until_the_next_run(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_YJS_DATABASE_URL", f"{ready.case_system}?timeout=0.1")
    with case_database(ready.case_system) as engine, engine.connect() as busy:
        busy.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(PartnerUnavailableError, match="or is locked"):
            ready.push()
        busy.rollback()
    ready.push()
    assert references(ready.worklist()) == REFERENCES


@pytest.mark.server
def test_a_locked_worklist_on_postgresql_is_not_waited_for_for_ever(
    ready: World, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    address = request.getfixturevalue("postgres").new_database()
    create_worklist(address)
    monkeypatch.setenv("HUB_YJS_DATABASE_URL", f"{address}?options=-c%20lock_timeout%3D100")
    ready.case_system = address
    with case_database(address) as engine, engine.begin() as busy:
        busy.exec_driver_sql("LOCK TABLE hub_worklist")
        with pytest.raises(PartnerUnavailableError, match="or is locked"):
            ready.push()
    ready.push()
    assert references(ready.worklist()) == REFERENCES


def test_an_answer_that_is_not_agreed_is_unknown_and_asked_for_again(ready: World) -> None:
    """Their table lets other words in than the agreed ones."""
    _loosened(ready)
    ready.push()
    ask(ready, "UPDATE hub_worklist SET answer = 'maybe' WHERE source_reference = 'NMP-R-0000001'")
    ready.push()
    states = ready.rows("SELECT reference, state, answer_reason FROM outbox ORDER BY reference")
    assert [row["state"] for row in states] == ["unknown", "received"]
    assert states[0]["answer_reason"] == "the worklist holds an answer that is not agreed"

    ask(ready, "UPDATE hub_worklist SET answer = 'accepted' WHERE source_reference = 'NMP-R-0000001'")
    ready.push()
    assert ready.rows("SELECT state FROM outbox ORDER BY reference")[0] == {"state": "accepted"}
    assert len(ready.worklist()) == 2, "sent again under the same key"


@pytest.mark.parametrize("answered_at", ["2026-11-23 05:00:00", "yesterday", ""])
def test_a_strange_time_of_an_answer_costs_no_other_answer(ready: World, answered_at: str) -> None:
    ready.push()
    ask(
        ready,
        f"UPDATE hub_worklist SET answer = 'accepted', answered_at = '{answered_at}' "  # noqa: S608
        "WHERE source_reference = 'NMP-R-0000001'",
        "UPDATE hub_worklist SET answer = 'accepted' WHERE source_reference = 'NMP-R-0000002'",
    )
    ready.push()
    assert ready.rows("SELECT DISTINCT state FROM outbox") == [{"state": "accepted"}]


def _loosened(world: World) -> None:
    """The same worklist without the case system's own check of the answer."""
    with case_database(world.case_system) as engine, engine.begin() as connection:
        found = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'hub_worklist'")
        made = re.sub(r",?\s*CHECK \(answer IN \([^)]*\)\)", "", str(found.scalar_one()))
        connection.exec_driver_sql("DROP TABLE hub_worklist")
        connection.exec_driver_sql(made)


# A partner that gives fewer receipts than it was given messages.


def forgetful(real: Connector, forgotten: Callable[[OutboundMessage], bool]) -> Connector:
    """Takes every message, and says so of some."""
    (feed,) = real.pushes

    def push(client: object, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
        given = list(messages)
        lost = {message.key for message in given if forgotten(message)}
        yield from (receipt for receipt in feed.push(client, given) if receipt.key not in lost)

    return replace(real, pushes=(replace(feed, push=push),))


def test_a_message_without_a_receipt_is_unknown_and_goes_again_under_its_key(ready: World) -> None:
    real, hub = registry.connector("yjs"), ready.hub
    first = forgetful(real, lambda message: message.body["source_reference"] == "NMP-R-0000001")
    ready.hub = replace(hub, connector=lambda name: first if name == "yjs" else registry.connector(name))
    ready.push()
    assert ready.rows("SELECT state FROM outbox ORDER BY reference") == [
        {"state": "unknown"},
        {"state": "received"},
    ]
    assert ready.ledger("yjs")["acknowledged"] == {"sent": 2, "received": 1, "unknown": 1}
    before = ready.worklist()

    ready.hub = hub
    ready.later(days=1)
    ready.push()
    assert outgoing(ready) == {"carried_over": 1, "sent": 1}
    assert ready.worklist() == before
    assert ready.rows("SELECT DISTINCT state FROM outbox") == [{"state": "received"}]


def test_a_receipt_for_what_was_never_sent_counts_for_nothing(ready: World) -> None:
    real = registry.connector("yjs")
    (feed,) = real.pushes

    def push(client: object, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
        yield Receipt("of somebody else", Answer.ACCEPTED, datetime.now(UTC))
        yield from feed.push(client, messages)

    strange = replace(real, pushes=(replace(feed, push=push),))
    ready.hub = replace(ready.hub, connector=lambda _: strange)
    ready.push()
    assert ready.ledger("yjs")["outgoing"] == {"due": 2, "sent": 2}
    assert ready.rows("SELECT count(*) AS receipts FROM receipt") == [{"receipts": 2}]
