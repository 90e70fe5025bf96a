"""A line to a port on loopback that is spoiled in one way by name, whatever is spoken over it.

Only what the partner answers is spoiled; what is said to them goes through.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto

HOST = "127.0.0.1"
PIECE_BYTES = 16_384
# Closed with this, a socket is torn down instead of taking its leave.
TEAR_DOWN = struct.pack("ii", 1, 0)


class End(Enum):
    HANG_UP = auto()
    RESET = auto()
    SILENCE = auto()


@dataclass(frozen=True)
class Manner:
    """How a line carries answers: so many bytes well, then an end, or on in pieces, each after a wait."""

    well: int = 0
    piece: int = PIECE_BYTES
    wait: float = 0.0
    end: End | None = None


# Enough for a sign-in and a list of files, and less than a night's file.
MIDDLE = 9_000
MANNERS: Mapping[str, Manner] = {
    "slow": Manner(wait=0.05),
    "dribbling": Manner(well=MIDDLE, piece=1, wait=0.1),
    "truncated": Manner(well=MIDDLE, end=End.HANG_UP),
    "resetting": Manner(well=MIDDLE, end=End.RESET),
    "silent": Manner(well=MIDDLE, end=End.SILENCE),
}
DOWN = "down"


@contextmanager
def moody_line(port: int, mood: str) -> Iterator[int]:
    """The port at which the one behind `port` is found in this mood."""
    with nobody() if mood == DOWN else line_to(port, MANNERS[mood]) as spoiled:
        yield spoiled


@contextmanager
def nobody() -> Iterator[int]:
    """A port that is kept free of anybody who would answer."""
    with socket.socket() as kept:
        kept.bind((HOST, 0))
        yield int(kept.getsockname()[1])


@contextmanager
def line_to(port: int, manner: Manner) -> Iterator[int]:
    with socket.create_server((HOST, 0)) as door:
        line = _Line(door, port, manner)
        threading.Thread(target=line.serve, daemon=True).start()
        try:
            yield int(door.getsockname()[1])
        finally:
            line.close()


@dataclass
class _Line:
    door: socket.socket
    port: int
    manner: Manner
    ends: list[socket.socket] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    def serve(self) -> None:
        while not self.closed.is_set():
            try:
                ours, _ = self.door.accept()
                theirs = socket.create_connection((HOST, self.port))
            except OSError:
                return
            self.ends += [ours, theirs]
            for carry, giver, taker in ((self._ask, ours, theirs), (self._answer, theirs, ours)):
                threading.Thread(target=carry, args=(giver, taker), daemon=True).start()

    def close(self) -> None:
        self.closed.set()
        for end in (self.door, *self.ends):
            hang_up(end)

    def _ask(self, giver: socket.socket, taker: socket.socket) -> None:
        with suppress(OSError):
            while piece := giver.recv(PIECE_BYTES):
                taker.sendall(piece)
        hang_up(taker)

    def _answer(self, giver: socket.socket, taker: socket.socket) -> None:
        left = self.manner.well
        with suppress(OSError):
            while piece := giver.recv(PIECE_BYTES):
                taker.sendall(piece[:left])
                if rest := piece[left:]:
                    self._spoil(rest, giver, taker)
                left = max(0, left - len(piece))
        # A line that fell silent does not tell that the other side has gone.
        if left or self.manner.end is not End.SILENCE:
            hang_up(taker)

    def _spoil(self, rest: bytes, giver: socket.socket, taker: socket.socket) -> None:
        if self.manner.end is End.SILENCE:
            return
        if self.manner.end is not None:
            (tear_down if self.manner.end is End.RESET else hang_up)(taker)
            hang_up(giver)
            return
        for start in range(0, len(rest), self.manner.piece):
            if self.closed.wait(self.manner.wait):
                return
            taker.sendall(rest[start : start + self.manner.piece])


def hang_up(end: socket.socket) -> None:
    # Closed alone it stays up for as long as another thread listens to it.
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


def tear_down(end: socket.socket) -> None:
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, TEAR_DOWN)
        # Wakes whoever listens, and says nothing to the other side.
        end.shutdown(socket.SHUT_RD)
    end.close()
