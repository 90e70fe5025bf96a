"""Sending: nothing is lost, at worst it is there twice under one Message-ID, and never over a plain line."""

from __future__ import annotations

import email
import ssl
import time
from contextlib import suppress
from pathlib import Path

import pytest

from connectors.contract import Answer, Receipt
from connectors.errors import (
    CredentialsRefusedError,
    MisconfiguredError,
    PartnerRefusedError,
    PartnerUnavailableError,
)
from connectors.forms.service import letter, push
from connectors.transports.mail import MailLimits, MailServer, Security, mail
from connectors.transports.mail.postbox import PostBox
from simulators.line import End, Manner, line_to
from tests.connectors.forms.housing import FORM, account, housing, message
from tests.servers.certificates import certificate
from tests.servers.lines import HOST, closed_port
from tests.servers.mail import BUSY, OURS, THEIRS, MailSystem
from tests.servers.plain_mail import plain_mail

pytestmark = pytest.mark.server


class KilledError(BaseException):
    """What a kill leaves: nothing after this line happens."""


def one(post: MailSystem, **changed: object) -> Receipt:
    with housing(post, **changed) as service:
        (receipt,) = push(service, [message()])
    return receipt


def killed(post: MailSystem, when: str) -> None:
    """In the midst of sending: before the server has the letter, or after."""
    with mail(account(post)) as opened:
        box = opened.post_box
        dying = _Killed(box.account, box.mailbox, box.imap, box.smtp, box.clock).dies(when)
        with pytest.raises(KilledError):
            dying.send(letter(FORM, message()))


class _Killed(PostBox):
    when: str

    def dies(self, when: str) -> _Killed:
        object.__setattr__(self, "when", when)
        return self

    def _give(self, content: bytes) -> str | None:
        if self.when == "after":
            super()._give(content)
        raise KilledError


def test_the_same_key_twice_is_one_letter(post: MailSystem) -> None:
    first, second = one(post), one(post)
    assert (first.answer, second.answer) == (Answer.RECEIVED, Answer.RECEIVED)
    post.wait_for(THEIRS)
    assert len(post.letters(THEIRS)) == len(post.letters(OURS, folder="Sent")) == 1


@pytest.mark.parametrize(("when", "arrive"), [("before", 1), ("after", 2)])
def test_killed_once_it_arrives_and_at_worst_twice_under_one_name(
    post: MailSystem, when: str, arrive: int
) -> None:
    killed(post, when)
    assert one(post).answer is Answer.RECEIVED
    letters = post.wait_for(THEIRS, letters=arrive)
    assert len({email.message_from_bytes(letter)["Message-ID"] for letter in letters}) == 1
    assert one(post).answer is Answer.RECEIVED
    assert len(post.letters(THEIRS)) == arrive


def test_killed_twice_it_is_put_before_a_person_and_not_sent_a_third_time(post: MailSystem) -> None:
    killed(post, "after")
    killed(post, "after")
    receipt = one(post)
    assert receipt.answer is Answer.UNKNOWN
    assert "sending broke off twice" in str(receipt.reason)
    assert len(post.wait_for(THEIRS, letters=2)) == 2


def test_a_server_that_is_busy_leaves_nothing_behind_and_the_next_run_sends(post: MailSystem) -> None:
    with pytest.raises(PartnerUnavailableError):
        one(post, their_address=BUSY)
    assert post.letters(OURS, folder="Sent") == []
    assert one(post).answer is Answer.RECEIVED


@pytest.mark.parametrize("after", [0, 700, *range(1380, 1600, 20)])
def test_a_line_that_breaks_while_sending_loses_nothing(post: MailSystem, after: int) -> None:
    with (
        line_to(post.smtps_port, Manner(well=after, end=End.RESET)) as port,
        suppress(PartnerUnavailableError),
    ):
        one(post, smtp=MailServer(HOST, port))
    assert one(post).answer is Answer.RECEIVED
    post.wait_for(THEIRS)
    time.sleep(0.2)
    letters = post.letters(THEIRS)
    assert len(letters) <= 2
    assert len({email.message_from_bytes(letter)["Message-ID"] for letter in letters}) == 1


def test_a_server_that_falls_silent_is_left_after_the_time_of_a_run(post: MailSystem) -> None:
    began = time.monotonic()
    with (
        line_to(post.imaps_port, Manner(well=1500, end=End.SILENCE)) as port,
        pytest.raises(PartnerUnavailableError),
    ):
        one(post, imap=MailServer(HOST, port), limits=MailLimits(run_seconds=1.0))
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("end", ["smtp", "imap"])
def test_a_server_without_tls_is_told_neither_password_nor_child(post: MailSystem, end: str) -> None:
    with plain_mail(end) as heard, pytest.raises(PartnerRefusedError, match="offers no TLS"):
        one(post, **{end: MailServer(HOST, heard.port, Security.STARTTLS)})
    assert heard.lines
    assert not any(post.password in line or "AUTH" in line or "LOGIN" in line for line in heard.lines)


def test_a_certificate_of_somebody_else_is_refused_on_loopback_too(post: MailSystem, tmp_path: Path) -> None:
    certificate(tmp_path, "server")
    with pytest.raises(PartnerRefusedError, match="certificate that we do not trust"):
        one(post, ca_file=tmp_path / "server.pem")


def test_a_wrong_password_is_said_and_tried_once(post: MailSystem) -> None:
    before = post.logs().count("authentication failed")
    with pytest.raises(CredentialsRefusedError, match="refuses our sign-in"):
        one(post, password=post.password[::-1])
    assert post.logs().count("authentication failed") == before + 1


def test_a_folder_that_is_not_there_is_named_before_anything_is_sent(post: MailSystem) -> None:
    with pytest.raises(PartnerRefusedError, match="no folder 'Gesendet'"):
        one(post, sent="Gesendet")
    assert post.letters(THEIRS) == []


def test_a_check_signs_in_at_both_ends_and_moves_nothing(post: MailSystem) -> None:
    with mail(account(post)) as opened:
        assert opened.check() == f"signed in to send and to read as {OURS}"


def test_nobody_listening_is_unavailable(post: MailSystem) -> None:
    with pytest.raises(PartnerUnavailableError):
        one(post, imap=MailServer(HOST, closed_port()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"their_address": "a@b.example\r\nBcc: c@d.example"},
        {"their_address": "two@b.example, three@b.example"},
        {"our_address": "hub"},
        {"senders": frozenset()},
        {"sent": 'Sent" LOGOUT'},
        {"passes": frozenset({"dkim"})},
        {"ca_file": Path("not there")},
    ],
)
def test_settings_that_cannot_work_are_found_before_any_call(
    post: MailSystem, wrong: dict[str, object]
) -> None:
    with pytest.raises(MisconfiguredError):
        account(post, **wrong)


def test_the_password_shows_nowhere(post: MailSystem) -> None:
    assert post.password not in repr(account(post))


def test_old_tls_is_not_spoken(post: MailSystem) -> None:
    from connectors.transports.mail.lines import lines_for

    assert lines_for(account(post)).trust.minimum_version is ssl.TLSVersion.TLSv1_2
