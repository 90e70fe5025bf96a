"""The pages behind the sign-in. What somebody may not see is, to them, not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from hub import registry, report
from hub.hub import Hub
from hub.report import months
from hub.report.month import before, collect, month_said
from hub.site.people import Page, Person
from hub.site.sign_in import WHO
from hub.store.audit import AuditEvent, Event
from quality.reports import assets
from quality.reports.month import PartnerMonth
from quality.reports.night import NightFacts
from quality.reports.pages import render_home, render_month, render_night, render_partner
from quality.reports.partner_night import PartnerNight

ASSETS = "/assets/"
MONTHS_OFFERED = 12


class NotSignedInError(Exception):
    """Answered by the way to the sign-in."""


def signed_in(request: Request) -> Person:
    kept = request.session.get(WHO)
    if kept is None:
        raise NotSignedInError
    return Person.from_session(kept)


Reader = Annotated[Person, Depends(signed_in)]


def pages(hub: Hub) -> APIRouter:
    router, desk = APIRouter(), Desk(hub)

    @router.get("/")
    def home(person: Reader) -> Response:
        if person.partner:
            board = "" if person.may_see(Page.MONTH, person.partner) else "/board"
            return RedirectResponse(f"/partners/{person.partner}/{desk.last_month:%Y-%m}{board}", 303)
        night = person.may_see(Page.NIGHT)
        return HTMLResponse(render_home(desk.links(person), person=person.name, night=night, assets=ASSETS))

    router.include_router(month_pages(desk), prefix="/partners/{partner}/{month}")
    router.include_router(night_pages(desk), prefix="/night")
    return router


def month_pages(desk: Desk) -> APIRouter:
    router = APIRouter()

    @router.get("")
    def month_page(person: Reader, partner: str, month: str) -> Response:
        found = desk.month(person, Page.MONTH, partner, month)
        ways = desk.ways(person, found)
        return HTMLResponse(render_month(found, assets=ASSETS, person=person.name, ways=ways))

    @router.get("/board")
    def board_page(person: Reader, partner: str, month: str) -> Response:
        found = desk.month(person, Page.BOARD, partner, month)
        ways = desk.ways(person, found)
        page = render_month(found, assets=ASSETS, for_the_board=True, person=person.name, ways=ways)
        return HTMLResponse(page)

    @router.get("/numbers.csv")
    def numbers(person: Reader, partner: str, month: str) -> Response:
        found = desk.month(person, Page.NUMBERS, partner, month)
        name = f'attachment; filename="{partner}-{found.month:%Y-%m}.csv"'
        headers = {"Content-Disposition": name}
        return PlainTextResponse(months.table(found), media_type="text/csv", headers=headers)

    return router


def night_pages(desk: Desk) -> APIRouter:
    router = APIRouter()

    @router.get("/index.html")
    def night(person: Reader) -> Response:
        return HTMLResponse(render_night(desk.night(person), assets=ASSETS, person=person.name))

    @router.get("/{partner}.html")
    def tonight(person: Reader, partner: str) -> Response:
        found, facts = desk.tonight(person, partner)
        page = render_partner(found, facts.night, facts.made_at, assets=ASSETS, person=person.name)
        return HTMLResponse(page)

    return router


def open_pages() -> APIRouter:
    """What is there for everybody: how it looks, and the way in."""
    router = APIRouter()

    @router.get(ASSETS + "{name}")
    def asset(name: str) -> Response:
        found = assets.files().get(name)
        if found is None:
            raise HTTPException(404)
        return Response(found, media_type="text/css" if name.endswith(".css") else "text/plain")

    @router.get("/signed-out")
    def signed_out() -> Response:
        return HTMLResponse(render_home((), person=None, night=False, assets=ASSETS))

    return router


class Desk:
    """Finds what somebody asked for, if it is theirs; and writes down who opened a list of records."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    @property
    def last_month(self) -> date:
        """The last that is over."""
        return before(self._hub.today)

    def links(self, person: Person) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """For those who see several partners: each with the ways to its pages."""
        month, last = (f"{day:%Y-%m}" for day in (self._hub.today, self.last_month))
        found = []
        for name in registry.partner_names():
            to = {
                ("This month", f"/partners/{name}/{month}"): Page.MONTH,
                ("Last month", f"/partners/{name}/{last}"): Page.MONTH,
                ("For its board", f"/partners/{name}/{last}/board"): Page.BOARD,
                ("Tonight", f"/night/{name}.html"): Page.TONIGHT,
            }
            seen = tuple(way for way, page in to.items() if person.may_see(page, name))
            found.append((self._hub.connector(name).title, seen))
        return tuple(found)

    def ways(self, person: Person, month: PartnerMonth) -> dict[str, str]:
        """To the month's other forms, and to the month before."""
        at, earlier = f"/partners/{month.name}/{{:%Y-%m}}", before(month.month)
        to = {
            ("With the records to fix", at.format(month.month)): Page.MONTH,
            ("For the board", f"{at.format(month.month)}/board"): Page.BOARD,
            ("The numbers (CSV)", f"{at.format(month.month)}/numbers.csv"): Page.NUMBERS,
            ("The month before", at.format(earlier)): Page.MONTH,
            ("Tonight", f"/night/{month.name}.html"): Page.TONIGHT,
        }
        return {words: way for (words, way), page in to.items() if person.may_see(page, month.name)}

    def open(self, person: Person, page: Page, partner: str | None = None) -> None:
        """The same answer whether it is another's or nobody's: nobody learns which partners there are."""
        if not person.may_see(page, partner) or not (partner is None or partner in registry.partner_names()):
            raise HTTPException(404)
        if page in (Page.MONTH, Page.TONIGHT, Page.NIGHT):
            event = AuditEvent(
                Event.CONSULTATION, f"page opened: {page}", partner=partner, subject=person.subject
            )
            # By them, and not by the schedule.
            replace(self._hub, actor=person.subject).consulting(event)

    def month(self, person: Person, page: Page, partner: str, month: str) -> PartnerMonth:
        chosen = month_said(month)
        if chosen is None or chosen > self._hub.today:
            raise HTTPException(404)
        self.open(person, page, partner)
        (found,) = collect(self._hub, chosen, [partner])
        return found

    def night(self, person: Person) -> NightFacts:
        self.open(person, Page.NIGHT)
        return report.collect(self._hub, self._hub.night)

    def tonight(self, person: Person, partner: str) -> tuple[PartnerNight, NightFacts]:
        self.open(person, Page.TONIGHT, partner)
        facts = report.collect(self._hub, self._hub.night)
        return next(one for one in facts.partners if one.name == partner), facts
