"""Green or red, and why: each reason a sentence that says where, what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from quality.reports.partner_night import OUTWARD, Gap, LedgerLine, PartnerNight
from quality.reports.wording import counted, is_or_are

SHOWN_IN_A_REASON = 5
NO_PARTNER = "No partner is connected. What to do: install the partners' packages (`make env`)."


def is_red(partner: PartnerNight) -> bool:
    return next(reasons_of(partner), None) is not None


def for_their_own_page(partner: PartnerNight) -> Iterator[str]:
    """The same without the keys of messages on their way out, which hold the sender's reference."""
    gaps = tuple(replace(gap, shown=()) if gap.hop in OUTWARD else gap for gap in partner.gaps)
    return reasons_of(replace(partner, gaps=gaps))


def reasons_of(partner: PartnerNight) -> Iterator[str]:
    """Why this partner makes the night red; none where all is right."""
    yield from (_missing(partner, feed) for feed in partner.missing)
    yield from (_gap(partner, gap) for gap in partner.gaps)
    yield from (
        _unbalanced(partner, line)
        for line in partner.ledger
        if not line.balances and not _named(partner, line)
    )
    for one in partner.unwritten:
        yield (
            f"{partner.title}, {one.feed}, hop {one.hop}: the hop was done and no ledger line tells of it. "
            "What to do: report the fault; the messages are kept in landing."
        )
    for stop in partner.stopped:
        yield (
            f"{partner.title}, {stop.feed}: stopped after {stop.after}; the next run goes on from there. "
            f"What to do: run `hub night --partner {partner.name}`."
        )


def _missing(partner: PartnerNight, feed: str) -> str:
    return (
        f"{partner.title} is missing: {feed} did not run tonight. "
        f"What to do: run `hub check {partner.name}`, then `hub night --partner {partner.name}`."
    )


def _gap(partner: PartnerNight, gap: Gap) -> str:
    named = ", ".join(gap.shown[:SHOWN_IN_A_REASON])
    more = gap.records - min(len(gap.shown), SHOWN_IN_A_REASON)
    which = f": {named}{f' and {more:,} more' if more else ''}" if named else ""
    return (
        f"{partner.title}, {gap.feed}, hop {gap.hop}: {counted(gap.records, 'record')} "
        f"{is_or_are(gap.records)} {gap.fault}{which}. "
        "What to do: nothing of that run has gone further; report the fault, then run the night again."
    )


def _named(partner: PartnerNight, line: LedgerLine) -> bool:
    """Every fault of this line is named as a gap already."""
    gaps = sum(gap.records for gap in partner.gaps if (gap.feed, gap.hop) == (line.feed, line.hop))
    return gaps >= line.lost + line.doubled and not line.lost_between and not line.doubled_between


def _unbalanced(partner: PartnerNight, line: LedgerLine) -> str:
    faults = [
        f"{counted(number, 'record')} {words}"
        for number, words in (
            (line.lost, "lost"),
            (line.doubled, "counted twice"),
            (line.lost_between, "lost on the way from the hop before"),
            (line.doubled_between, "more than the hop before handed on"),
        )
        if number
    ]
    return (
        f"{partner.title}, {line.feed}, hop {line.hop}: the ledger does not balance: {', '.join(faults)}. "
        "What to do: report the fault, then run the night again."
    )
