"""The balance line: what came, or was due, on one side, and on the other every place it went to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from quality.reports.partner_night import OUTWARD, Came, PartnerNight, Sent


@dataclass(frozen=True)
class Term:
    """One place where records went; `meaning` is for who reads it for the first time."""

    records: int
    words: str
    meaning: str = ""


@dataclass(frozen=True)
class Balance:
    title: str
    ins: tuple[Term, ...]
    outs: tuple[Term, ...]
    lost: int
    doubled: int
    # Records that the ledger names as lost, doubled or out of nowhere: a surplus may hide a loss in the sums.
    named: int = 0

    @property
    def total(self) -> int:
        return sum(term.records for term in self.ins)

    @property
    def holds(self) -> bool:
        """By the sides as they are shown, and by the ledger's own count of faults."""
        faults = self.lost or self.doubled or self.named
        return not faults and self.total == sum(term.records for term in self.outs)

    @property
    def went_to(self) -> tuple[Term, ...]:
        """What is nought stays away, but for the first."""
        return _shown(self.outs)

    @property
    def came_from(self) -> tuple[Term, ...]:
        return _shown(self.ins)

    @property
    def line(self) -> str:
        """'58 received = 55 recorded + 2 held + 1 duplicate'."""
        return f"{_side(self.came_from)} = {_side(self.went_to)}"


def balances_of(partner: PartnerNight) -> tuple[Balance, ...]:
    """One for each direction that is connected."""
    outward = sum(gap.records for gap in partner.gaps if gap.hop in OUTWARD)
    inward = sum(gap.records for gap in partner.gaps) - outward
    came = (replace(_came(partner.came), named=inward),) if partner.came else ()
    return came + ((replace(_sent(partner.sent), named=outward),) if partner.sent else ())


def answers_of(sent: Sent) -> tuple[Term, ...]:
    """How the partner answered, what is open from earlier nights among it; the first three always."""
    every = (
        Term(sent.accepted, "accepted", "Tonight’s, taken into your system."),
        _open(sent.unanswered, sent.earlier_unanswered, "not answered yet"),
        _open(sent.refused, sent.earlier_refused, "refused"),
        Term(sent.unsure, "answer not known", "Looked for first, then sent again."),
        Term(sent.waiting, "waiting", "You could not be reached. It goes with the next run."),
        _open(sent.held, sent.earlier_held, "held by us"),
        _open(sent.not_shared, sent.earlier_not_shared, "not shared"),
    )
    return every[:3] + tuple(term for term in every[3:] if term.records)


def _open(tonight: int, earlier: int, words: str) -> Term:
    return Term(tonight + earlier, words, f"{earlier:,} from earlier nights." if earlier else "")


def _shown(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    return terms[:1] + tuple(term for term in terms[1:] if term.records)


def _side(terms: tuple[Term, ...]) -> str:
    return " + ".join(f"{term.records:,} {term.words}" for term in terms)


def _came(came: Came) -> Balance:
    return Balance(
        title="Sent to us",
        ins=(
            Term(came.received, "received", "Records in all messages that could be opened."),
            Term(came.released, "released by a person", "Held on an earlier night, and let go on since."),
        ),
        outs=(
            Term(came.recorded, "recorded", "New, changed or withdrawn in the record."),
            Term(came.held, "held", "Cannot be used as it is. It waits, sealed, until it is put right."),
            Term(came.for_review, "for a person to match", "Which child it is about is not certain."),
            Term(came.duplicate, "duplicate", "Says what we hold already. Nothing was changed."),
            Term(came.older, "older than ours", "A newer version is here already. Nothing was changed."),
            Term(came.discarded, "discarded", "A person decided that it is not wanted, and said why."),
            Term(came.out_of_scope, "not about our children", "Counted, and left no trace."),
            Term(came.on_the_way, "still on the way", "The run stopped. The next one goes on from there."),
        ),
        lost=came.lost,
        doubled=came.doubled,
    )


def _sent(sent: Sent) -> Balance:
    return Balance(
        title="Sent by us",
        ins=(Term(sent.due, "due", "Every message that was to go, each where it stands now."),),
        outs=(
            Term(sent.accepted, "accepted", "Taken into your system."),
            Term(sent.unanswered, "not answered yet", "It arrived. The answer comes with a later night."),
            Term(sent.refused, "refused", "Your reason stands below."),
            Term(sent.unsure, "without a clear answer", "Looked for first, then sent again, same key."),
            Term(sent.waiting, "waiting", "You could not be reached. It goes with the next run."),
            Term(sent.held, "held", "Our own check found it wrong."),
            Term(sent.not_shared, "not shared", "The sharing agreement does not let it go."),
            Term(sent.replaced, "replaced", "A newer version of the record goes instead."),
        ),
        lost=sent.lost,
        doubled=sent.doubled,
    )
