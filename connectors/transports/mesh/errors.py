"""The one place where errors on the line to MESH become ours, by what happens next."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import requests
import urllib3
from requests.exceptions import ContentDecodingError

from connectors.errors import (
    CredentialsRefusedError,
    MisconfiguredError,
    PartnerRefusedError,
    PartnerUnavailableError,
)
from connectors.transports.mesh.line import BUSY

# What MESH says in an answer to a sending, or in a report on one: as its makers have them in the sandbox.
CODES = {
    "02": "there was nothing in it",
    "06": "its details cannot be read",
    "07": "our own mailbox is not known as a sender",
    "08": "it names no recipient",
    "09": "its version is not known",
    "11": "its type is not known",
    "12": "no such recipient is registered",
    "14": "the recipient did not collect it in time",
    "17": "the recipient does not take this kind of message (workflow)",
    "18": "this kind of message (workflow) is not enabled",
    "19": "its time to expire is not valid",
    "20": "it does not exist",
}
CODE = re.compile(r"(EPL-)?[0-9]{1,4}")
ANSWERED_NO = "MESH answered, and the answer is no"


def in_words(code: str | None) -> str:
    """A code in our words; of what they write beside it nothing is kept, for it may name a child."""
    known = code if code and CODE.fullmatch(code) else "none"
    return f"MESH code {known}: {CODES.get(known, 'not one that we know')}"


def check(partner: str, response: requests.Response, *accepted: int) -> requests.Response:
    """The answer, if its status is one of those accepted."""
    status = response.status_code
    if status in accepted:
        return response
    code = _code(response)
    response.close()
    if status in (401, 403):
        raise CredentialsRefusedError(
            f"{partner}: MESH refuses our mailbox, its password or the shared key (HTTP {status}).",
            fix="compare mailbox, password and shared key with MESH before the next try; a clock that is two "
            "hours wrong looks the same.",
        )
    if status in BUSY:
        raise PartnerUnavailableError(
            f"{partner}: MESH is busy or out of order (HTTP {status}).",
            fix="nothing tonight, the next run tries again; if it lasts, look at MESH's service status.",
        )
    raise PartnerRefusedError(
        f"{partner}: {ANSWERED_NO} (HTTP {status}; {in_words(code)}).",
        fix="compare address, mailboxes and workflows in our settings with what MESH has registered.",
    )


def _code(response: requests.Response) -> str | None:
    try:
        told = response.json()
        detail = told.get("detail") or [{"code": told.get("errorCode")}]
        return str(detail[0].get("code") or "") or None
    except (ValueError, AttributeError, LookupError, TypeError):
        return None


@contextmanager
def errors(partner: str) -> Iterator[None]:
    try:
        yield
    except (requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL) as error:
        raise MisconfiguredError(
            f"{partner}: MESH points to an address outside the agreed one.",
            fix="check the setting url; do not follow where it points.",
        ) from error
    except (ContentDecodingError, ValueError, LookupError, TypeError) as error:
        # `from None`: a parser's words may hold what it could not read.
        raise PartnerUnavailableError(
            f"{partner}: what answers is not MESH as we know it ({type(error).__name__}).",
            fix="look whether a maintenance or sign-in page answers there; the next run tries again.",
        ) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise _of_the_line(partner, error) from error


def _of_the_line(partner: str, error: Exception) -> PartnerRefusedError | PartnerUnavailableError:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return PartnerRefusedError(
                f"{partner}: the server shows a certificate not of the agreed authority, run out, "
                "or made for another server.",
                fix="ring MESH's service desk first; only if they confirm a change, change ca.",
            )
        if isinstance(cause, ssl.SSLError) and "ALERT" in str(cause.reason):
            return CredentialsRefusedError(
                f"{partner}: MESH refuses our certificate.",
                fix="look whether it has run out, and renew it with MESH before the next try.",
            )
    return PartnerUnavailableError(
        f"{partner}: MESH does not answer in time, or the line broke.",
        fix="nothing tonight, the next run tries again; if it lasts, look at MESH's service status.",
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was made of; libraries put the cause in many places."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        beneath = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        waiting.extend(cause for cause in beneath if isinstance(cause, BaseException))
