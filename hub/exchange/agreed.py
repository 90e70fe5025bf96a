"""Where the exchange asks the agreement: before a feed is fetched, and before anything is handed over."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from connectors.contract import Connector, PullFeed, PushFeed
from connectors.errors import ConnectorError, MisconfiguredError, NotAgreedError
from hub.hub import Hub
from hub.sharing import gate
from hub.sharing.agreement import Agreement


def pull_feed(hub: Hub, partner: str, name: str) -> PullFeed:
    """The feed as it is agreed. What has landed goes on after the agreement's last day."""
    return gate.narrowed(hub.agreement(partner), hub.connector(partner).pull_feed(name))


@dataclass(frozen=True)
class Taking:
    """What may be fetched from a partner today, and why the rest may not."""

    listed: tuple[PullFeed, ...]
    fetched: tuple[PullFeed, ...]
    refusals: tuple[ConnectorError, ...]

    @classmethod
    def of(cls, hub: Hub, connector: Connector) -> Taking:
        listed, fetched, refusals = list[PullFeed](), list[PullFeed](), list[ConnectorError]()
        for feed in connector.pulls:
            try:
                agreement = hub.agreement(connector.name)
                narrow = gate.narrowed(agreement, feed)
                listed.append(narrow)
                gate.check_may_take(agreement, feed, feed.purpose, on=hub.today)
                fetched.append(narrow)
            except (NotAgreedError, MisconfiguredError) as refusal:
                refusals.append(refusal)
        return cls(tuple(listed), tuple(fetched), tuple(refusals))


@dataclass(frozen=True)
class Sharing:
    """What may be handed over of one feed at this moment. `because` says why nothing may, save on a
    person's word.
    """

    feed: PushFeed
    agreement: Agreement | None
    because: str | None

    @classmethod
    def now(cls, hub: Hub, partner: str, feed: PushFeed) -> Sharing:
        agreement = None
        try:
            agreement = hub.agreement(partner)
            gate.check_may_share(agreement, feed, feed.purpose, on=hub.today)
        except (NotAgreedError, MisconfiguredError) as refusal:
            return cls(feed, agreement, gate.words_of(refusal))
        return cls(feed, agreement, None)

    @property
    def under(self) -> str | None:
        return None if self.because else str(self.agreement)

    def because_of(self, records: pl.DataFrame) -> pl.Series:
        """For each record, why it may not go; null where it may."""
        if self.agreement is None or self.because:
            return pl.Series("because", [self.because] * records.height, dtype=pl.String)
        return gate.consent_missing(self.agreement.feeds[self.feed.name], records)

    def theirs(self, records: pl.DataFrame) -> pl.DataFrame:
        return gate.cut(self.feed.message, records, gate.agreed_fields(self.agreement, self.feed))

    @property
    def columns(self) -> tuple[str, ...]:
        agreed = gate.agreed_fields(self.agreement, self.feed)
        return tuple(self.feed.message.narrowed(agreed).columns)
