"""`hub night` and `hub ui`."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer

from hub import night as nights
from hub import registry, report
from hub.cli.listing import AsJson, print_json
from hub.hub import open_hub
from hub.settings import HubSettings
from hub.stack import running_stack


def night(
    partner: Annotated[list[str] | None, typer.Option(help="Only this partner; may be said again.")] = None,
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """Run the night now, through Airflow. Exit 0 only if every run succeeded and the ledger balances."""
    settings = HubSettings()
    chosen = partner or list(registry.partner_names())
    for name in chosen:
        registry.connector(name)
    with open_hub(settings) as hub:
        tonight = hub.night
    _say(f"Night of {tonight:%d %B %Y}: starting Airflow.", quiet=as_json)
    with running_stack(settings) as stack:
        ran = nights.run(stack, chosen, tonight, lambda one: _say(_told(one), quiet=as_json))
    with open_hub(settings) as hub:
        facts = report.collect(hub, tonight, chosen)
        page = report.write(hub, tonight)
    green = facts.is_green and all(one.succeeded for one in ran)
    if as_json:
        runs = [vars(one) for one in ran]
        print_json(
            {"night": tonight, "green": green, "reasons": facts.reasons, "runs": runs, "page": str(page)}
        )
    else:
        typer.echo(report.summary(facts))
        typer.echo(f"\nThe page: {page}")
    raise typer.Exit(0 if green else 1)


def _told(one: nights.Ran) -> str:
    return f"  {one.dag_id:<16} {'done' if one.succeeded else 'FAILED'} after {one.seconds:.0f} s"


def _say(words: str, *, quiet: bool) -> None:
    if not quiet:
        typer.echo(words)


def ui(port: Annotated[int, typer.Option(help="Where Airflow answers.")] = 8080) -> None:
    """Airflow with its schedule, kept running until you press Ctrl-C."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with running_stack(HubSettings(), port=port) as stack:
        typer.echo(f"Airflow answers at {stack.url}; its logs are in {stack.logs}. Ctrl-C ends it.")
        stop.wait()
