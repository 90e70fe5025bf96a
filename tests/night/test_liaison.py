"""A child whom liaison and diversion refers: a Bundle over MESH, and a line on the YJS's worklist."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from connectors.transports.mesh import Beside, Mailbox, MeshAccount, mesh_mailbox
from hub import registry
from hub.conformance.kill import Killed, killed_at
from tests.connectors.health.liaison_bundles import Resource, bundle, flag, part, patient, published, request
from tests.servers.mesh_sandbox import PASSWORD, SHARED_KEY, MeshSandbox
from tests.traces import Traces
from tests.world import World

pytestmark = pytest.mark.server

WORKFLOW = "YJS_INBOUND"
SAFEGUARDING = {"system": "http://snomed.info/sct", "code": "836881000000105"}


@dataclass
class Post:
    world: World
    sandbox: MeshSandbox
    ours: str
    team: Mailbox

    def refers(self, told: Resource, name: str = "LD-1", *, by: Mailbox | None = None) -> None:
        (by or self.team).post(json.dumps(told).encode(), Beside(self.ours, WORKFLOW, name))

    def waiting(self) -> list[str | None]:
        with mesh_mailbox(account(self.sandbox, self.ours)) as mailbox:
            return [message.local_id for message in mailbox.waiting(WORKFLOW)]

    def killed_at(self, place: str) -> None:
        """While this feed is pulled; the others come to the same places before it."""
        world, health = self.world, registry.connector("health")
        alone, whole = replace(health, pulls=(health.pull_feed("liaison"),)), world.hub
        world.hub = replace(
            whole, connector=lambda name: alone if name == "health" else registry.connector(name)
        )
        with pytest.raises(Killed), killed_at(place):
            world.pull("health")
        world.hub = whole
        world.later(minutes=20)

    def night(self) -> list[dict[str, Any]]:
        self.world.pull("health")
        self.world.push("yjs")
        return self.world.worklist()


def account(sandbox: MeshSandbox, mailbox: str) -> MeshAccount:
    files: dict[str, Any] = {
        "certificate": sandbox.client.file,
        "key": sandbox.client.key,
        "ca": sandbox.authority.file,
    }
    keys: dict[str, Any] = {"password": PASSWORD, "shared_key": SHARED_KEY}
    return MeshAccount(
        partner="liaison", url=sandbox.url, mailbox=mailbox, workflows=(WORKFLOW,), **keys, **files
    )


@pytest.fixture
def post(sqlite_world: World, mesh_sandbox: MeshSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """The health suite runs; nothing is asked of any other service."""
    ours, theirs = mesh_sandbox.two_mailboxes()
    said = {
        "SERVICES": json.dumps([{"name": "Northmoor CAMHS", "route": "mesh", "at": theirs}]),
        "MESH_URL": mesh_sandbox.url,
        "MESH_MAILBOX": ours,
        "MESH_PASSWORD": PASSWORD,
        "MESH_SHARED_KEY": SHARED_KEY,
        "MESH_CERTIFICATE": str(mesh_sandbox.client.file),
        "MESH_KEY": str(mesh_sandbox.client.key),
        "MESH_CA": str(mesh_sandbox.authority.file),
        "MESH_REFERRERS": json.dumps([theirs]),
    }
    for name, value in said.items():
        monkeypatch.setenv(f"HUB_HEALTH_{name}", value)
    with mesh_mailbox(account(mesh_sandbox, theirs)) as team:
        yield Post(sqlite_world, mesh_sandbox, ours, team)


def test_a_bundle_becomes_a_referral_on_the_worklist_of_a_new_child(post: Post) -> None:
    post.refers(bundle(flag(SAFEGUARDING)))
    (row,) = post.night()
    assert (row["kind"], row["from_partner"], row["source_reference"]) == ("referral", "health", "LD-1")
    assert (row["family_name"], row["born_on"], row["nhs_number"]) == (
        "Quillborne",
        date(2011, 3, 14),
        "9000000009",
    )
    assert (row["need"], row["urgency"], row["safety_flags"]) == ("mental_health", "urgent", "safeguarding")
    assert (row["referrer"], row["referred_on"]) == ("Northmoor Liaison and Diversion", date(2026, 11, 20))
    assert post.world.children() == 1
    assert post.waiting() == []


def test_the_record_says_by_which_message_and_code_maps_it_came(post: Post) -> None:
    post.refers(bundle())
    post.night()
    (message,) = post.world.messages("health")
    (record,) = post.world.rows("SELECT feed, batch_id, message, row, code_maps FROM referral")
    assert (message["feed"], message["bucket"]) == ("liaison", "opened")
    assert (record["feed"], record["batch_id"]) == ("liaison", message["batch_id"])
    assert (record["message"], record["row"]) == (message["number"], 1)
    assert {name.split("@")[0] for name in record["code_maps"].split()} == {"need", "priority", "gender"}


def test_killed_before_the_commit_it_is_not_acknowledged_and_comes_again(post: Post) -> None:
    post.refers(bundle())
    post.killed_at("land.before_commit")
    assert post.waiting() == ["LD-1"]
    assert len(post.night()) == 1
    assert post.waiting() == []


def test_killed_between_commit_and_acknowledgement_the_next_run_acknowledges(post: Post) -> None:
    post.refers(bundle())
    post.killed_at("land.after_commit")
    assert post.waiting() == ["LD-1"]
    assert len(post.night()) == 1
    assert post.waiting() == []


def test_a_number_that_cannot_be_is_set_aside_and_told_of_and_the_referral_goes_on(post: Post) -> None:
    """The number is that of a published example."""
    number = part(published("bars_validation.json"), "Patient")["identifier"]
    post.refers(bundle(child=patient(identifier=number)))
    (row,) = post.night()
    assert (row["source_reference"], row["nhs_number"]) == ("LD-1", None)
    assert {("HUB-T01", "set_aside", "nhs_number"), ("HEA-T16", "warn", "nhs_number")} <= (
        post.world.findings("health")
    )


def test_a_withdrawn_referral_is_deleted_on_the_worklist(post: Post) -> None:
    post.refers(bundle())
    post.night()
    post.world.later(days=1)
    post.refers(
        bundle(asked=request(status="revoked", meta={"lastUpdated": "2026-11-23T09:00:00Z"})), "LD-1b"
    )
    assert [row["change"] for row in post.night()] == ["new", "deleted"]


def test_a_message_with_a_part_left_out_is_refused_and_the_next_goes_on(post: Post) -> None:
    cut = bundle(asked=request(subject={"reference": "urn:uuid:00000000-0000-4000-8000-00000000dead"}))
    post.refers(cut)
    post.refers(bundle(asked=request(identifier=[{"system": "urn:theirs", "value": "LD-2"}])), "LD-2")
    assert [row["source_reference"] for row in post.night()] == ["LD-2"]
    told = {(one["bucket"], one["reason"]) for one in post.world.messages("health")}
    assert told == {("rejected", "HEA-R07"), ("opened", None)}


def test_an_adult_leaves_no_trace(post: Post) -> None:
    post.refers(bundle(child=patient(birthDate="1974-12-25")))
    assert post.night() == []
    assert post.world.ledger("health")["translated"] == {"opened_records": 1, "out_of_scope": 1}
    traces = Traces.of(post.world.hub)
    assert not traces.plain("Quillborne") | traces.sealed("Quillborne")


def test_a_mailbox_that_may_not_refer_brings_nobody(post: Post) -> None:
    _, stranger = post.sandbox.two_mailboxes()
    with mesh_mailbox(account(post.sandbox, stranger)) as by:
        post.refers(bundle(), by=by)
    assert post.night() == []
    assert [one["reason"] for one in post.world.messages("health")] == ["HEA-R05"]
    assert post.waiting() == ["LD-1"]


@pytest.mark.parametrize(("production", "arrived"), [("true", 0), ("false", 1)])
def test_a_number_made_for_tests_is_refused_in_production_alone(
    post: Post, monkeypatch: pytest.MonkeyPatch, production: str, arrived: int
) -> None:
    monkeypatch.setenv("HUB_HEALTH_PRODUCTION", production)
    post.refers(bundle())
    assert len(post.night()) == arrived
    reasons = [one["reason"] for one in post.world.messages("health")]
    assert reasons == ([None] if arrived else ["HEA-R06"])
    assert post.waiting() == ([] if arrived else ["LD-1"])


def test_a_child_without_a_number_comes_in_in_production(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_HEALTH_PRODUCTION", "true")
    post.refers(bundle(child=patient(identifier=[])))
    (row,) = post.night()
    assert row["nhs_number"] is None
    assert post.waiting() == []
