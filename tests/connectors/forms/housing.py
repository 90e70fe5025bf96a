"""An invented service with a mailbox and nothing else: its form, its clerk, and a letter box to reach it."""

from __future__ import annotations

import email
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from typing import Any

import openpyxl

from connectors.contract import OutboundMessage
from connectors.forms.form import Form, Line
from connectors.forms.service import Service
from connectors.forms.workbook import ANSWER, COLUMNS
from connectors.outward import british_day, ours, yes_or_no
from connectors.transports.mail import MailAccount, MailServer, Security, mail
from tests.servers.lines import HOST
from tests.servers.mail import OURS, THEIRS, MailSystem

FORM = Form(
    service="Northmoor Housing",
    title="Referral of a child to Northmoor Housing",
    version="3",
    dated=date(2026, 9, 1),
    source="given by the service's manager as a printed form",
    send_to="address",
    lines=(
        Line("FullName", "Child's full name", ours("family_name"), "About the child", mandatory=True),
        Line("Born", "Date of birth", british_day("born_on"), "About the child", mandatory=True),
        Line("Home", "Where the child lives now", ours("address"), "About the child"),
        Line("Need", "Why you refer", ours("reason"), "Your request", mandatory=True),
        Line("AtRisk", "Is there a safeguarding concern?", yes_or_no("safeguarding"), "Your request"),
    ),
)
KEY = "housing:yjs:YJS-R-0000017:5b1f0c"
CHILD = {"FullName": "Łucja Przykład", "Born": "03/04/2011", "Home": None, "Need": "No home", "AtRisk": "N"}
NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def message(key: str = KEY, **changed: Any) -> OutboundMessage:
    return OutboundMessage(key, {**CHILD, **changed})


def account(system: MailSystem, **changed: Any) -> MailAccount:
    made = MailAccount(
        partner="housing",
        smtp=MailServer(HOST, system.smtps_port),
        imap=MailServer(HOST, system.imaps_port),
        username=OURS,
        password=system.password,
        our_address=OURS,
        their_address=THEIRS,
        senders=frozenset({THEIRS}),
        ca_file=system.ca,
    )
    return replace(made, **changed)


def starttls(system: MailSystem) -> dict[str, MailServer]:
    return {
        "smtp": MailServer(HOST, system.smtp_port, Security.STARTTLS),
        "imap": MailServer(HOST, system.imap_port, Security.STARTTLS),
    }


@contextmanager
def housing(system: MailSystem, **changed: Any) -> Iterator[Service]:
    with mail(account(system, **changed)) as opened:
        yield Service(FORM, opened)


def workbook_in(letter: bytes) -> bytes:
    parsed = email.message_from_bytes(letter, policy=policy.default)
    return next(
        one.get_content() for one in parsed.iter_attachments() if str(one.get_filename()).endswith(".xlsx")
    )


def filled_in(workbook: bytes, *, row: int = 2, **answers: Any) -> bytes:
    """By the clerk, in their spreadsheet program. `Decided_on` is the column 'Decided on'."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    for label, said in answers.items():
        book[ANSWER].cell(row, COLUMNS.index(label.replace("_", " ")) + 1).value = said
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def reply(
    *enclosed: tuple[str, bytes], to: bytes | None = None, sender: str = THEIRS, **headers: str
) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, OURS, "RE: a referral"
    if to is not None:
        letter["In-Reply-To"] = email.message_from_bytes(to)["Message-ID"]
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content("See the sheet.")
    for name, content in enclosed:
        letter.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return letter
