"""The pages drawn from the code are fresh and complete."""

from __future__ import annotations

import pytest

from hub import reference_pages, registry
from hub.lineage_page import lineage_page, section
from hub.reference_pages import PAGES, PLACE, variable
from hub.settings import HubSettings
from schemas.child_details import ChildDetails
from schemas.kinds import KINDS

CONNECTORS = registry.connectors()
KINDS_OF_SETTINGS = (HubSettings, *(one.settings for one in CONNECTORS.values()))
SETTINGS = [variable(kind, name) for kind in KINDS_OF_SETTINGS for name in kind.model_fields]
PULLS = [feed for one in CONNECTORS.values() for feed in one.pulls]


@pytest.mark.parametrize("name", PAGES)
def test_a_drawn_page_is_fresh(name: str) -> None:
    written = (PLACE / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "draw it anew: python -m hub.reference_pages"


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_on_its_page_once(setting: str) -> None:
    assert reference_pages.settings_page().count(f"| `{setting}` |") == 1


def test_a_secret_is_called_one() -> None:
    rows = [line for line in reference_pages.settings_page().splitlines() if "| yes |" in line]
    assert {row.split("`")[1] for row in rows} >= {"HUB_POLICE_PASSWORD", "HUB_YJS_DATABASE_URL"}


@pytest.mark.parametrize("kind", [ChildDetails, *KINDS.values()], ids=lambda kind: kind.__name__)
def test_every_field_is_on_its_page(kind: type[ChildDetails]) -> None:
    page = reference_pages.fields_page()
    assert [name for name in kind.column_names() if f"| `{name}` |" not in page] == []


@pytest.mark.parametrize("feed", PULLS, ids=lambda feed: feed.name)
def test_every_column_of_a_feed_is_accounted_for(feed: object) -> None:
    page = reference_pages.feeds_page()
    assert [column for column in feed.takes | feed.ignores if f"`{column}`" not in page] == []
    assert feed.scope.words in page


@pytest.mark.parametrize("name", CONNECTORS)
def test_the_lineage_tells_of_every_column_both_ways_and_of_every_code_map(name: str) -> None:
    page = lineage_page("")
    one = CONNECTORS[name]
    section = page[page.index(f"## {one.title}\n") :]
    theirs = {column for feed in one.pulls for column in feed.takes | feed.ignores}
    told = {column for feed in one.pushes for column in feed.message.columns}
    maps = {used for feed in one.pulls for used in feed.record.code_maps().split()}
    assert [column for column in sorted(theirs) if f"| `{column}` |" not in section] == []
    assert [column for column in sorted(told) if f"| `{column}` |" not in section] == []
    assert [used for used in sorted(maps) if f"`{used}`" not in section] == []


def test_a_field_that_no_agreement_lists_is_shown_as_not_used() -> None:
    police = registry.agreement("police")
    terms = police.feeds["referrals"].model_copy(update={"fields": ("reference",)})
    narrow = police.model_copy(update={"feeds": {**police.feeds, "referrals": terms}})
    lines = "\n".join(section(CONNECTORS["police"], narrow))
    assert "| `ReferralRef` | as sent | `reference` | yes |" in lines
    assert "| `Surname` | as sent | `family_name` | no, so not used |" in lines
    assert "| `safeguarding` | no, and read all the same |" in lines


def test_a_value_that_is_always_the_same_is_shown() -> None:
    page = reference_pages.feeds_page()
    assert "always `dpa_2018_part_3`: the force shares for law enforcement" in page
    assert "always no: the force never withdraws a referral by file" in page
