"""What of a partner's own words may stand on a page: their record key, and a reason without names.

A partner's columns may have changed places, and then a surname or a birth date stands where the
reference should. What looks like one is not shown; the row's place is.
"""

from __future__ import annotations

import re

LIKE_A_REFERENCE = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9._:/-]{2,159}")
LIKE_A_PERSON = re.compile(
    r"""
    \d{1,2}[-/.]\d{1,2}[-/.]\d{2,4} | \d{4}[-/.]\d{1,2}[-/.]\d{1,2} | \d{8}    # a day
    | \d{10}                                                                  # an NHS number, a ULN
    | \d{3}-\d{3}-\d{4}
    | [A-Z]\d{11}[0-9A-Z]                                                     # a UPN
    | (\d{2}){1,2}/\d{1,7}[A-Z]                                               # a PNC id
    | \d{1,6}/\d{2}[A-Z]                                                      # a CRO number
    | [A-Z]{1,2}\d[A-Z0-9]?\d[A-Z]{2}                                         # a postcode
    """,
    re.VERBOSE | re.IGNORECASE,
)
LONGEST_REASON = 160
MASK = "••••"
# Any word after the first that could name somebody, and anything with a figure in it.
TELLING = re.compile(r"(?<!^)\b[A-Z][\w'’-]*|\b[\w/'’-]*\d[\w/'’-]*")


def reference(text: str | None) -> str | None:
    """The partner's own record key; none where it does not look like one."""
    if text is None or not LIKE_A_REFERENCE.fullmatch(text) or LIKE_A_PERSON.fullmatch(text):
        return None
    return text


def message_key(key: str) -> str:
    """The key (to whom, from whom, the reference, a hash) without a reference that may not be shown."""
    ends = key.split(":")
    inside = ":".join(ends[2:-1])
    return key if reference(inside) else ":".join([*ends[:2], MASK, ends[-1]])


def reason(text: str | None) -> str | None:
    """A partner's free words on one line, with whatever could name a child masked."""
    line = " ".join((text or "").split())
    if not line:
        return None
    masked = TELLING.sub(MASK, line)
    return masked if len(masked) <= LONGEST_REASON else f"{masked[:LONGEST_REASON]}…"
