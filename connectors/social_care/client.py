"""The department as we reach it: its database to read, and one channel for the referral form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from connectors.errors import MisconfiguredError
from connectors.forms import service
from connectors.forms.service import Service, service_by_mail
from connectors.social_care import dataset
from connectors.social_care.form import MARF
from connectors.social_care.settings import Channel, Placements, SocialCareSettings
from connectors.transports.http import HttpClient, HttpLimits, HttpSite, get, http_client
from connectors.transports.http.auth import ApiKey
from connectors.transports.sql import SqlDatabase, sql_database

PARTNER = "social_care"
STATUS = "status"


@dataclass(frozen=True)
class Department:
    database: SqlDatabase
    # Where the form goes: one of the two.
    door: HttpClient | Service
    without: frozenset[str] = frozenset()
    placements: Placements = Placements.WITHHELD


@contextmanager
def connect(settings: SocialCareSettings) -> Iterator[Department]:
    if lacking := settings.lacking():
        raise MisconfiguredError(
            f"{PARTNER}: the form goes by {settings.channel}, and these settings are missing: "
            f"{', '.join(lacking)}.",
            fix="set them, or choose the other channel in HUB_SOCIAL_CARE_CHANNEL.",
        )
    without = frozenset(name.strip() for name in settings.without.split(",") if name.strip())
    with ExitStack() as opened:
        url = settings.database_url.get_secret_value()
        database = opened.enter_context(sql_database(PARTNER, url))
        if settings.channel is Channel.MAIL:
            door: HttpClient | Service = opened.enter_context(service_by_mail(PARTNER, MARF, settings))
        else:
            door = opened.enter_context(http_client(_site(settings)))
        yield Department(database, door, without, settings.confidential_placements)


def _site(settings: SocialCareSettings) -> HttpSite:
    limits = HttpLimits.within(settings.patience)
    auth = ApiKey("X-Api-Key", settings.key.get_secret_value())
    return HttpSite(PARTNER, settings.base_url, auth=auth, limits=limits)


def check(department: Department) -> str:
    with department.database.snapshot() as snapshot:
        tables = [item.table for item in dataset.ITEMS if item.table not in department.without]
        there = sum(1 for item in tables if not snapshot.lacks(item, ()))
    if isinstance(department.door, HttpClient):
        department.door.ask(get(STATUS))
        return f"{there} tables can be read, and the front door answers"
    return f"{there} tables can be read; {service.check(department.door)}"
