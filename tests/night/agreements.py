"""Agreements as a test needs them: the one that is there, with what matters to the test changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from connectors.contract import PullFeed
from hub import registry
from hub.sharing.agreement import Agreement, Direction
from tests.world import World


def changed(partner: str, feed: str | None = None, **changes: Any) -> Agreement:
    """The partner's agreement with these things changed: of one feed, or of the whole."""
    agreement = registry.agreement(partner)
    if feed is None:
        return agreement.model_copy(update=changes)
    terms = agreement.feeds[feed].model_copy(update=changes)
    return agreement.model_copy(update={"feeds": {**agreement.feeds, feed: terms}})


def without(partner: str, feed: str, *fields: str) -> Agreement:
    listed = registry.agreement(partner).feeds[feed].fields
    return changed(partner, feed, fields=tuple(name for name in listed if name not in fields))


def covering(agreement: Agreement, feed: PullFeed) -> Agreement:
    """The agreement with a test's own feed in it, and every field that it reads."""
    read = (*feed.record.readings, *feed.child.readings)
    terms = next(iter(agreement.feeds.values()))
    its = terms.model_copy(
        update={"direction": Direction.IN, "purpose": feed.purpose, "fields": tuple(dict.fromkeys(read))}
    )
    return agreement.model_copy(update={"feeds": {**agreement.feeds, feed.name: its}})


def under(world: World, partner: str, agreed: Agreement | Callable[[], Agreement]) -> None:
    """From now on this is the partner's agreement; the others keep theirs."""

    def read(name: str) -> Agreement:
        if name != partner:
            return registry.agreement(name)
        return agreed if isinstance(agreed, Agreement) else agreed()

    world.hub = replace(world.hub, agreement=read)


def as_written(world: World) -> None:
    world.hub = replace(world.hub, agreement=registry.agreement)
