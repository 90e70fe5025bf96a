"""The words of the pages: hops, buckets and fixes as a partner reads them, and how counts are said."""

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

# The hub's own rules, which stand in no partner's suite.
FIXES = {
    "HUB-R01": "Nothing: the same message came twice, and the second was not opened.",
    "HUB-R03": "Agree the new column with the data desk first; until then it is neither read nor kept.",
    "HUB-R11": "Send the row again, with as many cells as the header has, saved as UTF-8 text.",
    "HUB-T01": "Correct the value in your system; the next message that holds the record puts it right.",
    "HUB-T02": "Use a code from the agreed list, or tell the data desk what the new one means.",
    "HUB-T03": "Fill it in in your system; the next message that holds the record brings it to us.",
    "HUB-T05": "Look whether two columns changed places or a format changed, and send the message again.",
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


def sentence(words: str) -> str:
    """With a capital in front and a stop behind."""
    words = words.strip()
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")
