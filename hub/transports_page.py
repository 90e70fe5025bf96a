"""The page of the transports' limits, drawn from their tables: `python -m hub.reference_pages` writes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.transports import announced, drop, mesh, sftp, sql
from connectors.transports.fhir import site
from connectors.transports.http import limits, oauth
from connectors.transports.limits import Limit
from connectors.transports.mail import account

OPENING = """# Transports

For whoever asks how long the hub waits for a partner, how much it takes from one, and what it does then. The
numbers are the same for all partners of a transport; over HTTP a connector may choose its own.
"""
HTTP = """## HTTP

Handed over is only an answer of a status and a content type that were asked for, whole, and within limits.

- **No redirect is followed**, and no link to a host that is not agreed. Plain http is for this machine alone.
- **Repeated** is only what changes nothing or carries an idempotency key, and only after 429, 500, 502, 503,
  504, or a line that broke; with growing pauses cut by chance, or as long as `Retry-After` says.
- **A 401** renews the token once and asks once more. 403, or a second 401, ends it: accounts lock.
- **Nothing comes from the environment**: no proxy, no password, no certificate, no cookie.
- **Our sign-in is seen by the site's own host**, and of their other hosts by those named for it.
- The look-up of a name has no limit of ours; the system's holds.

Too much, packed twice, moved, a web page, nothing where something is due: `PartnerRefusedError`. Cut short,
broken or too slow: `PartnerUnavailableError`. [Errors](errors.md) has what follows.
"""
SIGN_IN = """## Signing in over HTTP

An API key in a header, a client certificate, or OAuth 2.0 client credentials: by secret, by certificate, or
by an assertion signed with RS512 that is made anew for each call.
"""
FHIR = """## FHIR R4

On top of HTTP, whose limits hold. JSON alone, both ways, nested at most 64 levels.

- **Every call may be repeated**: it bears the ids of its message (`X-Request-ID`, `X-Correlation-ID`), the
  same each time, and either an identifier (`If-None-Exist`) or the version it changes (`If-Match`).
- **What an answer means** is a table in `connectors/transports/fhir/outcomes.py`: delivered, look again,
  wait, try again, sign in, refused. An OperationOutcome is a failure with whichever status.
- **Of an OperationOutcome only codes that we know are repeated**, never its words.
- **A search that shows fewer than it counts** is read again another time: its pages moved.
"""
SFTP = """## SFTP

The host key must be the agreed one.
"""
SQL = """## SQL

An address in our settings may set its own waits.
"""
MESH = """## MESH

A message leaves the mailbox only after it is committed. Nothing that sends is repeated unseen: what was sent
is looked for first. No redirect is followed: a token must not go to another address.
"""
MAIL = """## Secure mail

TLS always, with a certificate that is trusted; nothing is sent in plain, nor to a server that offers no TLS.
"""
DROP = """## Drop folder

Hidden files and those that end in `.part` or `.tmp` are not yet whole, and are left.
"""
SECTIONS: Sequence[tuple[str, Sequence[Limit]]] = (
    (HTTP, limits.LIMITS),
    (SIGN_IN, oauth.LIMITS),
    (FHIR, site.LIMITS),
    (SFTP, (*sftp.LIMITS, *announced.LIMITS)),
    (SQL, sql.LIMITS),
    (MESH, mesh.LIMITS),
    (MAIL, account.LIMITS),
    (DROP, drop.LIMITS),
)


def transports_page() -> str:
    return "\n".join([OPENING, *(line for section in SECTIONS for line in _section(*section))])


def _section(words: str, limits: Sequence[Limit]) -> Iterator[str]:
    yield words
    yield "| Limit | Value | What it is |\n|---|---|---|"
    yield from (f"| `{one.name}` | {_shown(one.value)} | {one.words} |" for one in limits)
    yield ""


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,}"
