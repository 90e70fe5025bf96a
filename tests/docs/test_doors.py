"""Every door is on the page of commands, and no page names a door that is not there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from hub.cli import app
from tests.docs.pages import REFERENCE, ROOT, named, written_pages

COMMANDS_PAGE = (REFERENCE / "commands.md").read_text(encoding="utf-8")
ROOT_COMMAND: Any = typer.main.get_command(app)
TARGETS = re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE)
IN_A_LINE = re.compile(r"`hub ([a-z][\w-]*)(?: ([a-z]+))?")
IN_A_FENCE = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?hub ([a-z][\w-]*)(?: ([a-z]+))?", re.MULTILINE)


def doors() -> dict[str, Any]:
    """Every command that does something, as it is typed."""
    found = {}
    for name, command in ROOT_COMMAND.commands.items():
        below = getattr(command, "commands", None)
        found |= {f"{name} {one}": door for one, door in below.items()} if below else {name: command}
    return found


DOORS = doors()
GROUPS = {door.split()[0] for door in DOORS if " " in door}


@pytest.mark.parametrize("door", DOORS)
def test_every_command_is_on_the_page(door: str) -> None:
    assert f"| `hub {door}` |" in COMMANDS_PAGE


@pytest.mark.parametrize("door", DOORS)
def test_every_option_is_on_the_page(door: str) -> None:
    options = {name for parameter in DOORS[door].params for name in parameter.opts if name.startswith("--")}
    assert {name for name in options - {"--help"} if name not in COMMANDS_PAGE} == set()


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_is_on_the_page(target: str) -> None:
    assert f"| `make {target}` |" in COMMANDS_PAGE


@pytest.mark.parametrize("page", written_pages(), ids=named)
def test_no_page_names_a_command_that_is_not_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    said = {pair for form in (IN_A_LINE, IN_A_FENCE) for pair in form.findall(text)}
    typed = {f"{first} {second}" if first in GROUPS and second else first for first, second in said}
    assert typed - DOORS.keys() - GROUPS == set()


@pytest.mark.parametrize("page", written_pages(), ids=named)
def test_no_page_names_a_make_target_that_is_not_there(page: Path) -> None:
    said = re.findall(r"(?:`|^ *)make ([a-z]+)(?=`|$|  )", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(said) <= set(TARGETS)
