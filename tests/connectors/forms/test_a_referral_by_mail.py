"""A partner with a mailbox and nothing else closes a referral. Real Postfix, real Dovecot."""

from __future__ import annotations

import email
import io
from datetime import date

import pytest

from connectors.contract import Answer, Receipt, Since
from connectors.forms.answer_sheet import opener
from connectors.forms.service import answers, pull, push
from connectors.transports.mail.outgoing import number
from tests.connectors.forms.housing import (
    CHILD,
    FORM,
    KEY,
    filled_in,
    housing,
    message,
    reply,
    starttls,
    workbook_in,
)
from tests.servers.mail import OURS, REFUSED, THEIRS, UNKNOWN, MailSystem

pytestmark = pytest.mark.server
NEVER = Since(None, frozenset())
DAY = date(2026, 11, 20)


def sent(post: MailSystem, **changed: object) -> bytes:
    """The letter as it lies in the service's mailbox."""
    with housing(post, **changed) as service:
        (receipt,) = push(service, [message()])
    assert receipt.answer is Answer.RECEIVED
    return post.wait_for(THEIRS)[0]


def answered(post: MailSystem) -> list[Receipt]:
    with housing(post) as service:
        return list(answers(service, [KEY]))


def test_the_clerk_fills_in_the_sheet_and_replies_and_the_referral_is_closed(post: MailSystem) -> None:
    letter = sent(post)
    sheet = filled_in(
        workbook_in(letter), Decision="Closed: completed", Decided_on=DAY, Your_reference="NH/4/88"
    )
    post.send(reply(("Answer.xlsx", sheet), to=letter))
    post.wait_for(OURS)

    (receipt,) = answered(post)
    assert (receipt.key, receipt.answer, receipt.their_reference) == (KEY, Answer.ACCEPTED, "NH/4/88")
    with housing(post) as service:
        (arrival,) = pull(service, NEVER)
        (frame,) = opener(FORM)(io.BytesIO(b"".join(arrival.body)))
    row = frame.row(0, named=True)
    assert (row["our_reference"], row["decision"], row["decided_on"]) == (KEY, "completed", "2026-11-20")
    assert (row["referral_from"], row["referral_reference"]) == ("yjs", "YJS-R-0000017")
    assert row["problem"] is None


@pytest.mark.parametrize("by", ["tls_from_the_start", "starttls"])
def test_the_form_goes_out_as_pdf_and_workbook(post: MailSystem, by: str) -> None:
    letter = email.message_from_bytes(sent(post, **(starttls(post) if by == "starttls" else {})))
    names = sorted(part.get_filename() for part in letter.walk() if part.get_filename())
    assert names == [f"referral-{number(KEY)}.pdf", f"referral-{number(KEY)}.xlsx"]


def test_nothing_that_anybody_on_the_way_can_read_names_a_child(post: MailSystem) -> None:
    letter = email.message_from_bytes(sent(post))
    outside = [*letter.values(), *(str(part.get_filename()) for part in letter.walk())]
    for telling in (*filter(None, CHILD.values()), "YJS-R-0000017"):
        if len(telling) > 1:
            assert not any(telling in one for one in outside)


def test_a_letter_that_comes_back_is_refused_with_the_reason(post: MailSystem) -> None:
    with housing(post, their_address=UNKNOWN) as service:
        (receipt,) = push(service, [message()])
    assert receipt.answer is Answer.RECEIVED
    post.wait_for(OURS)

    (receipt,) = answered(post)
    assert receipt.answer is Answer.REFUSED
    assert receipt.reason == (
        "returned by mail, 5.1.1: there is no such mailbox: check the address with the service"
    )


def test_a_bounce_brings_back_no_form(post: MailSystem) -> None:
    with housing(post, their_address=UNKNOWN) as service:
        list(push(service, [message()]))
    (bounce,) = post.wait_for(OURS)
    assert [part for part in email.message_from_bytes(bounce).walk() if part.get_filename()] == []


def test_an_address_that_the_server_refuses_is_refused_at_once(post: MailSystem) -> None:
    with housing(post, their_address=REFUSED) as service:
        (receipt,) = push(service, [message()])
    assert receipt.answer is Answer.REFUSED
    assert "550" in str(receipt.reason)
    assert post.letters(OURS, folder="Sent") == []


def test_silence_is_silence(post: MailSystem) -> None:
    sent(post)
    assert answered(post) == []


def test_an_out_of_office_is_no_answer_and_no_problem(post: MailSystem) -> None:
    letter = sent(post)
    post.send(reply(to=letter, Auto_Submitted="auto-replied"), envelope="")
    post.wait_for(OURS)
    assert answered(post) == []
    with housing(post) as service:
        assert list(pull(service, NEVER)) == []


def test_a_service_that_declines_says_why(post: MailSystem) -> None:
    letter = sent(post)
    sheet = filled_in(
        workbook_in(letter), Decision="Not accepted", Reason="We have no capacity", Decided_on="20/11/2026"
    )
    post.send(reply(("a.xlsx", sheet), to=letter))
    post.wait_for(OURS)
    (receipt,) = answered(post)
    assert (receipt.answer, receipt.reason) == (Answer.REFUSED, "We have no capacity")


def test_the_newest_answer_counts(post: MailSystem) -> None:
    letter = sent(post)
    for count, decision in enumerate(("Accepted", "Closed: completed"), 1):
        their = filled_in(workbook_in(letter), Decision=decision, Decided_on=DAY, Your_reference=decision)
        post.send(reply(("a.xlsx", their), to=letter))
        post.wait_for(OURS, letters=count)
    assert [receipt.their_reference for receipt in answered(post)] == ["Closed: completed"]


def test_an_answer_that_is_not_clear_is_unknown_and_says_where(post: MailSystem) -> None:
    letter = sent(post)
    post.send(reply(("a.xlsx", filled_in(workbook_in(letter), Decision="Perhaps")), to=letter))
    post.wait_for(OURS)
    (receipt,) = answered(post)
    assert receipt.answer is Answer.UNKNOWN
    assert receipt.reason == (
        "their answer cannot be read: 'Decision' is none of the words in the sheet 'Words'; "
        "'Decided on' is blank; ask the service for the sheet again"
    )


def test_an_incomplete_form_never_leaves(post: MailSystem) -> None:
    with housing(post) as service:
        (receipt,) = push(service, [message(Born=None, Need=" ")])
    assert receipt.answer is Answer.REFUSED
    assert receipt.reason == "not sent: the form lacks Date of birth, Why you refer"
    assert post.letters(OURS, folder="Sent") == post.letters(THEIRS) == []
