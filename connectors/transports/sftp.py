"""SFTP on paramiko: known host keys only, a limit on every wait, one seam for its errors."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Timer

import paramiko

from connectors.errors import (
    CredentialsRefusedError,
    MisconfiguredError,
    PartnerRefusedError,
    PartnerUnavailableError,
)

CONNECT_SECONDS = 15
ANSWER_SECONDS = 60
PIECE_BYTES = 1 << 20
REQUESTS_IN_FLIGHT = 64
# What a file of ours is called until it is whole. No agreed name ends so.
UNFINISHED = ".part"


@dataclass(frozen=True)
class SftpAccount:
    partner: str
    host: str
    port: int
    username: str
    password: str
    # As in a known_hosts file: "ssh-ed25519 AAAA…".
    host_key: str


@dataclass(frozen=True)
class RemoteFile:
    name: str
    size: int


class SftpFolder:
    def __init__(self, partner: str, client: paramiko.SFTPClient, folder: str) -> None:
        self._partner = partner
        self._client = client
        self._folder = folder

    def files(self) -> tuple[RemoteFile, ...]:
        with _errors(self._partner):
            found = self._client.listdir_attr(self._folder)
        plain = (entry for entry in found if entry.st_mode is None or stat.S_ISREG(entry.st_mode))
        return tuple(sorted((RemoteFile(e.filename, e.st_size or 0) for e in plain), key=lambda f: f.name))

    def read(self, name: str) -> Iterator[bytes]:
        """The file in pieces, asked for ahead so that the line stays busy."""
        with _errors(self._partner), self._client.open(f"{self._folder}/{name}", "rb") as remote:
            remote.prefetch(max_concurrent_requests=REQUESTS_IN_FLIGHT)
            while piece := remote.read(PIECE_BYTES):
                yield piece

    def put(self, name: str, content: bytes) -> None:
        """The file under its name only once it is whole; in place of one that is there already."""
        with _errors(self._partner), self._taken():
            unfinished = f"{self._folder}/{name}{UNFINISHED}"
            # Asks for the size afterwards: a full disk may swallow the end without a word.
            self._client.putfo(BytesIO(content), unfinished)
            if name in self._client.listdir(self._folder):
                # The plain rename, which every server knows, never writes over a file.
                self._client.remove(f"{self._folder}/{name}")
            self._client.rename(unfinished, f"{self._folder}/{name}")

    def remove(self, name: str) -> None:
        with _errors(self._partner), self._taken():
            self._client.remove(f"{self._folder}/{name}")

    @contextmanager
    def _taken(self) -> Iterator[None]:
        """Tells a server that says no, without a reason, from a line that broke."""
        try:
            yield
        except OSError as error:
            channel = self._client.get_channel()
            answered = error.errno is None and channel is not None and not channel.closed
            if not answered or isinstance(error, TimeoutError):
                raise
            raise PartnerUnavailableError(
                f"{self._partner}: the SFTP server did not take a file of ours; its disk may be full.",
                fix="nothing is lost and the next run tries again; if it lasts, ask the partner for room in "
                "the folder, and whether we may write and rename there.",
            ) from error


@dataclass(frozen=True)
class SftpServer:
    partner: str
    client: paramiko.SFTPClient

    def folder(self, name: str) -> SftpFolder:
        return SftpFolder(self.partner, self.client, name)


@contextmanager
def sftp_server(account: SftpAccount) -> Iterator[SftpServer]:
    with paramiko.SSHClient() as ssh:
        # No policy but refusal: an unknown key may be somebody in the middle, with children's records.
        ssh.set_missing_host_key_policy(paramiko.RejectPolicy())
        key = _host_key(account)
        ssh.get_host_keys().add(_known_as(account), key.get_name(), key)
        with _errors(account.partner):
            ssh.connect(
                account.host,
                port=account.port,
                username=account.username,
                password=account.password,
                timeout=CONNECT_SECONDS,
                banner_timeout=CONNECT_SECONDS,
                auth_timeout=CONNECT_SECONDS,
                look_for_keys=False,
                allow_agent=False,
            )
            client = _opened(ssh)
        with client:
            yield SftpServer(account.partner, client)


def _opened(ssh: paramiko.SSHClient) -> paramiko.SFTPClient:
    # paramiko waits for ever here: a server that lets us in and falls silent would hold up the night.
    watch = Timer(CONNECT_SECONDS, ssh.close)
    watch.start()
    try:
        client = ssh.open_sftp()
    finally:
        watch.cancel()
    channel = client.get_channel()
    if channel is not None:
        channel.settimeout(ANSWER_SECONDS)
    return client


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


def _unavailable(partner: str) -> PartnerUnavailableError:
    return PartnerUnavailableError(
        f"{partner}: the SFTP server does not answer, or the line broke.",
        fix="nothing tonight, the next run tries again; if it lasts, ring the partner.",
    )
