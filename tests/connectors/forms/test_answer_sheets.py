"""What is written into an answer sheet is read back, and what is not clear is marked and never guessed."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import UnreadableMessageError
from connectors.forms.answer_sheet import MOST_ROWS, NAMES, frames
from connectors.forms.form import Line, complete
from connectors.forms.pdf import as_pdf
from connectors.forms.workbook import ANSWER, COLUMNS, REFERRAL, as_workbook
from connectors.outward import ours
from tests.connectors.forms.housing import CHILD, FORM, KEY, filled_in

# As a clerk types: no line ends, no signs that cannot be stored.
typed = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), max_size=40).map(
    str.strip
)
keys = st.builds(
    "housing:yjs:{}:{:x}".format,
    st.text(st.characters(codec="ascii", exclude_categories=("C", "Z")), min_size=1, max_size=30),
    st.integers(0, 1 << 64),
)
days = st.dates(date(1990, 1, 1), date(2099, 12, 31))
decisions, reasons = st.sampled_from(FORM.decisions), st.sampled_from(FORM.reasons)


def read(content: bytes) -> pl.DataFrame:
    return pl.concat(frames(io.BytesIO(content), FORM))


def written(**answers: Any) -> bytes:
    return filled_in(as_workbook(FORM, CHILD, reference=KEY), **answers)


def as_csv(*rows: tuple[str, ...], columns: tuple[str, ...] = COLUMNS) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([columns, *rows])
    return text.getvalue().encode()


@given(keys, decisions, reasons, days, st.none() | days, typed)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back(
    key: str, decision: Any, reason: Any, decided: date, ended: date | None, theirs: str
) -> None:
    said = (
        key,
        decision.code,
        reason.code,
        f"{decided}",
        None,
        f"{ended}" if ended else None,
        theirs or None,
    )
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(FORM, CHILD, reference=key)))
    cells = {2: decision.label, 3: reason.label, 4: decided, 6: ended, 7: theirs or None}
    for column, value in cells.items():
        cell = book[ANSWER].cell(2, column)
        cell.value = value
        if isinstance(value, str):
            # A cell that is set as text, as ours are, takes an equals sign for one.
            cell.data_type = "s"
    saved = io.BytesIO()
    book.save(saved)
    as_text = ("" if one is None else one for one in said)
    labels = (key, decision.label, reason.label, f"{decided:%d/%m/%Y}", "", said[5] or "", theirs)
    assert [*as_text] == [one or "" for one in read(saved.getvalue()).select(NAMES).row(0)]
    assert read(saved.getvalue())["problem"].to_list() == [None]
    assert read(as_csv(labels)).select(NAMES).row(0) == said


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({}, "'Decision' is blank; 'Decided on' is blank"),
        ({"Decision": "yes"}, "'Decision' is none of the words in the sheet 'Words'; 'Decided on' is blank"),
        ({"Decision": "Accepted", "Decided_on": "31/02/2026"}, "'Decided on' is no day such as 23/11/2026"),
        ({"Decision": "Accepted", "Decided_on": "11/23/2026"}, "'Decided on' is no day such as 23/11/2026"),
        ({"Decision": "Accepted", "Decided_on": "20/11/26"}, "'Decided on' is no day such as 23/11/2026"),
        ({"Decision": "Accepted", "Decided_on": 46000}, "'Decided on' is no day such as 23/11/2026"),
        (
            {"Decision": "Not accepted", "Decided_on": "20/11/2026"},
            "'Reason' is blank, and this decision needs one",
        ),
        (
            {"Decision": '=IF(1=1,"Accepted","")', "Decided_on": "20/11/2026"},
            "'Decision' holds a formula where an answer belongs",
        ),
        (
            {"Our_reference": "", "Decision": "Accepted", "Decided_on": "20/11/2026"},
            "'Our reference' is blank",
        ),
        (
            {"Decision": "Accepted", "Decided_on": "20/11/2026", "Your_reference": "x" * 65},
            "'Your reference' is longer than 64 signs, or has some that cannot be shown",
        ),
    ],
)
def test_a_row_that_is_not_clear_says_what_is_wrong(answers: dict[str, Any], problem: str) -> None:
    assert read(written(**answers))["problem"].to_list() == [problem]


def test_one_row_that_is_wrong_leaves_the_others(workbook: bytes) -> None:
    two = filled_in(workbook, row=3, Our_reference=f"{KEY}-2", Decision="Accepted", Decided_on="20/11/2026")
    frame = read(two)
    assert frame["problem"].is_null().to_list() == [False, True]
    assert frame["row"].to_list() == [2, 3]


@pytest.fixture
def workbook() -> bytes:
    return as_workbook(FORM, CHILD, reference=KEY)


def test_other_columns_are_refused_and_so_is_a_workbook_without_the_sheet(workbook: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    book[ANSWER].insert_cols(2)
    moved = io.BytesIO()
    book.save(moved)
    for content in (moved.getvalue(), as_csv(columns=COLUMNS[:-1]), as_csv(columns=COLUMNS[::-1])):
        with pytest.raises(UnreadableMessageError) as refused:
            read(content)
        assert refused.value.code == "HUB-L03"


def test_rows_beyond_those_of_an_answer_are_refused_not_left_out(workbook: bytes) -> None:
    with pytest.raises(UnreadableMessageError, match="more than 1,000 rows"):
        read(filled_in(workbook, row=MOST_ROWS + 1, Our_reference="late"))


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(1)", "=HYPERLINK(1)"])
def test_a_name_that_looks_like_a_formula_is_text(name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(FORM, {**CHILD, "FullName": name}, reference=KEY)))
    (cell,) = (row[1] for row in book[REFERRAL].iter_rows() if row[0].value == "Child's full name")
    assert (cell.value, cell.data_type, cell.number_format) == (name, "s", "@")


def test_every_question_is_answered_and_unknown_is_said_out_loud(workbook: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    said = {row[0].value: row[1].value for row in book[REFERRAL].iter_rows() if row[1].value}
    assert said == {
        "Child's full name": "Łucja Przykład",
        "Date of birth": "03/04/2011",
        "Where the child lives now": "Not known to the Youth Justice Service",
        "Why you refer": "No home",
        "Is there a safeguarding concern?": "N",
    }


def test_nothing_in_the_workbook_is_hidden_and_the_answers_are_chosen_from_lists(workbook: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    assert [sheet.sheet_state for sheet in book] == ["visible"] * 3
    lists = {str(one.sqref): one.formula1 for one in book[ANSWER].data_validations.dataValidation}
    assert lists == {"B2:B51": "Words!$A$2:$A$7", "C2:C51": "Words!$B$2:$B$8"}


def test_the_same_form_is_the_same_bytes() -> None:
    assert as_workbook(FORM, CHILD, reference=KEY) == as_workbook(FORM, CHILD, reference=KEY)
    assert as_pdf(FORM, CHILD, reference=KEY) == as_pdf(FORM, CHILD, reference=KEY)


def test_the_pdf_can_be_read_aloud() -> None:
    from pypdf import PdfReader

    read_pdf = PdfReader(io.BytesIO(as_pdf(FORM, CHILD, reference=KEY)))
    root = read_pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert (root["/Lang"], read_pdf.metadata.title) == ("en-GB", FORM.title)
    assert b"pdfuaid" in root["/Metadata"].get_data()
    text = read_pdf.pages[0].extract_text()
    for shown in (KEY, "Łucja Przykład", "Why you refer", "Not known to the Youth Justice Service"):
        assert shown in text


@pytest.mark.parametrize("name", ['#read("/etc/passwd") $x$ *b* @a <b>', "李小龙", "a\nb"])
def test_a_name_is_never_read_as_layout_and_never_keeps_a_form_back(name: str) -> None:
    made = as_pdf(FORM, {**CHILD, "FullName": name}, reference=KEY)
    assert made.startswith(b"%PDF-")
    if name.isascii() and "\n" not in name:
        from pypdf import PdfReader

        assert name.split(maxsplit=1)[0] in PdfReader(io.BytesIO(made)).pages[0].extract_text().replace(
            "\n", ""
        )


def test_what_must_be_answered_is_named_in_the_services_words() -> None:
    assert complete(FORM, CHILD) == ()
    assert complete(FORM, {}) == ("Child's full name", "Date of birth", "Why you refer")


def test_a_form_that_asks_twice_is_none() -> None:
    from dataclasses import replace

    twice = Line("Other", FORM.lines[0].label, ours("family_name"), "About the child")
    with pytest.raises(ValueError, match="asks something twice"):
        replace(FORM, lines=(*FORM.lines, twice))
