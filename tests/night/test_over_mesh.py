"""What comes by MESH is acknowledged once it is committed, never before, and never forgotten."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from connectors.errors import PartnerUnavailableError
from connectors.transports.mesh import Beside, Mailbox, mesh_mailbox
from simulators.police_files import as_csv
from tests.night.over_mesh import WORKFLOW, account_of, connectors_over
from tests.servers.mesh_sandbox import PASSWORD, SHARED_KEY, MeshSandbox
from tests.servers.moody_mesh import moody_door
from tests.world import REFERRAL, World, references, referral

pytestmark = pytest.mark.server

COLUMNS = tuple(REFERRAL)


@dataclass
class Post:
    """The world, its police at the other end of a mailbox."""

    world: World
    sandbox: MeshSandbox
    ours: str
    theirs: Mailbox
    said: dict[str, Any] = field(default_factory=dict)

    def police_send(self, local_id: str, *rows: dict[str, str], content: bytes | None = None) -> str:
        body = as_csv(rows, COLUMNS) if content is None else content
        return self.theirs.post(body, Beside(self.ours, WORKFLOW, local_id))

    def waiting(self) -> list[str | None]:
        with mesh_mailbox(account_of(self.said)) as mailbox:
            return [message.local_id for message in mailbox.waiting()]

    def through(self, url: str, **limits: Any) -> None:
        """From now on the hub goes this way."""
        account = account_of(self.said | {"url": url, "limits": limits})
        self.world.hub = replace(self.world.hub, connector=connectors_over(account))

    def pull_killed_at(self, place: str) -> None:
        world = self.world
        order = {
            "place": place,
            "home": str(world.hub.settings.home),
            "database_url": world.hub.settings.store_url,
            "account": self.said,
            "now": world.now[0].isoformat(),
        }
        killed = subprocess.run(
            [sys.executable, "-m", "tests.night.over_mesh"], input=json.dumps(order), text=True, check=False
        )
        assert killed.returncode == -signal.SIGKILL
        world.later(minutes=11)

    def buckets(self) -> list[str]:
        return [message["bucket"] for message in self.world.messages()]


@pytest.fixture
def post(quiet_worlds: World, mesh_sandbox: MeshSandbox) -> Iterator[Post]:
    """On SQLite and on PostgreSQL."""
    ours, theirs = mesh_sandbox.two_mailboxes()
    said = {
        "url": mesh_sandbox.url,
        "mailbox": ours,
        "password": PASSWORD,
        "shared_key": SHARED_KEY,
        "certificate": str(mesh_sandbox.client.file),
        "key": str(mesh_sandbox.client.key),
        "ca": str(mesh_sandbox.authority.file),
    }
    with ExitStack() as lines:
        other_end = lines.enter_context(mesh_mailbox(account_of(said | {"mailbox": theirs})))
        begun = Post(quiet_worlds, mesh_sandbox, ours, other_end, said)
        begun.through(mesh_sandbox.url)
        yield begun


def arrived(post: Post) -> list[str]:
    post.world.push()
    return references(post.world.worklist())


def test_a_referral_by_mesh_arrives_and_is_acknowledged(post: Post) -> None:
    post.police_send("NMP-1", referral(1), referral(2))
    post.world.pull()
    assert post.waiting() == []
    assert arrived(post) == ["NMP-R-0000001", "NMP-R-0000002"]
    assert post.world.ledger()["received"] == {"received": 1, "opened": 1}


def test_killed_before_the_commit_nothing_is_acknowledged_and_it_comes_again(post: Post) -> None:
    post.police_send("NMP-1", referral(1))
    post.pull_killed_at("land.before_commit")
    assert post.waiting() == ["NMP-1"]
    post.world.pull()
    assert (post.waiting(), post.buckets()) == ([], ["opened"])
    assert arrived(post) == ["NMP-R-0000001"]


def test_killed_between_commit_and_acknowledgement_the_next_run_acknowledges(post: Post) -> None:
    post.police_send("NMP-1", referral(1))
    post.police_send("NMP-2", referral(2))
    post.pull_killed_at("land.after_commit")
    assert post.waiting() == ["NMP-1", "NMP-2"]

    post.police_send("NMP-3", referral(3))
    post.world.pull()
    assert post.waiting() == []
    assert post.buckets() == ["opened"] * 3
    assert arrived(post) == [f"NMP-R-000000{number}" for number in (1, 2, 3)]
    assert post.world.ledger()["received"] == {"received": 3, "opened": 3}


def test_an_acknowledgement_that_failed_holds_up_no_child_and_is_made_up_for(post: Post) -> None:
    post.police_send("NMP-1", referral(1))
    with moody_door(post.sandbox) as door:
        door.feels("PUT", says=(503, {}, b""), times=9)
        post.through(door.url)
        with pytest.raises(PartnerUnavailableError):
            post.world.pull()
        assert post.waiting() == ["NMP-1"]
        assert arrived(post) == ["NMP-R-0000001"]
    post.through(post.sandbox.url)
    post.world.pull()
    assert (post.waiting(), post.buckets()) == ([], ["opened"])


def test_a_pull_that_breaks_off_acknowledges_nothing(post: Post) -> None:
    post.police_send("NMP-1", referral(1))
    broken = post.police_send("NMP-2", referral(2))
    with moody_door(post.sandbox) as door:
        door.feels(f"GET /messageexchange/{post.ours}/inbox/{broken}", breaks_after=10)
        post.through(door.url)
        with pytest.raises(PartnerUnavailableError):
            post.world.pull()
    assert post.waiting() == ["NMP-1", "NMP-2"]
    post.through(post.sandbox.url)
    post.world.pull()
    assert (post.waiting(), post.buckets()) == ([], ["opened", "opened"])


@pytest.mark.parametrize("nights_between", [0, 1])
def test_a_message_sent_again_is_counted_as_a_duplicate_and_acknowledged(
    post: Post, nights_between: int
) -> None:
    post.police_send("NMP-1", referral(1))
    if nights_between:
        post.world.pull()
    post.police_send("NMP-1", referral(1))
    post.world.pull()
    assert (post.waiting(), post.buckets()) == ([], ["opened", "duplicate"])
    assert arrived(post) == ["NMP-R-0000001"]


def test_a_correction_under_the_same_local_id_is_not_taken_for_a_duplicate(post: Post) -> None:
    post.police_send("NMP-1", referral(1, Officer="PC 1"))
    post.world.pull()
    post.police_send("NMP-1", referral(1, Officer="PC 2", LastUpdated="2026-11-22T12:00:00Z"))
    post.world.pull()
    assert (post.waiting(), post.buckets()) == ([], ["opened", "opened"])
    assert post.world.rows("SELECT count(*) AS n FROM outbox")[0]["n"] == 2


def test_a_message_that_cannot_be_read_is_parked_kept_and_acknowledged(post: Post) -> None:
    post.police_send("NMP-1", content=b"<!doctype html><html>Sign in</html>")
    post.police_send("NMP-2", referral(2))
    post.world.pull()
    assert (post.waiting(), sorted(post.buckets())) == ([], ["opened", "rejected"])


def test_a_message_that_is_too_large_is_parked_not_acknowledged_and_looked_for_again(post: Post) -> None:
    post.police_send("NMP-1", *(referral(number) for number in range(1, 40)))
    post.police_send("NMP-2", referral(50))
    post.through(post.sandbox.url, message_bytes=2000)
    post.world.pull()
    assert (post.waiting(), post.buckets()) == (["NMP-1"], ["rejected", "opened"])
    assert post.world.messages()[0]["reason"] == "HUB-R20"

    post.through(post.sandbox.url)
    post.world.pull()
    assert (post.waiting(), len(arrived(post))) == ([], 40)
