"""What is asked over HTTP and what comes back, as values."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from connectors import strict_json
from connectors.transports.http_retry import SAFE
from connectors.transports.http_site import Query

JSON = ("application/json",)
# No body is due: one that comes is handed over unread.
NOTHING: tuple[str, ...] = ()


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
        """Read strictly: `StrictJsonError` for what could be read in two ways."""
        return strict_json.loads(self.body)
