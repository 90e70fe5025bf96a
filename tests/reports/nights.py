"""Nights to draw: sound ones, of which a test changes what matters to it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from quality.reports.night import NightFacts
from quality.reports.partner_night import Came, Flag, LedgerLine, PartnerNight, Sent, Waiting

NIGHT = date(2026, 11, 23)
AT_TWO_MINUTES_PAST_FIVE = datetime(2026, 11, 23, 5, 2, tzinfo=UTC)
AT_CUT_OFF = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def came(**changes: Any) -> Came:
    return Came(**({"at": (AT_TWO_MINUTES_PAST_FIVE,)} | changes))


def sent(**changes: Any) -> Sent:
    return Sent(**({"at": (AT_TWO_MINUTES_PAST_FIVE,)} | changes))


def line(**changes: Any) -> LedgerLine:
    sound: dict[str, Any] = {
        "feed": "referrals",
        "hop": "matched",
        "ins": {"translated": 55},
        "outs": {"matched": 55, "for_review": 0},
        "runs": 1,
    }
    return LedgerLine(**(sound | changes))


def waiting(**changes: Any) -> Waiting:
    sound: dict[str, Any] = {
        "partner": "Police",
        "reference": "NMP-R-0000017",
        "place": "row 14 of referral_1.csv",
        "why": "The reference is missing.",
        "fix": "Fill it in.",
        "owner": "Police",
        "since": AT_TWO_MINUTES_PAST_FIVE,
        "key": "01a2:0:14:0",
        "flag": Flag.NONE,
    }
    return Waiting(**(sound | changes))


def police(**changes: Any) -> PartnerNight:
    sound: dict[str, Any] = {
        "name": "police",
        "title": "Police",
        "came": came(received=58, recorded=55, held=2, duplicate=1),
        "ledger": (line(),),
    }
    return PartnerNight(**(sound | changes))


def courts(**changes: Any) -> PartnerNight:
    sound: dict[str, Any] = {"name": "courts", "title": "Courts", "came": came()}
    return PartnerNight(**(sound | changes))


def night(*partners: PartnerNight, **changes: Any) -> NightFacts:
    sound: dict[str, Any] = {"night": NIGHT, "made_at": AT_CUT_OFF, "partners": partners or (police(),)}
    return NightFacts(**(sound | changes))
