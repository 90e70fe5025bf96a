"""What a push promises when the partner is in trouble: nothing is lost, doubled or believed too soon."""

from __future__ import annotations

import time
from collections.abc import Iterator

from hub.conformance.promise import Check, Promise
from hub.conformance.seen import arrived
from hub.conformance.stage import Stage
from hub.conformance.theatre import Theatre

FEW = range(1, 6)
LONGEST_SECONDS = 60
# Two sign-ins: a third may lock the account.
MOST_SIGN_INS = 2
PUSH = "the feed's push function"
LOOK = f"{PUSH}: what it takes for an answer"
ERRORS = "connectors/errors.py: PartnerUnavailableError is later, PartnerRefusedError is for a person"


def lost_reply(theatre: Theatre) -> Iterator[str]:
    with theatre.stage(sent=FEW) as stage:
        _in_mood(stage, "lost_reply")
        _well_again(stage)
        yield from arrived(stage, len(FEW))


def _not_believed(mood: str) -> Check:
    """Nothing arrived, so nothing may stand as delivered; later it arrives, or a person is told."""

    def check(theatre: Theatre) -> Iterator[str]:
        with theatre.stage(sent=FEW) as stage:
            _in_mood(stage, mood)
            if wrongly := stage.delivered() - len(stage.heard()):
                yield f"{wrongly} of {len(FEW)} messages stand as delivered, and the partner took none"
            yield from _somebody_knows(stage)
            _well_again(stage)
            states = stage.states()
            left = len(FEW) - stage.delivered() - states["refused"]
            if left:
                yield f"{left} of {len(FEW)} messages are neither delivered later nor refused with a reason"

    return check


def _waits(mood: str) -> Check:
    """Not now is not no: nothing is refused, and all of it goes later."""

    def check(theatre: Theatre) -> Iterator[str]:
        with theatre.stage(sent=FEW) as stage:
            _in_mood(stage, mood)
            if refused := stage.states()["refused"]:
                yield f"{refused} of {len(FEW)} messages were marked as refused for good"
            if wrongly := stage.delivered() - len(stage.heard()):
                yield f"{wrongly} of {len(FEW)} messages stand as delivered, and the partner took none"
            yield from _somebody_knows(stage)
            _well_again(stage)
            yield from arrived(stage, len(FEW))

    return check


def fewer_receipts(theatre: Theatre) -> Iterator[str]:
    with theatre.stage(sent=FEW) as stage:
        _in_mood(stage, "fewer_receipts")
        if stage.delivered() >= len(FEW):
            yield "a message of which no receipt came stands as delivered"
        _well_again(stage)
        yield from arrived(stage, len(FEW))


def conflict(theatre: Theatre) -> Iterator[str]:
    with theatre.stage(sent=FEW) as stage:
        _in_mood(stage, "conflict_version")
        if stage.delivered():
            yield f"{stage.delivered()} messages in conflict stand as delivered"
        yield from _somebody_knows(stage)


def unauthorised(theatre: Theatre) -> Iterator[str]:
    with theatre.stage(sent=FEW) as stage:
        stage.partner.be("unauthorised")
        night = stage.push()
        if night.asked > MOST_SIGN_INS:
            yield f"a partner who refuses our sign-in was asked {night.asked} times"
        if not night.sign_in_refused:
            yield f"the run should end with CredentialsRefusedError, and {night.words}"
        if refused := stage.states()["refused"]:
            yield f"{refused} messages were marked as refused, and it was the sign-in"
        _well_again(stage)
        yield from arrived(stage, len(FEW))


def weekend(theatre: Theatre) -> Iterator[str]:
    with theatre.stage() as stage:
        stage.partner.be("down")
        for day in range(3):
            stage.send((2 * day + 1, 2 * day + 2))
            night = stage.push()
            if not night.may_pass:
                yield f"on day {day + 1} the run should end with PartnerUnavailableError, and {night.words}"
            stage.later(days=1)
        if wrongly := stage.delivered() + stage.states()["refused"]:
            yield f"{wrongly} of 6 messages count as answered by a partner who was not there"
        _well_again(stage)
        yield from arrived(stage, 6)


def slow(theatre: Theatre) -> Iterator[str]:
    with theatre.stage(sent=FEW) as stage:
        began = time.monotonic()
        _in_mood(stage, "slow")
        if (took := time.monotonic() - began) > LONGEST_SECONDS:
            yield f"the push took {took:.0f} s; no limit ended it"
        _well_again(stage)
        yield from arrived(stage, len(FEW))


def _in_mood(stage: Stage, mood: str) -> None:
    stage.partner.be(mood)
    stage.push()


def _well_again(stage: Stage) -> None:
    stage.partner.be("")
    stage.later(days=1)
    stage.push()


def _somebody_knows(stage: Stage) -> Iterator[str]:
    states = stage.states()
    if not (stage.nights[-1].was_told or states["unknown"] or states["refused"]):
        yield "nobody was told: no error, no finding, and no message stands as unknown or refused"


TROUBLE = (
    Promise(
        "PUSH-09",
        "A reply that was lost doubles nothing.",
        "They have it and we do not know; sent again under another key it is a second referral.",
        f"{PUSH}: the key that goes out is the message's own",
        lost_reply,
        ("lost_reply",),
    ),
    Promise(
        "PUSH-10",
        "An answer that looks good and holds an error is not believed.",
        "Many gateways say 200 to everything; the referral would stand as delivered for ever.",
        LOOK,
        _not_believed("error_in_200"),
        ("error_in_200",),
    ),
    Promise(
        "PUSH-11",
        "A web page in place of an answer is not believed.",
        "A proxy's sign-in page takes referrals, says 200, and throws them away.",
        LOOK,
        _not_believed("html_in_200"),
        ("html_in_200",),
    ),
    Promise(
        "PUSH-12",
        "A message without a receipt is not delivered; it is looked at again.",
        "What nobody confirmed may have fallen off the end of a batch.",
        f"{PUSH}: receipts only for what the partner named",
        fewer_receipts,
        ("fewer_receipts",),
    ),
    Promise(
        "PUSH-13",
        "A conflict with what they have is for a person: neither delivered nor forgotten.",
        "Two versions of one child's referral stand against each other; a machine must not choose.",
        f"{PUSH}: its table of answers",
        conflict,
        ("conflict_version",),
    ),
    Promise(
        "PUSH-14",
        "Too early means wait, and it goes later.",
        "They are at work on it; a refusal would end what has only begun.",
        f"{PUSH}: its table of answers",
        _waits("too_early"),
        ("too_early",),
    ),
    Promise(
        "PUSH-15",
        "Busy means wait, and it goes later.",
        "A limit on requests is about us, not about the child.",
        ERRORS,
        _waits("busy"),
        ("busy",),
    ),
    Promise(
        "PUSH-16",
        "A sign-in that is refused is tried at most twice, and a person is told.",
        "Accounts lock, and a locked account stops every child's referral.",
        ERRORS,
        unauthorised,
        ("unauthorised",),
    ),
    Promise(
        "PUSH-17",
        "A partner who is away for a weekend loses nothing.",
        "What waited goes on Monday, once, and nobody has to remember it.",
        ERRORS,
        weekend,
        ("down",),
    ),
    Promise(
        "PUSH-18",
        "A partner who is slow keeps us no longer than our limits, and doubles nothing.",
        "One partner's bad night must not cost the others theirs.",
        "connectors/transports: the limits; the key that goes out is the message's own",
        slow,
        ("slow",),
    ),
)
