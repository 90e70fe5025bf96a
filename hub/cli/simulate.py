"""`hub simulate`: the partners, invented, on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from hub.cli.listing import AsJson, show
from hub.settings import HubSettings


def simulate(
    context: typer.Context,
    night: Annotated[int, typer.Option(help="Which of the invented nights: 2 brings amendments.")] = 1,
    mood: Annotated[
        list[str] | None, typer.Option(help="A partner's mood, as police=dribbling; may be said again.")
    ] = None,
    moods: Annotated[bool, typer.Option("--moods", help="List the moods, and who plays them.")] = False,  # noqa: FBT002
    as_json: AsJson = False,  # noqa: FBT002 - flags of the shell
) -> None:
    """Start the simulated partners. With a command behind `--`, run it among them and end with its status."""
    # Only this door knows the simulators.
    from simulators.moods import MoodError  # noqa: PLC0415
    from simulators.moods_page import listing  # noqa: PLC0415
    from simulators.together import installed, start_all  # noqa: PLC0415

    found = installed()
    if moods:
        rows: list[dict[str, Any]] = [dict(row) for row in listing(found)]
        show(rows, ("mood", "kind", "what_happens", "played_by"), as_json=as_json, empty="There are none.")
        return
    home = HubSettings().home.resolve() / "partners"
    try:
        everybody = start_all(home, night, found, _by_partner(mood or ()))
    except MoodError as error:
        raise typer.BadParameter(str(error)) from None
    with everybody as running:
        if context.args:
            environment = os.environ | dict(running.settings)
            # The command is the caller's own, as they typed it.
            ended = subprocess.run(context.args, env=environment, check=False)  # noqa: S603
            raise typer.Exit(ended.returncode)
        for name, value in sorted(running.settings.items()):
            typer.echo(f"export {name}='{value}'")
        typer.echo("The partners are there. Put these lines into your shell. Ctrl-C ends them.", err=True)
        wait_for_the_end()


def _by_partner(said: Sequence[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in said]
    if wrong := [partner for partner, sign, name in pairs if not (partner and sign and name)]:
        raise typer.BadParameter(f"say whose mood it is, as police=dribbling, not {wrong[0]}")
    if twice := [partner for partner, times in Counter(one[0] for one in pairs).items() if times > 1]:
        raise typer.BadParameter(f"a partner has one mood at a time; {twice[0]} was given more")
    return {partner: name for partner, _, name in pairs}


def wait_for_the_end() -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
