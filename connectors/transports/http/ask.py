"""What is asked over HTTP and what comes back, as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property

from connectors import strict_json
from connectors.errors import ConnectorError
from connectors.transports.http.retry import SAFE
from connectors.transports.http.site import Query

JSON = ("application/json",)
# No body is due: one that comes is handed over unread.
NOTHING: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """An answer that was expected, and whole."""

    status: int
    # By names in lower case.
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    # What was asked: links in it are read from here.
    address: str = field(repr=False)

    def json(self) -> object:
        """Read strictly, and once: `StrictJsonError` for what could be read in two ways."""
        return self._read

    @cached_property
    def _read(self) -> object:
        return strict_json.loads(self.body)


@dataclass(frozen=True)
class Failure:
    """No answer, or one that a protocol on top of HTTP takes for none."""

    error: ConnectorError
    # Whether the same may go well in a moment.
    may_pass: bool = False
    # Whether what was asked can have reached them.
    was_asked: bool = True
    status: int | None = None


# What a protocol on top of HTTP makes of a whole reply: None where it is an answer.
Judge = Callable[[Reply], Failure | None]


@dataclass(frozen=True)
class Ask:
    """One call. Nothing of it is ever shown in an error or a log, because it may name a child."""

    method: str
    # Below the site's base address (see `below`), or a whole address of theirs, such as a link they gave.
    path: str = field(repr=False)
    query: Query = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    body_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    # The statuses that are answers. Any other is an error.
    expects: Set[int] = frozenset({200})
    # The content types that are answers, whichever the status; `NOTHING` where no body is due.
    takes: tuple[str, ...] = JSON
    # An idempotency key: by it the partner knows a repeat for one, and so the call may be repeated.
    key: str | None = field(default=None, repr=False)
    # Looks at every reply that was expected, and may send the call around again.
    judge: Judge | None = field(default=None, repr=False)

    @property
    def may_be_repeated(self) -> bool:
        return self.method in SAFE or self.key is not None


def get(path: str, *, query: Query | None = None, takes: tuple[str, ...] = JSON) -> Ask:
    return Ask("GET", path, query=query or {}, takes=takes)


def post(
    path: str,
    body: bytes,
    *,
    key: str | None = None,
    expects: Set[int] = frozenset({200, 201}),
    takes: tuple[str, ...] = JSON,
    body_type: str = "application/json",
) -> Ask:
    """Without a key it is sent once: nobody could tell a repeat from a second referral."""
    return Ask("POST", path, body=body, key=key, expects=expects, takes=takes, body_type=body_type)
