"""The file: every feed is in it, and every mistake in it is named with its key and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.errors import MisconfiguredError, NotAgreedError
from hub import registry
from hub.sharing.agreement import ENVELOPE, Direction, read
from hub.store.outbox import MESSAGE
from schemas.kinds import KINDS, SAFETY_FLAGS
from tests.docs.pages import DOCS, fenced


@pytest.mark.parametrize("partner", registry.partner_names())
def test_every_feed_of_a_connector_is_in_its_agreement_and_no_other(partner: str) -> None:
    connector, agreement = registry.connector(partner), registry.agreement(partner)
    feeds = {one.name: (Direction.IN, one.purpose) for one in connector.pulls}
    feeds |= {one.name: (Direction.OUT, one.purpose) for one in connector.pushes}
    assert {name: (terms.direction, terms.purpose) for name, terms in agreement.feeds.items()} == feeds


@pytest.mark.parametrize("partner", registry.partner_names())
def test_what_a_feed_reads_or_writes_is_what_is_agreed(partner: str) -> None:
    connector, agreement = registry.connector(partner), registry.agreement(partner)
    for feed in connector.pulls:
        read_fields = feed.record.readings.keys() | feed.child.readings.keys()
        assert agreement.feeds[feed.name].agreed == read_fields
    for push in connector.pushes:
        assert agreement.feeds[push.name].agreed == push.message.takes


@pytest.mark.parametrize("partner", registry.partner_names())
def test_a_feed_in_force_has_its_basis_in_law(partner: str) -> None:
    assert all(terms.lawful_basis for terms in registry.agreement(partner).feeds.values())


def test_the_envelope_is_all_that_the_hub_puts_beside_a_record() -> None:
    assert set(MESSAGE) | {"record_key"} == ENVELOPE


def test_every_safety_flag_is_a_field_that_can_be_agreed() -> None:
    assert all(any(flag in kind.columns() for kind in KINDS.values()) for flag in SAFETY_FLAGS)


def spoiled(spoil: Callable[[dict[str, Any]], object]) -> str:
    said = yaml.safe_load(registry.connector("yjs").agreement.read_text())
    spoil(said)
    return str(yaml.safe_dump(said))


def worklist(said: dict[str, Any]) -> dict[str, Any]:
    return said["feeds"]["worklist"]  # type: ignore[no-any-return]


MISTAKES: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda said: said.pop("contact"), "contact: field required (write it down)"),
    (lambda said: said.update(vresion=2), "vresion: extra inputs are not permitted (look at its spelling"),
    (lambda said: said.update(ends_on="soon"), "ends_on: "),
    (lambda said: said.update(ends_on="2020-01-01"), "the whole: ends_on is before starts_on"),
    (lambda said: said.update(signatories=[]), "signatories: "),
    (lambda said: worklist(said).update(direction="sideways"), "feeds.worklist.direction: "),
    (lambda said: worklist(said).update(purpose="fun"), "feeds.worklist.purpose: fun is not in the "),
    (
        lambda said: worklist(said).update(lawful_basis=["consent"]),
        "feeds.worklist.lawful_basis.0: consent is not in the code list lawful_basis; use one that is",
    ),
    (lambda said: worklist(said)["fields"].append("surname"), "surname is no field of ours; docs/reference/"),
    (lambda said: worklist(said)["fields"].append("reason"), "feeds.worklist.fields: reason stands twice"),
    (lambda said: worklist(said).pop("consent"), "feeds.worklist.consent: field required"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "named"), MISTAKES, ids=[named for _, named in MISTAKES])
def test_a_mistake_is_named(tmp_path: Path, spoil: Callable[[dict[str, Any]], object], named: str) -> None:
    assert named in refused(tmp_path, spoiled(spoil))


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    said = refused(tmp_path, spoiled(lambda said: [said.pop(key) for key in ("contact", "version")]))
    assert "contact: " in said
    assert "version: " in said


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"reference: NM-1\nreference: NM-2\n", "line 2: the key reference stands twice"),
        (b"feeds: [\n", "line 2: "),
        (b"\xff\xfe", "it is not YAML in UTF-8"),
        (b"feeds: !!python/name:os.system\n", "line 1: "),
        (b"", "the whole: "),
    ],
)
def test_a_file_that_is_no_agreement_is_refused(tmp_path: Path, content: bytes, named: str) -> None:
    assert named in refused(tmp_path, content)


def test_a_feed_as_the_how_to_shows_it_can_be_read(tmp_path: Path) -> None:
    (shown,) = fenced(DOCS / "how-to" / "add-or-renew-an-agreement.md", "yaml")
    path = tmp_path / "agreement.yaml"
    path.write_text(spoiled(lambda said: said.update(yaml.safe_load(shown))))
    assert read(path).feeds["decisions"].direction is Direction.OUT


def refused(folder: Path, content: str | bytes) -> str:
    path = folder / "yjs" / "agreement.yaml"
    path.parent.mkdir()
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(MisconfiguredError) as refusal:
        read(path)
    assert str(refusal.value).startswith("yjs/agreement.yaml: ")
    assert str(folder) not in str(refusal.value)
    return str(refusal.value)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotAgreedError, match=r"There is no sharing agreement: .*write it down"):
        read(tmp_path / "agreement.yaml")
