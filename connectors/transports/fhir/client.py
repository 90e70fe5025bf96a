"""FHIR R4 on top of HTTP: what a connector's author calls.

    site = FhirSite(HttpSite("camhs", settings.base_url, auth=ClientCredentials(…)))
    with fhir_client(site) as client:
        stored = client.create(request, identifier=Identifier(SYSTEM, "YJS-1"), ids=ids)
        answer = client.update(changed, version=stored.version, ids=ids)  # Stored, or Conflict: look again
        changes = client.since("Task", moment, seen=since.landed)         # then `changes.moment`
        for state in newer_states(changes, known):                     # fhir_tasks.py

Whatever is sent may be repeated: each call names its message, and either its identifier or the version that
it changes. What an answer means stands in fhir_outcomes.py.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from connectors.errors import MisconfiguredError
from connectors.transports.fhir.bundles import (
    TRUSTS,
    Entry,
    Stored,
    Transacted,
    check_is_identified,
    if_none_exist,
    stored,
    stored_by,
    transaction_of,
    warnings_of,
)
from connectors.transports.fhir.judge import (
    COMPARE,
    RefusedMessageError,
    verdict_in,
)
from connectors.transports.fhir.listings import Changes, Page, read_pages
from connectors.transports.fhir.outcomes import Next, Verdict
from connectors.transports.fhir.resources import (
    Identifier,
    Ids,
    Resource,
    as_resource,
    is_same_content,
    reference_of,
    version_of,
)
from connectors.transports.fhir.site import KEY_HEADER, MOST_ENTRIES, PAGE_RESOURCES, FhirSite
from connectors.transports.http import Ask, HttpClient, Reply, Time, below, http_client
from connectors.transports.http.paging import by_bundle_link
from connectors.transports.http.site import Query


@dataclass(frozen=True)
class Conflict:
    """Nothing was written: what they hold is not what we saw. The caller decides what is to be."""

    # As it is now; None where it cannot be read by its address.
    theirs: Resource | None = field(repr=False)


@contextmanager
def fhir_client(site: FhirSite, *, time: Time | None = None) -> Iterator[FhirClient]:
    """As `http_client`, whose limits, sign-in and errors hold."""
    clock = time or Time()
    with http_client(replace(site.http, key_header=KEY_HEADER), time=clock) as client:
        yield FhirClient(site, client, clock)


class FhirClient:
    def __init__(self, site: FhirSite, client: HttpClient, time: Time) -> None:
        self.site = site
        self._client = client
        self._time = time
        self._host = site.http.host

    def read(self, kind: str, logical_id: str) -> Resource:
        """Its id may be another than was asked for: PDS hands over the successor of a number."""
        return self._resource(self._ask("GET", below(kind, logical_id)), kind)

    def search(self, kind: str, query: Query) -> Iterator[Page]:
        asked = {"_count": str(PAGE_RESOURCES), "_total": "accurate", **query}
        return read_pages(self._client, self._ask("GET", below(kind), query=asked), kind, self._next)

    def since(
        self, kind: str, moment: datetime, *, query: Query | None = None, seen: Container[str] = ()
    ) -> Changes:
        """Every version changed since the moment, minus the overlap, that has not been seen; each once."""
        if moment.tzinfo is None:
            raise MisconfiguredError("A moment without a time zone.", fix="hand over one in UTC.")
        begins = (moment - self.site.overlap).astimezone(UTC).isoformat(timespec="milliseconds")
        asked = {"_lastUpdated": f"ge{begins}", "_sort": "_lastUpdated", **(query or {})}
        now = self._time.now()
        return Changes(self.search(kind, asked), kind=kind, begins=moment, now=now, seen=seen)

    def create(self, resource: Resource, *, identifier: Identifier, ids: Ids) -> Stored:
        """Unless they have one with this identifier: then that one."""
        check_is_identified(resource, identifier)
        ask = self._ask("POST", resource["resourceType"], resource=resource, ids=ids)
        ask = replace(ask, headers={**ask.headers, "If-None-Exist": if_none_exist(identifier)})
        reply = self._client.ask(ask)
        if verdict := verdict_in(reply):
            if verdict.then is Next.DELIVERED:
                return Stored(is_new=False)
            raise self._several(verdict)
        return stored(
            self._host,
            _body(reply),
            reply.headers.get("location"),
            is_new=reply.status == 201,
            asked=(resource, identifier),
        )

    def update(self, resource: Resource, *, version: str, ids: Ids) -> Stored | Conflict:
        """If they still hold this version of it, or what we write already."""
        kind, _, logical_id = reference_of(resource).partition("/")
        ask = self._ask("PUT", below(kind, logical_id), resource=resource, ids=ids)
        reply = self._client.ask(replace(ask, headers={**ask.headers, "If-Match": f'W/"{version}"'}))
        verdict = verdict_in(reply)
        if verdict and verdict.then is Next.DELIVERED:
            return Stored(is_new=False, reference=reference_of(resource))
        if not verdict and (written := _body(reply)):
            return self._kept(resource, written, is_new=True)
        theirs = self.read(kind, logical_id)
        # Ours came through and its answer was lost: then the repeat meets its own version.
        if is_same_content(resource, theirs):
            return self._kept(resource, theirs, is_new=False)
        return Conflict(theirs)

    def transact(self, entries: Sequence[Entry], *, ids: Ids) -> Transacted:
        """All of them or an error: then none is taken for stored, and the whole may be sent again. With
        `RefusedMessageError` it is this message that they do not take, and others may go.
        """
        ask = self._ask("POST", "", resource=transaction_of(entries, most=MOST_ENTRIES), ids=ids)
        reply = self._client.ask(ask)
        verdict = verdict_in(reply)
        if verdict and verdict.then is not Next.DELIVERED:
            raise self._several(verdict)
        if verdict:
            return Transacted(tuple(Stored(is_new=False) for _ in entries), tuple(warnings_of(entries)))
        return Transacted(stored_by(self._host, _body(reply), entries), tuple(warnings_of(entries)))

    def deliver(self, operation: str, resource: Resource, *, ids: Ids) -> Stored | Conflict:
        """To an operation of theirs that knows repeats by `X-Request-ID`, such as "$process-message"."""
        reply = self._client.ask(self._ask("POST", operation, resource=resource, ids=ids))
        verdict = verdict_in(reply)
        if verdict is None:
            return Stored(is_new=True, resource=_body(reply))
        return Stored(is_new=False) if verdict.then is Next.DELIVERED else Conflict(None)

    def _next(self, ask: Ask, reply: Reply) -> Ask | None:
        """Each page is a message of its own: asked by the ids of the first, they might give that again."""
        following = by_bundle_link(ask, reply)
        return self._ask("GET", following.path) if following else None

    def _ask(self, method: str, path: str, **told: Any) -> Ask:
        return self.site.ask(method, path, now=self._time.now, **told)

    def _resource(self, ask: Ask, kind: str) -> Resource:
        reply = self._client.ask(ask)
        if verdict := verdict_in(reply):
            raise self._host.refused(f"answers {verdict.words}", fix=COMPARE)
        resource = _body(reply)
        if resource is None or resource["resourceType"] != kind:
            raise self._host.refused("answers with another kind of resource than we asked for", fix=COMPARE)
        return resource

    def _kept(self, ours: Resource, theirs: Resource, *, is_new: bool) -> Stored:
        if reference_of(theirs) != reference_of(ours):
            raise self._host.refused("hands back another resource than the one that we named", fix=TRUSTS)
        return Stored(is_new, reference_of(theirs), version_of(theirs), theirs)

    def _several(self, verdict: Verdict) -> RefusedMessageError:
        said = self._host.refused(
            f"holds several records with our identifier, or one that contradicts ours ({verdict.words})",
            fix="look at them with the partner; until one is left, nothing of it is sent.",
        )
        return RefusedMessageError(said.what, fix=said.fix, verdict=verdict)


def _body(reply: Reply) -> Resource | None:
    return as_resource(reply.json()) if reply.body else None
