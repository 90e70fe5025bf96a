"""`hub night`, `hub ledger`, `hub ui`."""

from __future__ import annotations

import signal
import threading
from datetime import date
from typing import Annotated, Any

import typer

from hub import night as nights
from hub import registry, report
from hub.cli.listing import AsJson, print_json, show
from hub.hub import open_hub
from hub.ledger.balance import EQUATIONS
from hub.settings import HubSettings
from hub.stack import running_stack
from hub.store import books
from schemas.hops import Hop


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
        facts = report.collect(hub, tonight)
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


def ledger(
    night: Annotated[
        str | None, typer.Option(help="The morning it ended, as 2026-11-24; else tonight.")
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """What went in and what came of it, at every hop. Exit 1 if it does not balance."""
    with open_hub() as hub:
        chosen = date.fromisoformat(night) if night else hub.night
        with hub.store.reading() as connection:
            lines, gaps = books.lines_of(connection, chosen), books.gaps_of(connection, chosen)
    rows = _by_hop(lines)
    show(rows, ("partner", "feed", "hop", "balance", "counts"), as_json=as_json, empty=f"No run in {chosen}.")
    for gap in gaps:
        typer.echo(
            f"{gap['partner']} {gap['feed']} {gap['hop']}: record {gap['record']} {gap['fault']}", err=True
        )
    raise typer.Exit(0 if not gaps and all(row["balance"] == "balances" for row in rows) else 1)


def _by_hop(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The runs of a night added up: one row for each partner, feed and hop."""
    sums: dict[tuple[str, str, str], dict[str, int]] = {}
    for line in lines:
        buckets = sums.setdefault((line["partner"], line["feed"], line["hop"]), {})
        buckets[line["bucket"]] = buckets.get(line["bucket"], 0) + line["records"]
    order = list(Hop)
    rows = []
    for (partner, feed, hop), buckets in sorted(
        sums.items(), key=lambda one: (*one[0][:2], order.index(Hop(one[0][2])))
    ):
        off = EQUATIONS[Hop(hop)].difference(buckets)
        rows.append(
            {
                "partner": partner,
                "feed": feed,
                "hop": hop,
                "balance": "balances" if off == 0 else f"off by {off}",
                "counts": ", ".join(
                    f"{count} {name.replace('_', ' ')}" for name, count in buckets.items() if count
                ),
                "buckets": buckets,
            }
        )
    return rows


def ui(port: Annotated[int, typer.Option(help="Where Airflow answers.")] = 8080) -> None:
    """Airflow with its schedule, kept running until you press Ctrl-C."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with running_stack(HubSettings(), port=port) as stack:
        typer.echo(f"Airflow answers at {stack.url}; its logs are in {stack.logs}. Ctrl-C ends it.")
        stop.wait()
