"""The file that tells the force what the YJS says: its bytes, its manifest, its name."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from connectors.contract import OutboundMessage
from connectors.police.decisions import COLUMNS, DecisionFile, as_csv, described, file_name

AT = datetime(2026, 11, 23, 6, tzinfo=UTC)
TOLD = {
    "ReferralRef": "NMP-R-0000001",
    "AssessedOn": "18/11/2026",
    "Recommendation": "outcome_22",
    "RecommendedOn": "20/11/2026",
    "Engagement": "engaged",
    "State": "started",
    "StateOn": "20/11/2026",
    "Completed": None,
    "Change": "new",
}
cells = st.none() | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
messages = st.builds(
    OutboundMessage,
    st.uuids().map(str),
    st.fixed_dictionaries(dict.fromkeys(COLUMNS[1:], cells)),
)


def test_a_file_is_plain_csv_with_the_agreed_columns() -> None:
    assert as_csv([OutboundMessage("police:yjs:S-1:ab", TOLD)]).decode() == (
        "MessageKey,ReferralRef,AssessedOn,Recommendation,RecommendedOn,Engagement,State,StateOn,Completed,"
        "Change\r\n"
        "police:yjs:S-1:ab,NMP-R-0000001,18/11/2026,outcome_22,20/11/2026,engaged,started,20/11/2026,,new\r\n"
    )


@given(st.lists(messages, max_size=5))
def test_whatever_is_told_is_read_back(told: list[OutboundMessage]) -> None:
    read = list(csv.DictReader(io.StringIO(as_csv(told).decode(), newline="")))
    assert read == [
        {"MessageKey": one.key, **{name: cell or "" for name, cell in one.body.items()}} for one in told
    ]


@given(st.lists(messages, max_size=5))
def test_a_manifest_tells_its_file(told: list[OutboundMessage]) -> None:
    content = as_csv(told)
    name = file_name(content, "NMYJS_NMP", AT)
    file = described(name, content, [one.key for one in told])
    assert DecisionFile.read(file.manifest(AT)) == file
    assert re.fullmatch(r"decision_NMYJS_NMP_20261123T060000Z_[0-9a-f]{12}\.csv", name)
    assert file.manifest_name == name.replace(".csv", ".manifest.json")


@given(messages, messages)
def test_other_content_has_another_name(one: OutboundMessage, other: OutboundMessage) -> None:
    names = {file_name(as_csv([message]), "NMYJS_NMP", AT) for message in (one, other)}
    assert len(names) == len({one.key, other.key})
