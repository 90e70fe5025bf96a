"""Opening what came by either route into the same rows of text: a page of JSON, or a file of CSV."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from io import BufferedReader, BytesIO
from typing import Any, BinaryIO, cast

import polars as pl

from connectors import strict_csv
from connectors.education.resources import DELETED, Resource
from connectors.json_rows import rows_in
from connectors.strict_json import loads

RECORDS = "data"
DELETED_AT = "deleted_at"
# Objects whose members are codes, not names: `{"/": 60, "Y5": 4}` stands in a file as `/=60;Y5=4`.
COUNTED = "marks"


def rows_of(resource: Resource) -> Callable[[BinaryIO], Iterator[pl.DataFrame]]:
    rows = rows_in(RECORDS, resource.columns)

    def opened(stream: BinaryIO) -> Iterator[pl.DataFrame]:
        # No header of a file begins with a brace.
        whole = stream if isinstance(stream, BufferedReader) else BufferedReader(cast(Any, stream))
        if whole.peek(1)[:1] == b"{":
            yield from rows(BytesIO(_flat_page(whole.read(), resource)))
        else:
            yield from strict_csv.frames(cast(BinaryIO, whole))

    return opened


def _flat_page(body: bytes, resource: Resource) -> bytes:
    page = loads(body)
    if not isinstance(page, dict) or not isinstance(page.get(RECORDS), list):
        return body
    return json.dumps({RECORDS: [_flat(one, resource) for one in page[RECORDS]]}).encode()


def _flat(record: object, resource: Resource) -> object:
    """A record with our columns for its members; what is no record stays, and is marked."""
    if not isinstance(record, dict):
        return record
    if DELETED_AT in record:
        return _deletion(record, resource)
    said = dict(_members(record, "", resource))
    flat = {resource.members.get(path, path.replace(".", "_")): value for path, value in said.items()}
    return {DELETED: "N"} | flat


def _deletion(record: Mapping[str, Any], resource: Resource) -> dict[str, Any]:
    blank = dict.fromkeys(resource.columns)
    known = {"RecordID": record.get("id"), "UpdatedAt": record[DELETED_AT], DELETED: "Y"}
    kind = {"Kind": record.get("kind")} if "Kind" in blank else {}
    return blank | known | kind


def _members(value: Any, path: str, resource: Resource) -> Iterator[tuple[str, Any]]:
    """Every leaf by its path. Of an object that is null, all that is agreed of it is."""
    below = [name for name in resource.members if name.startswith(f"{path}.")]
    if path == COUNTED and isinstance(value, dict):
        yield path, ";".join(f"{mark}={count}" for mark, count in value.items())
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _members(inner, _path(path, name), resource)
    elif value is None and below:
        yield from ((name, None) for name in below)
    else:
        yield path, value


def _path(path: str, name: str) -> str:
    """Objects that are included stand in a member `data` of their own, which says nothing."""
    if name == RECORDS and path:
        return path
    return f"{path}.{name}" if path else name
