"""What became of our forms: a listing by REST, or answer sheets by mail; the same rows of either."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import polars as pl

from connectors.contract import InboundMessage, Scope, Since
from connectors.forms import service
from connectors.forms.answer_sheet import frames as rows_of_sheet
from connectors.forms.service import Service
from connectors.json_rows import rows_in
from connectors.readings import Reading, always, cell, computed, day, identifier, instant, text, yes
from connectors.social_care.client import Department
from connectors.social_care.form import (
    ADVICE,
    DECISIONS,
    EARLY_HELP,
    MARF,
    NO_FURTHER_ACTION,
    REASONS,
    REFERRAL,
)
from connectors.translation import Translation
from connectors.transports.http.listing import Listing, changed_since
from schemas.child_details import ChildDetails
from schemas.clocks import BusinessState
from schemas.identifiers import nhs_number
from schemas.status_update import StatusUpdate

OUTCOMES = Listing("outcomes", records="outcomes", changed="changed_at", short="SOC-R03")
# Advice is for whoever referred: nobody takes the child on.
STATES = {
    NO_FURTHER_ACTION: BusinessState.DECLINED.value,
    ADVICE: BusinessState.DECLINED.value,
    EARLY_HELP: BusinessState.ACCEPTED.value,
    REFERRAL: BusinessState.ACCEPTED.value,
}
CODES = {decision.label: decision.code for decision in DECISIONS}
REASON_CODES = tuple(reason.code for reason in REASONS)


def pull(department: Department, since: Since) -> Iterator[InboundMessage]:
    if isinstance(department.door, Service):
        yield from service.pull(department.door, since)
    else:
        yield from changed_since(department.door, OUTCOMES, since)


def taken(department: Department, messages: Iterable[InboundMessage]) -> None:
    if isinstance(department.door, Service):
        service.taken(department.door, messages)


def opened(stream: BinaryIO) -> Iterator[pl.DataFrame]:
    content = stream.read()
    if content.lstrip().startswith((b"{", b"[")):
        yield from listed(io.BytesIO(content))
    else:
        yield from (_as_listed(rows) for rows in rows_of_sheet(io.BytesIO(content), MARF))


def _as_listed(rows: pl.DataFrame) -> pl.DataFrame:
    """An answer sheet names its form by key, and says neither who the child is nor when it was typed."""
    labels = {decision.code: decision.label for decision in DECISIONS}
    absent = ("changed_at", "person_id", "nhs_number", "born")
    return rows.select(
        "row",
        "part",
        "problem",
        "reason",
        *(pl.lit(None, dtype=pl.String).alias(name) for name in absent),
        outcome_id="our_reference",
        our_reference="referral_reference",
        outcome=pl.col("decision").replace_strict(labels, default=None, return_dtype=pl.String),
        outcome_on="decided_on",
        withdrawn=pl.lit("no"),
    )


def _coded(table: dict[str, str]) -> pl.Expr:
    return cell("outcome").replace_strict(
        list(table), list(table.values()), default=None, return_dtype=pl.String
    )


def _reason() -> pl.Expr:
    """Theirs where it is an agreed one; else that which the outcome itself says."""
    agreed = pl.when(cell("reason").is_in(REASON_CODES)).then(cell("reason"))
    declined = _coded(STATES) == BusinessState.DECLINED.value
    return pl.when(declined).then(pl.coalesce(agreed, _coded(CODES)))


def _help() -> pl.Expr:
    return pl.when(_coded(STATES) == BusinessState.ACCEPTED.value).then(_coded(CODES))


outcome = Translation(
    StatusUpdate,
    reference=text("outcome_id"),
    referral_from=always(value="yjs", because="they answer the YJS's forms"),
    referral_reference=text("our_reference"),
    version_at=instant("changed_at"),
    is_deleted=yes("withdrawn", when=("yes",), no=("no",)),
    state=Reading(("outcome",), lambda _: _coded(STATES), "by the table of contact outcomes (SSD038)"),
    state_on=day("outcome_on"),
    reason=computed(("outcome", "reason"), _reason, "why they declined, by an agreed code"),
    intervention_type=computed(("outcome",), _help, "early help or a referral, where they take it on"),
    lawful_basis=always(
        value="children_act_2004_s11", because="whoever told of a child at risk is told what became of it"
    ),
)

child = Translation(
    ChildDetails,
    person_reference=text("person_id"),
    born_on=day("born"),
    nhs_number=identifier("nhs_number", nhs_number.canonical, "NHS number"),
)


def _everybody() -> pl.Expr:
    return pl.lit(value=True)


scope = Scope("Everybody: they answer our forms, and those are about our children.", _everybody, takes=())
listed = rows_in("outcomes", outcome.takes | child.takes)
