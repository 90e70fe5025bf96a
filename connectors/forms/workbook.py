"""The form as a workbook: what we say, where the service answers, and the words it may choose from.

Every cell is written as text, whatever it begins with: a name that starts with an equals sign is a name.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from connectors.forms.form import Form, written

REFERRAL, ANSWER, WORDS = "Referral", "Answer", "Words"
OUR_REFERENCE, DECISION, REASON = "Our reference", "Decision", "Reason"
DECIDED_ON, STARTED_ON, ENDED_ON = "Decided on", "Started on", "Ended on"
THEIR_REFERENCE = "Your reference"
COLUMNS = (OUR_REFERENCE, DECISION, REASON, DECIDED_ON, STARTED_ON, ENDED_ON, THEIR_REFERENCE)
DATES = (DECIDED_ON, STARTED_ON, ENDED_ON)
# A service may answer several in one sheet.
ROWS_TO_FILL_IN = 50
UK_DATE = "dd/mm/yyyy"


def as_workbook(form: Form, body: Mapping[str, Any], *, reference: str) -> bytes:
    """The same bytes for the same form and answers."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": form.title, "created": datetime.combine(form.dated, time(), UTC)})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        _referral(book.add_worksheet(REFERRAL), form, body, text, head)
        answer, words = book.add_worksheet(ANSWER), book.add_worksheet(WORDS)
        _answer(answer, form, reference, book, head)
        _words(words, form, text, head)
    return made.getvalue()


def _referral(sheet: Worksheet, form: Form, body: Mapping[str, Any], text: Any, head: Any) -> None:
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 80)
    row = 0
    for section, lines in form.sections():
        sheet.write_string(row, 0, section, head)
        for place, line in enumerate(lines, row + 1):
            sheet.write_string(place, 0, line.label, text)
            sheet.write_string(place, 1, written(line, body), text)
        row += len(lines) + 2


def _answer(sheet: Worksheet, form: Form, reference: str, book: xlsxwriter.Workbook, head: Any) -> None:
    sheet.set_column(0, len(COLUMNS) - 1, 28, book.add_format({"num_format": "@"}))
    for place, label in enumerate(COLUMNS):
        sheet.write_string(0, place, label, head)
    sheet.write_string(1, 0, reference)
    sheet.freeze_panes(1, 1)
    for label, letter, count in ((DECISION, "A", len(form.decisions)), (REASON, "B", len(form.reasons))):
        source = f"={WORDS}!${letter}$2:${letter}${count + 1}"
        place = COLUMNS.index(label)
        sheet.data_validation(1, place, ROWS_TO_FILL_IN, place, {"validate": "list", "source": source})
    day = book.add_format({"num_format": UK_DATE})
    for label in DATES:
        sheet.set_column(COLUMNS.index(label), COLUMNS.index(label), 16, day)


def _words(sheet: Worksheet, form: Form, text: Any, head: Any) -> None:
    sheet.set_column(0, 1, 50)
    decisions, reasons = [one.label for one in form.decisions], [one.label for one in form.reasons]
    for column, (label, words) in enumerate(((DECISION, decisions), (REASON, reasons))):
        sheet.write_string(0, column, label, head)
        for row, word in enumerate(words, 1):
            sheet.write_string(row, column, word, text)
