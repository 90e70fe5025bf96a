"""The pages that people write and those that are drawn, as the tests read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hub.conformance import page as promises_page
from hub.reference_pages import PAGES
from quality import rules_page
from simulators import moods_page

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
DRAWN = {REFERENCE / name for name in PAGES} | {rules_page.PLACE, moods_page.PLACE, promises_page.PLACE}
FENCE = re.compile(r"^\s*```.*?^\s*```$", re.MULTILINE | re.DOTALL)


def every_page() -> list[Path]:
    own = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")]
    return sorted([*own, *(ROOT / "connectors").glob("*/README.md")])


def written_pages() -> list[Path]:
    return [page for page in every_page() if page not in DRAWN]


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose(page: Path) -> str:
    """The page without what stands in fences."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def fenced(page: Path, language: str = "") -> list[str]:
    """What stands in fences of this language, without the indent of a list."""
    found = re.findall(
        rf"^( *)```{language}\n(.*?)^\1```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> Iterator[str]:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if not target.startswith(("http://", "https://")):
            yield target
