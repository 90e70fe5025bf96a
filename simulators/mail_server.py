"""A mail system on loopback, as far as one mailbox needs it: SMTP takes letters in, IMAP shows folders.

TLS from the start and one account. What goes out by SMTP lies in `went`, for whoever plays the other side;
what they answer is laid into INBOX. It knows those commands that a program uses which reads, files and sends,
and says no to any other. Postfix and Dovecot know them all: on them a transport is tried.
"""

import socket
import socketserver
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from simulators import mail_by_imap, mail_by_smtp
from simulators.answering import answering
from simulators.certificates import Certificate, own_certificate
from simulators.line import HOST
from simulators.mail_system import OURS, THEIRS, HungUpError, MailSystem

Serve = Callable[[MailSystem, BinaryIO, Callable[[bytes], object]], None]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, system: MailSystem, serve: Serve, certificate: Certificate) -> None:
        super().__init__((HOST, 0), _Line)
        self.system, self.serve = system, serve
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate.file, certificate.key)


class _Line(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        if self.server.system.mood == "down":
            return
        # Whoever hangs up has gone.
        with suppress(OSError, HungUpError), ExitStack() as opened:
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            end = opened.enter_context(self.server.tls.wrap_socket(self.request, server_side=True))
            self.server.serve(self.server.system, end.makefile("rb"), end.sendall)


@contextmanager
def serving(system: MailSystem, home: Path) -> Iterator[dict[str, str]]:
    """The settings by which a hub finds it, without their prefix."""
    certificate = own_certificate(home, "mail")
    with ExitStack() as opened:
        ports = [
            opened.enter_context(_listening(_Server(system, serve, certificate)))
            for serve in (mail_by_smtp.serve, mail_by_imap.serve)
        ]
        yield {
            "SMTP_HOST": HOST,
            "SMTP_PORT": str(ports[0]),
            "IMAP_HOST": HOST,
            "IMAP_PORT": str(ports[1]),
            "USERNAME": OURS,
            "PASSWORD": system.password,
            "OUR_ADDRESS": OURS,
            "ADDRESS": THEIRS,
            "SENDERS": THEIRS,
            "CA_FILE": str(certificate.file),
        }


@contextmanager
def _listening(server: _Server) -> Iterator[int]:
    with answering(server):
        yield int(server.server_address[1])
