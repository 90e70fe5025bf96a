"""A mailbox read and written, at NHS England's own sandbox."""

from __future__ import annotations

import hashlib
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.errors import (
    CredentialsRefusedError,
    MisconfiguredError,
    PartnerRefusedError,
    UnreadableMessageError,
)
from connectors.transports.mesh import LIMITS, MeshLimits
from tests.connectors.mesh.conftest import WORKFLOW, Two
from tests.servers.certificates import Authority
from tests.servers.moody_mesh import Door

pytestmark = pytest.mark.server


def test_the_handshake_says_that_our_credentials_are_good(two: Two) -> None:
    two.us().handshake()


def test_a_message_comes_as_it_was_sent_with_what_stands_beside_it(two: Two) -> None:
    sent = two.them().send(b"a child needs help", two.to_us("CAMHS-1", subject="status", file_name="s.json"))
    (message,) = two.us().waiting(WORKFLOW)
    assert (message.message_id, message.sender, message.local_id) == (sent, two.theirs, "CAMHS-1")
    assert (message.workflow, message.kind, message.chunks) == (WORKFLOW, "DATA", 1)
    assert (message.subject, message.file_name) == ("status", "s.json")
    assert b"".join(two.us().read(message)) == b"a child needs help"


def test_all_that_waits_is_found_across_the_pages(two: Two) -> None:
    them, us = two.them(), two.us(page_messages=10)
    for number in range(25):
        them.send(b"%d" % number, two.to_us(f"CAMHS-{number}"))
    assert [message.local_id for message in us.waiting(WORKFLOW)] == [f"CAMHS-{n}" for n in range(25)]
    for number, message in enumerate(us.waiting(WORKFLOW)):
        us.acknowledge(message.message_id)
        assert number < 25
    assert list(us.waiting()) == []


def test_no_more_is_looked_at_in_one_run_than_is_agreed(two: Two) -> None:
    for number in range(12):
        two.them().send(b"x", two.to_us(f"CAMHS-{number}"))
    assert len(list(two.us(page_messages=10, messages=11).waiting(WORKFLOW))) == 11


def test_reading_acknowledges_nothing(two: Two) -> None:
    them = two.them()
    them.send(b"read twice", two.to_us("CAMHS-1"))
    for _ in range(2):
        (message,) = two.us().waiting(WORKFLOW)
        assert b"".join(two.us().read(message)) == b"read twice"
    there = them.track("CAMHS-1")
    assert there is not None
    assert there.status == "accepted"


def test_what_is_acknowledged_waits_no_more_and_twice_is_harmless(two: Two) -> None:
    them, us = two.them(), two.us()
    sent = them.send(b"taken", two.to_us("CAMHS-1"))
    us.acknowledge(sent)
    us.acknowledge(sent)
    us.acknowledge("NEVER_WAS_THERE")
    assert list(us.waiting()) == []
    there = them.track("CAMHS-1")
    assert there is not None
    assert there.status == "acknowledged"


def test_a_workflow_that_nobody_agreed_is_left_and_told_of(two: Two) -> None:
    two.them().send(b"agreed", two.to_us("CAMHS-1"))
    two.them().send(b"not agreed", two.to_us("CAMHS-2", workflow="OTHER_WORK"))
    us = two.us()
    assert [message.local_id for message in us.waiting(WORKFLOW)] == ["CAMHS-1"]
    assert us.strangers() == 1


def test_a_large_message_travels_in_parts_and_comes_whole_with_memory_flat(two: Two) -> None:
    part = hashlib.sha256(b"part").digest() * 32_768
    content = part * 30
    two.them(chunk_bytes=4_000_000).send(content, two.to_us("CAMHS-1"))
    (message,) = two.us().waiting(WORKFLOW)
    assert message.chunks == 8
    digest, us = hashlib.sha256(), two.us()
    tracemalloc.start()
    try:
        for piece in us.read(message):
            digest.update(piece)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert digest.digest() == hashlib.sha256(content).digest()
    assert peak < 5_000_000


@pytest.mark.parametrize("content", [b"x" * 2_000_001, b"0123456789" * 200_001], ids=["packs well", "larger"])
def test_a_message_longer_than_agreed_is_parked_however_small_it_was_packed(two: Two, content: bytes) -> None:
    two.them().send(content, two.to_us("CAMHS-1"))
    us = two.us(message_bytes=2_000_000)
    (message,) = us.waiting(WORKFLOW)
    with pytest.raises(UnreadableMessageError, match="larger than 2000000 bytes") as parked:
        list(us.read(message))
    assert parked.value.code == "HUB-R20"


# Sending.


def test_a_message_that_is_there_is_not_sent_twice(two: Two) -> None:
    us = two.us()
    first = us.send(b"once", two.to_them("0001"))
    assert us.send(b"once", two.to_them("0001")) == first
    assert len(list(two.them().waiting())) == 1


def test_the_sandbox_itself_takes_a_local_id_twice(two: Two) -> None:
    """What MESH would not do for us; and two under one id it no longer tells apart."""
    us = two.us()
    assert us.post(b"once", two.to_them("0001")) != us.post(b"once", two.to_them("0001"))
    there = us.track("0001")
    assert there is not None
    assert (there.status, there.is_there) == ("several", False)


def test_an_unknown_recipient_is_refused_in_words(two: Two) -> None:
    with pytest.raises(PartnerRefusedError, match="code 12: no such recipient is registered"):
        two.us().send(b"x", two.to_them("0001", recipient="NOBODY01"))


@pytest.mark.parametrize("content", [b"", b"x" * 101], ids=["empty", "too large"])
def test_what_mesh_would_not_take_is_refused_before_any_call(two: Two, content: bytes) -> None:
    with pytest.raises(PartnerRefusedError, match="is empty, or larger than 100 bytes"):
        two.us(message_bytes=100).send(content, two.to_them("0001"))
    assert two.us().track("0001") is None


@pytest.mark.parametrize(
    ("name", "word"),
    [("local_id", "a/b"), ("local_id", ""), ("subject", "Jürgen"), ("file_name", "a\r\nMex-To: X")],
)
def test_what_stands_beside_a_message_is_plain(two: Two, name: str, word: str) -> None:
    with pytest.raises(MisconfiguredError, match=f"the {name} of a message") as wrong:
        two.us().post(b"x", replace(two.to_them("0001"), **{name: word}))
    assert not word or word not in str(wrong.value)


# Who may speak with whom.


def test_a_wrong_password_or_key_is_a_matter_of_credentials(two: Two) -> None:
    for wrong in ({"password": "another"}, {"shared_key": b"another"}):  # pragma: allowlist secret
        for call in (lambda us: us.handshake(), lambda us: us.send(b"x", two.to_them("0001"))):
            with pytest.raises(CredentialsRefusedError) as refused:
                call(two.us(**wrong))
            assert "another" not in str(refused.value)


def test_a_certificate_of_ours_that_mesh_does_not_know_is_a_matter_of_credentials(
    two: Two, door: Door, tmp_path: Path
) -> None:
    unknown = Authority(tmp_path).issue("stranger")
    with pytest.raises(CredentialsRefusedError, match="refuses our certificate"):
        two.us(url=door.url, certificate=unknown.file, key=unknown.key).handshake()


def test_a_server_under_another_authority_is_told_nothing(
    two: Two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the machine believes it, by the variables that requests obeys."""
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(variable, str(two.sandbox.authority.file))
    with pytest.raises(PartnerRefusedError, match="not of the agreed authority"):
        two.us(ca=Authority(tmp_path).file).handshake()


def test_no_proxy_of_the_machine_is_used(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    two.us().handshake()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("url", "http://127.0.0.1"),
        ("url", "https://somebody@127.0.0.1"),
        ("mailbox", "../ADMIN"),
        ("password", ""),
        ("password", "pässword"),
        ("shared_key", b""),
        ("workflows", ()),
    ],
)
def test_settings_that_cannot_work_are_found_before_any_call(two: Two, name: str, value: object) -> None:
    with pytest.raises(MisconfiguredError, match=f"the MESH setting {name} cannot work"):
        two.account(**{name: value})


def test_a_key_that_is_not_the_certificates_is_found_before_any_call(two: Two) -> None:
    with pytest.raises(MisconfiguredError, match="certificate or key file"):
        two.us(key=two.sandbox.server.key)


def test_a_secret_is_not_in_what_an_account_looks_like(two: Two) -> None:
    shown = repr(two.account(password="secret-one", shared_key=b"secret-two"))
    assert "secret" not in shown


def test_every_limit_of_an_account_is_in_the_table() -> None:
    told = {limit.name: limit.value for limit in LIMITS}
    assert vars(MeshLimits()).items() <= told.items()
