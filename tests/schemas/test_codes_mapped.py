from datetime import date

import pytest

from schemas.codes import CodeListError, CodeMap, Standing

TODAY = date(2026, 3, 1)


@pytest.fixture
def sex_map(tmp_path):
    def write(*rows: str) -> CodeMap:
        file = tmp_path / "sex.csv"
        file.write_text("\n".join(["theirs,ours,standing,valid_from,valid_until,note", *rows]) + "\n")
        return CodeMap.read(file, onto="sex")

    return write


def test_a_map_gives_the_partners_codes_of_a_day(sex_map):
    read = sex_map(
        "M,male,exact,,,",
        "X,not_known,interim,,2025-12-31,until the force answered",
        "X,other,lossy,2026-01-01,,indeterminate",
    )
    assert read.on(date(2025, 12, 31)) == {"M": "male", "X": "not_known"}
    assert read.on(TODAY) == {"M": "male", "X": "other"}
    assert [code.standing for code in read.codes] == [Standing.EXACT, Standing.INTERIM, Standing.LOSSY]
    assert read.onto == "sex"


def test_a_code_not_in_the_map_is_not_guessed(sex_map):
    assert "Z" not in sex_map("M,male,exact,,,").on(TODAY)


@pytest.mark.parametrize(
    ("rows", "line", "what"),
    [
        pytest.param(["M,man,exact,,,"], 2, "man is not in the list sex.*female", id="not ours"),
        pytest.param(["M,,exact,,,"], 2, "ours is blank", id="no word of ours"),
        pytest.param([",male,exact,,,"], 2, "theirs is blank", id="no code of theirs"),
        pytest.param(["M,male,sure,,,"], 2, "standing is not known.*exact, lossy, interim", id="standing"),
        pytest.param(["M,male,exact,,,", "M,female,exact,,,"], 3, "M already holds", id="twice on a day"),
    ],
)
def test_a_map_written_wrongly_is_refused_by_line(sex_map, rows, line, what):
    with pytest.raises(CodeListError, match=what) as refused:
        sex_map(*rows)
    assert refused.value.line == line


def test_two_of_theirs_may_mean_one_of_ours(sex_map):
    assert sex_map("M,male,exact,,,", "1,male,exact,,,").on(TODAY) == {"M": "male", "1": "male"}


A_MAP = ("M,male,exact,,,", "F,female,exact,,,")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(("F,female,exact,,,", "M,male,exact,,,"), id="other order"),
        pytest.param(("M,male,exact,,,a note", "F,female,exact,,,"), id="a note"),
    ],
)
def test_what_changes_no_decision_keeps_the_version(sex_map, other):
    assert sex_map(*A_MAP).version == sex_map(*other).version


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(("M,male,exact,,,",), id="a code less"),
        pytest.param(("M,other,exact,,,", "F,female,exact,,,"), id="another word"),
        pytest.param(("M,male,lossy,,,", "F,female,exact,,,"), id="another standing"),
        pytest.param(("M,male,exact,2026-01-01,,", "F,female,exact,,,"), id="another first day"),
        pytest.param(("M,male,exact,,2026-01-01,", "F,female,exact,,,"), id="another last day"),
    ],
)
def test_what_changes_a_decision_changes_the_version(sex_map, other):
    assert sex_map(*A_MAP).version != sex_map(*other).version


def test_the_same_codes_onto_another_list_are_another_version():
    assert CodeMap("sex", ()).version != CodeMap("admission", ()).version


def test_a_version_is_short_and_the_same_tomorrow(sex_map):
    # Written down: a record keeps this word for years, so the recipe may not change unnoticed.
    assert sex_map(*A_MAP).version == "90499c697106"
