"""Whether a FHIR partner's reply is an answer, or a failure that the HTTP client has to go round again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.errors import ConnectorError, PartnerRefusedError, UnreadableMessageError
from connectors.transports.fhir.outcomes import Next, Verdict, verdict_of
from connectors.transports.fhir.resources import Resource, as_resource
from connectors.transports.http import Failure, Reply
from connectors.transports.http.errors import Host
from connectors.transports.http.retry import retry_after

FHIR_JSON = "application/fhir+json"
KINDS = frozenset({FHIR_JSON, "application/json"})
OUTCOME = "OperationOutcome"
SIGN_IN = frozenset({401, 403})
# With an OperationOutcome beside it, it is this message that they do not want.
ABOUT_THE_MESSAGE = frozenset({400, 404, 409, 410, 412, 413, 422})
NOT_THERE = frozenset({404, 410})
COMPARE = "compare what we send with the partner's specification; the codes say what they miss."


class RefusedMessageError(PartnerRefusedError):
    """They refuse this message and say why as FHIR does; another one may go.

    `words` are their status and known codes. `is_conflict`: theirs contradicts it, and a person must look.
    `is_not_there`: of a resource it is an answer; of their address it would be so of every message.
    """

    def __init__(
        self, what: str, *, fix: str, verdict: Verdict | None = None, status: int | None = None
    ) -> None:
        super().__init__(what, fix=fix)
        self.is_not_there = status in NOT_THERE
        self.words = verdict.words if verdict else what
        self.is_conflict = verdict is not None and verdict.then is Next.LOOK_AGAIN


@dataclass(frozen=True)
class FhirJudge:
    host: Host
    # Of ours, with what was sent: those that every reply must bear.
    echoes: Mapping[str, str]
    now: Callable[[], datetime]

    def __call__(self, reply: Reply) -> Failure | None:
        # Before the echoes: a gateway that refuses our sign-in must not be asked five times.
        if reply.status in SIGN_IN:
            return self._failure(reply, verdict_of(reply.status, _outcome(reply)))
        if not self._is_echoed(reply):
            return self._network(reply, "answers without the ids that we sent")
        if self.echoes and reply.status >= 300 and _outcome(reply) is None:
            return self._network(reply, f"answers {reply.status} without saying why as FHIR does")
        verdict = verdict_in(reply)
        return self._failure(reply, verdict) if verdict else self._of_success(reply)

    def _is_echoed(self, reply: Reply) -> bool:
        return all(
            reply.headers.get(name.lower(), "").strip().lower() == sent.lower()
            for name, sent in self.echoes.items()
        )

    def _network(self, reply: Reply, what: str) -> Failure:
        """Something on the way has answered in their place: they may have it or not."""
        told = retry_after(reply.headers, self.now())
        return Failure(self.host.unavailable(what, retry_after=told), may_pass=True, status=reply.status)

    def _failure(self, reply: Reply, verdict: Verdict) -> Failure | None:
        if verdict.then in (Next.DELIVERED, Next.LOOK_AGAIN):
            return None
        if verdict.then in (Next.TRY_AGAIN, Next.WAIT):
            return self._network(reply, f"answers {verdict.words}")
        error: ConnectorError = self.host.refused(f"answers {verdict.words}", fix=COMPARE)
        if reply.status in ABOUT_THE_MESSAGE and _outcome(reply) is not None:
            error = RefusedMessageError(error.what, fix=error.fix, verdict=verdict, status=reply.status)
        if verdict.then is Next.SIGN_IN:
            error = self.host.no_sign_in(f"refuses our sign-in ({verdict.words})")
        return Failure(error, status=reply.status)

    def _of_success(self, reply: Reply) -> Failure | None:
        if not reply.body:
            return None
        if kind_of(reply) not in KINDS or as_resource(reply.json()) is None:
            error = self.host.refused(
                "answers with something that is no FHIR resource in JSON",
                fix="ask the partner what they sent; look whether it is a page to sign in.",
            )
            return Failure(error)
        return None


def kind_of(reply: Reply) -> str:
    return reply.headers.get("content-type", "").partition(";")[0].strip().lower()


def verdict_in(reply: Reply) -> Verdict | None:
    """None for an answer with something else in it than a failure."""
    outcome = _outcome(reply)
    if outcome is None and reply.status < 300:
        return None
    return verdict_of(reply.status, outcome)


def _outcome(reply: Reply) -> Resource | None:
    if not reply.body or kind_of(reply) not in KINDS:
        return None
    try:
        resource = as_resource(reply.json())
    except UnreadableMessageError:
        # Beside a status that says no, that tells enough; beside any other, it is told as it is.
        return None
    return resource if resource and resource["resourceType"] == OUTCOME else None
