"""Everybody at every door: each sees their own pages, and of others' not even that they are there."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from fastapi.routing import APIRoute

from hub import registry
from hub.site.app import HEADERS, site
from hub.site.settings import SiteSettings
from tests.site.conftest import Site

LEAD, BOARD, OTHER_LEAD = "Priya Fairweather", "Owen Larkspur", "Dana Merriweather"
DESK, YJS_BOARD, NOBODY = "Tomasz Applegarth", "Grace Hollowell", "Sam Nobody"
MONTH, BOARD_PAGE, NUMBERS = (
    "/partners/{}/2026-11",
    "/partners/{}/2026-11/board",
    "/partners/{}/2026-11/numbers.csv",
)
TONIGHT, NIGHT = "/night/{}.html", "/night/index.html"
ALL = {MONTH, BOARD_PAGE, NUMBERS, TONIGHT}
# By who asks: of the police's pages, and of another partner's.
SEES = {
    LEAD: (ALL, set()),
    BOARD: ({BOARD_PAGE, NUMBERS}, set()),
    OTHER_LEAD: (set(), set()),
    DESK: (ALL, ALL),
    YJS_BOARD: ({BOARD_PAGE}, {BOARD_PAGE}),
}
OPEN = {"/sign-in", "/signed-in", "/sign-out", "/signed-out", "/assets/{name}"}


@pytest.mark.parametrize("name", SEES)
@pytest.mark.parametrize("way", sorted(ALL))
def test_everybody_sees_their_own_pages_alone(
    signed_in: Callable[[str], httpx.Client], name: str, way: str
) -> None:
    client, (own, others) = signed_in(name), SEES[name]
    assert client.get(way.format("police")).status_code == (200 if way in own else 404)
    assert client.get(way.format("courts")).status_code == (200 if way in others else 404)


@pytest.mark.parametrize("name", SEES)
def test_the_night_is_the_data_desks(signed_in: Callable[[str], httpx.Client], name: str) -> None:
    assert signed_in(name).get(NIGHT).status_code == (200 if name == DESK else 404)


def test_nobody_learns_which_partners_there_are(signed_in: Callable[[str], httpx.Client]) -> None:
    client = signed_in(OTHER_LEAD)
    anothers, nobodys = (client.get(MONTH.format(name)) for name in ("police", "no-such-partner"))
    assert (anothers.status_code, anothers.text) == (nobodys.status_code, nobodys.text)


def test_without_a_sign_in_every_door_leads_there(served: Site, settings: SiteSettings) -> None:
    routes = [one for one in site(served.world.hub, settings).routes if isinstance(one, APIRoute)]
    shut = {one.path for one in routes} - OPEN
    assert len(shut) >= 6
    with served.client() as client:
        for path in shut:
            asked = path.format(partner="police", month="2026-11")
            answer = client.get(asked)
            assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?to={asked}")


def test_who_has_no_role_is_told_and_gets_no_session(signed_in: Callable[[str], httpx.Client]) -> None:
    client = signed_in(NOBODY)
    assert client.get("/").status_code == 303
    assert client.get(MONTH.format("police")).status_code == 303


@pytest.mark.parametrize("name", SEES)
def test_home_leads_to_pages_that_are_there(signed_in: Callable[[str], httpx.Client], name: str) -> None:
    client = signed_in(name)
    home = client.get("/")
    if home.status_code == 303:
        assert client.get(home.headers["location"]).status_code == 200
        return
    ways = {part.split('"')[0] for part in home.text.split('href="')[1:]} - {"data:,", "#main", "/sign-out"}
    assert len(ways) > len(registry.partner_names())
    assert {way: client.get(way).status_code for way in ways if client.get(way).status_code != 200} == {}


@pytest.mark.parametrize("way", ["/", MONTH.format("police"), "/nowhere", "/assets/pages.css", "/sign-in"])
def test_every_answer_has_the_same_few_headers(signed_in: Callable[[str], httpx.Client], way: str) -> None:
    answer = signed_in(LEAD).get(way)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "x", "2026-11-01", "2027-01", "../../etc"])
def test_a_month_that_is_none_is_not_there(signed_in: Callable[[str], httpx.Client], month: str) -> None:
    assert signed_in(LEAD).get(f"/partners/police/{month}").status_code == 404


def test_who_opens_a_list_of_records_is_in_the_audit(
    served: Site, signed_in: Callable[[str], httpx.Client]
) -> None:
    count = "SELECT count(*) AS n FROM audit_event WHERE action = 'page opened: {}' AND subject = '{}'"
    client = signed_in(DESK)
    before = served.world.rows(count.format("month", "p-4"))[0]["n"]
    client.get(MONTH.format("police"))
    client.get(BOARD_PAGE.format("police"))
    assert served.world.rows(count.format("month", "p-4"))[0]["n"] == before + 1
    assert served.world.rows(count.format("board", "p-4"))[0]["n"] == 0


def test_a_board_and_its_table_name_no_record(signed_in: Callable[[str], httpx.Client]) -> None:
    client = signed_in(LEAD)
    assert "NMP-R-0000002" in client.get(MONTH.format("police")).text
    for way in (BOARD_PAGE, NUMBERS):
        assert "NMP-R" not in client.get(way.format("police")).text


def test_signed_out_is_out(signed_in: Callable[[str], httpx.Client]) -> None:
    client = signed_in(LEAD)
    client.get("/sign-out")
    assert client.get(MONTH.format("police")).status_code == 303


@pytest.mark.parametrize("name", [LEAD, BOARD, DESK])
def test_every_way_on_a_month_leads_somewhere(signed_in: Callable[[str], httpx.Client], name: str) -> None:
    client = signed_in(name)
    page = client.get(MONTH.format("police") if name != BOARD else BOARD_PAGE.format("police"))
    ways = {part.split('"')[0] for part in page.text.split('href="/')[1:]} - {"sign-out", ""}
    assert "partners/police/2026-11/numbers.csv" in ways
    assert {way: client.get(f"/{way}").status_code for way in ways} == dict.fromkeys(ways, 200)
