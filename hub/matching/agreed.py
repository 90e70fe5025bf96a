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
            "identifier": alone,
            "with_birth_date": together,
        }
    )


def decide(records: pl.DataFrame, keys: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """One row for each of `records` (columns `index`, `held_child`): its child, and what to look at.

    `held_child` is the child of an earlier version of the same record about the same person: an amendment
    stays with its child. `known` are the keys on file (`identifier`, `with_birth_date`, `known_child`).
    """
    seen = keys.join(known, on="identifier", how="inner")
    agreeing = seen.filter(pl.col("with_birth_date") == pl.col("with_birth_date_right"))
    conflicting = _conflicting(keys, seen, agreeing).with_columns(birth_date_agrees=pl.lit(value=False))
    return (
        records.join(_pointed(records, keys, agreeing), on="index", how="left", maintain_order="left")
        .join(conflicting, on="index", how="left", maintain_order="left")
        .select(
            "index",
            "one_child",
            child_id=pl.coalesce("held_child", "known_child", "new_child"),
            is_new_child=pl.col("known_child").is_null(),
            birth_date_agrees=pl.col("birth_date_agrees").fill_null(value=True),
        )
    )


def _conflicting(keys: pl.DataFrame, seen: pl.DataFrame, agreeing: pl.DataFrame) -> pl.DataFrame:
    """The records that bring an identifier with another birth date than is on file, or in the batch."""
    on_file = seen.join(agreeing.select("index", "identifier"), on=["index", "identifier"], how="anti")
    repeated = keys.filter(pl.col("identifier").is_duplicated())
    in_batch = repeated.filter(pl.col("with_birth_date").n_unique().over("identifier") > 1)
    return pl.concat([on_file.select("index"), in_batch.select("index")]).unique()


def _pointed(records: pl.DataFrame, keys: pl.DataFrame, agreeing: pl.DataFrame) -> pl.DataFrame:
    """For each record the child it points to, whether that is one alone, and a new child for its group.

    Records of the batch that share an agreeing key are a group: one child, known or new.
    """
    held = records.drop_nulls("held_child").select("index", child="held_child")
    pointing = pl.concat([held, agreeing.select("index", child="known_child")])
    shared = keys.select("index", "with_birth_date").filter(pl.col("with_birth_date").is_duplicated())
    groups = _groups(records, shared)
    new = groups.select("group").unique(maintain_order=True)
    new = new.with_columns(new_child=pl.Series(new_child_ids(new.height), dtype=pl.String))
    of_group = groups.join(shared, on="index", how="semi").join(pointing, on="index").group_by("group")
    return (
        groups.join(pointing.group_by("index").agg(_span("own")), on="index", how="left")
        .join(_of_neighbours(pointing, shared), on="index", how="left")
        .join(of_group.agg(_span("group")), on="group", how="left")
        .join(new, on="group", how="left")
        .select(
            "index",
            "new_child",
            # What a record's own keys say goes before what its group's say.
            known_child=pl.coalesce("own_least", "group_least"),
            one_child=pl.when(pl.col("own_least").is_null())
            .then(_one("group"))
            .otherwise(_one("own", "near")),
        )
    )


def _span(whose: str) -> list[pl.Expr]:
    """The least and the greatest child: the same where there is one alone, and quicker than counting."""
    return [pl.col("child").min().alias(f"{whose}_least"), pl.col("child").max().alias(f"{whose}_most")]


def _one(*whose: str) -> pl.Expr:
    least = pl.min_horizontal(f"{name}_least" for name in whose)
    most = pl.max_horizontal(f"{name}_most" for name in whose)
    return (least == most).fill_null(value=True)


def _of_neighbours(pointing: pl.DataFrame, shared: pl.DataFrame) -> pl.DataFrame:
    """The children of the records that share a key: as if each had come the night after the other."""
    by_key = shared.join(pointing, on="index").select("with_birth_date", "child").unique()
    return shared.join(by_key, on="with_birth_date").group_by("index").agg(_span("near"))


def _groups(records: pl.DataFrame, shared: pl.DataFrame) -> pl.DataFrame:
    """Connected components: each record takes the lowest index that it can reach through shared keys."""
    label = records.select("index", group=pl.col("index"))
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
    prefix, random = secrets.token_hex(4), secrets.token_hex(4 * count)
    return [f"{prefix}{number:08x}{random[8 * number : 8 * number + 8]}" for number in range(count)]
