"""What comes from a stranger, or could harm, is parked: never opened, and never an answer."""

from __future__ import annotations

import io
import os
import time
import tracemalloc
import zipfile
from email.message import EmailMessage

import openpyxl
import pytest

from connectors.contract import Answer, InboundMessage, Since
from connectors.forms.service import answers, pull, push, taken
from connectors.forms.workbook import ANSWER, as_workbook
from connectors.transports.mail import MailLimits
from tests.connectors.forms.housing import CHILD, FORM, KEY, filled_in, housing, message, reply
from tests.servers.mail import DOMAIN, OURS, THEIRS, MailSystem

pytestmark = pytest.mark.server
NEVER = Since(None, frozenset())
SMALL = MailLimits(message_bytes=200_000, attachment_bytes=60_000, unpacked_bytes=2_000_000)
CHECKED_BY = f"mail.{DOMAIN}"
CHECKED = {"checked_by": CHECKED_BY, "passes": frozenset({"dkim", "dmarc"})}
GOOD = f"{CHECKED_BY}; dkim=pass header.d={DOMAIN}; spf=fail smtp.mailfrom={DOMAIN}"


@pytest.fixture
def waiting(post: MailSystem) -> MailSystem:
    """One referral has gone out and waits for its answer."""
    with housing(post) as service:
        list(push(service, [message()]))
    return post


def sheet() -> bytes:
    return filled_in(as_workbook(FORM, CHILD, reference=KEY), Decision="Accepted", Decided_on="20/11/2026")


def pulled(post: MailSystem, since: Since = NEVER, **changed: object) -> list[InboundMessage]:
    with housing(post, **changed) as service:
        return list(pull(service, since))


def codes(post: MailSystem, **changed: object) -> list[str | None]:
    return [one.problem.code if one.problem else None for one in pulled(post, **changed)]


def told(post: MailSystem, **changed: object) -> list[Answer]:
    with housing(post, **changed) as service:
        return [receipt.answer for receipt in answers(service, [KEY])]


def arrives(post: MailSystem, letter: EmailMessage) -> None:
    """As it is, with whatever headers the sender put there."""
    post.put(OURS, letter.as_bytes())


@pytest.mark.parametrize(
    "sender",
    [
        "referrals@northmoor.example.evil.example",
        f'"{THEIRS}" <somebody@evil.example>',
        f"{THEIRS}, somebody@evil.example",
        "",
    ],
)
def test_an_answer_from_anybody_else_is_parked_unopened(waiting: MailSystem, sender: str) -> None:
    arrives(waiting, reply(("a.xlsx", sheet()), sender=sender))
    assert codes(waiting) == ["HUB-L01"]
    assert told(waiting) == []


def test_a_second_from_header_is_nobodys(waiting: MailSystem) -> None:
    content = reply(("a.xlsx", sheet())).as_bytes()
    waiting.put(OURS, b"From: somebody@evil.example\n" + content)
    assert codes(waiting) == ["HUB-L01"]


@pytest.mark.parametrize(
    ("results", "read"),
    [
        ([GOOD], True),
        ([f"{CHECKED_BY} 1; dmarc=pass (p=reject) header.from={DOMAIN}"], True),
        ([], False),
        (["mail.evil.example; dkim=pass header.d=northmoor.example"], False),
        ([f"{CHECKED_BY}; dkim=pass header.d=evil.example"], False),
        ([f"{CHECKED_BY}; dkim=fail header.d={DOMAIN}; x=dkim=pass header.d={DOMAIN}"], False),
        ([f"{CHECKED_BY}; spf=pass smtp.mailfrom={DOMAIN}"], False),
        # Whoever sends may write such a header; that of our own server stands above it.
        ([f"{CHECKED_BY}; dkim=none", GOOD], False),
    ],
)
def test_what_our_mail_server_says_of_the_sender_counts(
    waiting: MailSystem, results: list[str], read: bool
) -> None:
    written = "".join(f"Authentication-Results: {one}\n" for one in results).encode()
    waiting.put(OURS, written + reply(("a.xlsx", sheet())).as_bytes())
    assert codes(waiting, **CHECKED) == ([None] if read else ["HUB-L01"])
    assert told(waiting, **CHECKED) == ([Answer.ACCEPTED] if read else [])


def with_member(name: str, content: bytes) -> bytes:
    changed = io.BytesIO(sheet())
    with zipfile.ZipFile(changed, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return changed.getvalue()


def locked() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def with_half_a_sheet() -> bytes:
    """Whole as a file, and broken in the part that is read."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet())) as given, zipfile.ZipFile(made, "w") as packed:
        for name in given.namelist():
            content = given.read(name)
            packed.writestr(name, content[:-60] if name == "xl/worksheets/sheet2.xml" else content)
    return made.getvalue()


def without_end() -> bytes:
    return sheet()[:-200]


@pytest.mark.parametrize(
    "harmful",
    [
        with_member("xl/vbaProject.bin", b"Sub AutoOpen()"),
        with_member("xl/embeddings/oleObject1.bin", b"MZ"),
        with_member("xl/externalLinks/externalLink1.xml", b"<externalLink/>"),
        with_member("xl/zeros.xml", bytes(50_000_000)),
        with_member("xl/bomb.bin", bytes(50_000_000)),
        with_member("xl/more.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
        with_member("XL/WORKBOOK.XML", b"<workbook/>"),
        os.urandom(70_000),
        locked(),
        without_end(),
    ],
    ids=["macros", "embedded", "linked", "xml_bomb", "bomb", "entity", "twice", "too_long", "locked", "cut"],
)
def test_what_could_harm_is_parked_in_little_memory(waiting: MailSystem, harmful: bytes) -> None:
    arrives(waiting, reply(("Answer.xlsx", harmful)))
    tracemalloc.start()
    try:
        assert codes(waiting, limits=SMALL) == ["HUB-L02"]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8_000_000
    assert told(waiting, limits=SMALL) == []


def test_a_letter_longer_than_agreed_is_not_even_fetched(waiting: MailSystem) -> None:
    arrives(waiting, reply(("Answer.xlsx", os.urandom(1_000_000))))
    tracemalloc.start()
    try:
        assert codes(waiting, limits=SMALL) == ["HUB-L02"]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Less than the part of it that would show that it is too long.
    assert most < SMALL.message_bytes


def test_a_cell_at_the_far_end_of_the_sheet_costs_nothing(waiting: MailSystem) -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet()))
    book[ANSWER]["XFD1048576"] = "far"
    saved = io.BytesIO()
    book.save(saved)
    arrives(waiting, reply(("Answer.xlsx", saved.getvalue())))
    began = time.monotonic()
    assert told(waiting) == [Answer.ACCEPTED]
    assert time.monotonic() - began < 2


def test_letters_within_letters_are_parked(waiting: MailSystem) -> None:
    letter: EmailMessage = reply(("a.xlsx", sheet()))
    for _ in range(30):
        outer = reply()
        outer.add_attachment(letter)
        letter = outer
    arrives(waiting, letter)
    assert codes(waiting) == ["HUB-L02"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 400,
        b"From: a\nContent-Type: multipart/mixed\n\n--x",
        b"Subject: " + b"x" * 250_000,
        b"\xff\xfe",
    ],
)
def test_what_is_no_letter_is_parked_and_the_others_are_read(waiting: MailSystem, content: bytes) -> None:
    waiting.put(OURS, content or b"\n")
    arrives(waiting, reply(("a.xlsx", sheet())))
    assert told(waiting) == [Answer.ACCEPTED]
    assert codes(waiting)[1:] == [None]


@pytest.mark.parametrize("enclosed", [(), (("logo.png", b"\x89PNG\r\n\x1a\n"),), (("a.pdf", b"%PDF-1.7"),)])
def test_an_answer_typed_into_a_letter_waits_for_a_person(
    waiting: MailSystem, enclosed: tuple[tuple[str, bytes], ...]
) -> None:
    arrives(waiting, reply(*enclosed))
    assert codes(waiting) == ["HUB-L03"]
    assert told(waiting) == []


def test_a_workbook_with_half_a_sheet_is_parked_and_hides_no_other(waiting: MailSystem) -> None:
    arrives(waiting, reply(("Answer.xlsx", sheet())))
    arrives(waiting, reply(("Answer.xlsx", with_half_a_sheet())))
    assert told(waiting) == [Answer.ACCEPTED]
    assert codes(waiting) == [None, "HUB-L02"]


def test_a_name_that_lies_does_not_matter(waiting: MailSystem) -> None:
    arrives(waiting, reply(("invoice.pdf", sheet()), ("logo.xlsx", b"\x89PNG\r\n\x1a\n")))
    assert told(waiting) == [Answer.ACCEPTED]


def test_a_bounce_of_somebody_elses_letter_refuses_nothing(waiting: MailSystem) -> None:
    waiting.put(OURS, BOUNCE)
    assert told(waiting) == []


def test_nothing_is_marked_and_what_landed_is_not_read_again(waiting: MailSystem) -> None:
    arrives(waiting, reply(("a.xlsx", sheet())))
    before = waiting.flags(OURS, folder="INBOX")
    (arrival,) = pulled(waiting)
    assert waiting.flags(OURS, folder="INBOX") == before
    assert not any("Seen" in flags for flags in before)
    assert pulled(waiting, Since(None, frozenset({arrival.fingerprint}))) == []


def test_what_a_run_committed_and_did_not_live_to_file_is_filed_by_the_next(waiting: MailSystem) -> None:
    arrives(waiting, reply(("a.xlsx", sheet())))
    (arrival,) = pulled(waiting)
    with housing(waiting) as service:
        assert list(pull(service, Since(None, frozenset({arrival.fingerprint})))) == []
        taken(service, ())
    assert waiting.flags(OURS, folder="INBOX") == []


def test_after_the_commit_what_was_dealt_with_is_filed_and_still_answers(waiting: MailSystem) -> None:
    arrives(waiting, reply(("a.xlsx", sheet())))
    arrives(waiting, reply(sender="somebody@evil.example"))
    with housing(waiting) as service:
        list(pull(service, NEVER))
        taken(service, ())
        taken(service, ())
    assert len(waiting.letters(OURS)) == len(waiting.letters(OURS, folder="Processed")) == 1
    assert told(waiting) == [Answer.ACCEPTED]


def test_one_run_opens_so_many_letters_and_the_next_goes_on(waiting: MailSystem) -> None:
    for _ in range(3):
        arrives(waiting, reply(("a.xlsx", sheet())))
    two = MailLimits(letters=2)
    first = pulled(waiting, limits=two)
    rest = pulled(waiting, Since(None, {one.fingerprint for one in first}), limits=two)
    assert (len(first), len(rest)) == (2, 1)


BOUNCE = f"""Return-Path: <>
From: MAILER-DAEMON@{DOMAIN}
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; x

Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: <referral.00000000000000000000000000000000@{DOMAIN}>

--b--
""".encode()
