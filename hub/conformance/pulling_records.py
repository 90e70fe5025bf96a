"""What a pull promises of records: odd ones, deleted ones, many, in any order, and cut off at any step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from hub.conformance.kill import Killed, killed_at
from hub.conformance.promise import Promise
from hub.conformance.seen import differing, lacking
from hub.conformance.shaken import shaken
from hub.conformance.theatre import Theatre
from hub.store import contents

# Dropped and told of: a column that is not in the tables, or not in the agreement.
NEW_COLUMN = {"HUB-R03", "HUB-S01"}
THOUSAND = 1000
SHAKES = 3
FEW = range(1, 13)
# Around landing, and after each later step. tests/crash ends a process at every point there is.
ENDS = (
    "land.message_sealed",
    "land.before_commit",
    "land.after_commit",
    "translate.after_commit",
    "match.after_commit",
    "record.after_commit",
)
CHANGED = range(3, 6)


def new_column(theatre: Theatre) -> Iterator[str]:
    with theatre.stage(suite=theatre.subject.suite) as stage:
        stage.say(range(1, 4), oddity="new_column")
        night = stage.pull()
        yield from lacking(stage, 3)
        if not NEW_COLUMN & set(night.rules):
            yield "a column that nobody agreed came, and no finding says so"
        with stage.hub.store.reading() as connection:
            kept = contents.first_copies(connection, stage.name).get("kept", 0)
        if kept:
            yield f"{kept} messages are stored as they came, the column with them"


def unknown_code(theatre: Theatre) -> Iterator[str]:
    with theatre.stage(suite=theatre.subject.suite) as plain:
        plain.say(range(1, 7))
        usual = set(plain.pull().rules)
    with theatre.stage(suite=theatre.subject.suite) as stage:
        stage.say(range(1, 7), oddity="unknown_code")
        night = stage.pull()
        if not stage.held() and not set(night.rules) - usual:
            yield "a code that nobody agreed was taken without a question: nothing is held, no finding"
        for feed, there in stage.records().items():
            if there < 5:
                yield f"{5 - there} of 5 records of {feed} are missing beside the one with an unknown code"


def deleted(theatre: Theatre) -> Iterator[str]:
    with theatre.stage() as stage:
        stage.say(range(1, 4))
        stage.pull()
        stage.later(days=1)
        stage.unsay(2)
        stage.pull()
        yield from lacking(stage, 2)


def any_order(theatre: Theatre) -> Iterator[str]:
    expected = theatre.said((FEW, 1), (CHANGED, 2))
    for seed in range(SHAKES):
        shuffled = shaken(theatre.subject.connector, seed)
        with theatre.stage(shuffled) as stage:
            stage.say(FEW)
            stage.later(hours=1)
            stage.say(CHANGED, version=2)
            stage.pull()
            yield from differing(stage, expected, after=f"in shuffle {seed}; {stage.nights[-1].words}")


def poison(theatre: Theatre) -> Iterator[str]:
    # Without rules: a row that cannot be read is found before any rule.
    with theatre.stage() as stage:
        stage.say(range(1, THOUSAND + 1), oddity="poison")
        night = stage.pull()
        yield from lacking(stage, THOUSAND - 1)
        spoiled = sum(stage.parts_of_feeds().values())
        apart = stage.held() + len(night.rejected)
        if apart != spoiled:
            yield f"{apart} records are held or refused, and {spoiled} cannot be read"


def killed(theatre: Theatre) -> Iterator[str]:
    with theatre.stage() as stage:
        stage.say(FEW)
        stage.pull()
        expected, children = stage.store(), stage.children()
    for point in ENDS:
        with theatre.stage() as stage:
            stage.say(FEW)
            with suppress(Killed), killed_at(point):
                stage.pull()
            stage.later(minutes=20)
            stage.pull()
            yield from differing(stage, expected, after=f"killed at {point} and run again")
            if stage.children() != children:
                yield f"{stage.children()} children are on file instead of {children}, killed at {point}"


RECORDS = (
    Promise(
        "PULL-12",
        "A column that nobody agreed is dropped, not stored, and told of.",
        "It may be about somebody who never knew of it, a victim perhaps.",
        "the feed's open function: it gives every column that came, and the hub drops what is not agreed",
        new_column,
        ("new_column",),
    ),
    Promise(
        "PULL-13",
        "An unknown code is a question for a person; the other records go on.",
        "A default would say of a child what nobody said.",
        "the feed's tables and its codes folder: `code`, never a default",
        unknown_code,
        ("unknown_code",),
    ),
    Promise(
        "PULL-14",
        "A record that the partner deletes is deleted here.",
        "A withdrawn referral would go on towards people who must not have it.",
        "the feed's table: is_deleted, and how the partner says so",
        deleted,
    ),
    Promise(
        "PULL-15",
        "Any order, repetition or split of the messages gives the same store.",
        "Retries and late files do all of it, and none of it is the child's doing.",
        "the feed's open function: it keeps nothing between messages; version_at in its table",
        any_order,
    ),
    Promise(
        "PULL-16",
        "Of a thousand records one that cannot be read is held, and the others go on.",
        "One typing error must not keep 999 children waiting, nor be dropped without a word.",
        "the feed's open function: mark the row in `problem`, and go on",
        poison,
        ("poison",),
    ),
    Promise(
        "PULL-17",
        "A pull that is cut off after any step, and run again, gives the same store.",
        "Machines stop. What was half done must neither be lost nor be done twice.",
        "the feed's pull function: it saves nothing of its own; the cursor goes with the message",
        killed,
    ),
)
