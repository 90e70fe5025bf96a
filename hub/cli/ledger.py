"""`hub ledger`: what went in and what came of it, at every hop."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

import typer

from hub.cli.listing import AsJson, night_said, show
from hub.hub import open_hub
from hub.ledger.balance import EQUATIONS
from hub.store import books
from schemas.hops import Hop


def ledger(
    night: Annotated[
        str | None, typer.Option(help="The morning it ended, as 2026-11-24; else tonight.")
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """What went in and what came of it, at every hop. Exit 1 if it does not balance."""
    with open_hub() as hub:
        chosen = night_said(night) if night else hub.night
        with hub.store.reading() as connection:
            lines, gaps = books.lines_of(connection, chosen), books.gaps_of(connection, chosen)
    rows = _by_hop(lines)
    columns = ("partner", "feed", "hop", "balance", "counts")
    show(rows, columns, as_json=as_json, empty=f"No run in the night to {chosen}.")
    for gap in gaps:
        where = f"{gap['partner']} {gap['feed']}, hop {gap['hop']}"
        typer.echo(f"{where}: record {gap['record']} was {gap['fault']}.", err=True)
    raise typer.Exit(0 if not gaps and all(row["balance"] == "balances" for row in rows) else 1)


def _by_hop(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each partner, feed and hop; each run is weighed by itself, or one could hide another."""
    runs: dict[tuple[str, str, str], dict[str, Counter[str]]] = {}
    for line in lines:
        hop = runs.setdefault((line["partner"], line["feed"], line["hop"]), {})
        hop.setdefault(line["run_id"], Counter())[line["bucket"]] += line["records"]
    order = list(Hop)
    return [
        _row(partner, feed, Hop(hop), list(runs[partner, feed, hop].values()))
        for partner, feed, hop in sorted(runs, key=lambda one: (*one[:2], order.index(Hop(one[2]))))
    ]


def _row(partner: str, feed: str, hop: Hop, runs: list[Counter[str]]) -> dict[str, Any]:
    off = sum(abs(EQUATIONS[hop].difference(run)) for run in runs)
    sums = sum(runs, Counter())
    return {
        "partner": partner,
        "feed": feed,
        "hop": hop.value,
        "balance": "balances" if off == 0 else f"off by {off}",
        "counts": ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sums.items()),
        "buckets": dict(sums),
        "runs": len(runs),
    }
