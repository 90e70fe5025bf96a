"""What our own mail server found out about a sender (RFC 8601), and nothing that others wrote there."""

from __future__ import annotations

import re
from collections.abc import Iterable

Passed = frozenset[str]
COMMENT = re.compile(r"\([^()]*\)")
RESULT = re.compile(r"^(dkim|spf|dmarc)\s*=\s*pass\b", re.IGNORECASE)
OF_DOMAIN = {
    "dkim": re.compile(r"\bheader\.(?:d|i)\s*=\s*\"?@?([^\s\";]+)", re.IGNORECASE),
    "spf": re.compile(r"\bsmtp\.mailfrom\s*=\s*\"?([^\s\";]+)", re.IGNORECASE),
    "dmarc": re.compile(r"\bheader\.from\s*=\s*\"?([^\s\";]+)", re.IGNORECASE),
}


def passed(headers: Iterable[object], sender: str, checked_by: str | None) -> Passed:
    """Which checks the sender's own domain passed. Only the topmost header counts: a server writes its own
    above those that came with the letter, which anybody may have written.
    """
    top = next(iter(headers), None)
    domain = sender.partition("@")[2]
    if top is None or checked_by is None or not domain:
        return frozenset()
    server, _, results = COMMENT.sub(" ", " ".join(str(top).split())).partition(";")
    if (server.split() or [""])[0].lower() != checked_by.lower():
        return frozenset()
    return frozenset(_passes(results.split(";"), domain))


def _passes(results: Iterable[str], domain: str) -> Iterable[str]:
    for result in results:
        if said := RESULT.match(result.strip()):
            method = said[1].lower()
            about = OF_DOMAIN[method].search(result)
            if about and _is_of(domain, about[1].rpartition("@")[2].lower()):
                yield method


def _is_of(domain: str, checked: str) -> bool:
    """The same domain, or one that it stands under: a service signs for its branches."""
    return domain == checked or ("." in checked and domain.endswith(f".{checked}"))
