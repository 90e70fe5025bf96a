"""IMAP: the folders, read without marking, marked, moved and added to by whoever signs in."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from typing import BinaryIO

from simulators.mail_folders import DELETED, Folder, Kept
from simulators.mail_system import HungUpError, MailSystem

ABILITIES = "IMAP4rev1 UIDPLUS MOVE"
MARKS = r"\Seen \Answered \Flagged \Deleted \Draft"
WORD = r'"?([^" ]+)"?'
LITERAL = re.compile(rb"\{(\d+)\}\r\n$")
PIECE = re.compile(r"BODY\.PEEK\[\]<0\.(\d+)>")
# A mailbox whose numbers begin anew has another age.
AGE = 1
Answer = Iterable[bytes]


@dataclass
class _Session:
    system: MailSystem
    said: BinaryIO
    say: Callable[[bytes], object]
    is_signed_in: bool = False
    open: Folder | None = None

    def serve(self) -> None:
        self.say(b"* OK here\r\n")
        for command in self.said:
            tag, _, asked = command.decode().strip().partition(" ")
            with self.system.turn:
                for piece in self._answer(asked, command):
                    self.say(piece)
                self.say(f"{tag} {self.done}\r\n".encode())
            if asked.upper() == "LOGOUT":
                return

    def _answer(self, asked: str, command: bytes) -> Iterator[bytes]:
        self.done = "OK done"
        for pattern, answer in COMMANDS.items():
            if found := re.fullmatch(pattern, asked):
                if not (self.is_signed_in or answer in OF_ANYBODY):
                    break
                literal = LITERAL.search(command)
                yield from answer(self, *found.groups(), *([int(literal[1])] if literal else []))
                return
        self.done = "BAD what?"

    def capability(self) -> Answer:
        yield f"* CAPABILITY {ABILITIES}\r\n".encode()

    def logout(self) -> Answer:
        yield b"* BYE goodbye\r\n"

    def login(self, name: str, password: str) -> Answer:
        self.is_signed_in = self.system.lets_in(name, password)
        self.done = "OK signed in" if self.is_signed_in else "NO [AUTHENTICATIONFAILED] no"
        return ()

    def select(self, how: str, name: str) -> Answer:
        self.open = self.system.folders.get(name)
        if self.open is None:
            self.done = "NO no such folder"
            return
        self.done = "OK [READ-ONLY] open" if how == "EXAMINE" else "OK [READ-WRITE] open"
        yield f"* FLAGS ({MARKS})\r\n* {len(self.open.letters)} EXISTS\r\n".encode()
        yield f"* OK [UIDVALIDITY {AGE}] its age\r\n".encode()

    def search(self, since: str | None, message_id: str | None) -> Answer:
        folder = self._folder()
        day = datetime.strptime(since, "%d-%b-%Y").date() if since else None  # noqa: DTZ007 - a day
        found = [
            str(number)
            for number, letter in folder.letters.items()
            if (day is None or letter.came_on >= day)
            and (message_id is None or (letter.message_id == message_id and DELETED not in letter.flags))
        ]
        yield f"* SEARCH {' '.join(found)}".rstrip().encode() + b"\r\n"

    def fetch(self, among: str, what: str) -> Answer:
        folder = self._folder()
        for place, number in enumerate(folder.numbered(among), 1):
            said, content = self._told(what, folder.letters[number])
            head = f"* {place} FETCH (UID {number} {said}"
            yield head.encode() + (b" {%d}\r\n%b" % (len(content), content) if content else b"") + b")\r\n"

    def _told(self, what: str, letter: Kept) -> tuple[str, bytes]:
        if piece := PIECE.search(what):
            self.system.read += 1
            if self.system.mood == "page_fails" and self.system.read > 1:
                raise HungUpError
            return "BODY[]<0>", letter.content[: int(piece[1])]
        if "HEADER.FIELDS" in what:
            named = str(message_from_bytes(letter.content).get("Message-ID", ""))
            size = f"RFC822.SIZE {len(letter.content)}"
            return f"{size} BODY[HEADER.FIELDS (MESSAGE-ID)]", f"Message-ID: {named}\r\n\r\n".encode()
        return f"FLAGS ({' '.join(sorted(letter.flags))})", b""

    def store(self, among: str, sign: str, marks: str) -> Answer:
        folder = self._folder()
        for number in folder.numbered(among):
            flags = folder.letters[number].flags
            folder.letters[number].flags = (
                flags | set(marks.split()) if sign == "+" else flags - set(marks.split())
            )
        self.system.changed()
        return ()

    def move(self, among: str, name: str) -> Answer:
        folder, to = self._folder(), self.system.folders[name]
        for letter in folder.take_out(list(folder.numbered(among))):
            to.add(letter)
        self.system.changed()
        return ()

    def expunge(self, among: str) -> Answer:
        folder = self._folder()
        folder.take_out([one for one in folder.numbered(among) if DELETED in folder.letters[one].flags])
        self.system.changed()
        return ()

    def append(self, name: str, marks: str, length: int) -> Answer:
        yield b"+ go on\r\n"
        content = self.said.read(length)
        self.said.readline()
        self.system.folders[name].add(Kept(content, set(marks.split())))
        self.system.changed()

    def _folder(self) -> Folder:
        if self.open is None:
            raise HungUpError
        return self.open


COMMANDS: Mapping[str, Callable[..., Answer]] = {
    "CAPABILITY": _Session.capability,
    "LOGOUT": _Session.logout,
    rf"LOGIN {WORD} {WORD}": _Session.login,
    rf"(SELECT|EXAMINE) {WORD}": _Session.select,
    r'UID SEARCH (?:ALL|SINCE (\S+)|UNDELETED HEADER Message-ID "(.+)")': _Session.search,
    r"UID FETCH (\S+) \((.+)\)": _Session.fetch,
    r"UID STORE (\S+) ([+-])FLAGS\.SILENT \((.*)\)": _Session.store,
    rf"UID MOVE (\S+) {WORD}": _Session.move,
    r"UID EXPUNGE (\S+)": _Session.expunge,
    rf"APPEND {WORD} \((.*)\) \{{\d+\}}": _Session.append,
}
OF_ANYBODY = (_Session.capability, _Session.logout, _Session.login)


def serve(system: MailSystem, said: BinaryIO, say: Callable[[bytes], object]) -> None:
    _Session(system, said, say).serve()
