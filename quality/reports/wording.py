"""The words of the pages: hops and buckets as a partner reads them, and how counts and times are said."""

from __future__ import annotations

from datetime import date, datetime

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip

HOPS = {
    "received": "Messages arrived",
    "translated": "Read and put into our words",
    "matched": "Matched to a child",
    "recorded": "Written into the record",
    "outgoing": "Handed over",
    "acknowledged": "Answered",
}

BUCKETS = {
    "received": {
        "received": "messages received",
        "opened": "opened",
        "rejected": "could not be opened",
        "duplicate": "had come before",
    },
    "translated": {
        "opened_records": "records opened",
        "released": "released by a person",
        "translated": "read",
        "held": "held",
        "discarded": "discarded",
        "out_of_scope": "not about our children",
    },
    "matched": {"translated": "read", "matched": "matched", "for_review": "for a person to match"},
    "recorded": {
        "matched": "matched",
        "new": "new",
        "changed": "changed",
        "unchanged": "duplicate",
        "superseded": "older than ours",
        "deleted": "withdrawn",
    },
    "outgoing": {
        "due": "due",
        "carried_over": "carried over",
        "sent": "sent",
        "waiting": "waiting",
        "held": "held",
        "not_shareable": "may not be shared",
    },
    "acknowledged": {
        "sent": "sent",
        "accepted": "accepted",
        "received": "not answered yet",
        "refused": "refused",
        "unknown": "answer not known",
    },
}

# Of a record that waits, or a message not with its partner. A state that is not here is said as it is.
STATES = {
    "waiting": "New",
    "new": "New",
    "acknowledged": "Acknowledged",
    "in progress": "In progress",
    "waiting for next file": "Waiting for the next file",
    "came back": "Came back",
    "queued": "Not handed over yet",
    "unknown": "Answer not known",
    "refused": "Refused",
    "held": "Held by us",
    "not shared": "Not shared",
}

ASK_THE_DESK = "Ask the data desk, and give the key that stands beside the record."


def counted(number: int, what: str, many: str | None = None) -> str:
    """'1 record', '1,200 records'."""
    return f"{number:,} {what if number == 1 else many or what + 's'}"


def is_or_are(number: int) -> str:
    return "is" if number == 1 else "are"


def listed(parts: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def day(when: date) -> str:
    # The names are ours: what strftime says turns on the machine's locale.
    return f"{DAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1]} {when.year}"


def moment(when: datetime, night: date) -> str:
    """The time alone on the day of the night; before it, with its day."""
    if when.date() == night:
        return f"{when:%H:%M}"
    return f"{when:%H:%M} on {when.day} {MONTHS[when.month - 1]}"


def long_moment(when: datetime) -> str:
    return f"{when.day} {MONTHS[when.month - 1]} at {when:%H:%M}"


def short_day(when: date) -> str:
    return f"{when.day} {MONTHS[when.month - 1][:3]}"


def state(name: str) -> str:
    words = name.replace("_", " ")
    return STATES.get(words) or capital(words)


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def sentence(words: str) -> str:
    """With a capital in front and a stop behind."""
    words = words.strip()
    return words[:1].upper() + words[1:] + ("" if words.rstrip("”").endswith((".", "!", "?")) else ".")
