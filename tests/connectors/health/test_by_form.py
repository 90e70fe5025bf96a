"""A service with a mailbox and nothing else: its own form goes out whole, its answers are read back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from connectors.contract import Answer, InboundMessage, Since
from connectors.health import connector
from connectors.health.lines import Lines
from tests.connectors.forms.housing import filled_in, reply, workbook_in
from tests.connectors.health.children import key, referral
from tests.connectors.health.conftest import to
from tests.servers.lines import HOST
from tests.servers.mail import OURS, THEIRS, MailSystem

pytestmark = pytest.mark.server

(REFERRALS,) = connector.pushes
PROGRESS = connector.pull_feed("progress")
DAY = date(2026, 11, 20)


@pytest.fixture
def by_form(letters: MailSystem) -> Iterator[Lines]:
    settings: dict[str, Any] = {
        "services": [
            {"name": "Northmoor CAMHS", "route": "form", "at": THEIRS},
            {"name": "Northmoor Speech and Language Therapy", "route": "form", "at": THEIRS,
             "form": "speech_and_language"},
        ],
        "smtp_host": HOST, "smtp_port": letters.smtps_port,
        "imap_host": HOST, "imap_port": letters.imaps_port,
        "mail_username": OURS, "mail_password": letters.password, "mail_address": OURS,
        "mail_ca_file": letters.ca,
    }  # fmt: skip
    with to(**settings) as lines:
        yield lines


def pulled(lines: Lines) -> tuple[list[InboundMessage], list[dict[str, Any]]]:
    messages = list(PROGRESS.pull(lines, Since(None, frozenset())))
    updates = []
    for one in messages:
        for rows in PROGRESS.open(BytesIO(b"".join(one.body))):
            assert rows["problem"].null_count() == rows.height
            updates += PROGRESS.record.frame(rows, date(2026, 11, 23)).to_dicts()
    return messages, updates


def test_the_service_answers_in_its_sheet_and_the_referral_is_answered(
    letters: MailSystem, by_form: Lines
) -> None:
    (receipt,) = REFERRALS.push(by_form, [referral()])
    (letter,) = letters.wait_for(THEIRS)
    sheet = filled_in(
        workbook_in(letter), Decision="Not accepted", Reason="Is with us already", Decided_on=DAY
    )
    letters.send(reply(("Answer.xlsx", sheet), to=letter))
    letters.wait_for(OURS)

    (answer,) = REFERRALS.answers(by_form, [key("REF-1")])
    messages, (update,) = pulled(by_form)
    assert (receipt.answer, answer.answer) == (Answer.RECEIVED, Answer.REFUSED)
    assert (update["referral_from"], update["referral_reference"]) == ("yjs", "REF-1")
    assert (update["state"], update["state_on"], update["reason"]) == ("declined", DAY, "Is with us already")
    assert PROGRESS.taken is not None
    PROGRESS.taken(by_form, messages)
    assert pulled(by_form) == ([], [])


def test_a_form_that_lacks_something_goes_back_to_its_worker_unsent(
    letters: MailSystem, by_form: Lines
) -> None:
    lacking, whole = REFERRALS.push(by_form, [referral("REF-1", GP=None), referral("REF-2")])
    assert (lacking.answer, whole.answer) == (Answer.REFUSED, Answer.RECEIVED)
    assert lacking.reason == "not sent: the form lacks GP practice"
    assert len(letters.wait_for(THEIRS)) == 1


def test_each_service_has_its_own_form(letters: MailSystem, by_form: Lines) -> None:
    """Speech and language therapy does not ask for the GP."""
    service = "Northmoor Speech and Language Therapy"
    (receipt,) = REFERRALS.push(by_form, [referral(Service=service, Need="speech_language", GP=None)])
    assert receipt.answer is Answer.RECEIVED


def test_a_form_is_sent_once_however_often_it_is_handed_over(letters: MailSystem, by_form: Lines) -> None:
    for _ in range(2):
        (receipt,) = REFERRALS.push(by_form, [referral()])
        assert receipt.answer is Answer.RECEIVED
    assert len(letters.wait_for(THEIRS)) == 1


def test_a_withdrawal_names_the_referral_and_nobody(letters: MailSystem, by_form: Lines) -> None:
    (receipt,) = REFERRALS.push(by_form, [referral(Change="deleted")])
    (letter,) = letters.wait_for(THEIRS)
    with ZipFile(BytesIO(workbook_in(letter))) as book:
        written = b"".join(book.read(name) for name in book.namelist())
    assert receipt.answer is Answer.RECEIVED
    assert b"REF-1" in written
    assert not any(word in written for word in (b"Quillborne", b"9000000009"))


def test_the_check_signs_in_at_both_ends(by_form: Lines) -> None:
    assert "signed in to send and to read" in connector.check(by_form)
