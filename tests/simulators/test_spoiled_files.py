"""Each bad file is bad in the way its name says, and in no other."""

import hashlib
import json

import pytest

from simulators.cast import cast
from simulators.courts import night_sittings
from simulators.courts_files import as_json
from simulators.courts_sittings import VICTIM_SURNAME
from simulators.identifiers import pnc
from simulators.police import referral_drop
from simulators.police_files import COLUMNS, drop, read_csv
from simulators.spoiled import (
    MANIFEST_FAULTS,
    SPOILED_FILES,
    SPOILED_MESSAGES,
    spoiled_drop,
    with_row,
)

NIGHT = referral_drop(1, cast())
GOOD = drop(read_csv(NIGHT.content)[:5], NIGHT.created)
HEARING = as_json(night_sittings(1, cast())[0])


def spoiled(oddity: str) -> bytes:
    return SPOILED_FILES[oddity](GOOD.content)


@pytest.mark.parametrize("oddity", SPOILED_FILES)
def test_a_spoiled_file_differs_and_its_manifest_agrees_with_it(oddity):
    bad = spoiled_drop(GOOD, oddity)
    (described,) = json.loads(bad.manifest())["files"]
    assert bad.content != GOOD.content
    assert (described["bytes"], described["sha256"]) == (
        len(bad.content),
        hashlib.sha256(bad.content).hexdigest(),
    )


@pytest.mark.parametrize(
    ("oddity", "column", "value"),
    [
        ("surname_null", "Surname", "Null"),
        ("surname_none", "Surname", "None"),
        ("surname_na", "Surname", "NA"),
        ("impossible_date", "OffenceDate", "31/02/2026"),
        ("two_digit_date", "DOB", "04/05/12"),
        ("sentinel_date", "DOB", "01/01/1900"),
        ("unknown_code", "Reason", "ZZ"),
        ("bad_pnc", "PNCID", "2024/0123456A"),
    ],
)
def test_one_cell_of_the_first_row_is_spoiled_and_nothing_else(oddity, column, value):
    before, after = read_csv(GOOD.content), read_csv(spoiled(oddity))
    assert after[0] == {**before[0], column: value}
    assert after[1:] == before[1:]


def test_the_bad_pnc_is_bad():
    assert pnc(2024, 123456) != "2024/0123456A"


def test_a_row_written_back_unchanged_leaves_the_file_byte_for_byte_as_it_was():
    assert with_row(GOOD.content, {}) == GOOD.content


@pytest.mark.parametrize(
    ("oddity", "header"),
    [
        ("renamed_column", tuple("DateOfBirth" if name == "DOB" else name for name in COLUMNS)),
        ("added_sensitive_column", (*COLUMNS, "VictimName")),
        ("duplicated_column", (*COLUMNS, "Surname")),
        ("header_only", COLUMNS),
    ],
)
def test_the_headings_are_spoiled_as_the_name_says(oddity, header):
    assert tuple(spoiled(oddity).split(b"\r\n")[0].decode().split(",")) == header


def test_the_sensitive_column_holds_the_victim_one_can_look_for():
    assert spoiled("added_sensitive_column").count(VICTIM_SURNAME.encode()) == 5


def test_swapped_columns_still_say_the_same_when_read_by_name():
    assert read_csv(spoiled("swapped_columns")) == read_csv(GOOD.content)
    assert spoiled("swapped_columns").startswith(b"ReferralRef,LastUpdated,NominalID,Forenames,Surname")


@pytest.mark.parametrize(
    ("oddity", "sign"),
    [
        ("byte_order_mark", b"\xef\xbb\xbfReferralRef"),
        ("utf_16", b"\xff\xfeR\x00"),
        ("windows_1252", "Brünhagård".encode("cp1252")),
        ("nul_bytes", b",\x00\x00"),
        ("unclosed_quote", b',"'),
        ("ragged_row", b",too,many\r\n"),
        ("html_login_page", b"<form>"),
    ],
)
def test_the_sign_of_the_fault_is_in_the_file(oddity, sign):
    assert sign in spoiled(oddity)
    assert sign not in GOOD.content


def test_windows_1252_cannot_be_read_as_utf8():
    with pytest.raises(UnicodeDecodeError):
        spoiled("windows_1252").decode()


def test_mixed_line_endings_are_mixed():
    content = spoiled("mixed_line_endings")
    assert 0 < content.count(b"\r\n") < content.count(b"\n") == 6


def test_a_file_cut_in_the_middle_ends_within_a_row():
    content = spoiled("cut_in_the_middle")
    assert GOOD.content.startswith(content)
    assert not content.endswith(b"\n")
    assert spoiled_drop(GOOD, "cut_in_the_middle").rows == 3


@pytest.mark.parametrize(
    ("fault", "key"),
    [("checksum_disagrees", "sha256"), ("row_count_disagrees", "rows")],
)
def test_a_manifest_disagrees_in_one_thing_only(fault, key):
    (_, content), (_, manifest) = MANIFEST_FAULTS[fault](GOOD).items()
    told, true = json.loads(manifest)["files"][0], json.loads(GOOD.manifest())["files"][0]
    assert content == GOOD.content
    assert {name for name in true if told[name] != true[name]} == {key}


@pytest.mark.parametrize(
    ("fault", "names"),
    [
        ("manifest_without_file", [GOOD.manifest_name]),
        ("file_without_manifest", [GOOD.name]),
        (
            "same_file_twice",
            [
                GOOD.name,
                GOOD.manifest_name,
                GOOD.name.replace("_001", "_002"),
                GOOD.manifest_name.replace("_001", "_002"),
            ],
        ),
    ],
)
def test_the_folder_holds_what_the_fault_says(fault, names):
    assert list(MANIFEST_FAULTS[fault](GOOD)) == names


def test_an_old_version_comes_in_a_later_file():
    files = MANIFEST_FAULTS["old_version_after_new"](GOOD)
    new, old = sorted(name for name in files if name.endswith(".csv"))
    before, after = read_csv(files[new]), read_csv(files[old])
    assert [row["ReferralRef"] for row in before] == [row["ReferralRef"] for row in after]
    assert all(late["LastUpdated"] < row["LastUpdated"] for row, late in zip(before, after, strict=True))


@pytest.mark.parametrize("oddity", ["truncated", "html_login_page", "empty_file"])
def test_some_messages_cannot_be_read_at_all(oddity):
    with pytest.raises(json.JSONDecodeError):
        json.loads(SPOILED_MESSAGES[oddity](HEARING))


def test_the_same_key_stands_twice_in_a_message():
    pairs = json.loads(SPOILED_MESSAGES["duplicate_keys"](HEARING), object_pairs_hook=list)
    assert [key for key, _ in pairs].count("hearing") == 2


def test_a_message_is_nested_deeper_than_a_parser_goes():
    with pytest.raises(RecursionError):
        json.loads(SPOILED_MESSAGES["deep_nesting"](HEARING))


def test_a_message_holds_a_number_that_is_none():
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    with pytest.raises(ValueError, match="NaN"):
        json.loads(SPOILED_MESSAGES["not_a_number"](HEARING), parse_constant=refuse)


def test_a_youth_is_marked_by_a_word_instead_of_a_truth_value():
    message = json.loads(SPOILED_MESSAGES["youth_as_text"](HEARING))
    marks = [each["isYouth"] for each in message["hearing"]["prosecutionCases"][0]["defendants"]]
    assert marks == ["false", "false"]


def test_a_message_without_a_youth_cannot_be_spoiled_that_way():
    with pytest.raises(ValueError, match="no youth"):
        SPOILED_MESSAGES["youth_as_text"](b"{}")


def test_a_list_of_defendants_holds_a_word_among_objects():
    message = json.loads(SPOILED_MESSAGES["mixed_list"](HEARING))
    kinds = [type(each) for each in message["hearing"]["prosecutionCases"][0]["defendants"]]
    assert kinds == [dict, dict, str]
