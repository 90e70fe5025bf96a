"""What must be so after a kill, a restart and one more quiet night: four checkers, and the house in order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hub.ledger.balance import EQUATIONS
from hub.store import audit
from schemas.hops import Hop
from tests.crash.effects import Effect
from tests.crash.scenarios import Scenario
from tests.world import World

CHECKERS = ("lost", "double", "order", "chain", "house")


def faults(world: World, scenario: Scenario) -> list[str]:
    """Each begins with the name of the checker that found it."""
    there = sorted(scenario.effects(world), key=lambda effect: effect.at)
    found = {
        "lost": _lost(world, scenario, there),
        "double": doubles(world, there, scenario.children),
        "order": order(world, there),
        "chain": chain(world, there),
        "house": _house(world),
    }
    return [f"{checker}: {fault}" for checker in CHECKERS for fault in found[checker]]


def broken(world: World) -> list[str]:
    """What can be wrong whatever comes after: only the audit's own chain."""
    return [f"chain: {fault}" for fault in _unlinked(world)]


def _lost(world: World, scenario: Scenario, there: list[Effect]) -> Iterator[str]:
    """Accepted, less what stands at the partner, is held, or is out of scope: nothing."""
    arrived = {(effect.record, effect.words) for effect in there}
    for record, words in sorted(scenario.arrives - arrived):
        yield f"{words} of {record} never arrived"
    for record, words in sorted(arrived - scenario.arrives):
        yield f"{words} of {record} arrived, and should not"
    holds = {row["rules"] for row in world.held()}
    if holds != set(scenario.held):
        yield f"held are {holds}, and {scenario.held} should be"
    for row in world.rows("SELECT state, count(*) AS n FROM outbox WHERE sent_at IS NULL GROUP BY state"):
        yield f"{row['n']} messages were never sent and are {row['state']}"


def doubles(world: World, there: list[Effect], children: int) -> Iterator[str]:
    """What came about at the partner is a set, and each of it is ours."""
    for name in ("record", "key"):
        said = [(getattr(effect, name), effect.words) for effect in there]
        for twice in sorted({one for one in said if said.count(one) > 1}):
            yield f"{twice} came about twice"
    ours = {row["message_key"] for row in world.rows("SELECT message_key FROM outbox")}
    if strange := {effect.key for effect in there} - ours:
        yield f"{len(strange)} of them have a key that no message has"
    again = "SELECT reference FROM inbox GROUP BY partner, feed, reference, version_hash HAVING count(*) > 1"
    for row in world.rows(again):
        yield f"one version of {row['reference']} came in twice"
    if (held := world.children()) != children:
        yield f"{held} children are on file, and it should be {children}"


def order(world: World, there: list[Effect]) -> Iterator[str]:
    """Versions of one record rise, and carry ever newer words."""
    versions = {row["message_key"]: row["version_no"] for row in world.rows("SELECT * FROM outbox")}
    for record in sorted({effect.record for effect in there}):
        for before, after in pairwise(effect for effect in there if effect.record == record):
            older, newer = (versions.get(effect.key, 0) for effect in (before, after))
            if older >= newer or before.words >= after.words:
                yield f"{record}: version {newer} came after {older}"


def chain(world: World, there: list[Effect]) -> Iterator[str]:
    """The audit holds together, and says of everything at the partner that it was handed over."""
    yield from _unlinked(world)
    told = world.rows("SELECT subject FROM audit_event WHERE event = 'disclosure'")
    if silent := {effect.key for effect in there} - {row["subject"] for row in told}:
        yield f"{len(silent)} messages were handed over and the audit does not say so"


def _unlinked(world: World) -> Iterator[str]:
    with world.hub.store.reading() as connection:
        yield from audit.faults(connection, world.hub.keyring.hasher("audit"))


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
