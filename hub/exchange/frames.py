"""Columns that the hub itself puts beside a partner's and ours, and how a row is sealed and opened again."""

from __future__ import annotations

from collections.abc import Iterable

import dataframely as dy
import polars as pl

from hub.landing.keyring import Keyring
from schemas.hops import PLACE
from schemas.kinds import safety_flags

PROBLEM = "problem"
BUCKET = "bucket"


def sealed_rows(
    frame: pl.DataFrame, columns: Iterable[str], keyring: Keyring, places: Iterable[bytes]
) -> list[bytes]:
    """Each row's columns as JSON, sealed at its place. Columns with nothing in them are left out."""
    said = [name for name in columns if frame[name].null_count() < frame.height]
    if said:
        plains = frame.select(pl.struct(said).struct.json_encode().cast(pl.Binary)).to_series().to_list()
    else:
        plains = [b"{}"] * frame.height
    return keyring.seal_each(plains, places)


def any_flag_set(kind: type[dy.Schema]) -> pl.Expr:
    """A child at risk: any of the kind's safety flags is true."""
    flags = safety_flags(kind)
    if not flags:
        return pl.lit(value=False)
    return pl.any_horizontal(pl.col(flag).fill_null(value=False) for flag in flags)


def places_of(findings_places: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The places of several findings, each once."""
    every = [frame.select(PLACE) for frame in findings_places]
    empty = pl.DataFrame(schema=dict.fromkeys(PLACE, pl.Int64))
    return pl.concat([empty, *every]).unique()
