"""The lines to the two mail servers: TLS or nothing, and an end to every wait.

A timeout ends a wait for one piece of an answer; a server that gives one byte now and then is never late.
So a watch hangs up when the run has had its time.
"""

from __future__ import annotations

import imaplib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from threading import Timer
from typing import Any

from connectors.errors import CredentialsRefusedError, PartnerRefusedError
from connectors.transports.mail.account import MailAccount, MailServer, Security
from connectors.transports.mail.faults import errors, refused, unavailable

# A literal that IMAP announces is read at once, however long it says it is. Beside a letter come headers.
ROOM_FOR_HEADERS = 1_000_000


@dataclass(frozen=True)
class Lines:
    account: MailAccount
    trust: ssl.SSLContext

    @contextmanager
    def smtp(self) -> Iterator[smtplib.SMTP]:
        with ExitStack() as opened:
            # Around these lines alone: what goes wrong at the caller's is no fault of the mail server.
            with errors(self.account.partner):
                end = opened.enter_context(self._dialled(self.account.smtp))
                line = opened.enter_context(closing(_Smtp(end, self.account)))
                if self.account.smtp.security is Security.STARTTLS:
                    self._require(_greeted(line).has_extn("starttls"))
                    line.starttls(context=self.trust)
                self._sign_in_to_send(_greeted(line))
            yield line
            with suppress(smtplib.SMTPException, OSError):
                line.quit()

    @contextmanager
    def imap(self) -> Iterator[imaplib.IMAP4]:
        with ExitStack() as opened:
            with errors(self.account.partner):
                end = opened.enter_context(self._dialled(self.account.imap))
                line = opened.enter_context(_Imap(end, self.account))
                if self.account.imap.security is Security.STARTTLS:
                    # A greeting that says we are signed in already leaves no way to TLS.
                    self._require("STARTTLS" in line.capabilities and line.state == "NONAUTH")
                    line.starttls(self.trust)
                self._sign_in_to_read(line)
            yield line

    @contextmanager
    def _dialled(self, server: MailServer) -> Iterator[socket.socket]:
        limits = self.account.limits
        # Its own file descriptor, since the libraries wrap and close theirs.
        with socket.create_connection((server.host, server.port), limits.connect_seconds) as plain:
            same = plain.dup()
            watch = Timer(limits.run_seconds, _hang_up, [same])
            watch.start()
            try:
                yield self._wrapped(plain, server)
            finally:
                watch.cancel()
                same.close()

    def _wrapped(self, plain: socket.socket, server: MailServer) -> socket.socket:
        if server.security is Security.STARTTLS:
            return plain
        return self.trust.wrap_socket(plain, server_hostname=server.host)

    def _require(self, offered: bool) -> None:  # noqa: FBT001 - the answer to a question, not a switch
        if not offered:
            raise refused(
                self.account.partner,
                "the mail server offers no TLS, and we send and sign in by nothing else.",
                "ask who runs it for STARTTLS or a port with TLS from the start; somebody may also stand "
                "between us and it.",
            )

    def _sign_in_to_send(self, line: smtplib.SMTP) -> None:
        """One try with one method: the library would try the same password with each."""
        line.user, line.password = self.account.username, self.account.password
        offered = line.esmtp_features.get("auth", "").upper().split()
        method, say = ("PLAIN", line.auth_plain) if "PLAIN" in offered else ("LOGIN", line.auth_login)
        if method not in offered:
            raise refused(
                self.account.partner,
                "the mail server takes no user name and password.",
                "ask who runs it how a program signs in.",
            )
        try:
            line.auth(method, say)
        except smtplib.SMTPAuthenticationError as error:
            if 400 <= error.smtp_code < 500:
                raise unavailable(self.account.partner) from None
            raise self._credentials() from None

    def _sign_in_to_read(self, line: imaplib.IMAP4) -> None:
        try:
            line.login(self.account.username, self.account.password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            # RFC 5530: what the server cannot do now is no word about the password.
            if any(code in str(error) for code in ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")):
                raise unavailable(self.account.partner) from None
            raise self._credentials() from None

    def _credentials(self) -> PartnerRefusedError:
        return CredentialsRefusedError(
            f"{self.account.partner}: the mail server refuses our sign-in.",
            fix="check user name and password with who runs it before the next try, or the account may lock.",
        )


def lines_for(account: MailAccount) -> Lines:
    trust = ssl.create_default_context(cafile=account.ca_file)
    trust.minimum_version = ssl.TLSVersion.TLSv1_2
    return Lines(account, trust)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


def _greeted(line: smtplib.SMTP) -> smtplib.SMTP:
    line.ehlo_or_helo_if_needed()
    return line


class _Smtp(smtplib.SMTP):
    """Speaks over a line that stands. The hook is the one of the library's own TLS class."""

    def __init__(self, end: socket.socket, account: MailAccount) -> None:
        self._end = end
        # Its own name would be looked up, and told to the other side.
        super().__init__(account.smtp.host, account.smtp.port, local_hostname="[127.0.0.1]")
        end.settimeout(account.limits.answer_seconds)

    def _get_socket(self, *_: Any) -> socket.socket:
        return self._end


class _Imap(imaplib.IMAP4):
    """Speaks over a line that stands, and reads no more at once than was agreed."""

    def __init__(self, end: socket.socket, account: MailAccount) -> None:
        self._end = end
        self._most = account.limits.message_bytes + ROOM_FOR_HEADERS
        super().__init__(account.imap.host, account.imap.port)
        end.settimeout(account.limits.answer_seconds)

    def __exit__(self, *raised: Any) -> None:
        """Of a line that broke no leave can be taken; what broke it is on its way already."""
        with suppress(imaplib.IMAP4.error, OSError):
            super().__exit__(*raised)
        with suppress(OSError):
            self.shutdown()

    def _create_socket(self, *_: Any) -> socket.socket:
        return self._end

    def read(self, size: int) -> bytes:
        if size > self._most:
            raise self.abort("more than was asked for")
        return super().read(size)
