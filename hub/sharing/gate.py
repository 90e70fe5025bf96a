"""The gate: what an agreement lets out of a feed, and into one, on a day. No agreement means no.

For safeguarding an agreement is no precondition: a person's recorded reason takes its place.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import date

import polars as pl

from connectors.contract import PullFeed, PushFeed
from connectors.errors import ConnectorError, NotAgreedError
from connectors.outward import Outward
from hub.sharing.agreement import ENVELOPE, Agreement, Consent, Direction, Terms
from schemas.kinds import SAFETY_FLAGS

# The least with which somebody can act for a child at risk: what leaves on a person's word where no
# agreement lists the feed.
SAFEGUARDING_FIELDS = ENVELOPE.union(
    SAFETY_FLAGS,
    {"family_name", "given_names", "born_on", "address", "postcode"},
    {"reason", "need", "urgency", "safe_contact", "worker", "referrer"},
)
# The columns that `consent_given` looks at, beside the record's own.
WITHDRAWN, TOLD = "deleted", "they_were_told"
NO_CONSENT = "nobody's consent to this voluntary service is on the record"
WITHDRAWN_UNTOLD = "the record was withdrawn, and they were never told of it"


def check_may_share(agreement: Agreement, feed: PushFeed, purpose: str, *, on: date) -> None:
    """Raise with the reason why nothing of the feed may leave that day."""
    terms = _checked(agreement, feed.name, Direction.OUT, purpose, on)
    unlisted = sorted(feed.message.takes - terms.agreed)
    if unlisted:
        raise _not_agreed(agreement, f"does not list {', '.join(unlisted)} for {feed.name}", _LIST_OR_LEAVE)


def may_share(agreement: Agreement, feed: PushFeed, purpose: str, *, on: date) -> bool:
    try:
        check_may_share(agreement, feed, purpose, on=on)
    except NotAgreedError:
        return False
    return True


def check_may_take(agreement: Agreement, feed: PullFeed, purpose: str, *, on: date) -> None:
    """Raise with the reason why nothing of the feed may be fetched that day."""
    _checked(agreement, feed.name, Direction.IN, purpose, on)


def narrowed(agreement: Agreement, feed: PullFeed) -> PullFeed:
    """The feed with agreed fields only. Safety flags are always read: no gate hides a child at risk."""
    terms = _terms(agreement, feed.name, Direction.IN)
    return feed.narrowed(terms.agreed.union(SAFETY_FLAGS))


def words_of(refusal: ConnectorError) -> str:
    """The reason as it stands after "not shared because"."""
    return refusal.what[:1].lower() + refusal.what[1:].rstrip(".")


def agreed_fields(agreement: Agreement | None, feed: PushFeed) -> frozenset[str]:
    """What may leave of the feed on a person's word: what is listed, even if it no longer holds."""
    terms = agreement.feeds.get(feed.name) if agreement else None
    listed = terms is not None and terms.direction is Direction.OUT
    return terms.agreed if terms is not None and listed else SAFEGUARDING_FIELDS


def cut(table: Outward, records: pl.DataFrame, agreed: Set[str]) -> pl.DataFrame:
    """The partner's columns, made of agreed fields and of nothing else: the others are not even there."""
    there = [name for name in records.columns if name in agreed]
    return table.narrowed(agreed).frame(records.select(there))


def consent_missing(terms: Terms, records: pl.DataFrame) -> pl.Series:
    """Why each record may not go to a voluntary service; null where it may.

    A withdrawal goes to whoever was told, and to nobody else.
    """
    if terms.consent is Consent.NOT_NEEDED:
        return pl.Series("because", [None] * records.height, dtype=pl.String)
    given = (
        pl.col("consent_given_by").is_not_null() if "consent_given_by" in records.columns else pl.lit(False)
    )
    because = (
        pl.when(pl.col("change") == WITHDRAWN)
        .then(pl.when(~pl.col(TOLD).cast(pl.Boolean)).then(pl.lit(WITHDRAWN_UNTOLD)))
        .when(~given)
        .then(pl.lit(NO_CONSENT))
    )
    return records.select(because.alias("because")).to_series()


_RENEW = "renew it with the partner and write the new days and version into the file."
_LIST_OR_LEAVE = "agree the field with the partner and list it, or take it out of the feed's table."


def _checked(agreement: Agreement, name: str, direction: Direction, purpose: str, on: date) -> Terms:
    if on < agreement.starts_on:
        raise _not_agreed(
            agreement, f"begins on {agreement.starts_on}", "wait for that day, or agree an earlier one."
        )
    if on > agreement.ends_on:
        raise _not_agreed(agreement, f"ended on {agreement.ends_on}", _RENEW)
    terms = _terms(agreement, name, direction)
    if terms.purpose != purpose:
        raise _not_agreed(
            agreement,
            f"is for {terms.purpose}, and {name} would be shared for {purpose}",
            "agree the purpose with the partner, or give the feed the purpose that is agreed.",
        )
    if not terms.lawful_basis:
        raise _not_agreed(
            agreement,
            f"names no lawful basis for {name}",
            "ask the data protection officer which it is, and write it down.",
        )
    return terms


def _terms(agreement: Agreement, name: str, direction: Direction) -> Terms:
    terms = agreement.feeds.get(name)
    if terms is None or terms.direction is not direction:
        raise _not_agreed(
            agreement,
            f"does not list the feed {name} going {direction}",
            "agree the feed with the partner and list it.",
        )
    return terms


def _not_agreed(agreement: Agreement, because: str, fix: str) -> NotAgreedError:
    return NotAgreedError(f"Agreement {agreement} {because}.", fix=fix)
