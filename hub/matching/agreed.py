"""Which child a record is about, by agreed identifiers alone.

A valid identifier that partners share, or the partner's own key for the person, links two records only
where the birth dates agree. Everything else is a new child: a wrong match is harm, a missed one is work.
"""

from __future__ import annotations

import secrets

import polars as pl

from hub.landing.keyring import Hasher
from schemas.child_details import SHARED_IDENTIFIERS


def identity_keys(children: pl.DataFrame, partner: str, hasher: Hasher) -> pl.DataFrame:
    """`index` (the record's place in `children`), `identifier` and `with_birth_date`: keyed hashes.

    Without a birth date there is nothing to agree with, so such a record brings no key.
    """
    born = children["born_on"].dt.to_string("%Y-%m-%d")
    parts = [
        _hashed(children[name], f"{name}:", born, hasher)
        for name in SHARED_IDENTIFIERS
        if children[name].null_count() < children.height
    ]
    # A partner's own key means nothing elsewhere, so the partner is part of it.
    parts.append(_hashed(children["person_reference"], f"{partner} person:", born, hasher))
    return pl.concat(parts)


def _hashed(identifiers: pl.Series, sort: str, born: pl.Series, hasher: Hasher) -> pl.DataFrame:
    frame = (
        pl.DataFrame({"identifier": identifiers, "born": born})
        .with_row_index("index")
        .drop_nulls()
        .with_columns(text=pl.lit(sort) + pl.col("identifier"))
    )
    alone = hasher.many(frame["text"])
    together = hasher.many(frame["text"] + "|" + frame["born"])
    return pl.DataFrame(
        {
            "index": frame["index"].cast(pl.Int64),
            "identifier": pl.Series(alone, dtype=pl.Binary),
            "with_birth_date": pl.Series(together, dtype=pl.Binary),
        }
    )


def decide(records: pl.DataFrame, keys: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """One row for each of `records` (columns `index`, `held_child`): its child, and what to look at.

    `held_child` is the child of an earlier version of the same record about the same person: an amendment
    stays with its child. `known` are the keys on file (`identifier`, `with_birth_date`, `known_child`).
    """
    seen = keys.join(known, on="identifier", how="inner")
    agreeing = seen.filter(pl.col("with_birth_date") == pl.col("with_birth_date_right"))
    pointed = agreeing.group_by("index").agg(
        pl.col("known_child").min(), pl.col("known_child").n_unique().alias("pointed_at")
    )
    conflicting = (
        seen.join(agreeing.select("index", "identifier"), on=["index", "identifier"], how="anti")
        .select("index")
        .unique()
        .with_columns(birth_date_agrees=pl.lit(value=False))
    )
    grouped = _grouped(records, keys, pointed)
    return (
        records.join(grouped, on="index", how="left", maintain_order="left")
        .join(conflicting, on="index", how="left", maintain_order="left")
        .select(
            "index",
            child_id=pl.coalesce("held_child", "known_child", "new_child"),
            is_new_child=pl.col("held_child").is_null() & pl.col("known_child").is_null(),
            one_child=pl.col("pointed_at").fill_null(0) <= 1,
            birth_date_agrees=pl.col("birth_date_agrees").fill_null(value=True),
        )
    )


def _grouped(records: pl.DataFrame, keys: pl.DataFrame, pointed: pl.DataFrame) -> pl.DataFrame:
    """Records of the batch that share an agreeing key are one child, known or new."""
    groups = _groups(records, keys)
    together = (
        groups.join(pointed, on="index", how="left")
        .group_by("group")
        .agg(
            pl.col("known_child").min().alias("group_child"),
            pl.col("known_child").drop_nulls().n_unique().alias("group_points_at"),
        )
    )
    new = together.select("group", new_child=pl.Series(new_child_ids(together.height), dtype=pl.String))
    return (
        groups.join(pointed, on="index", how="left")
        .join(together, on="group", how="left")
        .join(new, on="group", how="left")
        .select(
            "index",
            # What a record's own keys say goes before what its neighbours' say.
            known_child=pl.coalesce("known_child", "group_child"),
            pointed_at=pl.coalesce("pointed_at", "group_points_at"),
            new_child="new_child",
        )
    )


def _groups(records: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Connected components: each record takes the lowest index that it can reach through shared keys."""
    label = records.select("index", group=pl.col("index"))
    edges = keys.select("index", "with_birth_date")
    shared = edges.filter(pl.len().over("with_birth_date") > 1)
    while not shared.is_empty():
        by_key = shared.join(label, on="index").group_by("with_birth_date").agg(pl.col("group").min())
        lower = (
            shared.join(by_key, on="with_birth_date")
            .group_by("index")
            .agg(pl.col("group").min().alias("lower"))
        )
        nearer = label.join(lower, on="index", how="left", maintain_order="left").select(
            "index", group=pl.min_horizontal("group", "lower")
        )
        if nearer["group"].equals(label["group"]):
            break
        label = nearer
    return label


def new_child_ids(count: int) -> list[str]:
    """Random, and so without meaning; those made together stand together, which keeps the index quick."""
    prefix = secrets.token_hex(4)
    return [f"{prefix}{number:08x}{secrets.token_hex(4)}" for number in range(count)]
