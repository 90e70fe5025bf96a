"""Nights with one of everything on their pages, and one as large as they come."""

from __future__ import annotations

from datetime import timedelta

from quality.reports.night import NightFacts
from quality.reports.partner_night import (
    Flag,
    Gap,
    LeftAlone,
    Noticed,
    Parked,
    PartnerNight,
    PastNight,
    Stopped,
    WaitingReason,
)
from tests.reports.nights import (
    AT_TWO_MINUTES_PAST_FIVE,
    NIGHT,
    came,
    courts,
    line,
    night,
    police,
    sent,
    waiting,
)

AT_RISK = waiting(reference="NMP-R-0000099", flag=Flag.SET)
UNTOLD = waiting(reference="NMP-R-0000098", flag=Flag.UNKNOWN)
SHOWN = waiting(since=AT_TWO_MINUTES_PAST_FIVE - timedelta(days=3), state="in progress", with_whom="A. Lead")

# Why they wait.
LATE = WaitingReason("It is late.", "Send it again.", "Police", 9, at_risk=1, older=2, shown=(SHOWN,))
TWICE = WaitingReason("It came twice.", "Ask the data desk.", "data desk", 40, 0, 0, (waiting(),))
REFUSED = WaitingReason(
    "You refused it. You said: “already open”.",
    "Put right what stands in its way.",
    "Courts",
    9,
    at_risk=0,
    older=2,
    shown=(waiting(reference=None, place="our message of 23 November at 05:02", key=None, state="refused"),),
)
LEFT_ALONE = LeftAlone(
    "pull", "5 tries in a row failed", AT_TWO_MINUTES_PAST_FIVE + timedelta(minutes=10), NIGHT
)
STOPPED = LeftAlone("push", "our sign-in was refused twice", None, NIGHT)


def past_nights() -> tuple[PastNight, ...]:
    """Fourteen, of which one did not run."""
    nights = [
        PastNight(
            NIGHT - timedelta(days=ago),
            ran=ago != 5,
            received=60 - ago,
            recorded=50 - ago,
            held=6,
            other=4,
            sent=9,
            accepted=6,
            unanswered=1,
            refused=2,
        )
        for ago in reversed(range(14))
    ]
    return tuple(one if one.ran else PastNight(one.night) for one in nights)


def busy_police() -> PartnerNight:
    return police(
        held=(LATE, TWICE),
        waits_for={"data desk": 40, "Police": 9},
        parked=(Parked("referral_1.csv", "It is a web page", "ask for it again.", 2),),
        noticed=(Noticed("Reason holds a code that is not agreed.", "The value was left out.", "Fix.", 3),),
        ledger=(line(), line(hop="recorded", ins={"matched": 1}, outs={"new": 0}, lost=1)),
        gaps=(Gap("referrals", "recorded", "lost", 1, ("01a2:0:14:0",)),),
        stopped=(Stopped("referrals", "hop matched", AT_TWO_MINUTES_PAST_FIVE),),
        at_risk=(AT_RISK, UNTOLD),
        flagged=1,
        doubtful=4,
        past=past_nights(),
    )


def busy_courts() -> PartnerNight:
    return courts(
        missing=("results",),
        left_alone=(LEFT_ALONE, STOPPED),
        sent=sent(
            due=12, accepted=3, unanswered=2, refused=1, unsure=1, waiting=1, held=1, not_shared=2, replaced=1
        ),
        stuck=(REFUSED,),
        stuck_count=12,
        waits_for={"Courts": 9, "data desk": 3},
        gaps=(Gap("referrals", "outgoing", "lost", 1, ("courts:police:NMP-R-0000017:3f2a",)),),
        past=past_nights(),
    )


def busy() -> NightFacts:
    """A night with one of everything."""
    return night(busy_police(), busy_courts(), at_risk=(AT_RISK, UNTOLD), flagged=1, doubtful=4)


def huge() -> NightFacts:
    """Two thousand held records, and words as long as anybody writes them."""
    long_name = "Gwasanaeth Cyfiawnder Ieuenctid " * 4
    reasons = tuple(
        WaitingReason(
            f"Rheswm {number}: the reference is “{'x' * 90}”.",
            "Fill it in. " * 12,
            long_name,
            200,
            at_risk=0,
            older=150,
            shown=tuple(
                waiting(reference=f"NMP-R-{place:07d}-{'9' * 60}", key=f"01a2:{place}:{number}:0")
                for place in range(50)
            ),
        )
        for number in range(10)
    )
    long = police(
        title=long_name, came=came(received=1_234_567, recorded=1_234_567), held=reasons, past=past_nights()
    )
    return night(long, courts(), at_risk=(AT_RISK,), flagged=1)
