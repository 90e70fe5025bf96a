"""The balance line: what came, or was due, on one side, and on the other every place it went to."""

from __future__ import annotations

from dataclasses import dataclass

from quality.reports.partner_night import Came, PartnerNight, Sent


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

    @property
    def total(self) -> int:
        return sum(term.records for term in self.ins)

    @property
    def holds(self) -> bool:
        """By the sides as they are shown, and by the ledger's own count of faults."""
        return not self.lost and not self.doubled and self.total == sum(term.records for term in self.outs)

    @property
    def line(self) -> str:
        """'58 received = 55 recorded + 2 held + 1 duplicate'; what is nought stays away."""
        return f"{_side(self.ins)} = {_side(self.outs)}"


def balances_of(partner: PartnerNight) -> tuple[Balance, ...]:
    """One for each direction that is connected."""
    came = (_came(partner.came),) if partner.came else ()
    return came + ((_sent(partner.sent),) if partner.sent else ())


def _side(terms: tuple[Term, ...]) -> str:
    shown = [term for term in terms if term.records] or list(terms[:1])
    return " + ".join(f"{term.records:,} {term.words}" for term in shown)


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
            Term(sent.accepted, "accepted", "Taken into the partner’s system."),
            Term(sent.unanswered, "not answered yet", "It arrived. The answer comes with a later night."),
            Term(sent.refused, "refused", "The partner’s reason stands below."),
            Term(sent.unsure, "without a clear answer", "Looked for first, then sent again, same key."),
            Term(sent.waiting, "waiting", "The partner could not be reached. It goes with the next run."),
            Term(sent.held, "held", "Our own check found it wrong."),
            Term(sent.not_shared, "not shared", "The sharing agreement does not let it go."),
            Term(sent.replaced, "replaced", "A newer version of the record goes instead."),
        ),
        lost=sent.lost,
        doubled=sent.doubled,
    )
