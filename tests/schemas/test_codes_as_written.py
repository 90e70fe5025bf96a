import pickle
from datetime import date
from pathlib import Path

import pytest

from schemas.codes import Code, CodeList, CodeListError
from schemas.codes.code_list import read_codes


@pytest.fixture
def code_file(tmp_path):
    def write(*rows: str, header: str = "code,label,valid_from,valid_until") -> Path:
        file = tmp_path / "colour.csv"
        file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return file

    return write


def test_a_code_holds_on_its_first_and_its_last_day_and_not_beside_them(code_file):
    red, *_ = read_codes(code_file("red,Red,2026-01-01,2026-01-31"))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)]
    assert [red.holds_on(day) for day in days] == [False, True, True, False]


def test_a_code_without_days_holds_always(code_file):
    (red,) = read_codes(code_file("red,Red,,"))
    assert red.holds_on(date.min)
    assert red.holds_on(date.max)


def test_a_code_may_change_its_label_from_one_day_to_the_next(code_file):
    read = read_codes(code_file("red,Red,,2025-12-31", "red,Crimson,2026-01-01,"))
    colours = CodeList("colour", "what it looks like", "ours", read)
    assert colours.on(date(2025, 12, 31)) == {"red": "Red"}
    assert colours.on(date(2026, 1, 1)) == {"red": "Crimson"}


def test_a_list_saved_by_a_spreadsheet_is_read(code_file):
    file = code_file('red,"Red, mostly",,')
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert read_codes(file) == (Code("red", "Red, mostly"),)


@pytest.mark.parametrize(
    ("rows", "line", "what"),
    [
        pytest.param(["red,Red,,", "red,Crimson,,"], 3, "red already holds", id="twice, always"),
        pytest.param(
            ["red,Red,,2026-01-01", "red,Crimson,2026-01-01,"], 3, "red already holds", id="one day shared"
        ),
        pytest.param(["red,Red,2026-13-01,"], 2, "valid_from is not a date", id="no such month"),
        pytest.param(["red,Red,,01/02/2026"], 2, "valid_until is not a date", id="day first"),
        pytest.param(["red,Red,2026-02-01,2026-01-01"], 2, "ends before it begins", id="backwards"),
        pytest.param(["red,,,"], 2, "label is blank", id="no label"),
        pytest.param([" red,Red,,"], 2, "code is blank or has spaces", id="a space nobody sees"),
        pytest.param(["red,Red"], 2, "2 cells under 4 columns", id="too few cells"),
        pytest.param(["red,Red, mostly,,"], 2, "5 cells under 4 columns", id="a comma unquoted"),
        pytest.param(["red,Red,,", ""], 3, "0 cells under 4 columns", id="an empty line"),
    ],
)
def test_a_list_written_wrongly_is_refused_by_line(code_file, rows, line, what):
    file = code_file(*rows)
    with pytest.raises(CodeListError, match=what) as refused:
        read_codes(file)
    assert (refused.value.file, refused.value.line) == (file, line)
    assert str(refused.value).startswith(f"{file}, line {line}: ")
    assert str(refused.value).endswith(f". {refused.value.cure}.")


def test_a_list_with_other_columns_is_refused(code_file):
    with pytest.raises(CodeListError, match="Name them code,label,valid_from,valid_until"):
        read_codes(code_file("red,Red,,", header="code,name,valid_from,valid_until"))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        pytest.param(b"", "the columns are not those agreed", id="empty"),
        pytest.param(b"code,label,valid_from,valid_until\n\xff,Red,,\n", "not UTF-8", id="not UTF-8"),
        pytest.param(b'code,label,valid_from,valid_until\n"red,Red,,\n', "not csv", id="an open quote"),
    ],
)
def test_a_file_that_is_no_list_is_refused(tmp_path, content, what):
    file = tmp_path / "colour.csv"
    file.write_bytes(content)
    with pytest.raises(CodeListError, match=what):
        read_codes(file)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path):
    with pytest.raises(CodeListError, match=r"colour\.csv: there is no such file"):
        read_codes(tmp_path / "colour.csv")


def test_the_error_survives_the_way_between_two_processes():
    error = CodeListError(Path("colour.csv"), 3, "red already holds", "End the other row")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own bytes
