"""What happened, in plain English: one sentence for what came and one for what was handed over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from quality.reports.partner_night import Came, LeftAlone, PartnerNight, Sent
from quality.reports.wording import counted, is_or_are, listed, moment

NOTHING_LOST = "Nothing was lost."
DIRECTIONS = {"pull": "Fetching", "push": "Handing over"}


def partner_sentence(partner: PartnerNight) -> str:
    """All that is to be said of one partner's night, on one line."""
    said = [f"Missing: nothing ran tonight for {listed(list(partner.missing))}."] if partner.missing else []
    said += [left_alone_sentence(one) for one in partner.left_alone]
    came = partner.came
    if came is not None and (came.at or came.released):
        said.append(came_sentence(came))
    if partner.sent is not None and partner.sent.at:
        said.append(sent_sentence(partner.sent))
    return " ".join(said)


def left_alone_sentence(one: LeftAlone) -> str:
    """'Fetching is left alone until 04:40: 5 tries in a row failed.'"""
    until = moment(one.until, one.night) if one.until else "a person has looked"
    if one.over:
        return (
            f"{DIRECTIONS[one.direction]} was left alone until {until}: {one.why}. The next run tries once."
        )
    return f"{DIRECTIONS[one.direction]} is left alone until {until}: {one.why}."


def partner_headline(partner: PartnerNight, *, is_red: bool) -> str:
    """What this night asks of the partner."""
    theirs = partner.theirs_to_do
    others = partner.waiting_count - theirs
    said = ["Something went wrong; the data desk looks into it."] if is_red else []
    if theirs:
        said.append(f"{counted(theirs, 'record')} {_waits(theirs)} for you.")
    if others:
        said.append(f"{counted(others, 'record')} {_waits(others)} for somebody else; nothing for you to do.")
    return " ".join(said) or "Nothing waits for you."


def came_sentence(came: Came) -> str:
    if not came.received and not came.released:
        return _nothing_new(came)
    brought = [f"{came.received:,} received"] if came.received else []
    brought += [f"{came.released:,} released by a person"] if came.released else []
    became = _nonzero(
        (came.recorded, "recorded"),
        (came.held, "held"),
        (came.for_review, "for a person to match"),
        (came.duplicate, "duplicate"),
        (came.older, "older than ours"),
        (came.discarded, "discarded"),
        (came.out_of_scope, "not about our children"),
        (came.on_the_way, "still on the way"),
    )
    said = f"{listed(brought)}: {', '.join(became) or '0 recorded'}."
    return " ".join([said, *_messages(came), _faults(came.lost, came.doubled)])


def _nothing_new(came: Came) -> str:
    if came.parked:
        return " ".join([f"Came at {_times(came.at)}.", *_messages(came), _faults(came.lost, came.doubled)])
    return " ".join([f"Came at {_times(came.at)}: nothing new.", *_messages(came)])


def _messages(came: Came) -> list[str]:
    said = []
    if came.parked:
        one = counted(came.parked, "message")
        said.append(f"{one} could not be opened and {is_or_are(came.parked)} parked.")
    if came.repeated:
        said.append(f"{counted(came.repeated, 'message')} had come before and stayed closed.")
    return said


def sent_sentence(sent: Sent) -> str:
    if not sent.due:
        return " ".join([f"Reached at {_times(sent.at)}: nothing was due.", *_earlier(sent)])
    stands = _nonzero(
        (sent.waiting, "waiting"),
        (sent.held, "held"),
        (sent.not_shared, "not shared"),
        (sent.replaced, "replaced by a newer version"),
    )
    said = [f"{sent.due:,} due: {', '.join([f'{sent.handed_over:,} sent', *stands])}."]
    answers = _nonzero(
        (sent.accepted, "accepted"),
        (sent.unanswered, "not answered yet"),
        (sent.refused, "refused"),
        (sent.unsure, "without a clear answer, to be sent again"),
    )
    if answers:
        said.append(f"Of those sent: {', '.join(answers)}.")
    return " ".join([*said, *_earlier(sent), _faults(sent.lost, sent.doubled)])


def _earlier(sent: Sent) -> list[str]:
    open_still = _nonzero(
        (sent.earlier_unanswered, "not answered yet"),
        (sent.earlier_refused, "refused"),
        (sent.earlier_held, "held"),
        (sent.earlier_not_shared, "not shared"),
    )
    return [f"From earlier nights: {', '.join(open_still)}."] if open_still else []


def held_sentence(partner: PartnerNight) -> str:
    """Who waits now, of all nights; the older ones apart."""
    if not partner.held_count:
        return "Nothing is held."
    now = f"{counted(partner.held_count, 'record')} {is_or_are(partner.held_count)} held now"
    older = partner.held_older
    if not older:
        return f"{now}."
    if older == partner.held_count:
        return f"{now}, from earlier nights."
    return f"{now}: {partner.held_count - older:,} since tonight, {older:,} from earlier nights."


def at_risk_sentence(flagged: int, doubtful: int) -> str:
    """What waits that may be about a child at risk; said also where there is none."""
    if not flagged and not doubtful:
        return "No record with a safety flag waits."
    said = []
    if flagged:
        said.append(f"{counted(flagged, 'record')} with a safety flag {_waits(flagged)}")
    if doubtful:
        said.append(f"{counted(doubtful, 'record')} whose safety flags could not be read {_waits(doubtful)}")
    return f"{listed(said)} for a person."


def _waits(number: int) -> str:
    return "waits" if number == 1 else "wait"


def _faults(lost: int, doubled: int) -> str:
    said = [f"{lost:,} lost"] if lost else []
    said += [f"{doubled:,} counted twice"] if doubled else []
    return f"It does not balance: {listed(said)}." if said else NOTHING_LOST


def _nonzero(*parts: tuple[int, str]) -> list[str]:
    return [f"{number:,} {words}" for number, words in parts if number]


def _times(at: Iterable[datetime]) -> str:
    return listed(list(dict.fromkeys(f"{when:%H:%M}" for when in at)))
