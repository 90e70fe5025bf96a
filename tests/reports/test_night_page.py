"""The page itself: what is on it, in which order, and that it needs nothing but itself."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser

import pytest

from quality.reports.night import NightFacts
from quality.reports.pages import render_night, render_partner
from quality.reports.partner_night import Flag, Gap, Noticed, Parked, WaitingReason
from tests.reports.nights import courts, line, night, police, sent, waiting

AT_RISK = waiting(reference="NMP-R-0000099", flag=Flag.SET)
UNTOLD = waiting(reference="NMP-R-0000098", flag=Flag.UNKNOWN)
SCRIPT = "<script>alert(1)</script>"


class Outline(HTMLParser):
    """The page's tags, its headings and its ids, as a reading aid meets them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._quiet = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._quiet = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._quiet = False

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.text += data

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    def named(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in tags]


def busy() -> NightFacts:
    """A night with one of everything."""
    reason = WaitingReason(
        "It is late.", "Run `hub night`.", "Police", 9, at_risk=1, older=2, shown=(waiting(),)
    )
    return night(
        police(
            held=(reason,),
            parked=(Parked("referral_1.csv", "It is a web page", "ask for it again.", 2),),
            noticed=(
                Noticed("Reason holds a code that is not agreed.", "The value was left out.", "Fix.", 3),
            ),
            ledger=(line(), line(hop="recorded", ins={"matched": 1}, outs={"new": 0}, lost=1)),
            gaps=(Gap("referrals", "recorded", "lost", 1, ("01a2:0:14:0",)),),
        ),
        courts(missing=("results",), sent=sent(due=1, refused=1), stuck=(reason,), stuck_count=12),
        at_risk=(AT_RISK, UNTOLD),
        flagged=1,
        doubtful=4,
    )


def test_the_same_facts_give_the_same_bytes() -> None:
    assert render(busy()) == render(busy())


def test_colour_is_never_alone() -> None:
    green, red = Outline(render(night())), Outline(render(busy()))
    assert "Green Every partner came" in green.words
    assert "Red 2 things are wrong." in red.words
    assert "Does not balance: 1 lost" in red.words


def test_a_child_at_risk_comes_before_all_else_and_before_what_is_wrong() -> None:
    words = Outline(render(busy())).words
    in_order = ("NMP-R-0000099", "NMP-R-0000098", "What is wrong", "Partner by partner", "NMP-R-0000017")
    places = [words.index(said) for said in in_order]
    assert places == sorted(places)
    assert "Safety flag Police" in words
    assert "Safety not known Police" in words
    assert "And 3 more." in words


def test_the_partner_of_a_child_at_risk_is_the_first_of_the_partners() -> None:
    facts = night(courts(missing=("results",)), police(), at_risk=(AT_RISK,), flagged=1)
    assert [one.name for one in facts.worst_first] == ["police", "courts"]


def test_every_fault_of_the_night_is_on_the_page_with_what_to_do() -> None:
    words = Outline(render(busy())).words
    for said in (
        "Courts is missing: results did not run tonight.",
        "What to do: Run hub check courts, then hub night --partner courts.",
        "Police, referrals, hop recorded: 1 record is lost: 01a2:0:14:0.",
        "referral_1.csv It is a web page. What to do: Ask for it again. Tried 2 times tonight.",
        "3 times Reason holds a code that is not agreed. What to do: Fix.",
        (
            "9 records It is late. What to do: Run hub night. Who acts: Police. "
            "1 of them at the top of this page. 2 from earlier nights."
        ),
        "And 8 more: hub held list --partner police shows them.",
        "And 3 more: hub deliveries list shows them.",
        "1 matched = 0 new",
    ):
        assert said in words


@pytest.mark.parametrize(
    "facts",
    [
        night(police(title=SCRIPT)),
        night(police(missing=(SCRIPT,))),
        night(at_risk=(waiting(reference=SCRIPT, why=SCRIPT, fix=SCRIPT, place=SCRIPT, key=SCRIPT),)),
        night(
            police(
                held=(WaitingReason(SCRIPT, f"`{SCRIPT}`", SCRIPT, 1, 0, 0, (waiting(reference=SCRIPT),)),)
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
    page = render(facts)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_needs_nothing_but_itself() -> None:
    page = render(busy())
    outline = Outline(page)
    assert not outline.named("script", "img", "iframe", "form", "object")
    assert not re.search(r"https?://|@import|url\(", page)
    assert [link["href"] for link in outline.named("link")] == ["data:,"]


def test_headings_go_down_one_level_at_a_time_and_name_their_sections() -> None:
    outline = Outline(render(busy()))
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = [attributes["id"] for _, attributes in outline.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    assert {one["aria-labelledby"] for one in outline.named("section", "article")} <= set(ids)


def test_tables_say_what_they_are_and_which_cells_are_headings() -> None:
    outline = Outline(render(busy()))
    assert len(outline.named("caption")) == len(outline.named("table")) > 0
    assert {one["scope"] for one in outline.named("th")} == {"col", "row"}


def test_the_page_is_in_english_with_one_main_part_and_a_way_to_skip_to_it() -> None:
    outline = Outline(render(night()))
    assert outline.named("html") == [{"lang": "en-GB"}]
    assert [len(outline.named(tag)) for tag in ("header", "main", "footer", "title")] == [1, 1, 1, 1]
    assert outline.named("a")[0]["href"] == "#main"
    assert outline.named("main")[0]["id"] == "main"


def test_a_quiet_night_says_so_and_leaves_out_what_is_empty() -> None:
    words = Outline(render(night())).words
    assert "No record with a safety flag waits. Nothing waits for a person." in words
    assert "First: a child may be at risk" not in words
    assert "What is wrong" not in words
    assert "Messages that could not be opened" not in words
