"""`hub conform`: whether a connector keeps its promises, tried against its partner's rehearsal."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli.listing import AsJson, print_json

if TYPE_CHECKING:
    from hub.conformance.judge import Judgement


def conform(
    partner: Annotated[str, typer.Argument(help="One of `hub partners`.")],
    only: Annotated[str | None, typer.Option("--only", help="One promise, such as PULL-03.")] = None,
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the shell
) -> None:
    """Try every promise of a connector. Nothing real is touched. Exit 1 where one is broken or not shown."""
    judgements = []
    for judgement in _judgements(partner, only):
        judgements.append(judgement)
        if not as_json:
            typer.echo(str(judgement))
    if as_json:
        print_json([_row(one) for one in judgements])
    else:
        counts = Counter(one.standing.value for one in judgements)
        typer.echo(f"{partner}: {', '.join(f'{count} {standing}' for standing, count in counts.items())}.")
    if not all(one.stands for one in judgements):
        raise typer.Exit(1)


def _judgements(partner: str, only: str | None) -> Iterator[Judgement]:
    # Imported here, because no other door needs the kit.
    from hub.conformance.judge import judged, promises_of  # noqa: PLC0415
    from hub.conformance.subject import subject  # noqa: PLC0415
    from hub.conformance.theatre import Theatre  # noqa: PLC0415

    tried = subject(partner)
    promises = [one for one in promises_of(tried) if only in (None, one.code)]
    if not promises:
        raise typer.BadParameter(f"{partner} makes no promise {only}; docs/reference/promises.md lists them")
    with tempfile.TemporaryDirectory() as root, Theatre.opened(tried, Path(root)) as theatre:
        for promise in promises:
            yield judged(theatre, promise)


def _row(judgement: Judgement) -> dict[str, Any]:
    promise = judgement.promise
    return {
        "code": promise.code,
        "standing": judgement.standing.value,
        "promised": promise.words,
        "happened": judgement.words,
        "look_at": promise.look,
    }
