"""What a letter says of ours: an answer sheet, a bounce, or nothing that a program may act on."""

from __future__ import annotations

import io
from collections.abc import Iterator, Set
from dataclasses import dataclass

from connectors.contract import Answer, Receipt
from connectors.errors import UnreadableMessageError
from connectors.forms.answer_sheet import frames
from connectors.forms.form import Form
from connectors.transports.mail.account import MailAccount
from connectors.transports.mail.enclosures import Kind, kind_of
from connectors.transports.mail.incoming import IncomingLetter, Sort, read
from connectors.transports.mail.office import Mail
from connectors.transports.mail.outgoing import message_id

SHEETS = (Kind.XLSX, Kind.CSV)
LOOK = "open the mailbox and read it; if it is an answer, put it into the hub by hand or ask for the sheet."


@dataclass(frozen=True)
class Reply:
    """One of the three, or none: a machine's answer is noted and means nothing."""

    letter: IncomingLetter
    sheet: bytes | None = None
    problem: UnreadableMessageError | None = None


def reply_in(content: bytes, account: MailAccount) -> Reply:
    """Nothing is opened that comes from somebody else than those who may answer."""
    letter = read(content, account.limits, checked_by=account.checked_by)
    if letter.sort is Sort.BOUNCE:
        known = letter.bounce is not None and letter.bounce.message_id is not None
        return Reply(letter, problem=None if known else _cannot_tell_which())
    if not account.may_answer(letter.sender):
        return Reply(letter, problem=_stranger())
    if account.passes and not account.passes & letter.passed:
        return Reply(letter, problem=_unproven(account))
    if letter.sort is Sort.AUTOMATIC:
        return Reply(letter)
    return _with_sheet(letter, account)


def _with_sheet(letter: IncomingLetter, account: MailAccount) -> Reply:
    kinds = [(kind_of(content, account.limits), content) for content in letter.enclosed(account.limits)]
    sheets = [content for kind, content in kinds if kind in SHEETS]
    if len(sheets) == 1:
        return Reply(letter, sheet=sheets[0])
    return Reply(letter, problem=_no_one_sheet(len(sheets)))


def receipts(reply: Reply, asked: Set[str], form: Form, mail: Mail) -> Iterator[Receipt]:
    """Of those asked for. A row about any other key is for the pull feed, whose rows are matched."""
    if reply.letter.bounce is not None and reply.letter.bounce.is_final:
        yield from _returned(reply.letter, asked, mail)
    if reply.sheet is not None:
        yield from _of_sheet(reply.sheet, asked, form, mail)


def _returned(letter: IncomingLetter, asked: Set[str], mail: Mail) -> Iterator[Receipt]:
    domain = mail.account.domain
    for key in sorted(asked):
        if letter.bounce and letter.bounce.message_id == message_id(key, domain):
            yield Receipt(key, Answer.REFUSED, mail.clock(), letter.bounce.reason)


def _of_sheet(sheet: bytes, asked: Set[str], form: Form, mail: Mail) -> Iterator[Receipt]:
    means = {one.code: one for one in form.decisions}
    reasons = {one.code: one.label for one in form.reasons}
    for frame in frames(io.BytesIO(sheet), form):
        for row in frame.iter_rows(named=True):
            if row["our_reference"] not in asked:
                continue
            if row["problem"]:
                why = f"their answer cannot be read: {row['problem']}; ask the service for the sheet again"
                yield Receipt(row["our_reference"], Answer.UNKNOWN, mail.clock(), why)
                continue
            answer = means[row["decision"]].answer
            yield Receipt(
                key=row["our_reference"],
                answer=answer,
                at=mail.clock(),
                reason=reasons.get(row["reason"]) if answer is Answer.REFUSED else None,
                their_reference=row["their_reference"],
            )


def _stranger() -> UnreadableMessageError:
    return UnreadableMessageError(
        "A letter comes from an address that may not answer; nothing enclosed was opened.",
        fix="look at it with care. If the service has a new address, ring them before it is put "
        "into the setting of those who may answer.",
        code="HUB-L01",
    )


def _unproven(account: MailAccount) -> UnreadableMessageError:
    wanted = " or ".join(sorted(account.passes))
    return UnreadableMessageError(
        f"Our mail server does not say that the sender passed {wanted}; nothing enclosed was opened.",
        fix="ring the service and ask whether they sent it; if so, their mail team must set up the check.",
        code="HUB-L01",
    )


def _no_one_sheet(count: int) -> UnreadableMessageError:
    what = "more than one answer sheet" if count else "no answer sheet; what is typed in it is not read"
    return UnreadableMessageError(f"A letter of the service brings {what}.", fix=LOOK, code="HUB-L03")


def _cannot_tell_which() -> UnreadableMessageError:
    return UnreadableMessageError(
        "A mail server wrote to us, and does not say about which letter.", fix=LOOK, code="HUB-L03"
    )
