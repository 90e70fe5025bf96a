"""Which version of a record this is: what it says, hashed, and where it stands among its like."""

from __future__ import annotations

from datetime import datetime

import dataframely as dy
import polars as pl

from hub.landing.keyring import Hasher
from schemas.child_details import ChildDetails
from schemas.hops import PLACE

# Between cells: a character that no partner can send in one.
CELL = "\x1f"
NOTHING = "\x1e"
# What does not change what a record says.
UNSAID = ("code_maps",)


def content_hashes(frame: pl.DataFrame, kind: type[dy.Schema], of: str, hasher: Hasher) -> pl.Series:
    """A keyed hash of all that the record and its child's details say; `of` is the partner and feed.

    Keyed, because a small record could be guessed; not Polars' own, which changes between its versions.
    """
    fields = [*kind.columns(), *ChildDetails.columns()]
    said = [name for name in fields if name not in (*UNSAID, "version_at") and name in frame.columns]
    text = frame.select(
        pl.concat_str(pl.lit(of), *(_as_text(frame, name) for name in said), separator=CELL)
    ).to_series()
    return hasher.many(text)


def version_hashes(frame: pl.DataFrame, content: pl.Series, hasher: Hasher) -> pl.Series:
    """A version is its content at its time: A, then B, then A again are three versions."""
    stated = frame["version_at"].dt.to_string("%Y-%m-%dT%H:%M:%S%.6f").fill_null(NOTHING)
    return hasher.many(content.bin.encode("hex") + CELL + stated)


def standings(versions: pl.DataFrame) -> pl.Series:
    """For each row of one batch: "newest" of its record, "older", or "repeat" of the same version.

    `versions` has the places, `reference`, `version_hash` and `ordered_at`. Of the same instant, the one
    that stands later in the batch is the newer: of A, B, A it is the last A, and the first is the repeat.
    """
    order = ["ordered_at", *PLACE]
    came = versions.select(*order, "reference", "version_hash").with_row_index("came")
    in_order = came.sort(order, maintain_order=True).with_row_index("at")
    last_sent = pl.struct("reference", "version_hash").is_last_distinct()
    seen = in_order.with_columns(last_sent=last_sent)
    newest = pl.col("at").max().over("reference")
    standing = seen.select(
        "came",
        standing=pl.when(~pl.col("last_sent"))
        .then(pl.lit("repeat"))
        .when(pl.col("at") == newest)
        .then(pl.lit("newest"))
        .otherwise(pl.lit("older")),
    )
    return standing.sort("came")["standing"]


def ordered_at(frame: pl.DataFrame, landed_at: datetime) -> pl.Series:
    """What "newer" means: the version's own time, else the time it came."""
    return frame["version_at"].fill_null(pl.lit(landed_at).cast(pl.Datetime("us", "UTC")))


def _as_text(frame: pl.DataFrame, name: str) -> pl.Expr:
    dtype = frame.schema[name]
    text = pl.col(name).list.join(";") if isinstance(dtype, pl.List) else pl.col(name).cast(pl.String)
    return text.fill_null(NOTHING)
