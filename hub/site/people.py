"""Who somebody is, and which pages are theirs to see: by their sign-in, never by an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    PARTNER_LEAD = "partner_lead"
    PARTNER_BOARD = "partner_board"
    DATA_DESK = "data_desk"
    YJS_BOARD = "yjs_board"


class Page(StrEnum):
    """`MONTH` and `TONIGHT` list records by the partner's own references; the others hold numbers alone."""

    MONTH = "month"
    BOARD = "board"
    NUMBERS = "numbers"
    TONIGHT = "tonight"
    NIGHT = "night"


OWN_PAGES = {
    Role.PARTNER_LEAD: frozenset({Page.MONTH, Page.BOARD, Page.NUMBERS, Page.TONIGHT}),
    Role.PARTNER_BOARD: frozenset({Page.BOARD, Page.NUMBERS}),
}
EVERYBODYS_PAGES = {
    Role.DATA_DESK: frozenset(Page),
    Role.YJS_BOARD: frozenset({Page.BOARD}),
}


@dataclass(frozen=True)
class Person:
    """`partner` is whose pages are theirs; none for those of the youth justice service."""

    subject: str
    name: str
    role: Role
    partner: str | None = None

    @classmethod
    def of(cls, claims: Mapping[str, Any], *, role_claim: str, partner_claim: str) -> Person | None:
        """None where the issuer gives them no role that there is, or a partner's role and no partner."""
        said, partner = claims.get(role_claim), claims.get(partner_claim)
        if not (isinstance(said, str) and said in set(Role) and isinstance(claims.get("sub"), str)):
            return None
        role = Role(said)
        if role in OWN_PAGES and not (isinstance(partner, str) and partner):
            return None
        name = claims.get("name") or claims.get("preferred_username") or claims["sub"]
        return cls(claims["sub"], str(name), role, partner if role in OWN_PAGES else None)

    @classmethod
    def from_session(cls, kept: Mapping[str, Any]) -> Person:
        return cls(**{**kept, "role": Role(kept["role"])})

    def for_session(self) -> dict[str, Any]:
        return asdict(self)

    def may_see(self, page: Page, partner: str | None = None) -> bool:
        """`partner` is whose page it is; none for the page of the whole night."""
        if page in EVERYBODYS_PAGES.get(self.role, ()):
            return True
        return partner is not None and partner == self.partner and page in OWN_PAGES.get(self.role, ())
