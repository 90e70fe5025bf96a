"""A connector whose messages come shuffled, repeated and split, by a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

import polars as pl

from connectors.contract import Connector, InboundMessage, PullFeed, Since

Pull = Callable[[Any, Since], Iterator[InboundMessage]]
Open = Callable[[BinaryIO], Iterator[pl.DataFrame]]


def shaken(connector: Connector, seed: int) -> Connector:
    return replace(connector, pulls=tuple(_shaken(feed, seed) for feed in connector.pulls))


def _shaken(feed: PullFeed, seed: int) -> PullFeed:
    return replace(feed, pull=_in_any_order(feed.pull, seed), open=_in_pieces(feed.open, seed))


def _in_any_order(pull: Pull, seed: int) -> Pull:
    def shuffled(client: Any, since: Since) -> Iterator[InboundMessage]:
        chance = random.Random(seed)  # noqa: S311  # nosec B311 - a shuffle that can be had again
        # Read while the line is open; the cursor is the last one's, whatever the order.
        came = [replace(one, body=list(one.body)) for one in pull(client, since)]
        cursors = [one.cursor for one in came if one.cursor]
        messages = [*came, *chance.sample(came, len(came) // 2)]
        chance.shuffle(messages)
        yield from (replace(one, cursor=None) for one in messages[:-1])
        yield from (replace(one, cursor=cursors[-1] if cursors else None) for one in messages[-1:])

    return shuffled


def _in_pieces(open_: Open, seed: int) -> Open:
    def split(stream: BinaryIO) -> Iterator[pl.DataFrame]:
        size = 1 + seed
        for frame in open_(stream):
            yield from (frame.slice(start, size) for start in range(0, max(frame.height, 1), size))

    return split
