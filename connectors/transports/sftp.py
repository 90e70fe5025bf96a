"""SFTP on paramiko: known host keys only, a limit on every wait, one seam for its errors."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Event, Timer

import paramiko

from connectors.errors import (
    CredentialsRefusedError,
    MisconfiguredError,
    PartnerRefusedError,
    PartnerUnavailableError,
)
from connectors.transports.limits import Limit, limit, limits_of

PIECE_BYTES = 1 << 20
REQUESTS_IN_FLIGHT = 64
# What a file of ours is called until it is whole. No agreed name ends so.
UNFINISHED = ".part"


@dataclass(frozen=True)
class SftpLimits:
    connect_seconds: float = limit(15, "seconds to connect, to be greeted, and to be let in, each")
    answer_seconds: float = limit(60, "seconds for each answer of the server")
    call_seconds: float = limit(300, "seconds for one call in all")
    least_bytes_per_second: int = limit(
        16_000, "bytes a second on the slowest line we bear: a call that carries a file has that time beside"
    )


LIMITS = (
    *limits_of(SftpLimits),
    Limit("PIECE_BYTES", PIECE_BYTES, "bytes of a file in memory at a time"),
    Limit("REQUESTS_IN_FLIGHT", REQUESTS_IN_FLIGHT, "requests ahead of the answers while a file is read"),
)


@dataclass(frozen=True)
class SftpAccount:
    partner: str
    host: str
    port: int
    username: str
    password: str
    # As in a known_hosts file: "ssh-ed25519 AAAA…".
    host_key: str
    limits: SftpLimits = SftpLimits()


@dataclass(frozen=True)
class RemoteFile:
    name: str
    size: int


@dataclass(frozen=True)
class SftpLine:
    partner: str
    client: paramiko.SFTPClient
    limits: SftpLimits
    hang_up: Callable[[], None]

    @contextmanager
    def call(self, *, carries: int = 0) -> Iterator[paramiko.SFTPClient]:
        """One call, which may carry so many bytes."""
        seconds = self.limits.call_seconds + carries / self.limits.least_bytes_per_second
        with _errors(self.partner), _in_time(self.partner, seconds, self.hang_up):
            yield self.client


class SftpFolder:
    def __init__(self, line: SftpLine, folder: str) -> None:
        self._line = line
        self._folder = folder

    def files(self) -> tuple[RemoteFile, ...]:
        with self._line.call() as client:
            found = client.listdir_attr(self._folder)
        plain = (entry for entry in found if entry.st_mode is None or stat.S_ISREG(entry.st_mode))
        return tuple(sorted((RemoteFile(e.filename, e.st_size or 0) for e in plain), key=lambda f: f.name))

    def read(self, name: str) -> Iterator[bytes]:
        """The file in pieces, asked for ahead so that the line stays busy."""
        with self._line.call() as client:
            remote = client.open(f"{self._folder}/{name}", "rb")
            size = remote.stat().st_size or 0
        with self._line.call(carries=size), remote:
            remote.prefetch(size, max_concurrent_requests=REQUESTS_IN_FLIGHT)
            while piece := remote.read(PIECE_BYTES):
                yield piece

    def put(self, name: str, content: bytes) -> None:
        """The file under its name only once it is whole; in place of one that is there already."""
        with self._line.call(carries=len(content)) as client, self._taken():
            unfinished = f"{self._folder}/{name}{UNFINISHED}"
            # Asks for the size afterwards: a full disk may swallow the end without a word.
            client.putfo(BytesIO(content), unfinished)
            if name in client.listdir(self._folder):
                # The plain rename, which every server knows, never writes over a file.
                client.remove(f"{self._folder}/{name}")
            client.rename(unfinished, f"{self._folder}/{name}")

    def remove(self, name: str) -> None:
        with self._line.call() as client, self._taken():
            client.remove(f"{self._folder}/{name}")

    @contextmanager
    def _taken(self) -> Iterator[None]:
        """Tells a server that says no, without a reason, from a line that broke."""
        try:
            yield
        except OSError as error:
            channel = self._line.client.get_channel()
            answered = error.errno is None and channel is not None and not channel.closed
            if not answered or isinstance(error, TimeoutError):
                raise
            raise PartnerUnavailableError(
                f"{self._line.partner}: the SFTP server did not take a file of ours; its disk may be full.",
                fix="nothing is lost and the next run tries again; if it lasts, ask the partner for room in "
                "the folder, and whether we may write and rename there.",
            ) from error


@dataclass(frozen=True)
class SftpServer:
    line: SftpLine

    def folder(self, name: str) -> SftpFolder:
        return SftpFolder(self.line, name)


@contextmanager
def sftp_server(account: SftpAccount) -> Iterator[SftpServer]:
    with paramiko.SSHClient() as ssh:
        # No policy but refusal: an unknown key may be somebody in the middle, with children's records.
        ssh.set_missing_host_key_policy(paramiko.RejectPolicy())
        key = _host_key(account)
        ssh.get_host_keys().add(_known_as(account), key.get_name(), key)
        wait = account.limits.connect_seconds
        # paramiko waits for each step anew, and in one place for ever.
        with _errors(account.partner), _in_time(account.partner, wait, ssh.close):
            client = _signed_in(ssh, account)
        with client:
            yield SftpServer(SftpLine(account.partner, client, account.limits, ssh.close))


def _signed_in(ssh: paramiko.SSHClient, account: SftpAccount) -> paramiko.SFTPClient:
    wait = account.limits.connect_seconds
    ssh.connect(
        account.host,
        port=account.port,
        username=account.username,
        password=account.password,
        timeout=wait,
        banner_timeout=wait,
        auth_timeout=wait,
        look_for_keys=False,
        allow_agent=False,
    )
    client = ssh.open_sftp()
    channel = client.get_channel()
    if channel is not None:
        channel.settimeout(account.limits.answer_seconds)
    return client


@contextmanager
def _in_time(partner: str, seconds: float, hang_up: Callable[[], None]) -> Iterator[None]:
    """Cut off what takes longer: where a line dribbles, every wait is short and all of them never end."""
    late = Event()

    def cut_off() -> None:
        late.set()
        hang_up()

    watch = Timer(seconds, cut_off)
    watch.daemon = True
    watch.start()
    try:
        yield
    except Exception as error:
        if late.is_set():
            raise PartnerUnavailableError(
                f"{partner}: the SFTP server is too slow, or the line broke.",
                fix="nothing tonight, the next run tries again; if it lasts, ring the partner. For a line "
                "that is always slow, set longer limits.",
            ) from error
        raise
    finally:
        watch.cancel()


def _known_as(account: SftpAccount) -> str:
    return account.host if account.port == paramiko.config.SSH_PORT else f"[{account.host}]:{account.port}"


def _host_key(account: SftpAccount) -> paramiko.PKey:
    try:
        entry = paramiko.hostkeys.HostKeyEntry.from_line(f"{account.host} {account.host_key}")
    except Exception as error:
        raise _bad_host_key(account) from error
    if entry is None or entry.key is None:
        raise _bad_host_key(account)
    return entry.key


def _bad_host_key(account: SftpAccount) -> MisconfiguredError:
    return MisconfiguredError(
        f"{account.partner}: the host key in our settings is not one.",
        fix="put the line that the partner gave us, such as 'ssh-ed25519 AAAA…', into the setting host_key.",
    )


@contextmanager
def _errors(partner: str) -> Iterator[None]:
    """The one place where paramiko's errors become ours, by what happens next."""
    try:
        yield
    except paramiko.BadHostKeyException as error:
        raise PartnerRefusedError(
            f"{partner}: the server shows another host key than the agreed one.",
            fix="ring the partner before anything else; only if they confirm a new key, change host_key.",
        ) from error
    except paramiko.AuthenticationException as error:
        if _fell_silent(error):
            raise _unavailable(partner) from error
        raise CredentialsRefusedError(
            f"{partner}: the server refuses our sign-in.",
            fix="check user name and password with the partner before the next try, or the account may lock.",
        ) from error
    except (FileNotFoundError, PermissionError) as error:
        raise PartnerRefusedError(
            f"{partner}: a folder or file that was agreed is missing or closed to us.",
            fix="ask the partner whether the folder moved or our rights changed.",
        ) from error
    except (paramiko.SSHException, OSError, EOFError) as error:
        raise _unavailable(partner) from error


def _fell_silent(error: paramiko.AuthenticationException) -> bool:
    """Whether the server said nothing of our sign-in in time. paramiko has no error of its own for it.

    A line that breaks there is not excused: so do servers that have had enough of a wrong password.
    """
    return str(error) == "Authentication timeout."


def _unavailable(partner: str) -> PartnerUnavailableError:
    return PartnerUnavailableError(
        f"{partner}: the SFTP server does not answer, or the line broke.",
        fix="nothing tonight, the next run tries again; if it lasts, ring the partner.",
    )
