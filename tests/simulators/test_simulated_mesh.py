"""The simulated MESH says to our transport what NHS England's own sandbox says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.errors import CredentialsRefusedError, PartnerRefusedError, PartnerUnavailableError
from connectors.transports.mesh import Beside, Mailbox, MeshAccount, MeshLimits, mesh_mailbox
from simulators.mesh_exchange import OURS, THEIRS, Exchange, Message
from simulators.mesh_server import serving
from tests.servers import mesh_sandbox as real

WORKFLOW = "YJS_REF"


@dataclass(frozen=True)
class Peer:
    """Our mailbox at it, and what only the other side can do."""

    account: Callable[[str], MeshAccount]
    password: str
    theirs: str
    lay: Callable[[bytes], object]
    collect: Callable[[], object]
    give_up: Callable[[str], object]

    def beside(self, own: str, *, to: str = "") -> Beside:
        return Beside(to or self.theirs, WORKFLOW, own)


LIMITS = MeshLimits(answer_seconds=5, pause_seconds=0.01, page_messages=10)


def _simulated(exchange: Exchange, home: Path) -> Iterator[Peer]:
    with serving(exchange, home) as found:

        def account(password: str) -> MeshAccount:
            files = (Path(found[name]) for name in ("CERTIFICATE", "CERTIFICATE_KEY", "CA"))
            signed = (password, exchange.shared_key)
            return MeshAccount("camhs", found["URL"], OURS, *signed, *files, (WORKFLOW,), LIMITS)

        yield Peer(
            account,
            exchange.password,
            THEIRS,
            lay=lambda content: exchange.put(Message(OURS, WORKFLOW, content)),
            collect=lambda: [exchange.acknowledge(one) for one in exchange.waiting(THEIRS)],
            give_up=lambda message_id: exchange.give_up(exchange.messages[message_id]),
        )


def _real(sandbox: real.MeshSandbox) -> Iterator[Peer]:
    ours, theirs = sandbox.two_mailboxes()

    def account(password: str, mailbox: str = ours) -> MeshAccount:
        files = (sandbox.client.file, sandbox.client.key, sandbox.authority.file)
        signed = (password, real.SHARED_KEY)
        return MeshAccount("camhs", sandbox.url, mailbox, *signed, *files, (WORKFLOW,), LIMITS)

    with mesh_mailbox(account(real.PASSWORD, theirs)) as them:
        yield Peer(
            account,
            real.PASSWORD,
            theirs,
            lay=lambda content: them.send(content, Beside(ours, WORKFLOW, f"own-{len(content)}")),
            collect=lambda: [them.acknowledge(one.message_id) for one in them.waiting()],
            give_up=lambda message_id: sandbox.report(ours, code="14", linked_message_id=message_id),
        )


@pytest.fixture(params=["simulated", pytest.param("sandbox", marks=pytest.mark.server)])
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Peer]:
    if request.param == "simulated":
        yield from _simulated(Exchange(), tmp_path)
    else:
        yield from _real(request.getfixturevalue("mesh_sandbox"))


@pytest.fixture
def us(peer: Peer) -> Iterator[Mailbox]:
    with mesh_mailbox(peer.account(peer.password)) as mailbox:
        mailbox.handshake()
        yield mailbox


def test_what_waits_is_listed_across_pages_read_and_leaves_when_acknowledged(peer: Peer, us: Mailbox) -> None:
    for length in range(1, 13):
        peer.lay(b"x" * length)
    waiting = list(us.waiting(WORKFLOW))
    assert [b"".join(us.read(one)) for one in waiting] == [b"x" * length for length in range(1, 13)]
    assert {(one.kind, one.chunks, one.workflow) for one in waiting} == {("DATA", 1, WORKFLOW)}
    for one in waiting:
        us.acknowledge(one.message_id)
    assert list(us.waiting()) == []


def test_what_is_sent_is_found_by_our_own_id_until_it_is_collected(peer: Peer, us: Mailbox) -> None:
    assert us.track("own-1") is None
    message_id = us.send(b"a referral", peer.beside("own-1"))
    there = us.track("own-1")
    assert there is not None
    assert (there.message_id, there.status) == (message_id, "accepted")
    assert us.sent_as(message_id) == "own-1"
    peer.collect()
    collected = us.track("own-1")
    assert collected is not None
    assert collected.status == "acknowledged"


def test_two_under_one_id_are_told_as_several(peer: Peer, us: Mailbox) -> None:
    for _ in range(2):
        us.post(b"a referral", peer.beside("own-1"))
    there = us.track("own-1")
    assert there is not None
    assert there.status == "several"


def test_what_nobody_collected_is_reported(peer: Peer, us: Mailbox) -> None:
    message_id = us.send(b"a referral", peer.beside("own-1"))
    peer.give_up(message_id)
    (report,) = us.waiting(WORKFLOW)
    assert (report.is_report, report.about, report.code) == (True, message_id, "14")


def test_a_wrong_password_is_refused(peer: Peer) -> None:
    with mesh_mailbox(peer.account("wrong")) as mailbox, pytest.raises(CredentialsRefusedError):
        mailbox.handshake()


def test_nobody_is_written_to_who_has_no_mailbox(peer: Peer, us: Mailbox) -> None:
    with pytest.raises(PartnerRefusedError):
        us.send(b"a referral", peer.beside("own-1", to="NOBODY001"))


def test_what_was_taken_is_not_sent_again_when_the_reply_was_lost(tmp_path: Path) -> None:
    exchange = Exchange()
    for peer in _simulated(exchange, tmp_path):
        exchange.be("lost_reply")
        with mesh_mailbox(peer.account(peer.password)) as mailbox:
            mailbox.send(b"a referral", peer.beside("own-1"))
            exchange.be("down")
            with pytest.raises(PartnerUnavailableError):
                mailbox.send(b"another", peer.beside("own-2"))
    assert [one.local_id for one in exchange.messages.values()] == ["own-1"]
