"""What must be so after a kill, a restart and one more quiet night: four checkers, and the house in order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from hub.ledger.balance import EQUATIONS
from hub.store import audit
from schemas.hops import Hop
from tests.crash.scenarios import Scenario
from tests.world import World

CHECKERS = ("lost", "double", "order", "chain", "house")


def faults(world: World, scenario: Scenario) -> list[str]:
    """Each begins with the name of the checker that found it."""
    rows = world.worklist()
    found = {
        "lost": _lost(world, scenario, rows),
        "double": _double(world, rows),
        "order": _order(rows),
        "chain": _chain(world, rows),
        "house": _house(world),
    }
    return [f"{checker}: {fault}" for checker in CHECKERS for fault in found[checker]]


def _lost(world: World, scenario: Scenario, rows: list[dict[str, Any]]) -> Iterator[str]:
    """Accepted, less what stands at the partner, is held, or is out of scope: nothing."""
    arrived = {(row["source_reference"], row["referrer"]) for row in rows}
    for reference, _, which in sorted(scenario.arrives):
        if (reference, which) not in arrived:
            yield f"{which} of {reference} never arrived"
    holds = tuple(row["rules"] for row in world.held())
    if holds != scenario.held:
        yield f"held are {holds}, and {scenario.held} should be"
    for row in world.rows("SELECT state, count(*) AS n FROM outbox WHERE sent_at IS NULL GROUP BY state"):
        yield f"{row['n']} messages were never sent and are {row['state']}"


def _double(world: World, rows: list[dict[str, Any]]) -> Iterator[str]:
    """What came about at the partner is a set, and each of it is ours."""
    versions = [(row["record_key"], row["version_no"]) for row in rows]
    for twice in sorted({one for one in versions if versions.count(one) > 1}):
        yield f"{twice} stands there twice"
    ours = {row["message_key"] for row in world.rows("SELECT message_key FROM outbox")}
    if strange := {row["message_key"] for row in rows} - ours:
        yield f"{len(strange)} rows have a key that no message has"
    again = "SELECT reference FROM inbox GROUP BY partner, feed, reference, version_hash HAVING count(*) > 1"
    for row in world.rows(again):
        yield f"one version of {row['reference']} came in twice"
    if (held := world.children()) != len({row["hub_child_id"] for row in rows}):
        yield f"{held} children are on file, and not as many at the partner"


def _order(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Versions of one record rise, and carry ever newer words."""
    for key in sorted({row["record_key"] for row in rows}):
        versions = sorted((row for row in rows if row["record_key"] == key), key=lambda row: row["sent_at"])
        for before, after in pairwise(versions):
            if before["version_no"] >= after["version_no"] or before["referrer"] >= after["referrer"]:
                yield f"{key}: version {after['version_no']} came after {before['version_no']}"


def _chain(world: World, rows: list[dict[str, Any]]) -> Iterator[str]:
    """The audit holds together, and says of everything at the partner that it was handed over."""
    with world.hub.store.reading() as connection:
        yield from audit.faults(connection, world.hub.keyring.hasher("audit"))
    told = world.rows("SELECT subject FROM audit_event WHERE event = 'disclosure'")
    if silent := {row["message_key"] for row in rows} - {row["subject"] for row in told}:
        yield f"{len(silent)} messages were handed over and the audit does not say so"


def _house(world: World) -> Iterator[str]:
    """The books balance, nothing is half done, and landing holds nothing that nobody knows of."""
    for row in world.rows("SELECT state FROM batch WHERE state <> 'recorded'"):
        yield f"a batch is only {row['state']}"
    for row in world.rows("SELECT state FROM delivery WHERE state = 'claimed'"):
        yield f"a delivery is still {row['state']}"
    for row in world.rows("SELECT hop, fault FROM ledger_gap"):
        yield f"a record is {row['fault']} at {row['hop']}"
    yield from _unbalanced(world)
    yield from _left_behind(world)


def _unbalanced(world: World) -> Iterator[str]:
    lines = world.rows("SELECT run_id, hop, bucket, records FROM ledger_line")
    for run, hop in sorted({(line["run_id"], line["hop"]) for line in lines}):
        buckets = {
            one["bucket"]: one["records"] for one in lines if (one["run_id"], one["hop"]) == (run, hop)
        }
        if difference := EQUATIONS[Hop(hop)].difference(buckets):
            yield f"{hop} does not balance by {difference}"


def _left_behind(world: World) -> Iterator[str]:
    """An adult's row may be in any of these; only what is known can be cleared away."""
    landing = world.hub.settings.home / "landing"
    copies = world.rows("SELECT batch_id, address FROM message WHERE first_copy = 'kept'")
    known = {(row["batch_id"], row["address"]) for row in copies}
    batches = {row["batch_id"] for row in world.rows("SELECT batch_id FROM batch")}
    for path in sorted(path for path in landing.rglob("*") if path.is_file()):
        _, batch, hop, name = path.relative_to(landing).parts
        if batch not in batches:
            yield f"{hop} of a batch that nobody knows is left"
        elif hop == "raw" and (batch, name) not in known:
            yield "a first copy is left"
        elif hop not in ("raw", "kept") and not hop.endswith("-tally"):
            yield f"frames between hops are left: {hop}"
        elif path.suffix == ".part":
            yield f"a draft is left: {hop}"
