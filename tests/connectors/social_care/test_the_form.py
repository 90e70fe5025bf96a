"""The referral form: what it says, how it goes by REST and by mail, and what comes back."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from connectors.contract import Answer, Receipt
from connectors.errors import MisconfiguredError
from connectors.social_care import connector
from connectors.social_care.form import MARF
from connectors.social_care.push import REFUSALS
from simulators.social_care_front import FrontDoor, decision_on
from tests.connectors.forms.housing import filled_in, reply, workbook_in
from tests.connectors.social_care.department import Dataset, form, pulled, said
from tests.servers.mail import OURS, THEIRS, MailSystem

(FORMS,) = connector.pushes
OUTCOMES = connector.pull_feed("outcomes")
Front = dict[str, str]


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """Nobody reads it here."""
    return Dataset(f"sqlite:///{tmp_path / 'dataset.db'}", engine=None)  # type: ignore[arg-type]


def by_mail(post: MailSystem) -> dict[str, Any]:
    return {
        "channel": "mail",
        "smtp_host": "127.0.0.1",
        "smtp_port": post.smtps_port,
        "imap_host": "127.0.0.1",
        "imap_port": post.imaps_port,
        "username": OURS,
        "password": post.password,
        "our_address": OURS,
        "address": THEIRS,
        "senders": THEIRS,
        "ca_file": post.ca,
    }


def test_a_form_says_5b_and_when_it_was_told_by_telephone_in_london() -> None:
    record = pl.DataFrame(
        {
            "reference": ["REF-1"],
            "phoned_at": [datetime(2026, 7, 1, 8, 5, tzinfo=UTC)],
            "safeguarding": [True],
        }
    )
    (written,) = MARF.outward.frame(record).to_dicts()
    assert (written["Source"], written["PhonedAt"]) == ("5B", "01/07/2026 09:05")
    assert written["Risks"] == "safeguarding"


def test_what_is_not_known_is_said(dataset: Dataset, front: Front, door: FrontDoor) -> None:
    with dataset.connected(front) as department:
        (receipt,) = FORMS.push(department, [form()])
    assert receipt.answer is Answer.RECEIVED
    ((_, filled),) = door.effects
    assert filled["NoConsentReason"] == "she is at risk"
    assert filled["Consent"] == filled["Address"] == "Not known to the Youth Justice Service"


def test_a_field_that_is_not_agreed_is_left_out(dataset: Dataset, front: Front, door: FrontDoor) -> None:
    with dataset.connected(front) as department:
        list(FORMS.push(department, [form()]))
    ((_, filled),) = door.effects
    assert "School" not in filled


def test_a_form_without_a_name_is_not_sent(dataset: Dataset, front: Front, door: FrontDoor) -> None:
    with dataset.connected(front) as department:
        (receipt,) = FORMS.push(department, [form(Surname=None)])
    assert (receipt.answer, receipt.reason) == (Answer.REFUSED, "not sent: the form lacks Family name")
    assert door.effects == []


def test_a_refusal_has_an_agreed_reason(dataset: Dataset, front: Front, door: FrontDoor) -> None:
    door.mood = "refuses_one"
    with dataset.connected(front) as department:
        (receipt,) = FORMS.push(department, [form()])
    assert (receipt.answer, receipt.reason) == (Answer.REFUSED, REFUSALS["other_authority"])


def test_silence_is_no_answer_and_a_decision_is_one(dataset: Dataset, front: Front, door: FrontDoor) -> None:
    key = form().key
    with dataset.connected(front) as department:
        list(FORMS.push(department, [form()]))
        assert list(FORMS.answers(department, [key, "social_care:yjs:REF-2:00"])) == []
        door.decide(datetime(2026, 11, 23, 12, tzinfo=UTC))
        (told,) = FORMS.answers(department, [key, "social_care:yjs:REF-2:00"])
    assert (told.key, told.answer) == (key, Answer.ACCEPTED)
    assert (told.their_reference or "").startswith("CT-")


@pytest.mark.parametrize(
    ("outcome", "state", "reason", "help_"),
    [
        ("No Further Action", "declined", "below_threshold", None),
        ("Information and Advice", "declined", "advice", None),
        ("EH Referral", "accepted", None, "early_help"),
        ("CIN Referral", "accepted", None, "referral"),
        ("Something new", None, None, None),
    ],
)
def test_each_outcome_is_a_state_of_the_referral(
    dataset: Dataset, front: Front, door: FrontDoor, outcome: str, state: str, reason: str, help_: str
) -> None:
    with dataset.connected(front) as department:
        list(FORMS.push(department, [form(NhsNumber="9990000018", BirthDate="14/03/2011")]))
        door.decide(datetime(2026, 11, 23, 12, tzinfo=UTC))
        (one,) = door.outcomes.values()
        one |= {"outcome": outcome, "reason": "below_threshold" if state == "declined" else None}
        if outcome == "Information and Advice":
            one["reason"] = None
        (row,) = said(OUTCOMES, pulled(department, "outcomes")[:1])
    assert (row["referral_from"], row["referral_reference"]) == ("yjs", "REF-1")
    assert (row["state"], row["reason"], row["intervention_type"]) == (state, reason, help_)
    assert (row["nhs_number"], str(row["born_on"])) == ("9990000018", "2011-03-14")


def test_a_column_nobody_agreed_comes_to_where_the_hub_drops_it(
    dataset: Dataset, front: Front, door: FrontDoor
) -> None:
    door.outcomes["1"] = {"outcome_id": "1", "changed_at": "2026-11-22T10:00:00Z", "landlord": "somebody"}
    with dataset.connected(front) as department:
        page = b"".join(pulled(department, "outcomes")[0].body)
    (frame,) = OUTCOMES.open(io.BytesIO(page))
    assert "landlord" in frame.columns


@pytest.mark.parametrize("channel", ["rest", "mail"])
def test_a_channel_without_its_settings_is_found_before_any_call(dataset: Dataset, channel: str) -> None:
    with pytest.raises(MisconfiguredError, match="HUB_SOCIAL_CARE_"), dataset.connected({}, channel=channel):
        pass


@pytest.mark.server
def test_the_same_form_goes_by_mail_and_its_answer_sheet_is_an_outcome(
    dataset: Dataset, post: MailSystem
) -> None:
    key = form().key
    with dataset.connected({}, **by_mail(post)) as department:
        (receipt,) = FORMS.push(department, [form()])
        assert receipt.answer in (Answer.RECEIVED, Answer.ACCEPTED)
        (letter,) = post.wait_for(THEIRS)
        sheet = filled_in(
            workbook_in(letter), Decision="EH Referral", Decided_on="24/11/2026", Your_reference="CT-77"
        )
        post.send(reply(("answer.xlsx", sheet), to=letter))
        post.wait_for(OURS)
        told: list[Receipt] = list(FORMS.answers(department, [key]))
        messages = pulled(department, "outcomes")
        (row,) = said(OUTCOMES, messages)
        assert OUTCOMES.taken is not None
        OUTCOMES.taken(department, messages)
        assert pulled(department, "outcomes") == []
    assert [(one.key, one.answer, one.their_reference) for one in told] == [(key, Answer.ACCEPTED, "CT-77")]
    assert (row["referral_from"], row["referral_reference"]) == ("yjs", "REF-1")
    assert (row["state"], row["intervention_type"], row["is_deleted"]) == ("accepted", "early_help", False)


def test_the_invented_front_door_knows_every_outcome() -> None:
    seen = {decision_on(f"social_care:yjs:REF-{number}:00") for number in range(60)}
    assert seen == {decision.label for decision in MARF.decisions}
