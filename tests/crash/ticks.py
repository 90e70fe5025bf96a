"""A tick before everything that leaves a mark: a statement, a commit, a file, a word to a partner.

Installed in a forked child only. At the tick that was ordered the process kills itself, as by a power cut.
What follows a mark is covered by the tick before the next one.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paramiko
import psycopg
import sqlalchemy as sa

from hub import failpoint
from hub.store import bulk

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
# Python's own audit events, by which every change to a file is heard.
EACH = -1
FILE_EVENTS = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link")
Patched = Callable[..., Any]


@dataclass
class Ticks:
    """`ends_at` is the tick at which the process ends by `ends_by`; 0 for none, `EACH` for every one."""

    home: Path
    ends_at: int
    ends_by: signal.Signals
    tell: Callable[[str], None]
    count: int = 0
    places: list[str] = field(default_factory=list)
    _ours: int = field(default_factory=threading.get_ident)

    def tick(self, name: str) -> None:
        # Only our own thread's: the transport's threads keep no order.
        if threading.get_ident() != self._ours:
            return
        self.count += 1
        self.places.append(name)
        if self.ends_at in (self.count, EACH):
            self.tell(name)
            os.kill(os.getpid(), self.ends_by)

    def install(self) -> None:
        self._hear_databases()
        self._hear_drivers()
        self._hear_files_and_failpoints()
        self._hear_sftp()

    def _hear_databases(self) -> None:
        """The hub's and the partner's, whichever engine it is."""

        def statement(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
            self.tick(f"statement {' '.join(text.split()[:3])}")

        sa.event.listen(sa.Engine, "before_cursor_execute", statement)
        sa.event.listen(sa.Engine, "commit", lambda _: self.tick("commit"))

    def _hear_drivers(self) -> None:
        """Bulk loads go past SQLAlchemy."""
        for name in ("_executemany", "_copy"):
            self._before(bulk, name, f"bulk {name.strip('_')}")
        self._before(psycopg.Copy, "write", "copy write")

    def _hear_files_and_failpoints(self) -> None:
        home = str(self.home)

        def heard(event: str, about: tuple[Any, ...]) -> None:
            if event == failpoint.EVENT:
                self.tick(f"failpoint {about[0]}")
            elif event == "open":
                path, _, flags = about
                if isinstance(path, str | bytes) and flags & WRITING and os.fsdecode(path).startswith(home):
                    self.tick("file write")
            elif event in FILE_EVENTS and _below(home, about):
                self.tick(f"file {event.removeprefix('os.')}")

        sys.addaudithook(heard)

    def _hear_sftp(self) -> None:
        """Before each request and before each answer is acted on."""
        self._before(paramiko.SSHClient, "connect", "sftp connect")
        self._before(paramiko.SFTPClient, "_request", "sftp request", after="sftp answer")
        self._before(paramiko.SFTPFile, "read", "sftp read")
        self._before(paramiko.SFTPFile, "write", "sftp write")

    def _before(self, owner: Any, method: str, name: str, *, after: str = "") -> None:
        real: Patched = getattr(owner, method)

        def ticking(*args: Any, **kwargs: Any) -> Any:
            self.tick(name)
            answer = real(*args, **kwargs)
            if after:
                self.tick(after)
            return answer

        setattr(owner, method, ticking)


def _below(home: str, about: tuple[Any, ...]) -> bool:
    """A path below home, or one in a folder that is open already: `rmtree` works so."""
    path = os.fsdecode(about[0])
    return path.startswith(home) or not path.startswith("/")
