"""A referral over MESH is handed over once, and a status file leaves the mailbox only once it is ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

import pytest

from connectors.contract import Answer, InboundMessage, Since
from connectors.health import connector
from connectors.health.lines import Lines
from connectors.transports.mesh import Beside, Mailbox, MeshAccount, mesh_mailbox
from tests.connectors.health.children import key, referral
from tests.connectors.health.conftest import to
from tests.servers.mesh_sandbox import PASSWORD, SHARED_KEY, MeshSandbox

pytestmark = pytest.mark.server

(REFERRALS,) = connector.pushes
PROGRESS = connector.pull_feed("progress")
SYSTEM = "https://northmoor-yjs.example/Id/yjs-referral"


@dataclass
class Post:
    sandbox: MeshSandbox
    ours: str
    address: str
    service: Mailbox
    lines: Lines
    opened: ExitStack = field(default_factory=ExitStack)

    def referrals(self) -> list[dict[str, Any]]:
        """What waits for the service."""
        return [json.loads(b"".join(self.service.read(one))) for one in self.service.waiting("YJS_REFERRAL")]

    def service_says(self, reference: str, status: str, *, by: Mailbox | None = None) -> None:
        task = {
            "resourceType": "Task",
            "id": "T1",
            "identifier": [{"system": SYSTEM, "value": reference}],
            "status": status,
            "lastModified": "2026-11-22T09:00:00+00:00",
        }
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": task}]}
        beside = Beside(self.ours, "YJS_STATUS", f"S-{reference}-{status}")
        (by or self.service).post(json.dumps(bundle).encode(), beside)

    def pulled(self, *landed: str) -> list[InboundMessage]:
        """With their bodies read, as the hub would."""
        found = []
        for one in PROGRESS.pull(self.lines, Since(None, set(landed))):
            body = () if one.problem else [b"".join(one.body)]
            found.append(InboundMessage(one.fingerprint, body, name=one.name, problem=one.problem))
        return found

    def waiting(self) -> int:
        with mesh_mailbox(_account(self.sandbox, self.ours)) as mailbox:
            return len(list(mailbox.waiting("YJS_STATUS")))


def _account(sandbox: MeshSandbox, mailbox: str) -> MeshAccount:
    return MeshAccount(
        partner="camhs",
        url=sandbox.url,
        mailbox=mailbox,
        password=PASSWORD,
        shared_key=SHARED_KEY,
        certificate=sandbox.client.file,
        key=sandbox.client.key,
        ca=sandbox.authority.file,
        workflows=("YJS_REFERRAL", "YJS_STATUS"),
    )


@pytest.fixture
def post(mesh_sandbox: MeshSandbox) -> Iterator[Post]:
    ours, theirs = mesh_sandbox.two_mailboxes()
    settings: dict[str, Any] = {
        "services": [{"name": "Northmoor CAMHS", "route": "mesh", "at": theirs}],
        "mesh_url": mesh_sandbox.url,
        "mesh_mailbox": ours,
        "mesh_password": PASSWORD,
        "mesh_shared_key": SHARED_KEY,
        "mesh_certificate": mesh_sandbox.client.file,
        "mesh_key": mesh_sandbox.client.key,
        "mesh_ca": mesh_sandbox.authority.file,
    }
    with mesh_mailbox(_account(mesh_sandbox, theirs)) as service, to(**settings) as lines:
        yield Post(mesh_sandbox, ours, theirs, service, lines)


def states(messages: list[InboundMessage]) -> list[str]:
    said = []
    for one in messages:
        for rows in PROGRESS.open(BytesIO(b"".join(one.body))):
            said += PROGRESS.record.frame(rows, date(2026, 11, 23))["state"].to_list()
    return said


def test_a_referral_is_in_their_mailbox_once_however_often_it_is_handed_over(post: Post) -> None:
    (first,) = REFERRALS.push(post.lines, [referral()])
    (second,) = REFERRALS.push(post.lines, [referral()])
    (bundle,) = post.referrals()
    assert first.answer is second.answer is Answer.RECEIVED
    assert [entry["resource"]["resourceType"] for entry in bundle["entry"]] == [
        "Patient",
        "ServiceRequest",
        "Task",
    ]
    assert bundle["identifier"]["value"] == key("REF-1")


def test_what_stands_beside_a_referral_names_nobody(post: Post) -> None:
    list(REFERRALS.push(post.lines, [referral()]))
    (waiting,) = post.service.waiting("YJS_REFERRAL")
    beside = f"{waiting.subject} {waiting.file_name} {waiting.local_id}"
    assert not any(word in beside for word in ("REF-1", "Quillborne", "9000000009"))


def test_a_withdrawal_names_the_referral_and_says_no_more_of_the_child(post: Post) -> None:
    list(REFERRALS.push(post.lines, [referral(Change="deleted")]))
    (bundle,) = post.referrals()
    (entry,) = bundle["entry"]
    assert (entry["resource"]["status"], entry["resource"]["identifier"][0]["value"]) == ("revoked", "REF-1")
    assert "Quillborne" not in json.dumps(bundle)


def test_collected_is_accepted_and_uncollected_is_refused_by_its_report(post: Post) -> None:
    list(REFERRALS.push(post.lines, [referral("REF-1"), referral("REF-2")]))
    keys = [key("REF-1"), key("REF-2")]
    assert list(REFERRALS.answers(post.lines, keys)) == []
    one, two = post.service.waiting("YJS_REFERRAL")
    post.service.acknowledge(one.message_id)
    post.sandbox.report(
        post.ours, workflow_id="YJS_REFERRAL", linked_message_id=two.message_id, local_id=two.local_id
    )
    told = {receipt.key: receipt.answer for receipt in REFERRALS.answers(post.lines, keys)}
    assert told == {key("REF-1"): Answer.ACCEPTED, key("REF-2"): Answer.REFUSED}


def test_a_status_file_waits_until_it_is_committed(post: Post) -> None:
    post.service_says("REF-1", "accepted")
    messages = post.pulled()
    assert states(messages) == ["accepted"]
    assert post.waiting() == 1
    assert PROGRESS.taken is not None
    PROGRESS.taken(post.lines, messages)
    assert post.waiting() == 0


def test_what_a_run_that_died_had_committed_is_acknowledged_by_the_next(post: Post) -> None:
    post.service_says("REF-1", "accepted")
    (held,) = post.pulled()
    post.service_says("REF-2", "rejected")
    assert states(post.pulled(held.fingerprint)) == ["declined"]
    assert post.waiting() == 1


def test_a_mailbox_that_is_no_services_may_not_answer(post: Post) -> None:
    _, stranger = post.sandbox.two_mailboxes()
    with mesh_mailbox(_account(post.sandbox, stranger)) as by:
        post.service_says("REF-1", "rejected", by=by)
    (message,) = post.pulled()
    assert message.problem is not None
    assert message.problem.code == "HEA-R03"
    assert post.waiting() == 1


def test_the_check_shakes_hands_and_moves_nothing(post: Post) -> None:
    post.service_says("REF-1", "accepted")
    assert "MESH lets us in" in connector.check(post.lines)
    assert post.waiting() == 1
