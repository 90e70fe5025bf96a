"""A FHIR partner's place, and how each call to it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson

from connectors.transports.fhir.judge import FHIR_JSON, FhirJudge
from connectors.transports.fhir.resources import Ids, Resource
from connectors.transports.http import NOTHING, Ask, HttpSite
from connectors.transports.http.site import Query
from connectors.transports.limits import Limit

PAGE_RESOURCES = 100
OVERLAP_MINUTES = 10
MOST_ENTRIES = 50

LIMITS = (
    Limit("PAGE_RESOURCES", PAGE_RESOURCES, "resources asked for in one page of a search"),
    Limit(
        "OVERLAP_MINUTES",
        OVERLAP_MINUTES,
        "minutes that are read again before the moment up to which all was read",
    ),
    Limit("MOST_ENTRIES", MOST_ENTRIES, "entries of one transaction; more is not sent"),
)

# By it a partner knows a repeat.
KEY_HEADER = "X-Request-ID"
# The judge looks at each of them.
EVERY_ANSWER = frozenset({*range(200, 300), *range(400, 600)})
# A search may not pass over what it does not understand; a change hands back what came of it.
PREFERS = {"GET": "handling=strict", "POST": "return=representation", "PUT": "return=representation"}


@dataclass(frozen=True)
class FhirSite:
    # The base address is that of FHIR, such as "https://api.example.org/FHIR/R4".
    http: HttpSite
    # Some name a version in it, such as "application/fhir+json; version=1.4.0".
    accept: str = FHIR_JSON
    # Of `X-Request-ID` and `X-Correlation-ID`, those that every answer of theirs must bear. Where some are
    # named, an answer without them or a failure without an OperationOutcome comes from something on the way.
    echoes: tuple[str, ...] = ()
    # What their profile wants with every call.
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    overlap: timedelta = timedelta(minutes=OVERLAP_MINUTES)

    def ask(
        self,
        method: str,
        path: str,
        *,
        now: Callable[[], datetime],
        query: Query | None = None,
        resource: Resource | None = None,
        ids: Ids | None = None,
    ) -> Ask:
        """May be repeated, whatever it is: a change names its message, and what it expects to find."""
        named = (ids or Ids.for_a_question()).headers
        return Ask(
            method,
            path,
            query=query or {},
            body=None if resource is None else orjson.dumps(resource),
            body_type=FHIR_JSON,
            headers={"Accept": self.accept, "Prefer": PREFERS[method], **self.headers, **named},
            expects=EVERY_ANSWER,
            takes=NOTHING,
            key=named[KEY_HEADER],
            judge=FhirJudge(self.http.host, {name: named[name] for name in self.echoes}, now),
        )
