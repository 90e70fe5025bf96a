"""The reference pages drawn from the code: `python -m hub.reference_pages` writes them anew.

Each function returns one page's text. A test holds the files in docs/reference to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, get_args

import dataframely as dy
import polars as pl
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from connectors.contract import Connector, PullFeed, PushFeed, Wanted
from connectors.readings import Codes, Reading
from connectors.translation import Translation
from hub import registry
from hub.clocks_page import clocks_page
from hub.lineage_page import lineage_page
from hub.settings import HubSettings
from hub.site.settings import SiteSettings
from hub.transports_page import transports_page
from schemas import codes
from schemas.child_details import ChildDetails
from schemas.fields import coded_fields, is_sealed, mandatory_fields
from schemas.kinds import KINDS, SAFETY_FLAGS, kind_name

PLACE = Path(__file__).parents[1] / "docs" / "reference"
TYPES: Mapping[str, str] = {
    "String": "text",
    "Bool": "yes or no",
    "Date": "day",
    "Datetime": "instant",
    "Int64": "whole number",
    "List": "list of texts",
}

SETTINGS_OPENING = """# Settings

For whoever runs the hub. All of them are read from the environment; `hub settings` lists the same on your
own installation, other partners' packages included.

- A setting may also be a file in the folder that `HUB_SECRETS_DIR` names: one value each, named like the
  variable. A folder that is named and not there is refused, and so is an empty database address.
- A variable goes before a file.
- What must be set has no default: without it the partner's pull or push fails before any call is made, and
  says which. `hub settings` shows defaults and meanings, never a value.

Variables that belong to other tools and doors stand in [commands](commands.md#variables-beside-the-settings).
"""
FIELDS_OPENING = """# Fields

For whoever asks what a field means, where its definition comes from, and how it is kept.

A record is about one child and has one kind. Beside its kind's fields it has those of `child_details`.

- **Sealed** fields stand only in the vault, encrypted: all that is identity or contact, and all free text.
  The others stand in the record's table, beside the hub's own child id.
- **Must be there**: without it there is no record, and the row is held (HUB-T03).
- A field that names a code list takes its values from that list and from no other; the lists are below.
"""
FEEDS_OPENING = """# Feeds

For a partner's data lead and for ours: the field-by-field agree list, drawn from the translation tables.

What they send and is neither read nor left behind on purpose is dropped unread and reported (HUB-R03). What
must be there and is not holds the row (HUB-T03); any other cell that cannot be read is set aside, and its
record goes on (HUB-T01, HUB-T02).
"""
DRAWN = "\nThis page is drawn from the code: `python -m hub.reference_pages` writes it anew.\n"


def settings_page() -> str:
    kinds: list[tuple[str, type[BaseSettings]]] = [("The hub", HubSettings), ("The site", SiteSettings)]
    kinds += [(one.title, one.settings) for one in registry.connectors().values()]
    sections = (line for title, kind in kinds for line in _settings(title, kind))
    return "\n".join([SETTINGS_OPENING + DRAWN, *sections])


def variable(kind: type[BaseSettings], name: str) -> str:
    return f"{kind.model_config.get('env_prefix', '')}{name}".upper()


def _settings(title: str, kind: type[BaseSettings]) -> Iterator[str]:
    yield f"## {title}\n"
    rows = (
        (f"`{variable(kind, name)}`", _default(field), _secret(field), field.description or "")
        for name, field in kind.model_fields.items()
    )
    yield from _table(("Variable", "Without it", "Secret", "What it is"), rows)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be set"
    return f"`{field.default}`" if field.default not in (None, {}) else "none"


def _secret(field: FieldInfo) -> str:
    kinds = get_args(field.annotation) or (field.annotation,)
    return "yes" if SecretStr in kinds else ""


def fields_page() -> str:
    kinds = {"child_details": ChildDetails} | KINDS
    sections = (line for name, kind in kinds.items() for line in _kind(name, kind))
    return "\n".join([FIELDS_OPENING + DRAWN, *sections, *_code_lists(kinds.values())])


def _kind(name: str, kind: type[dy.Schema]) -> Iterator[str]:
    yield f"## {name}\n"
    if name in KINDS:
        yield f"{_brought_by(name)}\n"
    must, listed = mandatory_fields(kind), coded_fields(kind)
    rows = (
        (
            f"`{field}`",
            TYPES[type(column).__name__],
            _about(field, column.metadata or {}, listed),
            (column.metadata or {})["source"],
            (column.metadata or {})["sensitivity"].value,
            "sealed" if is_sealed(column) else "",
            "yes" if field in must else "",
        )
        for field, column in kind.columns().items()
    )
    yield from _table(
        ("Field", "Type", "What it means", "Source", "Sensitivity", "Kept", "Must be there"), rows
    )


def _about(field: str, about: Mapping[str, Any], listed: Mapping[str, str]) -> str:
    words = [about["meaning"]]
    if field in listed:
        words.append(f"Code list [`{listed[field]}`](#{listed[field]}).")
    if about["free_text"]:
        words.append("Free text.")
    if field in SAFETY_FLAGS and "Safety flag" not in about["meaning"]:
        words.append("Safety flag.")
    return " ".join(words)


def _brought_by(kind: str) -> str:
    feeds = [
        f"{one.title} ({feed.name})"
        for one in registry.connectors().values()
        for feed in one.pulls
        if kind_name(feed.record.kind) == kind
    ]
    return f"Brought by: {', '.join(feeds)}." if feeds else "Not yet: no connected partner brings it."


def _code_lists(kinds: Iterable[type[dy.Schema]]) -> Iterator[str]:
    feeds = (feed for one in registry.connectors().values() for feed in one.pulls)
    used = {name for kind in kinds for name in coded_fields(kind).values()}
    used |= {one.onto for feed in feeds for one in _maps(feed)}
    yield "## Code lists that fields and code maps use\n"
    for name in sorted(used):
        yield from _code_list(codes.load(name))
    yield "## Code lists that nothing uses yet\n"
    waiting = (codes.load(name) for name in codes.names() if name not in used)
    yield from _table(
        ("List", "What it says", "Source"), ((f"`{one.name}`", one.meaning, one.source) for one in waiting)
    )


def _code_list(one: codes.CodeList) -> Iterator[str]:
    yield f"### {one.name}\n"
    yield f"{one.meaning}. Source: {one.source}.\n"
    rows = ((f"`{code.code}`", code.label, _days(code.valid_from, code.valid_until)) for code in one.codes)
    yield from _table(("Code", "Means", "Holds"), rows)


def _days(first: date | None, last: date | None) -> str:
    said = (first and f"from {first.isoformat()}", last and f"until {last.isoformat()}")
    return " ".join(part for part in said if part) or "always"


def feeds_page() -> str:
    sections = (line for one in registry.connectors().values() for line in _partner(one))
    return "\n".join([FEEDS_OPENING + DRAWN, *sections])


def _partner(one: Connector) -> Iterator[str]:
    yield f"## {one.title}\n"
    for pulled in one.pulls:
        yield from _pull_feed(pulled)
    for pushed in one.pushes:
        yield from _push_feed(pushed)


def _pull_feed(feed: PullFeed) -> Iterator[str]:
    yield f"### {feed.name}: they send, we read\n"
    yield f"{feed.words}. Record kind: `{kind_name(feed.record.kind)}`.\n"
    yield f"**Whom it is about.** {feed.scope.words} Looked at: {_columns(feed.scope.takes)}."
    yield "A row of which it cannot be told stays; a row about anybody else is counted and leaves nothing.\n"
    for words, table in (("The record", feed.record), ("The child", feed.child)):
        yield f"**{words}**\n"
        yield from _table(("Our field", "Their columns", "How it is read", "Must be there"), _read(table))
        unsaid = [name for name in table.kind.columns() if name not in (*table.readings, "code_maps")]
        if unsaid:
            yield f"This feed says nothing of: {_columns(unsaid)}.\n"
    every = {**feed.record.ignores, **feed.child.ignores}
    left = {name: why for name, why in every.items() if name not in feed.takes}
    if left:
        yield "**Left behind, and why**\n"
        yield from _table(("Their column", "Why"), ((f"`{name}`", why) for name, why in left.items()))
    for used in _maps(feed):
        yield from _code_map(used)


def _read(table: Translation) -> Iterator[tuple[str, ...]]:
    must = mandatory_fields(table.kind)
    for name, reading in table.readings.items():
        yield f"`{name}`", _columns(reading.takes), _how(reading), "yes" if name in must else ""


def _how(reading: Reading) -> str:
    if reading.takes:
        return reading.words
    value = pl.select(reading.make(date.min)).item()
    said = {True: "yes", False: "no"}.get(value, f"`{value}`")
    return f"always {said}: {reading.words}"


def _maps(feed: PullFeed) -> list[Codes]:
    readings = (*feed.record.readings.values(), *feed.child.readings.values())
    return sorted({one.codes for one in readings if one.codes}, key=lambda used: used.path.name)


def _code_map(used: Codes) -> Iterator[str]:
    yield f"**`{used.path.name}`**, onto our list [`{used.onto}`](fields.md#{used.onto})\n"
    rows = (
        (
            f"`{one.theirs}`",
            f"`{one.ours}`",
            one.standing.value,
            _days(one.valid_from, one.valid_until),
            one.note,
        )
        for one in used.read().codes
    )
    yield from _table(("Theirs", "Ours", "Standing", "Holds", "Note"), rows)


def _push_feed(feed: PushFeed) -> Iterator[str]:
    yield f"### {feed.name}: we send, they read\n"
    yield f"{feed.words}. Only what stands in this table can leave.\n"
    yield f"They want {'; '.join(map(_wanted, feed.wants)) or 'nothing yet: nothing is sent'}.\n"
    rows = (
        (f"`{column}`", f"`{writing.words}`" if writing.words in writing.takes else writing.words)
        for column, writing in feed.message.columns.items()
    )
    yield from _table(("Their column", "Our field"), rows)


def _wanted(one: Wanted) -> str:
    whose = f" of `{one.sent_by}`" if one.sent_by else ""
    needs = f" that ask for {_columns(one.needs)}" if one.needs else ""
    theirs = f" whose `{one.addressed_by}` names them" if one.addressed_by else ""
    return f"every `{one.kind}`{whose}{needs}{theirs}"


def _columns(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


PAGES: Mapping[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "fields.md": fields_page,
    "feeds.md": feeds_page,
    "lineage.md": lambda: lineage_page(DRAWN),
    "clocks.md": clocks_page,
    "transports.md": transports_page,
}


if __name__ == "__main__":
    for file, page in PAGES.items():
        (PLACE / file).write_text(page(), encoding="utf-8")
