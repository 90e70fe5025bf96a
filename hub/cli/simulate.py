"""`hub simulate`: the partners, invented, on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from importlib.metadata import entry_points
from typing import Annotated, Any

import typer

from hub.settings import HubSettings

GROUP = "referral_hub.simulators"


def simulate(
    context: typer.Context,
    night: Annotated[int, typer.Option(help="Which of the invented nights: 2 brings amendments.")] = 1,
) -> None:
    """Start the simulated partners. With a command behind `--`, run it among them and end with its status."""
    from simulators.together import start_all  # noqa: PLC0415 - only this door knows the simulators

    found: dict[str, Any] = {point.name: point.load() for point in entry_points(group=GROUP)}
    home = HubSettings().home.resolve() / "partners"
    with start_all(home, night, found) as running:
        if context.args:
            environment = os.environ | dict(running.settings)
            # The command is the caller's own, as they typed it.
            ended = subprocess.run(context.args, env=environment, check=False)  # noqa: S603
            raise typer.Exit(ended.returncode)
        for name, value in sorted(running.settings.items()):
            typer.echo(f"export {name}='{value}'")
        typer.echo("The partners are there. Put these lines into your shell. Ctrl-C ends them.", err=True)
        _wait_for_the_end()


def _wait_for_the_end() -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
