"""What a FHIR partner's answer means for what happens next, as a table.

An OperationOutcome is never what was asked for, so it is a failure with whichever status: PDS tells of too
many matches with 200. Its words may quote a child: nothing of it is repeated but codes that are known here.

Sources: the error tables of BaRS 1.4.0, PDS and e-RS, and the value set issue-type of R4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from connectors.transports.fhir.resources import Resource, as_list


class Next(StrEnum):
    """The gravest first: of several issues the gravest counts."""

    REFUSED = "refused"
    SIGN_IN = "sign in"
    # Theirs has changed: read it, and decide.
    LOOK_AGAIN = "look again"
    TRY_AGAIN = "try again"
    # They have it, and are at work on it.
    WAIT = "wait"
    DELIVERED = "delivered"


@dataclass(frozen=True)
class Rule:
    """None stands for any."""

    status: int | None
    issue: str | None
    code: str | None
    then: Next

    def holds(self, status: int, issue: str | None, code: str | None) -> bool:
        return self.status in (None, status) and self.issue in (None, issue) and self.code in (None, code)


# Who answers, before a code of BaRS.
PLACES = ("", "SEND_", "REC_", "PROXY_")
# The first that holds counts.
RULES: Sequence[Rule] = (
    # Some say so with 500.
    *(Rule(None, None, f"{place}TOO_MANY_REQUESTS", Next.TRY_AGAIN) for place in PLACES),
    # One status, two meanings: the second time they were told, or a change of theirs in between.
    Rule(409, "duplicate", "REC_CONFLICT", Next.DELIVERED),
    Rule(409, None, None, Next.LOOK_AGAIN),
    # PDS: we named no version.
    Rule(412, "structure", "PRECONDITION_FAILED", Next.REFUSED),
    Rule(412, None, None, Next.LOOK_AGAIN),
    Rule(425, None, None, Next.WAIT),
    # e-RS: a file is being scanned.
    Rule(422, None, "PENDING", Next.WAIT),
    Rule(401, None, None, Next.SIGN_IN),
    Rule(403, None, None, Next.SIGN_IN),
    Rule(408, None, None, Next.TRY_AGAIN),
    Rule(429, None, None, Next.TRY_AGAIN),
    # BaRS does not have a fault of their program repeated.
    *(Rule(500, None, f"{place}SERVER_ERROR", Next.REFUSED) for place in PLACES),
    Rule(500, None, None, Next.TRY_AGAIN),
    Rule(502, None, None, Next.TRY_AGAIN),
    Rule(503, None, None, Next.TRY_AGAIN),
    Rule(504, None, None, Next.TRY_AGAIN),
    Rule(507, None, None, Next.TRY_AGAIN),
    # With a status that says that all is well.
    *(
        Rule(status, issue, None, then)
        for status in (200, 201, 202)
        for issue, then in (
            ("conflict", Next.LOOK_AGAIN),
            ("lock-error", Next.TRY_AGAIN),
            ("throttled", Next.TRY_AGAIN),
            ("timeout", Next.TRY_AGAIN),
            ("transient", Next.TRY_AGAIN),
            ("incomplete", Next.TRY_AGAIN),
            ("no-store", Next.TRY_AGAIN),
        )
    ),
    Rule(None, None, None, Next.REFUSED),
)

# Issue types of R4. https://hl7.org/fhir/R4/valueset-issue-type.html
ISSUES = """invalid structure required value invariant security login unknown expired forbidden suppressed
    processing not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension
    too-costly business-rule conflict transient lock-error no-store exception timeout incomplete throttled
    informational"""
BARS = """BAD_REQUEST UNAUTHORIZED FORBIDDEN NOT_FOUND METHOD_NOT_ALLOWED NOT_ACCEPTABLE TIMEOUT CONFLICT
    UNPROCESSABLE_ENTITY TOO_EARLY TOO_MANY_REQUESTS SERVER_ERROR NOT_IMPLEMENTED SERVICE_UNAVAILABLE
    UNAVAILABLE"""
OTHERS = """PRECONDITION_FAILED RESOURCE_VERSION_MISMATCH RESOURCE_NOT_FOUND TOO_MANY_MATCHES ACCESS_DENIED
    INVALIDATED_RESOURCE INVALID_RESOURCE_ID INVALID_SEARCH_DATA INVALID_VALUE MISSING_VALUE
    UNSUPPORTED_SERVICE UNABLE_TO_CALL_SERVICE ADDITIONAL_PROPERTIES PENDING PAS_NOT_RESPONDING
    SYSTEM_UNAVAILABLE UNEXPECTED_FIELD"""
KNOWN_ISSUES = frozenset(ISSUES.split())
KNOWN_CODES = frozenset(place + code for place in PLACES for code in BARS.split()) | {*OTHERS.split()}


@dataclass(frozen=True)
class Verdict:
    then: Next
    # Status and known codes, such as "409 conflict REC_CONFLICT".
    words: str


def verdict_of(status: int, outcome: Resource | None) -> Verdict:
    """Of an OperationOutcome, or of a status that came without one."""
    issues = _issues(outcome) or [(None, None)]
    thens = {_next(status, issue, code) for issue, code in issues}
    known = dict.fromkeys(word for pair in issues for word in pair if word)
    return Verdict(next(one for one in Next if one in thens), " ".join([str(status), *known]))


def _next(status: int, issue: str | None, code: str | None) -> Next:
    return next(rule.then for rule in RULES if rule.holds(status, issue, code))


def _issues(outcome: Resource | None) -> list[tuple[str | None, str | None]]:
    every = [one for one in as_list((outcome or {}).get("issue")) if isinstance(one, dict)]
    graver = [one for one in every if one.get("severity") != "information"]
    return [(_known(one.get("code"), KNOWN_ISSUES), _code(one)) for one in graver or every]


def _code(issue: Resource) -> str | None:
    details = issue.get("details")
    codings = as_list(details.get("coding")) if isinstance(details, dict) else []
    found = (_known(one.get("code"), KNOWN_CODES) for one in codings if isinstance(one, dict))
    return next((code for code in found if code), None)


def _known(told: object, words: frozenset[str]) -> str | None:
    return told if isinstance(told, str) and told in words else None
