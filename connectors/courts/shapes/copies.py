"""One matter told twice in a message: in a case and at its glance, in a case and in an application."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connectors.courts.shapes.record import OFFENCE, RESULT, Row

IDENTITY = ("master_defendant_id", "first_name", "middle_name", "last_name", "birth_date", "pnc", "cro")
MATTER = (*OFFENCE, *RESULT)

Key = tuple[str | None, ...]
NOT_BARE: Key = ()


def one_of_each(rows: Iterable[Row]) -> list[Row]:
    """Every reference once. Rows that share one and still differ are numbered, so that none hides another:
    the courts have given two people one id.
    """
    told: dict[str | None, list[Row]] = {}
    for row in rows:
        copies = told.setdefault(row["reference"], [])
        place = next((n for n, copy in enumerate(copies) if _same_matter(copy, row)), None)
        if place is None:
            copies.append(row)
        else:
            copies[place] = _told_once(copies[place], row)
    several = [
        _numbered(row, number) for copies in told.values() for number, row in enumerate(copies, start=1)
    ]
    return _without_blank_copies(several)


def _same_matter(one: Row, other: Row) -> bool:
    return _agree(one, other, IDENTITY) and (one["result_id"] is not None or _agree(one, other, MATTER))


def _agree(one: Row, other: Row, columns: Iterable[str]) -> bool:
    return all(one[name] is None or other[name] is None or one[name] == other[name] for name in columns)


def _told_once(one: Row, other: Row) -> Row:
    """The result as shared last (of one day's two, the deletion); of the rest, what the other lacks."""
    newer = max(
        one, other, key=lambda row: (row["result_shared_on"] or "", row["result_is_deleted"] == "true")
    )
    filled = {name: other[name] if value is None else value for name, value in one.items()}
    return filled | {name: newer[name] for name in RESULT}


def _numbered(row: Row, number: int) -> Row:
    return row if number == 1 else row | {"reference": f"{row['reference']}~{number}"}


def _without_blank_copies(rows: list[Row]) -> list[Row]:
    """A bare offence or person goes where the same one stands elsewhere with more to say, and leaves it
    what it alone knew (a plea, say).
    """
    fuller: dict[Key, list[Row]] = {}
    for row in rows:
        for key in _outdone_by(row):
            fuller.setdefault(key, []).append(row)
    standing = []
    for row in rows:
        heirs = [other for other in fuller.get(_bare(row), ()) if _agree(row, other, IDENTITY)]
        for heir in heirs:
            heir.update({name: row[name] for name in OFFENCE if heir[name] is None})
        if not heirs:
            standing.append(row)
    return standing


def _outdone_by(row: Row) -> Iterator[Key]:
    if _says(row, RESULT):
        yield ("offence", row["defendant_id"], row["offence_id"])
    if _says(row, MATTER):
        yield ("case", row["defendant_id"], row["case_id"], row["case_urn"])


def _bare(row: Row) -> Key:
    if row["defendant_id"] is None or _says(row, RESULT):
        return NOT_BARE
    if row["offence_id"]:
        return ("offence", row["defendant_id"], row["offence_id"])
    return NOT_BARE if _says(row, MATTER) else ("case", row["defendant_id"], row["case_id"], row["case_urn"])


def _says(row: Row, columns: Iterable[str]) -> bool:
    return any(row[name] is not None for name in columns)
