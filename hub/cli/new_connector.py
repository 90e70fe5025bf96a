"""`hub new-connector`: a connector with suite, simulator, rehearsal and test, from templates."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from connectors.errors import MisconfiguredError
from hub.scaffold import entry_points
from hub.scaffold.new import NewConnector, write
from hub.scaffold.places import in_the_house, outside
from hub.scaffold.transports import TRANSPORTS

ROOT = Path(__file__).resolve().parents[2]


def new_connector(
    name: Annotated[str, typer.Argument(help="As the hub will call the partner: small letters, no blanks.")],
    transport: Annotated[str, typer.Option(help=f"How they are spoken to: {', '.join(TRANSPORTS)}.")],
    title: Annotated[str | None, typer.Option(help="As people call them.")] = None,
    into: Annotated[Path | None, typer.Option(help="Write a package of its own into this folder.")] = None,
) -> None:
    """Write a new connector with its suite, simulator, rehearsal and test. Exit 2 where the name is taken."""
    new = NewConnector.of(name, title=title, transport=transport)
    if into is None:
        _in_the_house(new)
    else:
        _outside(new, into)


def _in_the_house(new: NewConnector) -> None:
    project = ROOT / "pyproject.toml"
    if not project.exists():
        raise MisconfiguredError(
            "The hub is installed here without its checkout, so its rooms cannot be added to.",
            fix="write a package of the partner's own with --into FOLDER.",
        )
    places = in_the_house(ROOT, new.name)
    _told(write(new, places), ROOT)
    lines = entry_points.with_lines(project.read_text("utf-8"), new.name, places.entry_points())
    project.write_text(lines, encoding="utf-8")
    typer.echo("  pyproject.toml: four entry points, by which the hub finds them")
    # As `make env` ends: what is installed learns the new entry points.
    found = _ran("uv", "pip", "install", "--quiet", "--python", sys.executable, *EDITABLE, str(ROOT))
    typer.echo("They are found." if found else "Next, so that they are found: make env")
    typer.echo(f"Next: hub conform {new.name}")


EDITABLE = ("--no-deps", "--no-build-isolation", "--editable")


def _outside(new: NewConnector, folder: Path) -> None:
    places = outside(folder.resolve(), new.name)
    _told(write(new, places, "outside"), places.root)
    typer.echo(f"Next: uv pip install {' '.join(EDITABLE)} {folder}, then hub conform {new.name}")


def _told(written: Sequence[Path], root: Path) -> None:
    """Formatted first: the order of imports, and where lines break, hang on the names."""
    sources = [str(file) for file in written if file.suffix == ".py"]
    _ran("ruff", "check", "--quiet", "--fix", "--select", "I", *sources)
    _ran("ruff", "format", "--quiet", *sources)
    for file in written:
        typer.echo(f"  {file.relative_to(root)}")


def _ran(tool: str, *arguments: str) -> bool:
    """False where the tool is not in our environment, or failed."""
    program = Path(sys.executable).parent / tool
    return program.exists() and subprocess.run([program, *arguments], check=False).returncode == 0  # noqa: S603
