"""The pages: one for the night, one for each partner. The same facts give the same bytes.

They need no script, and beside them nothing but the stylesheets in `assets/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from quality.reports import sentences, verdict, wording
from quality.reports.assets import STYLESHEETS
from quality.reports.balance import answers_of, balances_of
from quality.reports.month import PartnerMonth
from quality.reports.month_words import MonthWords, line_of, measures_of, short_month
from quality.reports.night import NightFacts, headline, waiting_sentence
from quality.reports.partner_night import Flag, PartnerNight, Waiting, WaitingReason
from quality.reports.trend import trends_of

TEMPLATES = Path(__file__).parent / "templates"


def render_night(
    facts: NightFacts, *, assets: str = "../assets/", partners: str = "", person: str | None = None
) -> str:
    """`assets` and `partners` lead from where this page lies to the stylesheets and to partners' pages."""
    return _page(
        "night.html",
        assets,
        facts=facts,
        partners=partners,
        person=person,
        headline=headline(facts),
        waiting_sentence=waiting_sentence(facts),
    )


def render_partner(
    partner: PartnerNight,
    night: date,
    made_at: datetime,
    *,
    assets: str = "../assets/",
    person: str | None = None,
) -> str:
    """One partner's page. It is handed that partner's night alone, so it can hold nothing of another."""
    reasons = tuple(verdict.for_their_own_page(partner))
    return _page(
        "partner.html",
        assets,
        partner=partner,
        person=person,
        night=night,
        made_at=made_at,
        reasons=reasons,
        headline=sentences.partner_headline(partner, is_red=bool(reasons)),
        balances=balances_of(partner),
        answers=answers_of(partner.sent) if partner.sent else (),
        trends=trends_of(partner),
        anchors=_anchors(partner),
    )


def render_month(
    month: PartnerMonth,
    *,
    assets: str = "../assets/",
    for_the_board: bool = False,
    person: str | None = None,
    ways: Mapping[str, str] | None = None,
) -> str:
    """One partner's month. The board's version holds no list of records, and no key of any.

    `ways` are those to its other forms and to other months, words and address.
    """
    return _page(
        "month.html",
        assets,
        month=month,
        person=person,
        of=MonthWords(month),
        for_the_board=for_the_board,
        ways=ways or {},
        measures=measures_of(month),
        line=line_of(month),
        anchors=_anchors(month),
    )


def render_home(
    partners: Iterable[tuple[str, Iterable[tuple[str, str]]]],
    *,
    person: str | None,
    night: bool,
    assets: str,
) -> str:
    """For those who see several partners: each with the ways to its pages, as words and address."""
    return _page("home.html", assets, partners=partners, person=person, night=night)


def render_refusal(words: str, *, assets: str) -> str:
    return _page("refusal.html", assets, words=words, person=None)


def file_name(partner: PartnerNight) -> str:
    return f"{partner.name}.html"


def _page(template: str, assets: str, **facts: object) -> str:
    sheets = [assets + name for name in STYLESHEETS]
    return _environment().get_template(template).render(sheets=sheets, **facts)


def _anchors(partner: PartnerNight | PartnerMonth) -> dict[WaitingReason, str]:
    """Where on the page each problem stands, so that what to do first can point to it."""
    named = {"held": partner.held, "stuck": partner.stuck}
    return {
        reason: f"{name}-{place}"
        for name, reasons in named.items()
        for place, reason in enumerate(reasons, 1)
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "day": wording.day,
        "number": "{:,}".format,
        "sentence": wording.sentence,
        "capital": wording.capital,
        "short_day": wording.short_day,
        "shell": _shell,
        "state": wording.state,
    }
    environment.globals |= {
        "Flag": Flag,
        "at_risk_sentence": sentences.at_risk_sentence,
        "balances_of": balances_of,
        "counted": wording.counted,
        "days_waiting": _days_waiting,
        "file_name": file_name,
        "held_sentence": sentences.held_sentence,
        "hop_words": wording.HOPS.__getitem__,
        "is_red": verdict.is_red,
        "moment": wording.moment,
        "partner_sentence": sentences.partner_sentence,
        "short_month": short_month,
        "side": _side,
    }
    return environment


def _shell(words: str) -> Markup:
    """Words in which a command for the shell stands between backquotes."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(words))))  # noqa: S704  # nosec B704 - escaped first


def _days_waiting(one: Waiting, night: date) -> int:
    return max((night - one.since.date()).days, 0)


def _side(hop: str, buckets: Mapping[str, int]) -> list[tuple[str, str]]:
    """One side of a hop's equation, as numbers and words."""
    return [(f"{number:,}", wording.BUCKETS[hop][name]) for name, number in buckets.items()]
