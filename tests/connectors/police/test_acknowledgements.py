"""What the force answers, however it is written, is one receipt for each message, or none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.contract import Answer, Receipt
from connectors.errors import UnreadableMessageError
from connectors.police.answers import (
    DOES_NOT_ADD_UP,
    LONGEST_WORDS,
    read_acknowledgement,
    read_rejections,
    reason,
    receipts,
)
from connectors.police.decisions import DecisionFile

NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)
FILE = DecisionFile("decision_NMYJS_NMP_x_y.csv", 100, "ab" * 32, ("one", "two", "three"))
GOOD = {
    "file": FILE.name,
    "sha256": FILE.sha256,
    "received": "2026-11-23T06:10:00Z",
    "rows": 3,
    "accepted": 3,
    "rejected": 0,
}
HEADER = "row,key,field,rule,severity,message\r\n"


def answered(told: dict[str, Any], rejected: str = "") -> tuple[Receipt, ...]:
    acknowledgement = read_acknowledgement(json.dumps(told).encode(), NOW)
    return receipts(FILE, acknowledgement, read_rejections((HEADER + rejected).encode()), NOW)


def states(found: tuple[Receipt, ...]) -> dict[str, str]:
    return {receipt.key: receipt.answer.value for receipt in found}


def test_all_are_accepted_when_the_force_took_it() -> None:
    found = answered(GOOD)
    assert states(found) == dict.fromkeys(FILE.keys, "accepted")
    assert {receipt.at for receipt in found} == {datetime(2026, 11, 23, 6, 10, tzinfo=UTC)}
    assert {receipt.their_reference for receipt in found} == {FILE.name}


def test_a_rejected_row_is_refused_with_their_rule_and_words() -> None:
    one, two, three = answered(
        GOOD | {"accepted": 2, "rejected": 1}, "3,two,ReferralRef,NMP-D01,error,the referral is closed\r\n"
    )
    assert (one.answer, three.answer) == (Answer.ACCEPTED, Answer.ACCEPTED)
    assert (two.answer, two.reason) == (Answer.REFUSED, "NMP-D01: the referral is closed")


TWO_REJECTED = {"accepted": 1, "rejected": 2}
UNKNOWN = {
    "another checksum": (GOOD | {"sha256": "cd" * 32}, ""),
    "another file's": (GOOD | {"file": "decision_of_somebody.csv"}, ""),
    "fewer rows than we sent": (GOOD | {"rows": 2, "accepted": 2}, ""),
    "more rows than we sent": (GOOD | {"rows": 4, "accepted": 4}, ""),
    "the sum is wrong": (GOOD | {"accepted": 2}, ""),
    "rejected, and not which": (GOOD | {"accepted": 2, "rejected": 1}, ""),
    "more rejected than counted": (
        GOOD | {"accepted": 2, "rejected": 1},
        "2,one,,D1,error,a\r\n3,two,,D1,error,a\r\n",
    ),
    "a rejected key that is not in the file": (
        GOOD | {"accepted": 2, "rejected": 1},
        "2,nobody,,D1,error,a\r\n",
    ),
}


@pytest.mark.parametrize(("told", "rejected"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_does_not_add_up_is_unknown(told: dict[str, Any], rejected: str) -> None:
    found = answered(told, rejected)
    assert states(found) == dict.fromkeys(FILE.keys, "unknown")
    assert {receipt.reason for receipt in found} == {DOES_NOT_ADD_UP}


def test_the_order_of_the_rejected_rows_does_not_matter_nor_does_a_row_told_twice() -> None:
    rows = ["4,three,,D2,error,late\r\n", "2,one,,D1,error,closed\r\n"]
    told = GOOD | TWO_REJECTED
    assert answered(told, "".join(rows)) == answered(told, "".join(reversed(rows)))
    assert answered(told, "".join([*rows, rows[0]])) == answered(told, "".join(rows))


def test_a_remark_on_a_row_that_was_taken_refuses_nothing() -> None:
    assert states(answered(GOOD, "2,one,,D9,warning,the panel met late\r\n")) == dict.fromkeys(
        FILE.keys, "accepted"
    )


@given(
    rows=st.integers(0, 5),
    accepted=st.integers(0, 5),
    rejected=st.integers(0, 5),
    keys=st.lists(st.sampled_from(("one", "two", "three", "four")), max_size=5),
)
def test_whatever_they_answer_each_message_has_one_receipt(
    rows: int, accepted: int, rejected: int, keys: list[str]
) -> None:
    lines = "".join(f"2,{key},,D1,error,closed\r\n" for key in keys)
    found = answered(GOOD | {"rows": rows, "accepted": accepted, "rejected": rejected}, lines)
    assert [receipt.key for receipt in found] == list(FILE.keys)
    refused = {receipt.key for receipt in found if receipt.answer is Answer.REFUSED}
    sure = [receipt for receipt in found if receipt.answer is not Answer.UNKNOWN]
    assert not sure or refused == set(keys)


BROKEN = (b"", b"<html>", b"[]", b'{"file": "x"}', b'{"rows": "many"}', json.dumps(GOOD).encode()[:-9])


@pytest.mark.parametrize("content", BROKEN)
def test_an_acknowledgement_that_is_none_is_no_answer(content: bytes) -> None:
    with pytest.raises((UnreadableMessageError, TypeError, KeyError, ValueError)):
        read_acknowledgement(content, NOW)


@pytest.mark.parametrize("moment", ["", "soon", "23/11/2026", None, "2026-02-31T00:00:00Z"])
def test_an_answer_counts_though_its_time_cannot_be_read(moment: str | None) -> None:
    assert {receipt.at for receipt in answered(GOOD | {"received": moment})} == {NOW}


WORDS = {
    "a formula": ('=HYPERLINK("http://somewhere","see")', "D1"),
    "another": ("+44 is no number", "D1"),
    "nothing": ("  ", "D1"),
    "a name": ("Quillborne is not known to us", "D1: … is not known to us"),
    "a name inside": ("this is not Ottoline", "D1: this is not …"),
    "a date and a number": ("born on 14/03/2011, PNC 2024/0123456X", "D1: born on … … …"),
    "a quotation": ('said "she lives at home" to us', "D1: said … to us"),
    "a column of ours": ("No referral under this ReferralRef", "D1: No referral under this ReferralRef"),
    "lines": ("closed\r\nby us\t", "D1: closed by us"),
}


@pytest.mark.parametrize(("theirs", "kept"), WORDS.values(), ids=WORDS)
def test_their_words_are_kept_without_what_could_name_a_child(theirs: str, kept: str) -> None:
    assert reason("D1", theirs) == kept


@given(st.text(max_size=40), st.text(max_size=400))
def test_a_reason_is_short_on_one_line_without_figures_and_nothing_that_runs(rule: str, words: str) -> None:
    kept = reason(rule, words)
    own = kept.partition(": ")[2]
    assert len(own) <= LONGEST_WORDS
    assert kept.isprintable()
    assert not any(sign.isdecimal() for sign in own)
    assert kept[0] not in "=+-@"
