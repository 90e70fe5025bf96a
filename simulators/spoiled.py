"""Bad files, each spoiled in one way by name: the police's referral file, its manifest, a court message.

A spoiled referral file comes with a manifest that agrees with it, as when the fault is in the
partner's own export. The faults of the manifest are a table of their own.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from simulators.courts_sittings import VICTIM_SURNAME
from simulators.police_files import COLUMNS, Drop, Row, as_csv, drop, file_name, read_csv

Spoil = Callable[[bytes], bytes]

LOGIN_PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form></form></body></html>\n"
LONG_AGO = "2026-01-01T00:00:00Z"


def spoiled_drop(good: Drop, oddity: str) -> Drop:
    """The file spoiled, with the manifest the partner's own export would have written for it."""
    content = SPOILED_FILES[oddity](good.content)
    return replace(good, content=content, rows=ROWS_WRITTEN.get(oddity, good.rows))


def with_row(content: bytes, changes: Row, place: int = 0) -> bytes:
    """One row changed, the rest byte for byte as it was."""
    rows = read_csv(content)
    rows[place] = {**rows[place], **changes}
    return as_csv(rows)


def _row(**changes: str) -> Spoil:
    return lambda content: with_row(content, changes)


def _columns(*, added: str = "", value: str = "", renamed: Mapping[str, str] | None = None) -> Spoil:
    """The same rows under other headings."""

    def spoil(content: bytes) -> bytes:
        rows = [{**row, **({added: value} if added else {})} for row in read_csv(content)]
        header, _, rest = as_csv(rows, [*COLUMNS, *([added] if added else [])]).partition(b"\r\n")
        names = [(renamed or {}).get(name, name) for name in header.decode().split(",")]
        return ",".join(names).encode() + b"\r\n" + rest

    return spoil


def _columns_swapped(content: bytes) -> bytes:
    """Two columns have changed places, headings and all."""
    order = [
        "Forenames" if name == "Surname" else "Surname" if name == "Forenames" else name for name in COLUMNS
    ]
    return as_csv(read_csv(content), order)


def _encoded(encoding: str) -> Spoil:
    """A name with accents is put in first, or the encodings could not be told apart."""
    accented = _row(Surname="Brünhagård")
    return lambda content: accented(content).decode().encode(encoding, errors="replace")


def _mixed_line_endings(content: bytes) -> bytes:
    lines = content.split(b"\r\n")
    return b"".join(line + (b"\n" if place % 2 else b"\r\n") for place, line in enumerate(lines[:-1]))


def _in_the_middle(inserted: bytes) -> Spoil:
    """Put at the start of the second cell of a row halfway down."""

    def spoil(content: bytes) -> bytes:
        lines = content.split(b"\r\n")
        middle = len(lines) // 2
        lines[middle] = lines[middle].replace(b",", b"," + inserted, 1)
        return b"\r\n".join(lines)

    return spoil


def _ragged(content: bytes) -> bytes:
    lines = content.split(b"\r\n")
    lines[1] += b",one,two,too,many"
    return b"\r\n".join(lines)


def _cut(content: bytes) -> bytes:
    """Two rows and a half: the export stopped in the middle of a row."""
    header, first, second, third = content.split(b"\r\n")[:4]
    return b"\r\n".join([header, first, second, third[: len(third) // 2]])


SPOILED_FILES: Mapping[str, Spoil] = {
    "empty_file": lambda _: b"",
    "header_only": lambda content: content.partition(b"\r\n")[0] + b"\r\n",
    "html_login_page": lambda _: LOGIN_PAGE,
    "wrong_columns": lambda _: b"Asset,Room\r\n0041,Server room\r\n",
    "renamed_column": _columns(renamed={"DOB": "DateOfBirth"}),
    "added_sensitive_column": _columns(added="VictimName", value=VICTIM_SURNAME),
    "duplicated_column": _columns(added="Second", value="repeated", renamed={"Second": "Surname"}),
    "swapped_columns": _columns_swapped,
    "byte_order_mark": lambda content: b"\xef\xbb\xbf" + content,
    "windows_1252": _encoded("cp1252"),
    "utf_16": _encoded("utf-16"),
    "mixed_line_endings": _mixed_line_endings,
    "nul_bytes": _in_the_middle(b"\x00\x00"),
    "unclosed_quote": _in_the_middle(b'"'),
    "ragged_row": _ragged,
    "cut_in_the_middle": _cut,
    "surname_null": _row(Surname="Null"),
    "surname_none": _row(Surname="None"),
    "surname_na": _row(Surname="NA"),
    "impossible_date": _row(OffenceDate="31/02/2026"),
    "two_digit_date": _row(DOB="04/05/12"),
    "sentinel_date": _row(DOB="01/01/1900"),
    "unknown_code": _row(Reason="ZZ"),
    "bad_pnc": _row(PNCID="2024/0123456A"),
}

ROWS_WRITTEN = {
    "empty_file": 0,
    "header_only": 0,
    "html_login_page": 0,
    "wrong_columns": 1,
    "cut_in_the_middle": 3,
}


def _manifest_with(good: Drop, **changes: object) -> dict[str, bytes]:
    manifest = json.loads(good.manifest())
    manifest["files"][0].update(changes)
    return {good.name: good.content, good.manifest_name: json.dumps(manifest).encode()}


def _sent_twice(good: Drop) -> dict[str, bytes]:
    again = replace(good, name=file_name(good.created, 2))
    return {**good.files(), **again.files()}


def _old_after_new(good: Drop) -> dict[str, bytes]:
    """Written a minute later, holding the same referrals as they were long before."""
    older = [{**row, "LastUpdated": LONG_AGO, "Gravity": "1"} for row in read_csv(good.content)]
    return {**good.files(), **drop(older, good.created + timedelta(minutes=1), 2).files()}


# What lies in the folder, by file name, in the order it is written.
MANIFEST_FAULTS: Mapping[str, Callable[[Drop], dict[str, bytes]]] = {
    "checksum_disagrees": lambda good: _manifest_with(good, sha256="0" * 64),
    "row_count_disagrees": lambda good: _manifest_with(good, rows=good.rows + 1),
    "manifest_without_file": lambda good: {good.manifest_name: good.manifest()},
    "file_without_manifest": lambda good: {good.name: good.content},
    "same_file_twice": _sent_twice,
    "old_version_after_new": _old_after_new,
}


def _beginning_with(member: bytes) -> Spoil:
    """One more member at the top of the message."""
    return lambda content: content.replace(b"{", b"{" + member + b", ", 1)


def _key_twice(content: bytes) -> bytes:
    """The first key again, with nothing in it: readers differ on which of the two they keep."""
    first = next(iter(json.loads(content)))
    return _beginning_with(f'"{first}": null'.encode())(content)


def _youth(value: bytes) -> Spoil:
    def spoil(content: bytes) -> bytes:
        if b'"isYouth": true' not in content:
            raise ValueError("this message has no youth defendant; spoil a hearing that has one")
        return content.replace(b'"isYouth": true', b'"isYouth": ' + value)

    return spoil


def _mixed_list(content: bytes) -> bytes:
    """One of the defendants is not an object but a word."""
    message = json.loads(content)
    message["hearing"]["prosecutionCases"][0]["defendants"].append("see attached")
    return json.dumps(message, ensure_ascii=False).encode()


SPOILED_MESSAGES: Mapping[str, Spoil] = {
    "duplicate_keys": _key_twice,
    "deep_nesting": _beginning_with(b'"attachments": ' + b"[" * 10_000 + b"]" * 10_000),
    "not_a_number": _beginning_with(b'"amount": NaN'),
    "truncated": lambda content: content[: len(content) // 2],
    "html_login_page": lambda _: LOGIN_PAGE,
    "empty_file": lambda _: b"",
    "youth_as_text": _youth(b'"false"'),
    "mixed_list": _mixed_list,
}
