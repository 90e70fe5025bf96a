"""Postfix and Dovecot of Debian on loopback: one mail system with two mailboxes, ours and a service's.

Postfix takes mail from who signs in, hands it to Dovecot, and returns to the sender what Dovecot has no
mailbox for. Both run under a configuration of their own in a temporary folder, with a certificate of a
certificate authority that is made here. That takes root.
"""

from __future__ import annotations

import os
import pwd
import secrets
import smtplib
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from imaplib import IMAP4_SSL
from pathlib import Path

from tests.servers.certificates import certificate
from tests.servers.lines import HOST, closed_port
from tests.servers.mail_settings import DOVECOT, POSTFIX_MAIN, POSTFIX_MASTER

DOVECOT_PROGRAM = Path("/usr/sbin/dovecot")
POSTFIX_PROGRAM, POSTFIX_MASTER_PROGRAM = Path("/usr/sbin/postfix"), Path("/usr/lib/postfix/sbin/master")
LMTP_PROGRAM = Path("/usr/lib/dovecot/lmtp")
DOMAIN = "northmoor.example"
OURS, THEIRS = f"hub@{DOMAIN}", f"referrals@{DOMAIN}"
# On the list of those who may answer, with a mailbox on another system.
UNKNOWN, REFUSED, BUSY = f"nobody@{DOMAIN}", f"refused@{DOMAIN}", f"busy@{DOMAIN}"
STARTS_WITHIN_SECONDS, COMES_WITHIN_SECONDS = 20.0, 30.0
FOLDERS = ("Sent", "Processed")


@dataclass(frozen=True)
class MailSystem:
    home: Path
    password: str
    smtp_port: int
    smtps_port: int
    imap_port: int
    imaps_port: int

    @property
    def ca(self) -> Path:
        return self.home / "server.pem"

    @staticmethod
    def can_run() -> bool:
        programs = (DOVECOT_PROGRAM, POSTFIX_PROGRAM, POSTFIX_MASTER_PROGRAM, LMTP_PROGRAM)
        return os.geteuid() == 0 and all(program.exists() for program in programs)

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.ca))

    @contextmanager
    def opened(self, address: str) -> Iterator[IMAP4_SSL]:
        """Somebody's mailbox, as their own mail program sees it."""
        with IMAP4_SSL(HOST, self.imaps_port, ssl_context=self.trust()) as box:
            box.login(address, self.password)
            yield box

    def send(self, letter: EmailMessage, *, sign_in: str = THEIRS, envelope: str | None = None) -> None:
        """As the mail program of whoever signs in; `envelope` is where a bounce would go."""
        with smtplib.SMTP_SSL(HOST, self.smtps_port, context=self.trust()) as line:
            line.login(sign_in, self.password)
            line.send_message(letter, from_addr=sign_in if envelope is None else envelope)

    def empty(self) -> None:
        for address in (OURS, THEIRS):
            with self.opened(address) as box:
                for folder in ("INBOX", *FOLDERS):
                    box.select(folder)
                    if box.search(None, "ALL")[1][0]:
                        box.store("1:*", "+FLAGS", r"(\Deleted)")
                        box.expunge()

    def wait_for(self, address: str, *, letters: int = 1, folder: str = "INBOX") -> list[bytes]:
        """What lies in a mailbox, as soon as so many letters do."""
        until = time.monotonic() + COMES_WITHIN_SECONDS
        while len(there := self.letters(address, folder=folder)) < letters:
            assert time.monotonic() < until, f"{len(there)} letters of {letters}: {self.logs()}"
            time.sleep(0.05)
        return there

    def letters(self, address: str, *, folder: str = "INBOX") -> list[bytes]:
        with self.opened(address) as box:
            box.select(folder, readonly=True)
            _, answer = box.fetch("1:*", "(BODY.PEEK[])") if box.search(None, "ALL")[1][0] else ("", [])
            return [one[1] for one in answer if isinstance(one, tuple)]

    def flags(self, address: str, *, folder: str) -> list[str]:
        with self.opened(address) as box:
            box.select(folder, readonly=True)
            _, answer = box.fetch("1:*", "(FLAGS)") if box.search(None, "ALL")[1][0] else ("", [])
            return [one.decode() for one in answer if isinstance(one, bytes)]

    def put(self, address: str, content: bytes, *, folder: str = "INBOX") -> None:
        """Laid into a mailbox as it is, with whatever headers."""
        with self.opened(address) as box:
            box.append(folder, "", "", content)

    def logs(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.home.glob("*.log")))


@contextmanager
def running_mail() -> Iterator[MailSystem]:
    with tempfile.TemporaryDirectory(prefix="mail-") as made, ExitStack() as running:
        home = Path(made)
        home.chmod(0o755)
        ports = _free_ports(4)
        system = MailSystem(home, secrets.token_urlsafe(12), *ports)
        certificate(home, "server")
        _prepare_dovecot(system)
        running.enter_context(_started([str(DOVECOT_PROGRAM), "-F", "-c", str(home / "dovecot.conf")]))
        _prepare_postfix(system)
        master = [str(POSTFIX_MASTER_PROGRAM), "-c", str(home / "postfix"), "-d"]
        running.enter_context(_started(master))
        _wait_until_both_answer(system)
        yield system


def _free_ports(count: int) -> list[int]:
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(closed_port())
    return sorted(ports)


@contextmanager
def _started(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _prepare_dovecot(system: MailSystem) -> None:
    home = system.home
    keeper = pwd.getpwnam("dovecot")
    for folder in ("mail", "run", "state"):
        (home / folder).mkdir()
    os.chown(home / "mail", keeper.pw_uid, keeper.pw_gid)
    names = [address.partition("@")[0] for address in (OURS, THEIRS)]
    (home / "users").write_text("".join(f"{name}:{{PLAIN}}{system.password}\n" for name in names))
    written = DOVECOT.format(
        home=home, imap=system.imap_port, imaps=system.imaps_port, uid=keeper.pw_uid, gid=keeper.pw_gid
    )
    (home / "dovecot.conf").write_text(written)


def _prepare_postfix(system: MailSystem) -> None:
    folder = system.home / "postfix"
    for made in (folder, folder / "spool", folder / "data"):
        made.mkdir()
    os.chown(folder / "data", pwd.getpwnam("postfix").pw_uid, 0)
    places = {"home": system.home, "domain": DOMAIN, "refused": REFUSED, "busy": BUSY}
    (folder / "main.cf").write_text(POSTFIX_MAIN.format(**places))
    (folder / "master.cf").write_text(
        POSTFIX_MASTER.format(host=HOST, smtp=system.smtp_port, smtps=system.smtps_port)
    )
    # Makes the folders of the queue.
    subprocess.run([POSTFIX_PROGRAM, "-c", folder, "check"], check=True, capture_output=True)


def _wait_until_both_answer(system: MailSystem) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while not _both_answer(system):
        assert time.monotonic() < until, f"the mail system did not start: {system.logs()}"
        time.sleep(0.05)


def _both_answer(system: MailSystem) -> bool:
    try:
        with system.opened(OURS), smtplib.SMTP_SSL(HOST, system.smtps_port, context=system.trust()) as line:
            return line.noop()[0] == 250
    except (OSError, IMAP4_SSL.error, smtplib.SMTPException):
        return False
