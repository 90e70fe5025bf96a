"""SMTP: one letter after another from whoever signs in."""

import base64
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from simulators.mail_system import MailSystem

GREETING = b"220 mail here\r\n"
ABILITIES = b"250-here\r\n250-SIZE 50000000\r\n250 AUTH PLAIN\r\n"
YES, GO_ON, SIGNED_IN, GOODBYE = b"250 yes\r\n", b"354 go on\r\n", b"235 signed in\r\n", b"221 goodbye\r\n"
WRONG, FIRST_SIGN_IN, LATER = b"535 5.7.8 no\r\n", b"530 5.7.0 sign in\r\n", b"450 4.2.1 later\r\n"
UNKNOWN = b"502 5.5.1 what?\r\n"
PLAIN = re.compile(rb"AUTH PLAIN (\S+)", re.IGNORECASE)
WHO_SIGNED_IN = (b"MAIL", b"RCPT", b"DATA")


def serve(system: MailSystem, said: BinaryIO, say: Callable[[bytes], object]) -> None:
    say(GREETING)
    is_signed_in = False
    for command in said:
        verb = command[:4].upper()
        if verb == b"AUTH":
            is_signed_in = _lets_in(system, command)
            say(SIGNED_IN if is_signed_in else WRONG)
        elif verb in WHO_SIGNED_IN and not is_signed_in:
            say(FIRST_SIGN_IN)
        elif verb == b"DATA":
            say(GO_ON)
            _take(system, b"".join(_letter(said)))
            if system.mood == "lost_reply":
                # It is theirs, and nobody hears so.
                return
            say(YES)
        elif verb == b"QUIT":
            say(GOODBYE)
            return
        else:
            say(_answer(system, verb))


def _lets_in(system: MailSystem, command: bytes) -> bool:
    proof = PLAIN.match(command)
    _, name, password = (base64.b64decode(proof[1]) if proof else b"\0\0").decode().split("\0")
    return system.lets_in(name, password)


def _answer(system: MailSystem, verb: bytes) -> bytes:
    if verb == b"RCPT" and system.mood == "busy":
        return LATER
    known = {b"EHLO": ABILITIES, b"RSET": YES, b"NOOP": YES, b"MAIL": YES, b"RCPT": YES}
    return known.get(verb, UNKNOWN)


def _letter(said: BinaryIO) -> Iterator[bytes]:
    for line in iter(said.readline, b".\r\n"):
        if not line:
            raise ConnectionError
        # A line that begins with a dot came with one more.
        yield line.removeprefix(b".")


def _take(system: MailSystem, content: bytes) -> None:
    with system.turn:
        system.went.append(content)
        system.changed()
