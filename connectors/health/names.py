"""What we call things at a partner's: a referral, a message, a child whose number we do not know.

The first part is a setting, the last is ours for good: by it an answer is known as one of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connectors.transports.fhir import Identifier

REFERRAL, MESSAGE, PATIENT = "/yjs-referral", "/yjs-message", "/yjs-patient"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS_ORGANISATION = "https://fhir.nhs.uk/Id/ods-organization-code"
# As hub/store/queueing.py makes a key: to whom, from whom, their reference, a hash, perhaps which of several.
KEY = re.compile(r"[a-z0-9_]+:[a-z0-9_]+:(.{1,200}):[0-9a-f]+(?:-[0-9]+)?")


@dataclass(frozen=True)
class Names:
    base: str

    def referral(self, reference: str) -> Identifier:
        return Identifier(self.base + REFERRAL, reference)

    def message(self, key: str) -> Identifier:
        return Identifier(self.base + MESSAGE, key)

    def patient(self, nhs_number: str | None, reference: str) -> Identifier:
        """By number; without one we know the child by the referral alone."""
        if nhs_number:
            return Identifier(NHS_NUMBER, nhs_number)
        return Identifier(self.base + PATIENT, reference)


def by_reference(keys: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """The keys of each referral: a change of it has a key of its own."""
    found: dict[str, tuple[str, ...]] = {}
    for key in keys:
        if named := KEY.fullmatch(key):
            found[named[1]] = (*found.get(named[1], ()), key)
    return found
