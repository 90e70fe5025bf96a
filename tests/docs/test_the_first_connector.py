"""The tutorial of the first connector, word for word: its edits are made and its commands run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.docs.pages import DOCS
from tests.scaffold.checkout import Checkout, checked_out

PAGE = DOCS / "tutorial" / "your-first-connector.md"
BLOCK = re.compile(r"^```(console|diff)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]


@dataclass(frozen=True)
class Edit:
    file: str
    before: str
    after: str

    def make(self, checkout: Checkout) -> None:
        path = checkout.root / self.file
        text = path.read_text()
        assert text.count(self.before) == 1, f"{self.file} has not, or not once:\n{self.before}"
        path.write_text(text.replace(self.before, self.after))


@dataclass(frozen=True)
class Command:
    line: str
    shown: str

    def make(self, checkout: Checkout) -> None:
        said = checkout.run(*shlex.split(self.line), status=None, seconds=600)
        assert self.pattern.fullmatch(_trimmed(said)), (
            f"{self.line}\n{said[-3000:]}\nand the page shows\n{self.shown}"
        )

    @property
    def pattern(self) -> re.Pattern[str]:
        """`…` stands for anything; blanks at the ends of lines do not count."""
        return re.compile(".*?".join(map(re.escape, _trimmed(self.shown).split("…"))), re.DOTALL)


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())


def steps() -> Iterator[Edit | Command]:
    for kind, file, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "diff":
            lines = text.splitlines()
            before, after = ([line[1:] for line in lines if line[:1] in (" ", mark)] for mark in "-+")
            yield Edit(file, "\n".join([*before, ""]), "\n".join([*after, ""]))
        else:
            for command in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                line, _, shown = command.partition("\n")
                yield Command(line, shown)


def test_it_goes_as_the_page_says(tmp_path_factory: pytest.TempPathFactory) -> None:
    checkout = checked_out(tmp_path_factory.mktemp("checkout"))
    for step in steps():
        step.make(checkout)
    pages = sorted(page.name for page in (checkout.root / "var" / "reports").glob("*/*.html"))
    assert "open_door.html" in pages
    assert checkout.changed() == []


def test_the_page_is_read_whole() -> None:
    """No fence of the page is of another kind, and so left out."""
    fences = PAGE.read_text(encoding="utf-8").count("```")
    assert fences == 2 * len(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
