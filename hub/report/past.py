"""A partner's last nights in numbers, from the books as they were closed. Pure sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from hub.report.sums import INTO
from quality.reports.partner_night import PastNight
from schemas.hops import Hop

ANSWERS = {
    "sent": (Hop.ACKNOWLEDGED, "sent"),
    "accepted": (Hop.ACKNOWLEDGED, "accepted"),
    "unanswered": (Hop.ACKNOWLEDGED, "received"),
    "refused": (Hop.ACKNOWLEDGED, "refused"),
    "unsure": (Hop.ACKNOWLEDGED, "unknown"),
}
SHOWN_APART = ("recorded", "held")


def past_nights(
    sums: Iterable[Mapping[str, Any]], partner: str, first: date, last: date
) -> tuple[PastNight, ...]:
    """Every night from the first to the last, oldest first, also those in which nothing ran."""
    nights: dict[date, Counter[tuple[str, str]]] = {}
    for row in sums:
        if row["partner"] == partner:
            nights.setdefault(row["night"], Counter())[(row["hop"], row["bucket"])] += row["records"]
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return tuple(_night(day, nights[day]) if day in nights else PastNight(day) for day in days)


def _night(day: date, books: Counter[tuple[str, str]]) -> PastNight:
    into = {name: sum(books[(hop.value, bucket)] for hop, bucket in INTO[name]) for name in INTO}
    received = sum(books[(Hop.TRANSLATED.value, bucket)] for bucket in ("opened_records", "released"))
    return PastNight(
        night=day,
        ran=True,
        received=received,
        recorded=into["recorded"],
        held=into["held"],
        other=sum(count for name, count in into.items() if name not in SHOWN_APART),
        **{name: books[(hop.value, bucket)] for name, (hop, bucket) in ANSWERS.items()},
    )
