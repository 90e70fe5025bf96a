"""Asking them: a listing of requests that changed, in pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.contract import InboundMessage, Since
from connectors.json_rows import rows_in
from connectors.transports.http import HttpClient, HttpLimits, HttpSite, get, http_client
from connectors.transports.http.auth import ApiKey
from connectors.transports.http.listing import Listing, changed_since
from northmoor_youth_club.settings import NorthmoorYouthClubSettings
from northmoor_youth_club.translation import child, record

REQUESTS = Listing("requests", records="requests", changed="changed_at", short="NOR-R01")
opened = rows_in("requests", record.takes | child.takes)


@contextmanager
def connect(settings: NorthmoorYouthClubSettings) -> Iterator[HttpClient]:
    auth = ApiKey("X-Api-Key", settings.key.get_secret_value())
    limits = HttpLimits.within(settings.patience)
    with http_client(HttpSite("northmoor_youth_club", settings.base_url, auth=auth, limits=limits)) as client:
        yield client


def check(client: HttpClient) -> str:
    client.ask(get("answers"))
    return "they answer, and our key is good"


def requests(client: HttpClient, since: Since) -> Iterator[InboundMessage]:
    yield from changed_since(client, REQUESTS, since)
