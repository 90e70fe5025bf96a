"""`hub partners`, `hub check`, `hub settings`."""

from __future__ import annotations

from typing import Annotated

import typer
from pydantic_settings import BaseSettings

from hub import registry
from hub.cli.listing import AsJson, show
from hub.hub import open_hub
from hub.settings import HubSettings


def partners(as_json: AsJson = False) -> None:  # noqa: FBT002 - a flag of the shell
    """Who is connected, and what goes which way."""
    hours = HubSettings()
    rows = [
        {
            "partner": name,
            "title": connector.title,
            "they_send": ", ".join(feed.name for feed in connector.pulls),
            "pulled_at": f"{hours.hour_of(name, pushes=False):%H:%M}" if connector.pulls else "",
            "we_send": ", ".join(feed.name for feed in connector.pushes),
            "pushed_at": f"{hours.hour_of(name, pushes=True):%H:%M}" if connector.pushes else "",
        }
        for name, connector in registry.connectors().items()
    ]
    show(
        rows,
        ("partner", "title", "they_send", "pulled_at", "we_send", "pushed_at"),
        as_json=as_json,
        empty="Nobody is connected.",
    )


def check(partner: Annotated[str, typer.Argument(help="One of `hub partners`.")]) -> None:
    """Can we reach the partner, are our credentials good? Moves no data."""
    with open_hub() as hub:
        connector = hub.connector(partner)
        with connector.connect(hub.partner_settings(partner)) as client:
            typer.echo(f"{connector.title}: {connector.check(client)}.")


def settings(as_json: AsJson = False) -> None:  # noqa: FBT002
    """Every setting, what it means and whether it is set. Secrets are never shown."""
    kinds: list[tuple[str, type[BaseSettings]]] = [
        ("hub", HubSettings),
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
