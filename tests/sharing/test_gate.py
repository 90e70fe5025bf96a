"""The gate alone: no file, no clock, no store."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import yjs
from connectors.contract import PullFeed
from connectors.errors import NotAgreedError
from connectors.outward import Outward, Writing, list_of, ours
from connectors.police import connector as police
from hub import registry
from hub.sharing import gate
from schemas.child_details import ChildDetails
from schemas.kinds import KINDS, SAFETY_FLAGS
from tests.night.agreements import changed, without

(WORKLIST,) = yjs.connector.pushes
REFERRALS = police.pull_feed("referrals")
TODAY = date(2026, 11, 23)
FIELDS = sorted({*ChildDetails.columns(), *(name for kind in KINDS.values() for name in kind.columns())})
some_fields = st.sets(st.sampled_from(FIELDS), max_size=12)


def shared(agreement, *, purpose="youth_justice_services", on=TODAY):
    return gate.may_share(agreement, WORKLIST, purpose, on=on)


def test_what_is_agreed_may_be_shared():
    assert shared(registry.agreement("yjs"))


@pytest.mark.parametrize(
    ("agreement", "because"),
    [
        (changed("yjs", starts_on=TODAY + timedelta(days=1)), "begins on 2026-11-24"),
        (changed("yjs", ends_on=TODAY - timedelta(days=1)), "ended on 2026-11-22"),
        (changed("yjs", feeds={}), "does not list the feed worklist going out"),
        (changed("yjs", "worklist", direction="in"), "does not list the feed worklist going out"),
        (changed("yjs", "worklist", lawful_basis=()), "names no lawful basis for worklist"),
        (without("yjs", "worklist", "pnc"), "does not list pnc for worklist"),
    ],
)
def test_what_is_not_agreed_is_refused_with_the_reason(agreement, because):
    assert not shared(agreement)
    with pytest.raises(NotAgreedError, match=because) as refusal:
        gate.check_may_share(agreement, WORKLIST, "youth_justice_services", on=TODAY)
    assert gate.words_of(refusal.value) == f"agreement NM-ISA-2026-01 version 1 {because}"


def test_what_is_shared_for_one_purpose_may_not_leave_for_another():
    assert not shared(registry.agreement("yjs"), purpose="safeguarding")


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (30, True), (31, False)])
def test_the_first_and_the_last_day_count(days, holds):
    agreement = changed("yjs", starts_on=TODAY, ends_on=TODAY + timedelta(days=30))
    assert shared(agreement, on=TODAY + timedelta(days=days)) is holds


# Fields out are a subset of fields agreed, for any record, any table and any agreement.

NEVER_AGREED = "may not leave"


@st.composite
def tables(draw):
    """Columns made of one field, of several, or of none; and some that take more than they say."""

    def column(names, lies):
        taken = tuple(sorted(names))
        said = taken[:-1] if lies else taken
        return Writing(
            said, lambda: pl.concat_str(pl.lit("says "), *map(pl.col, taken), ignore_nulls=True), ""
        )

    columns = draw(
        st.lists(st.tuples(st.sets(st.sampled_from(FIELDS), max_size=3), st.booleans()), max_size=8)
    )
    return Outward(**{f"theirs_{place}": column(*one) for place, one in enumerate(columns)})


@given(table=tables(), agreed=some_fields, there=some_fields)
def test_nothing_leaves_that_is_not_agreed(table, agreed, there):
    records = pl.DataFrame({name: ["agreed" if name in agreed else NEVER_AGREED] for name in sorted(there)})
    records = records.with_columns(pl.lit(NEVER_AGREED).alias("of no kind"))
    try:
        left = gate.cut(table, records, agreed)
    except pl.exceptions.ColumnNotFoundError:
        # A column that takes more than it says finds nothing to take.
        return
    assert all(NEVER_AGREED not in cell for row in left.rows() for cell in row)
    assert set(left.columns) <= {name for name, one in table.columns.items() if set(one.takes) <= agreed}


@given(agreed=some_fields)
def test_what_leaves_for_the_worklist_is_made_of_agreed_fields_only(agreed):
    assert WORKLIST.message.narrowed(agreed).takes <= agreed


def test_what_is_agreed_does_leave():
    table = Outward(
        surname=ours("family_name"), names=list_of("aliases"), constant=Writing((), lambda: pl.lit("x"), "")
    )
    records = pl.DataFrame({"family_name": ["Quillborne"], "aliases": [["Otty"]], "pnc": [NEVER_AGREED]})
    left = gate.cut(table, records, {"family_name", "aliases"})
    assert left.rows(named=True) == [{"surname": "Quillborne", "names": "Otty", "constant": "x"}]


# Inward.


@given(agreed=some_fields)
def test_what_is_taken_is_only_what_agreed_fields_need(agreed):
    must = {"reference", "is_deleted"}
    agreement = changed("police", "referrals", fields=tuple(agreed | must))
    narrow = gate.narrowed(agreement, REFERRALS)
    read = narrow.record.readings.keys() | narrow.child.readings.keys()
    assert read <= agreed | must | set(SAFETY_FLAGS)
    assert narrow.takes | narrow.unagreed == REFERRALS.takes
    assert narrow.takes.isdisjoint(narrow.unagreed)
    assert narrow.takes == needed(narrow)


def needed(feed: PullFeed) -> set[str]:
    readings = (*feed.record.readings.values(), *feed.child.readings.values())
    return {*feed.scope.takes, *(column for reading in readings for column in reading.takes)}


def test_an_agreement_as_it_is_written_drops_nothing():
    assert gate.narrowed(registry.agreement("police"), REFERRALS).unagreed == frozenset()


# A voluntary service.


@pytest.mark.parametrize(
    ("record", "because"),
    [
        ({"consent_given_by": "child"}, None),
        ({"consent_given_by": None}, gate.NO_CONSENT),
        ({}, gate.NO_CONSENT),
        ({"change": "deleted", "they_were_told": True}, None),
        ({"change": "deleted", "they_were_told": False, "consent_given_by": "child"}, gate.WITHDRAWN_UNTOLD),
    ],
)
def test_a_voluntary_service_needs_somebodys_consent(record, because):
    agreement = changed("yjs", "worklist", consent="required")
    records = pl.DataFrame([{"change": "new", "they_were_told": True} | record])
    assert gate.consent_missing(agreement.feeds["worklist"], records).to_list() == [because]


def test_where_no_consent_is_needed_none_is_asked_for():
    terms = registry.agreement("yjs").feeds["worklist"]
    assert gate.consent_missing(terms, pl.DataFrame({"change": ["new"]})).to_list() == [None]
