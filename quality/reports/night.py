"""The facts of a night, and its words as text for a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from quality.reports import sentences, verdict, wording
from quality.reports.partner_night import PartnerNight, Waiting

SHOWN_IN_THE_SUMMARY = 20


@dataclass(frozen=True)
class NightFacts:
    """`at_risk` are all that wait and carry a safety flag, or of whose flags nobody can tell: the first
    of them; `flagged` and `doubtful` count them all.
    """

    night: date
    made_at: datetime
    partners: tuple[PartnerNight, ...] = ()
    at_risk: tuple[Waiting, ...] = ()
    flagged: int = 0
    doubtful: int = 0

    @property
    def reasons(self) -> tuple[str, ...]:
        if not self.partners:
            return (verdict.NO_PARTNER,)
        return tuple(reason for partner in self.partners for reason in verdict.reasons_of(partner))

    @property
    def is_green(self) -> bool:
        return not self.reasons

    @property
    def worst_first(self) -> tuple[PartnerNight, ...]:
        """A child at risk heads every list; then what is wrong; then by name."""
        return tuple(sorted(self.partners, key=self._rank))

    def _rank(self, partner: PartnerNight) -> tuple[bool, bool, str]:
        at_risk = any(waiting.partner == partner.title for waiting in self.at_risk)
        return (not at_risk, not verdict.is_red(partner), partner.title)

    @property
    def received(self) -> int:
        return sum(one.came.received for one in self.partners if one.came)

    @property
    def recorded(self) -> int:
        return sum(one.came.recorded for one in self.partners if one.came)

    @property
    def handed_over(self) -> int:
        return sum(one.sent.handed_over for one in self.partners if one.sent)

    @property
    def waiting(self) -> int:
        """Records that only a person can move: held, for review among them, or refused by their receiver."""
        return sum(one.waiting_count for one in self.partners)

    @property
    def waits_for(self) -> dict[str, list[tuple[PartnerNight, int]]]:
        """Whose turn it is, and with which partner's records; the most first."""
        turns: dict[str, list[tuple[PartnerNight, int]]] = {}
        for partner in self.partners:
            for who, records in partner.waits_for.items():
                turns.setdefault(who, []).append((partner, records))
        return dict(sorted(turns.items(), key=lambda turn: (-_records(turn[1]), turn[0])))

    @property
    def parked(self) -> int:
        return sum(one.came.parked for one in self.partners if one.came)


def _records(turn: list[tuple[PartnerNight, int]]) -> int:
    return sum(records for _, records in turn)


def headline(facts: NightFacts) -> str:
    """The whole night in a line."""
    if facts.is_green:
        return "Every partner came, every hop balances, and nothing was lost."
    wrong = len(facts.reasons)
    return f"{wording.counted(wrong, 'thing')} {wording.is_or_are(wrong)} wrong."


def waiting_sentence(facts: NightFacts) -> str:
    said = []
    if facts.waiting:
        waits = "waits" if facts.waiting == 1 else "wait"
        said.append(f"{wording.counted(facts.waiting, 'record')} {waits} for a person.")
    if facts.parked:
        # Nobody can know what is in them, so they are never called harmless.
        said.append(
            f"{wording.counted(facts.parked, 'message')} could not be opened: "
            "whether a child at risk is in there cannot be told."
        )
    return " ".join(said) or "Nothing waits for a person."


def summary(facts: NightFacts) -> str:
    """The night as text: its colour, a child at risk, what is wrong, then a line for each partner."""
    colour = "GREEN" if facts.is_green else "RED"
    lines = [f"{colour}: the night to {wording.day(facts.night)}. {headline(facts)}"]
    lines += [sentences.at_risk_sentence(facts.flagged, facts.doubtful), *_at_risk_lines(facts)]
    lines += [f"  - {reason}" for reason in facts.reasons]
    lines += [waiting_sentence(facts), ""]
    lines += [f"{one.title}: {_line_of(one)}" for one in facts.worst_first]
    return "\n".join(lines)


def _at_risk_lines(facts: NightFacts) -> list[str]:
    shown = facts.at_risk[:SHOWN_IN_THE_SUMMARY]
    lines = [
        f"  - {one.partner}, {one.called}, since {wording.moment(one.since, facts.night)}: {one.why}"
        for one in shown
    ]
    more = facts.flagged + facts.doubtful - len(shown)
    return lines + ([f"  - and {more:,} more, on the page"] if more else [])


def _line_of(partner: PartnerNight) -> str:
    held = sentences.held_sentence(partner) if partner.held_count else ""
    return f"{sentences.partner_sentence(partner)} {held}".strip()
