"""Over HTTP: every list of every school, page by page, and what was deleted from it.

All of it each night: of a list that is asked only for what changed, a child whom the YJS comes to know today
would have no school until something changes there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

from connectors.contract import InboundMessage
from connectors.education.opening import RECORDS
from connectors.education.resources import Resource
from connectors.errors import PartnerRefusedError, UnreadableMessageError
from connectors.strict_json import loads
from connectors.transports.http import Ask, HttpClient, Reply, below, get
from connectors.transports.http.paging import pages

AT_ONCE = "200"
TOO_FEW = "EDU-R03"


@dataclass(frozen=True)
class SchoolApi:
    client: HttpClient
    schools: tuple[str, ...]

    def messages(self, resource: Resource) -> Iterator[InboundMessage]:
        """Every page with records on it; where there is not one, the last without."""
        places = self._places(resource)
        came, last = 0, None
        for place in places:
            read, total = 0, None
            for last in self.pages(get(place, query={"per_page": AT_ONCE})):
                records, total = _records(self.client, last), _pagination(last).get("total")
                read += len(records)
                if records:
                    yield _message(last)
            if type(total) is int and read < total:
                yield _too_few(resource, read, total)
            came += read
        if last is not None and not came:
            # Without what was deleted, or something would seem to have come. It is listed for 30 days.
            yield _message(last)
        elif resource.is_of_schools:
            yield from self._deleted(resource)

    def pages(self, first: Ask) -> Iterator[Reply]:
        return pages(self.client, first, _next)

    def _places(self, resource: Resource) -> list[str]:
        if not resource.is_of_schools:
            return [resource.path]
        return [below("schools", school, resource.path) for school in self.shown]

    def _deleted(self, resource: Resource) -> Iterator[InboundMessage]:
        for school in self.schools:
            asked = get(below("schools", school, "deletions"), query={"type": resource.kind})
            yield from (_message(page) for page in self.pages(asked) if _records(self.client, page))

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """Our schools. Asked at another region's address, the service shows none, and no error."""
        listed = [one for page in self.pages(get("schools")) for one in _records(self.client, page)]
        there = {str(one.get("id")) for one in listed if isinstance(one, dict)}
        missing = [school for school in self.schools if school not in there]
        if missing:
            raise PartnerRefusedError(
                f"{self.client.site.partner}: the service does not show {len(missing)} of our "
                f"{len(self.schools)} schools.",
                fix="look whether HUB_EDUCATION_BASE_URL is the address of our region, and "
                "HUB_EDUCATION_SCHOOLS right; else ask them whether a school no longer lets us see it.",
            )
        return self.schools


def _page(reply: Reply) -> Mapping[str, Any]:
    page = loads(reply.body)
    return page if isinstance(page, dict) else {}


def _records(client: HttpClient, reply: Reply) -> list[Any]:
    records = _page(reply).get(RECORDS)
    if not isinstance(records, list):
        raise PartnerRefusedError(
            f"{client.site.partner}: a page has no list named {RECORDS}.",
            fix="ask the partner whether the layout has changed.",
        )
    return records


def _pagination(reply: Reply) -> Mapping[str, Any]:
    meta = _page(reply).get("meta")
    told = meta.get("pagination") if isinstance(meta, dict) else None
    return told if isinstance(told, dict) else {}


def _next(ask: Ask, reply: Reply) -> Ask | None:
    """A whole address; whether it is one of theirs is looked at when it is asked."""
    following = _pagination(reply).get("next")
    return replace(ask, path=str(following), query={}) if following else None


def _message(reply: Reply) -> InboundMessage:
    return InboundMessage(sha256(reply.body).hexdigest(), [reply.body])


def _too_few(resource: Resource, read: int, total: int) -> InboundMessage:
    problem = UnreadableMessageError(
        f"{read} records of {resource.path} came, and they say that there are {total}.",
        fix="ask them for the missing ones; the next run reads all again.",
        code=TOO_FEW,
    )
    return InboundMessage(f"{resource.path} {read} of {total}", problem=problem)
