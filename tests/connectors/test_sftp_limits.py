"""No call to an SFTP server outlasts its limit, however the line behaves and from whichever byte on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from connectors.errors import PartnerUnavailableError
from connectors.transports.sftp import SftpAccount, SftpLimits, SftpServer, sftp_server
from simulators.line import End, Manner, line_to
from simulators.partner import Running

LATE = 1.0
QUICK = SftpLimits(connect_seconds=1.0, answer_seconds=1.0, call_seconds=1.5, least_bytes_per_second=400_000)
# On a busy machine everything takes long: only one answer may not.
PATIENT = replace(QUICK, connect_seconds=20.0, least_bytes_per_second=20_000)
FILE = bytes(range(256)) * 2_000
FOLDER = "limits"

MANNERS = {
    "silent": lambda well: Manner(well=well, end=End.SILENCE),
    "dribbling": lambda well: Manner(well=well, piece=1, wait=0.05),
    "torn down": lambda well: Manner(well=well, end=End.RESET),
    "closed": lambda well: Manner(well=well, end=End.HANG_UP),
}

# No wait of these is long. All of them together are.
LATE_IN_ALL = {"slow": lambda well: Manner(well=well, wait=0.3)}
TRICKLE = {"trickling": lambda well: Manner(well=well, piece=4_000, wait=0.05)}


@pytest.fixture
def account(police_server: tuple[Running, Path]) -> SftpAccount:
    running, files = police_server
    (files / FOLDER).mkdir(exist_ok=True)
    (files / FOLDER / "large.csv").write_bytes(FILE)
    told = {name.removeprefix("HUB_POLICE_").lower(): value for name, value in running.settings.items()}
    return SftpAccount(
        partner="police",
        host=told["host"],
        port=int(told["port"]),
        username=told["username"],
        password=told["password"],
        host_key=told["host_key"],
        limits=QUICK,
    )


@contextmanager
def no_later_than(seconds: float) -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun <= seconds + LATE


@dataclass
class Spoiled:
    """An account behind a line that is good until it is told otherwise."""

    account: SftpAccount

    @contextmanager
    def signed_in(self, manner: Manner) -> Iterator[SftpServer]:
        with line_to(self.account.port, manner) as port:
            behind = SftpAccount(**{**vars(self.account), "port": port})
            with sftp_server(behind) as server:
                yield server


@pytest.mark.parametrize("manner", (MANNERS | LATE_IN_ALL).values(), ids=MANNERS | LATE_IN_ALL)
@pytest.mark.parametrize("well", [0, 10, 500, 1_500])
def test_signing_in_ends_in_time(account: SftpAccount, manner: Callable[[int], Manner], well: int) -> None:
    """Before the greeting, within it, among the keys, and in the middle of what follows."""
    with (
        no_later_than(QUICK.connect_seconds),
        pytest.raises(PartnerUnavailableError),
        Spoiled(account).signed_in(manner(well)),
    ):
        pass


@pytest.mark.parametrize("manner", (MANNERS | TRICKLE).values(), ids=MANNERS | TRICKLE)
def test_reading_a_file_ends_in_time(account: SftpAccount, manner: Callable[[int], Manner]) -> None:
    with Spoiled(account).signed_in(manner(60_000)) as server:
        allowed = QUICK.call_seconds + len(FILE) / QUICK.least_bytes_per_second
        with no_later_than(allowed), pytest.raises(PartnerUnavailableError):
            list(server.folder(FOLDER).read("large.csv"))


def test_a_slow_line_that_is_fast_enough_brings_the_file_whole(account: SftpAccount) -> None:
    """Slower than one answer may take, but never as long without one."""
    bearable = Manner(well=10_000, piece=16_000, wait=0.04)
    with Spoiled(replace(account, limits=PATIENT)).signed_in(bearable) as server:
        assert b"".join(server.folder(FOLDER).read("large.csv")) == FILE
