"""Every kind of page in Debian's Chromium, opened as the file it is: axe-core, narrow screens, no request."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from quality.reports import assets
from quality.reports.pages import (
    file_name,
    render_home,
    render_month,
    render_night,
    render_partner,
    render_refusal,
)
from tests.conftest import needs
from tests.reports.full_nights import busy, huge
from tests.reports.made_up_months import receiver, sender, silent
from tests.reports.nights import night

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.server

WIDE, NARROW = 1280, 320
OF_THE_SITE = (
    "home.html",
    "refusal.html",
    "month.html",
    "month_board.html",
    "month_receiver.html",
    "month_silent.html",
)
AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text()
# `preload` would fetch the stylesheets a second time, which the page's own policy forbids.
RUN_AXE = """() => axe.run(document, {preload: false, runOnly: {type: "tag", values: [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}})"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# As WCAG 1.4.12 has it.
SPACED = """for (const one of document.querySelectorAll("*")) {
    one.style.setProperty("line-height", "1.5", "important");
    one.style.setProperty("letter-spacing", "0.12em", "important");
    one.style.setProperty("word-spacing", "0.16em", "important"); }"""
SHUT_IN = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    needs("Playwright", found=find_spec("playwright") is not None)
    chromium = shutil.which("chromium")
    needs("Chromium", found=chromium is not None)
    from playwright.sync_api import sync_playwright

    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, headless=True, args=SHUT_IN) as launched,
    ):
        yield launched


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a night, laid out as the hub lays it out."""
    reports = tmp_path_factory.mktemp("reports")
    folder = reports / "2026-11-23"
    for place in (folder, reports / "assets"):
        place.mkdir()
    for name, content in assets.files().items():
        (reports / "assets" / name).write_bytes(content)
    facts, large = busy(), huge()
    pages = {file_name(one): render_partner(one, facts.night, facts.made_at) for one in facts.partners}
    pages |= {"index.html": render_night(facts), "quiet.html": render_night(night())}
    pages |= {
        "huge.html": render_partner(large.partners[0], large.night, large.made_at),
        "huge_night.html": render_night(large),
    }
    pages |= {
        "home.html": render_home(
            [(one.title, [("Last month", "month.html")]) for one in facts.partners],
            person="Tomasz Applegarth",
            night=True,
            assets="../assets/",
        ),
        "refusal.html": render_refusal("There is no such page.", assets="../assets/"),
        "month.html": render_month(sender(), person="Priya Fairweather"),
        "month_board.html": render_month(sender(), for_the_board=True),
        "month_receiver.html": render_month(receiver()),
        "month_silent.html": render_month(silent()),
    }
    for name, page in pages.items():
        (folder / name).write_text(page)
    return folder


def opened(browser: Browser, page: Path, width: int, **settings: Any) -> tuple[Page, list[str]]:
    """The page, and every address that it asked for."""
    asked: list[str] = []
    tab = browser.new_page(viewport={"width": width, "height": 900}, **settings)
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(page.as_uri())
    return tab, asked


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", ["index.html", "police.html", "courts.html", "quiet.html", *OF_THE_SITE])
def test_axe_finds_nothing_and_the_page_fits(browser: Browser, written: Path, name: str, width: int) -> None:
    tab, asked = opened(browser, written / name, width)
    for details in tab.query_selector_all("details:not([open])"):
        details.evaluate("one => one.open = true")
    assert tab.evaluate(TOO_WIDE) <= 0
    tab.evaluate(AXE)
    found = tab.evaluate(RUN_AXE)
    broken = {one["id"]: [node["html"] for node in one["nodes"]] for one in found["violations"]}
    tab.close()
    assert broken == {}
    assert len(found["passes"]) > 20
    outside = [url for url in asked if not url.startswith((written.parent.as_uri(), "data:,"))]
    assert outside == []
    assert {url.rsplit("/", 1)[-1] for url in asked} >= set(assets.STYLESHEETS)


@pytest.mark.parametrize("name", ["huge.html", "huge_night.html"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_words_as_long_as_anybody_writes_them_fit(
    browser: Browser, written: Path, name: str, width: int
) -> None:
    tab, _ = opened(browser, written / name, width)
    assert tab.evaluate(TOO_WIDE) <= 0
    tab.close()


@pytest.mark.parametrize("name", ["index.html", "police.html", "courts.html", *OF_THE_SITE])
def test_letters_set_wide_apart_still_fit(browser: Browser, written: Path, name: str) -> None:
    tab, _ = opened(browser, written / name, NARROW)
    tab.evaluate(SPACED)
    assert tab.evaluate(TOO_WIDE) <= 0
    tab.close()


def test_a_page_says_the_same_with_scripts_off(browser: Browser, written: Path) -> None:
    tab, _ = opened(browser, written / "police.html", WIDE, java_script_enabled=False)
    assert tab.locator("h1").inner_text() == "The night to Monday 23 November 2026"
    table = tab.locator(".hub-trend table")
    assert not table.is_visible()
    tab.locator(".hub-trend summary").click()
    assert table.is_visible()
    tab.locator('a[href="#held-1"]').click()
    assert tab.url.endswith("#held-1")
    tab.close()


def test_the_stylesheets_are_let_in_by_the_pages_own_policy(browser: Browser, written: Path) -> None:
    tab, _ = opened(browser, written / "index.html", WIDE)
    looks = tab.evaluate("getComputedStyle(document.querySelector('.hub-verdict')).borderLeftWidth")
    letters = tab.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")
    tab.close()
    assert (looks, letters) == ("12px", "arial, sans-serif")
