"""The pages themselves: what is on them, in which order, and that they need nothing but their stylesheets."""

from __future__ import annotations

import itertools
import re
from html import unescape

import pytest

from quality.reports.night import NightFacts
from quality.reports.pages import render_night, render_partner
from quality.reports.partner_night import Gap, Noticed, Parked, PartnerNight, WaitingReason
from tests.reports.full_nights import AT_RISK, busy, busy_courts, busy_police
from tests.reports.nights import courts, line, night, police, waiting
from tests.reports.outline import Outline

SCRIPT = "<script>alert(1)</script>"


def page_of(partner: PartnerNight) -> str:
    facts = night(partner)
    return render_partner(partner, facts.night, facts.made_at)


EVERY_PAGE = {
    "night": render_night(busy()),
    "quiet night": render_night(night()),
    "night without partners": render_night(night(partners=())),
    "police": page_of(busy_police()),
    "courts": page_of(busy_courts()),
    "quiet partner": page_of(courts()),
}
every_page = pytest.mark.parametrize("page", EVERY_PAGE.values(), ids=EVERY_PAGE.keys())


def test_the_same_facts_give_the_same_bytes() -> None:
    assert render_night(busy()) == render_night(busy())
    assert page_of(busy_police()) == page_of(busy_police())


def test_colour_is_never_alone() -> None:
    assert "Green Every partner came" in Outline(render_night(night())).words
    assert "Red 4 things are wrong." in Outline(render_night(busy())).words
    assert "Does not balance: 1 lost" in Outline(page_of(busy_police())).words


def test_a_child_at_risk_comes_before_all_else_and_before_what_is_wrong() -> None:
    words = Outline(render_night(busy())).words
    words = words[words.index("4 things are wrong.") :]
    in_order = ("NMP-R-0000099", "NMP-R-0000098", "What is wrong", "Partner by partner", "The balance")
    places = [words.index(said) for said in in_order]
    assert places == sorted(places)
    assert "Safety flag Police" in words
    assert "Safety not known Police" in words
    assert "And 3 more." in words


def test_the_partner_of_a_child_at_risk_is_the_first_of_the_partners() -> None:
    facts = night(courts(missing=("results",)), police(), at_risk=(AT_RISK,), flagged=1)
    assert [one.name for one in facts.worst_first] == ["police", "courts"]


def test_every_fault_of_the_night_is_on_its_page_with_what_to_do() -> None:
    words = Outline(render_night(busy())).words
    for said in (
        "Courts is missing: results did not run tonight.",
        "What to do: Run hub check courts, then hub night --partner courts.",
        "Police, referrals, hop recorded: 1 record is lost: 01a2:0:14:0.",
    ):
        assert said in words


def test_the_night_says_whose_turn_it_is_and_on_which_page() -> None:
    words = Outline(render_night(busy())).words
    assert "Data desk 40 on the page of Police, 3 on the page of Courts" in words
    assert "Courts 9 on the page of Courts" in words


@pytest.mark.parametrize(
    "facts",
    [
        night(police(title=SCRIPT)),
        night(police(missing=(SCRIPT,))),
        night(at_risk=(waiting(reference=SCRIPT, why=SCRIPT, fix=SCRIPT, place=SCRIPT, key=SCRIPT),)),
        night(
            police(
                held=(WaitingReason(SCRIPT, f"`{SCRIPT}`", SCRIPT, 1, 0, 0, (waiting(reference=SCRIPT),)),),
                waits_for={SCRIPT: 1},
            )
        ),
        night(police(parked=(Parked(SCRIPT, SCRIPT, SCRIPT, 1),))),
        night(police(noticed=(Noticed(SCRIPT, SCRIPT, SCRIPT, 1),))),
        night(police(gaps=(Gap(SCRIPT, "matched", SCRIPT, 1, (SCRIPT,)),))),
        night(police(ledger=(line(feed=SCRIPT),))),
    ],
    ids=["title", "missing", "at risk", "held", "parked", "noticed", "gap", "ledger"],
)
def test_whatever_a_partner_sends_is_words_and_never_markup(facts: NightFacts) -> None:
    pages = render_night(facts) + page_of(facts.partners[0])
    assert "<script" not in pages
    assert "&lt;script&gt;" in pages


@every_page
def test_a_page_needs_nothing_but_its_stylesheets(page: str) -> None:
    outline = Outline(page)
    assert not outline.named("script", "img", "iframe", "form", "object", "style")
    assert not [attributes for _, attributes in outline.tags if "style" in attributes]
    assert not re.search(r"https?://|@import|url\((?!#)", page)
    assert [link["href"] for link in outline.named("link")] == [
        "data:,",
        "../assets/govuk-frontend.min.css",
        "../assets/pages.css",
    ]


@every_page
def test_headings_go_down_one_level_at_a_time_and_name_their_sections(page: str) -> None:
    outline = Outline(page)
    main = page[page.index("<main") :]
    levels = [int(level) for level in re.findall(r"<h([1-6])", main)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = [attributes["id"] for _, attributes in outline.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    named = {name for _, one in outline.tags for name in (one.get("aria-labelledby") or "").split()}
    assert named <= set(ids)
    assert {one["href"] for one in outline.named("a") if str(one["href"]).startswith("#")} <= {
        f"#{one}" for one in ids
    }


@every_page
def test_tables_say_what_they_are_and_which_cells_are_headings(page: str) -> None:
    outline = Outline(page)
    named = [one for one in outline.named("table") if one.get("aria-labelledby")]
    assert len(outline.named("caption")) + len(named) == len(outline.named("table"))
    assert {one["scope"] for one in outline.named("th")} <= {"col", "row"}


@every_page
def test_a_page_is_in_english_with_one_main_part_and_a_way_to_skip_to_it(page: str) -> None:
    outline = Outline(page)
    assert [one["lang"] for one in outline.named("html")] == ["en-GB"]
    assert [len(outline.named(tag)) for tag in ("header", "main", "footer")] == [1, 1, 1]
    assert page.index("<title>") < page.index("<body")
    assert outline.named("a")[0]["href"] == "#main"
    assert outline.named("main")[0]["id"] == "main"


@every_page
def test_a_page_says_who_may_read_it_and_lets_nothing_in(page: str) -> None:
    assert "OFFICIAL-SENSITIVE" in page
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert unescape(policy).startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in policy


def test_a_quiet_night_says_so_and_leaves_out_what_is_empty() -> None:
    words = Outline(render_night(night())).words
    assert "No record with a safety flag waits. Nothing waits for a person." in words
    assert "First: a child may be at risk" not in words
    assert "What is wrong" not in words
