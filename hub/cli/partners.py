"""`hub partners`, `hub check`, `hub settings`."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer
from pydantic_settings import BaseSettings

from hub import breakers, registry
from hub.cli.listing import AsJson, show
from hub.exchange.line import checked_line
from hub.hub import open_hub
from hub.settings import HubSettings
from hub.site.settings import SiteSettings
from hub.store import breakers as store
from schemas.breaker import BreakerState


def partners(as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag of the shell
    """Who is connected, what goes which way, and who is left alone for a while."""
    hours = HubSettings()
    states = _states(hours)
    rows = [
        {
            "partner": name,
            "title": connector.title,
            "they_send": ", ".join(feed.name for feed in connector.pulls),
            "pulled_at": f"{hours.hour_of(name, pushes=False):%H:%M}" if connector.pulls else "",
            "we_send": ", ".join(feed.name for feed in connector.pushes),
            "pushed_at": f"{hours.hour_of(name, pushes=True):%H:%M}" if connector.pushes else "",
            "state": states.get(name, BreakerState.CLOSED.value),
        }
        for name, connector in registry.connectors().items()
    ]
    show(
        rows,
        ("partner", "title", "they_send", "pulled_at", "we_send", "pushed_at", "state"),
        as_json=as_json,
        empty="Nobody is connected.",
    )


def _states(settings: HubSettings) -> dict[str, str]:
    """Of partners whose breaker is not closed in both directions, how it stands in each."""
    with open_hub(settings) as hub:
        with hub.store.reading() as connection:
            standings = store.standings(connection)
        found, now = breakers.now(hub, standings), hub.clock()
    states: dict[str, str] = {}
    for one, breaker in found:
        if breakers.is_open(breaker):
            said = f"{one.direction}: {breakers.words(breaker, now)}"
            states[one.partner] = ", ".join(filter(None, (states.get(one.partner), said)))
    return states


def check(partner: Annotated[str, typer.Argument(help="One of `hub partners`.")]) -> None:
    """Can we reach the partner, are our credentials good? Moves no data, and is always tried."""
    with open_hub(actor=getpass.getuser()) as hub:
        connector = hub.connector(partner)
        with checked_line(hub, partner) as client:
            said = connector.check(client)
        typer.echo(f"{connector.title}: {said}.")


def settings(as_json: AsJson = False) -> None:  # noqa: FBT002
    """Every setting, what it means and whether it is set. Secrets are never shown."""
    kinds: list[tuple[str, type[BaseSettings]]] = [
        ("hub", HubSettings),
        ("site", SiteSettings),
        *((name, one.settings) for name, one in registry.connectors().items()),
    ]
    rows = [
        {
            "variable": f"{kind.model_config.get('env_prefix', '')}{name}".upper(),
            "of": owner,
            "default": "" if field.is_required() else str(field.default),
            "must_be_set": field.is_required(),
            "meaning": field.description or "",
        }
        for owner, kind in kinds
        for name, field in kind.model_fields.items()
    ]
    show(rows, ("variable", "default", "must_be_set", "meaning"), as_json=as_json, empty="There are none.")
