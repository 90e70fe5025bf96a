"""A service that we reach by form and mail: a form goes out, answer sheets come back.

What a push feed and a pull feed need: `push` and `answers` for the one, `pull` and
`answer_sheet.opener(form)` for the other.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from connectors.contract import Answer, InboundMessage, OutboundMessage, Receipt, Since
from connectors.errors import UnreadableMessageError
from connectors.forms.answer_sheet import frames
from connectors.forms.form import Form, complete, too_long
from connectors.forms.pdf import as_pdf
from connectors.forms.replies import Reply, receipts, reply_in
from connectors.forms.settings import MailSettings
from connectors.forms.workbook import as_workbook
from connectors.transports.mail.mailbox import Letter
from connectors.transports.mail.office import Mail, mail
from connectors.transports.mail.outgoing import Enclosed, OutgoingLetter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORDS = """This is a referral to {service} from the Youth Justice Service. It is in the PDF and, with the same
words, in the workbook.

Please answer in the sheet "Answer" of the workbook: choose a decision, give the day, save it,
and reply to this letter with the workbook enclosed. What is typed in a letter is not read.
"""


@dataclass
class Service:
    form: Form
    mail: Mail
    # Letters of this run that nobody has to look at once what they bring is committed.
    dealt_with: list[int] = field(default_factory=list)

    def file_away(self) -> None:
        """After the commit, never before."""
        self.mail.mailbox.file_away(self.dealt_with)
        self.dealt_with.clear()


@contextmanager
def service_by_mail(partner: str, form: Form, settings: MailSettings) -> Iterator[Service]:
    with mail(settings.account(partner, send_to=form.send_to)) as opened:
        yield Service(form, opened)


def check(service: Service) -> str:
    return service.mail.check()


def push(service: Service, messages: Iterable[OutboundMessage]) -> Iterator[Receipt]:
    """A form that lacks something is not sent, and goes back to its worker by name of what it lacks."""
    for message in messages:
        if wrong := _unfit(service.form, message):
            yield Receipt(message.key, Answer.REFUSED, service.mail.clock(), wrong)
        else:
            yield service.mail.post_box.send(letter(service.form, message))


def _unfit(form: Form, message: OutboundMessage) -> str | None:
    if missing := complete(form, message.body):
        return f"not sent: the form lacks {', '.join(missing)}"
    if long := too_long(form, message.body):
        return f"not sent: the form has no room for all of {', '.join(long)}"
    return None


def letter(form: Form, message: OutboundMessage) -> OutgoingLetter:
    pdf = as_pdf(form, message.body, reference=message.key)
    workbook = as_workbook(form, message.body, reference=message.key)
    return OutgoingLetter(
        key=message.key,
        service=form.service,
        words=WORDS.format(service=form.service),
        enclosed=(Enclosed("pdf", "application/pdf", pdf), Enclosed("xlsx", XLSX, workbook)),
    )


def answers(service: Service, keys: Iterable[str]) -> Iterator[Receipt]:
    """What answer sheets and bounces say of these keys, the newest of each. Silence is no answer."""
    asked, told = frozenset(keys), set[str]()
    limits = service.mail.account.limits
    since = (service.mail.clock() - timedelta(days=limits.days)).date()
    for one in service.mail.mailbox.letters_since(since)[: limits.letters]:
        for receipt in _said(service, one, asked):
            if receipt.key not in told:
                told.add(receipt.key)
                yield receipt


def _said(service: Service, one: Letter, asked: frozenset[str]) -> list[Receipt]:
    try:
        return list(receipts(_opened(service, one), asked, service.form, service.mail))
    except UnreadableMessageError:
        # The pull parks it, with its reason; the other letters are read.
        return []


def pull(service: Service, since: Since) -> Iterator[InboundMessage]:
    """Each answer sheet in the inbox, oldest first. What cannot be trusted or read comes as its problem, and
    stays in the inbox for a person; so does what is no answer.
    """
    opened = 0
    for one in service.mail.mailbox.letters():
        if one.fingerprint in since.landed:
            # Committed by a run that died before it could file it.
            service.dealt_with.append(one.uid)
            continue
        if opened == service.mail.account.limits.letters:
            return
        opened += 1
        yield from _messages(service, one)


def taken(service: Service, _messages: Iterable[InboundMessage]) -> None:
    """For the hub to call after its commit (`PullFeed.taken`): the letters leave the inbox."""
    service.file_away()


def _messages(service: Service, one: Letter) -> Iterator[InboundMessage]:
    try:
        reply = _opened(service, one)
        if reply.sheet is not None:
            # What cannot be opened stays where a person finds it.
            list(frames(io.BytesIO(reply.sheet), service.form))
    except UnreadableMessageError as problem:
        yield InboundMessage(one.fingerprint, problem=problem)
        return
    if reply.problem is not None:
        yield InboundMessage(one.fingerprint, problem=reply.problem)
    elif reply.sheet is not None:
        service.dealt_with.append(one.uid)
        yield InboundMessage(one.fingerprint, body=(reply.sheet,))
    else:
        service.dealt_with.append(one.uid)


def _opened(service: Service, one: Letter) -> Reply:
    return reply_in(service.mail.mailbox.read(one), service.mail.account)
