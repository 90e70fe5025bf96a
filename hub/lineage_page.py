"""The page of lineage, drawn from tables and agreements: `python -m hub.reference_pages` writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connectors.contract import Connector, PullFeed, PushFeed
from connectors.readings import Reading
from hub import registry
from hub.sharing.agreement import Agreement
from schemas.kinds import SAFETY_FLAGS, kind_name

OPENING = """# Lineage

For whoever asks what became of a column, or where a value came from: first each column of theirs, how it is
read and what it becomes; then, for what we send, each field of ours and the column that it becomes there.

- **Listed** says whether the partner's agreement lists the field, and so whether it is used at all. A safety
  flag is read whether it is listed or not.
- A code map has a version; each record keeps that of the maps which read it, in `code_maps`.
- What is always the same, whatever they send, comes of no column.

The same tables from our side, with what must be there, are in [feeds](feeds.md).
"""
PULLED = ("Their column", "How it is read", "Our field", "Listed")
PUSHED = ("Our field", "How it is written", "Their column", "Listed")


def lineage_page(drawn: str) -> str:
    partners = registry.connectors()
    sections = (line for name, one in partners.items() for line in section(one, registry.agreement(name)))
    return "\n".join([OPENING + drawn, *sections])


def section(one: Connector, agreement: Agreement) -> Iterator[str]:
    yield f"## {one.title}\n"
    yield f"By the agreement {agreement}, from {agreement.starts_on} until {agreement.ends_on}.\n"
    for pulled in one.pulls:
        yield f"### {pulled.name}: they send, we read\n"
        yield f"Becomes records of the kind `{kind_name(pulled.record.kind)}`.\n"
        yield from _table(PULLED, _read(pulled, agreement))
        yield from _maps(pulled)
    for pushed in one.pushes:
        yield f"### {pushed.name}: we send, they read\n"
        yield from _table(PUSHED, _written(pushed, agreement))


def _read(feed: PullFeed, agreement: Agreement) -> Iterator[tuple[str, ...]]:
    """By their column, in the order in which our fields first look at it; then what becomes no field."""
    fields = {**feed.record.readings, **feed.child.readings}
    for column in dict.fromkeys(column for reading in fields.values() for column in reading.takes):
        for name, reading in _looking_at(column, fields):
            yield f"`{column}`", _how(column, reading), f"`{name}`", _listed(name, feed.name, agreement)
    for column, why in _no_field(feed):
        yield f"`{column}`", why, "", ""
    for name, reading in fields.items():
        if not reading.takes:
            yield "", f"always the same: {reading.words}", f"`{name}`", _listed(name, feed.name, agreement)


def _looking_at(column: str, fields: Mapping[str, Reading]) -> Iterator[tuple[str, Reading]]:
    return ((name, reading) for name, reading in fields.items() if column in reading.takes)


def _no_field(feed: PullFeed) -> Iterator[tuple[str, str]]:
    becomes = feed.record.takes | feed.child.takes
    for column in sorted(set(feed.scope.takes) - becomes):
        yield column, "looked at to tell whether the child is ours"
    for column, why in sorted({**feed.record.ignores, **feed.child.ignores}.items()):
        if column not in feed.takes:
            yield column, f"left behind: {why}"


def _how(column: str, reading: Reading) -> str:
    beside = [other for other in reading.takes if other != column]
    words = f"by `{reading.codes.path.name}`" if reading.codes else reading.words
    return f"{words}, with {', '.join(f'`{one}`' for one in beside)}" if beside else words


def _maps(feed: PullFeed) -> Iterator[str]:
    used = sorted(" ".join((feed.record.code_maps(), feed.child.code_maps())).split())
    if used:
        yield f"Code maps as they are today: {', '.join(f'`{one}`' for one in dict.fromkeys(used))}.\n"


def _written(feed: PushFeed, agreement: Agreement) -> Iterator[tuple[str, ...]]:
    for column, writing in feed.message.columns.items():
        for name in writing.takes:
            words = "as it is" if writing.words == name else writing.words
            yield f"`{name}`", words, f"`{column}`", _listed(name, feed.name, agreement)


def _listed(name: str, feed: str, agreement: Agreement) -> str:
    terms = agreement.feeds.get(feed)
    if terms is not None and name in terms.agreed:
        return "yes"
    return "no, and read all the same" if name in SAFETY_FLAGS else "no, so not used"


def _table(heads: Sequence[str], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in dict.fromkeys(rows):
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""
