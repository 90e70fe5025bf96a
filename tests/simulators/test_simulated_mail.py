"""The simulated mail system says what Postfix and Dovecot say to a program that reads, files and sends."""

from __future__ import annotations

import imaplib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from connectors.errors import PartnerUnavailableError
from connectors.transports.mail import MailAccount, MailServer, mail
from simulators.mail_folders import keep, kept
from simulators.mail_server import serving
from simulators.mail_system import OURS, THEIRS, MailSystem
from tests.conftest import needs
from tests.servers import mail as real
from tests.servers.lines import HOST

NAMED = "<referral.1@northmoor.example>"


@dataclass(frozen=True)
class Peer:
    """As a mail program sees it."""

    name: str
    password: str
    smtp_port: int
    imap_port: int
    ca: Path

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.ca))

    @contextmanager
    def reading(self) -> Iterator[imaplib.IMAP4_SSL]:
        with imaplib.IMAP4_SSL(HOST, self.imap_port, ssl_context=self.trust) as box:
            box.login(self.name, self.password)
            yield box

    @contextmanager
    def sending(self) -> Iterator[smtplib.SMTP_SSL]:
        with smtplib.SMTP_SSL(HOST, self.smtp_port, context=self.trust) as line:
            line.ehlo()
            yield line


def simulated(system: MailSystem, settings: dict[str, str]) -> Peer:
    ports = int(settings["SMTP_PORT"]), int(settings["IMAP_PORT"])
    return Peer(OURS, system.password, *ports, Path(settings["CA_FILE"]))


@pytest.fixture(params=["simulated", pytest.param("Postfix and Dovecot", marks=pytest.mark.server)])
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Peer]:
    if request.param == "simulated":
        system = MailSystem()
        with serving(system, tmp_path) as settings:
            yield simulated(system, settings)
        return
    needs("Postfix and Dovecot (as root)", found=real.MailSystem.can_run())
    with real.running_mail() as running:
        yield Peer(real.OURS, running.password, running.smtps_port, running.imaps_port, running.ca)


def letter() -> bytes:
    written = EmailMessage()
    written["From"], written["To"], written["Message-ID"] = OURS, THEIRS, NAMED
    written.set_content("One line.\n.A line with a dot.\n")
    return written.as_bytes().replace(b"\n", b"\r\n")


def test_a_copy_is_laid_found_by_its_id_read_and_marked(peer: Peer) -> None:
    with peer.reading() as box:
        assert box.append('"Sent"', r"(\Seen \Draft)", "", letter())[0] == "OK"
        assert box.select('"Sent"')[0] == "OK"
        assert box.uid("SEARCH", f'UNDELETED HEADER Message-ID "{NAMED}"') == ("OK", [b"1"])
        _, ((_, content), _) = box.uid("FETCH", "1", "(BODY.PEEK[]<0.1000>)")
        assert content == letter()
        _, ((_, head), _) = box.uid("FETCH", "1", "(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
        assert head == f"Message-ID: {NAMED}\r\n\r\n".encode()
        assert box.uid("STORE", "1", "-FLAGS.SILENT", r"(\Draft)")[0] == "OK"
        assert r"\Draft" not in str(box.uid("FETCH", "1", "(UID FLAGS)"))
        assert r"\Seen" in str(box.uid("FETCH", "1", "(UID FLAGS)"))


def test_what_is_filed_leaves_the_folder_and_what_is_struck_out_is_gone(peer: Peer) -> None:
    with peer.reading() as box:
        for _ in range(2):
            box.append('"INBOX"', "()", "", letter())
        box.select('"INBOX"')
        assert box.uid("MOVE", "1", '"Processed"')[0] == "OK"
        assert box.uid("SEARCH", "ALL") == ("OK", [b"2"])
        box.uid("STORE", "2", "+FLAGS.SILENT", r"(\Deleted)")
        assert box.uid("SEARCH", f'UNDELETED HEADER Message-ID "{NAMED}"') == ("OK", [b""])
        assert box.uid("EXPUNGE", "2")[0] == "OK"
        assert box.uid("SEARCH", "ALL") == ("OK", [b""])
        box.select('"Processed"', readonly=True)
        assert box.uid("SEARCH", "SINCE 1-Jan-2020") == ("OK", [b"1"])
        assert box.uid("SEARCH", "SINCE 1-Jan-2120") == ("OK", [b""])


def test_a_folder_that_is_not_there_and_a_wrong_password_are_refused(peer: Peer) -> None:
    with peer.reading() as box:
        assert box.select('"Elsewhere"')[0] == "NO"
    with (
        imaplib.IMAP4_SSL(HOST, peer.imap_port, ssl_context=peer.trust) as box,
        pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"),
    ):
        box.login(peer.name, "wrong")
    with peer.sending() as line, pytest.raises(smtplib.SMTPAuthenticationError) as refused:
        line.login(peer.name, "wrong")
    assert refused.value.smtp_code == 535


def test_only_who_signs_in_may_send(peer: Peer) -> None:
    with peer.sending() as line:
        refused = [line.mail(peer.name)[0], line.rcpt(THEIRS)[0]]
        assert {code // 100 for code in refused} <= {2, 5}
        assert 5 in {code // 100 for code in refused}


def test_a_letter_arrives_as_it_was_sent(tmp_path: Path) -> None:
    system = MailSystem()
    with serving(system, tmp_path) as settings, simulated(system, settings).sending() as line:
        line.login(OURS, system.password)
        line.sendmail(OURS, [THEIRS], letter())
    assert system.went == [letter()]


def test_the_folders_are_there_again_after_a_restart(tmp_path: Path) -> None:
    system = MailSystem()
    system.lay(letter())
    keep(system.folders, tmp_path / "folders.json")
    assert kept(tmp_path / "folders.json") == system.folders


def test_a_line_that_breaks_while_a_letter_is_read_is_told_as_one(tmp_path: Path) -> None:
    system = MailSystem()
    for _ in range(2):
        system.lay(letter())
    system.be("page_fails")
    with serving(system, tmp_path) as settings:
        there = simulated(system, settings)
        account = MailAccount(
            partner="housing",
            smtp=MailServer(HOST, there.smtp_port),
            imap=MailServer(HOST, there.imap_port),
            username=OURS,
            password=system.password,
            our_address=OURS,
            their_address=THEIRS,
            senders=frozenset({THEIRS}),
            ca_file=there.ca,
        )
        with pytest.raises(PartnerUnavailableError), mail(account) as opened:
            list(map(opened.mailbox.read, opened.mailbox.letters()))
