"""The process killed at each failpoint: nothing lost, nothing sent twice under a new key."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.failpoint import FAILPOINTS, VARIABLE
from hub.ledger.balance import EQUATIONS
from schemas.hops import Hop
from tests.world import World, references, referral

ROOT = Path(__file__).parents[2]
TRIES = 4

Night = Callable[[World, str], int]


@pytest.fixture(scope="module")
def zygote() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.zygote"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "ready\n"
    yield process
    process.stdin.close()
    process.wait(timeout=20)


def run_night(zygote: subprocess.Popen[str], world: World, kill_at: str) -> int:
    assert zygote.stdin is not None
    assert zygote.stdout is not None
    settings = world.hub.settings
    environment = {name: value for name, value in os.environ.items() if name.startswith("HUB_")} | {
        "HUB_HOME": str(settings.home),
        "HUB_DATABASE_URL": settings.store_url,
        VARIABLE: kill_at,
    }
    zygote.stdin.write(json.dumps(environment) + "\n")
    zygote.stdin.flush()
    return int(zygote.stdout.readline())


@pytest.mark.parametrize("kill_at", FAILPOINTS)
def test_a_night_killed_anywhere_loses_and_doubles_nothing(
    world: World, zygote: subprocess.Popen[str], kill_at: str
) -> None:
    adult = referral(9, DOB="14/03/1980")
    world.police_send(referral(1), referral(2), referral(3, ReferralRef=""), adult)

    assert run_night(zygote, world, kill_at) == -signal.SIGKILL, f"{kill_at} was never reached"
    ended = next((one for one in range(TRIES) if run_night(zygote, world, "") == 0), None)
    assert ended is not None, "the night does not come to its end after the kill"
    # What the killed night sent and could not mark goes again, under the same key.
    assert run_night(zygote, world, "") == 0

    _nothing_is_lost(world)
    _nothing_is_doubled(world)
    _everything_balances(world)
    _the_first_copies_are_gone(world)


def _nothing_is_lost(world: World) -> None:
    assert references(world.worklist()) == ["NMP-R-0000001", "NMP-R-0000002"]
    assert [row["rules"] for row in world.held()] == ["HUB-T03"]
    assert world.rows("SELECT message_key FROM outbox WHERE sent_at IS NULL") == []


def _nothing_is_doubled(world: World) -> None:
    versions = [(row["record_key"], row["version_no"]) for row in world.worklist()]
    assert len(versions) == len(set(versions))
    assert {row["message_key"] for row in world.worklist()} == {
        row["message_key"] for row in world.rows("SELECT message_key FROM outbox")
    }
    assert world.children() == len({row["hub_child_id"] for row in world.worklist()})


def _everything_balances(world: World) -> None:
    assert {row["state"] for row in world.rows("SELECT state FROM batch")} == {"recorded"}
    assert world.rows("SELECT * FROM ledger_gap") == []
    lines = world.rows("SELECT run_id, hop, bucket, records FROM ledger_line")
    for run, hop in {(line["run_id"], line["hop"]) for line in lines}:
        buckets = {
            line["bucket"]: line["records"] for line in lines if (line["run_id"], line["hop"]) == (run, hop)
        }
        assert EQUATIONS[Hop(hop)].difference(buckets) == 0


def _the_first_copies_are_gone(world: World) -> None:
    raw = world.hub.settings.home / "landing" / "raw"
    assert {row["first_copy"] for row in world.rows("SELECT first_copy FROM message")} == {"destroyed"}
    assert list(raw.glob("*")) == [], "an adult's row is still in landing"


def test_every_failpoint_stands_in_the_code_once() -> None:
    """A place that was renamed, or forgotten in the list, would never be killed at."""
    called = [
        name
        for file in (ROOT / "hub").rglob("*.py")
        for name in re.findall(r'failpoint\("([a-z._]+)"\)', file.read_text())
    ]
    assert sorted(called) == sorted(FAILPOINTS)
