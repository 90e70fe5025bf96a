"""What of a partner's own words may stand on a page."""

from __future__ import annotations

import pytest

from hub.report import showable


@pytest.mark.parametrize(
    "key",
    [
        "NMP-R-0000017",
        "00985a57-34a4-56f1-9939-772e3909cf66/6014f66e-0613-507b-8189-80b09612d020",
        "HOU/2026/00031",
        "7001",
    ],
)
def test_a_partners_record_key_is_shown(key: str) -> None:
    assert showable.reference(key) == key


@pytest.mark.parametrize(
    ("cell", "because"),
    [
        (None, "there is none"),
        ("", "there is none"),
        ("Quillborne", "a surname, when columns have changed places"),
        ("O'Quillborne 2", "no key has a blank"),
        ("14/03/2011", "a birth date"),
        ("2011-03-14", "a birth date"),
        ("14.3.11", "a birth date"),
        ("20110314", "a birth date"),
        ("9990000018", "an NHS number"),
        ("999-000-0018", "an NHS number"),
        ("A801200001001", "a UPN"),
        ("2024/0123456A", "a PNC id"),
        ("24/123456A", "a PNC id"),
        ("123456/24A", "a CRO number"),
        ("NX12AB", "a postcode"),
        ("<b>1</b>", "no key holds mark-up"),
        ("N" * 200 + "1", "too long for a key"),
    ],
)
def test_what_may_be_about_a_person_is_not_taken_for_a_key(cell: str | None, because: str) -> None:
    assert showable.reference(cell) is None, because


def test_a_messages_key_loses_a_reference_that_may_not_be_shown() -> None:
    assert showable.message_key("yjs:police:NMP-R-0000017:9f2c") == "yjs:police:NMP-R-0000017:9f2c"
    assert showable.message_key("yjs:police:Quillborne:9f2c") == "yjs:police:••••:9f2c"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (None, None),
        ("  ", None),
        ("already open under another case", "already open under another case"),
        ("lives outside Northmoor", "lives outside ••••"),
        ("sibling of Ottoline Quillborne, born 14/03/2011", "sibling of •••• ••••, born ••••"),
        ("see case QB-0017\nand call", "see case •••• and call"),
        ("x" * 200, "x" * 160 + "…"),
    ],
)
def test_a_partners_reason_is_shown_without_what_could_name_a_child(
    said: str | None, shown: str | None
) -> None:
    assert showable.reason(said) == shown
