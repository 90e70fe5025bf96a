"""Every page can be found, holds no dead link, names files that are there, and is short."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT, anchors, every_page, links, named, prose, written_pages

LONGEST_PAGE, LONGEST_README = 300, 60
OUR_FILE = re.compile(
    r"`((?:dags|hub|connectors|quality|schemas|simulators|tests|bench|docs)/[\w./-]+)`", re.ASCII
)
DASHES = re.compile("[\u2013\u2014]")

every = pytest.mark.parametrize("page", every_page(), ids=named)
written = pytest.mark.parametrize("page", written_pages(), ids=named)


@every
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = []
    for target in links(page):
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            dead.append(target)
    assert dead == []


@written
def test_a_file_that_a_page_names_is_there(page: Path) -> None:
    assert [name for name in OUR_FILE.findall(prose(page)) if not (ROOT / name).exists()] == []


@written
def test_a_page_is_no_longer_than_a_person_reads(page: Path) -> None:
    longest = LONGEST_README if page == ROOT / "README.md" else LONGEST_PAGE
    assert len(page.read_text(encoding="utf-8").splitlines()) <= longest


@written
def test_a_page_is_plain(page: Path) -> None:
    assert DASHES.findall(page.read_text(encoding="utf-8")) == [], "two sentences say it better"


def test_every_page_can_be_reached_from_the_index() -> None:
    index = DOCS / "README.md"
    reached, waiting = set(), [index]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md":
            reached.add(page)
            waiting += [
                (page.parent / link.partition("#")[0]).resolve() for link in links(page) if link[0] != "#"
            ]
    assert [named(page) for page in DOCS.rglob("*.md") if page not in reached] == []


@pytest.mark.parametrize("folder", ["decisions", "changes"])
def test_numbered_pages_have_each_number_once_and_stand_in_their_index(folder: str) -> None:
    pages = sorted((DOCS / folder).glob("0*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04d}" for number in range(1, len(pages) + 1)]
    index = (DOCS / folder / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in pages if f"]({page.name})" not in index] == []
