"""Searches that come in pages, and what has changed since a moment."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from connectors.errors import PartnerUnavailableError
from connectors.transports.fhir.judge import OUTCOME
from connectors.transports.fhir.resources import (
    Resource,
    as_list,
    as_resource,
    key_of,
    reference_of,
    unreadable,
    updated_at,
)
from connectors.transports.http import Ask, HttpClient, Reply
from connectors.transports.http.errors import Host
from connectors.transports.http.paging import Next, pages

PASSED_OVER = frozenset({"information"})


@dataclass(frozen=True)
class Page:
    # What matches, and what the partner included beside it.
    resources: tuple[Resource, ...] = field(repr=False)
    # How many match in all, where they say so.
    total: int | None


def read_pages(client: HttpClient, ask: Ask, kind: str, then: Next) -> Iterator[Page]:
    """`PartnerUnavailableError` at the end, where they show fewer than they count: pages moved meanwhile."""
    shown: set[str] = set()
    totals: list[int] = []
    for reply in pages(client, ask, then):
        page = _page(client.site.host, reply)
        shown |= {reference_of(one) for one in page.resources if one["resourceType"] == kind}
        totals += [] if page.total is None else [page.total]
        yield page
    if totals and len(shown) < min(totals):
        raise _fewer(client.site.host)


def _page(host: Host, reply: Reply) -> Page:
    bundle = as_resource(reply.json()) if reply.body else None
    if bundle is None or (bundle["resourceType"], bundle.get("type")) != ("Bundle", "searchset"):
        raise unreadable("A search is answered with something that is no Bundle of its kind.")
    resources = [_entry(one) for one in as_list(bundle.get("entry"))]
    for outcome in (one for one in resources if one["resourceType"] == OUTCOME):
        _check_is_harmless(host, outcome)
    found = tuple(one for one in resources if one["resourceType"] != OUTCOME)
    return Page(found, _total(bundle.get("total")))


def _entry(entry: object) -> Resource:
    resource = as_resource(entry.get("resource")) if isinstance(entry, dict) else None
    if resource is None:
        raise unreadable("An entry of a search's answer holds no resource.")
    return resource


def _check_is_harmless(host: Host, outcome: Resource) -> None:
    """A warning may say that they left out a part of what we asked, and show us other people's records."""
    issues = as_list(outcome.get("issue"))
    if not all(isinstance(one, dict) and one.get("severity") in PASSED_OVER for one in issues):
        raise host.refused(
            "answers a search with a warning in it",
            fix="compare what we ask with the partner's specification; they may not know a parameter of it.",
        )


def _total(told: object) -> int | None:
    if told is None:
        return None
    if not isinstance(told, int) or isinstance(told, bool) or told < 0:
        raise unreadable("A search's answer does not count in whole numbers.")
    return told


def _fewer(host: Host) -> PartnerUnavailableError:
    return host.unavailable("shows fewer records than it counts, so its pages moved while we read them")


@dataclass(frozen=True)
class Change:
    # Of this version of it, such as "Task/123/_history/4".
    key: str
    # When they changed it, by their clock.
    at: datetime | None
    resource: Resource = field(repr=False)


class Changes:
    """Iterate once. `moment` is where to begin the next time: None until all was read."""

    def __init__(
        self, found: Iterable[Page], *, kind: str, begins: datetime, now: datetime, seen: Container[str]
    ) -> None:
        self.moment: datetime | None = None
        self._found = found
        self._kind = kind
        self._begins = begins
        self._now = now
        self._seen = seen

    def __iter__(self) -> Iterator[Change]:
        latest = self._begins
        given: set[str] = set()
        for resource in (one for page in self._found for one in page.resources):
            if resource["resourceType"] != self._kind:
                continue
            change = Change(key_of(resource), updated_at(resource), resource)
            latest = max(latest, change.at or latest)
            if change.key not in given and change.key not in self._seen:
                given.add(change.key)
                yield change
        # A record of theirs that is dated into the future would have us pass over all until then.
        self.moment = min(latest, self._now)
