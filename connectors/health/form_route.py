"""A form by secure mail: it goes when it is whole, and comes back to its worker when it is not.

One mailbox of ours serves all services: answers are read once, and only from those who may answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from connectors.contract import InboundMessage, OutboundMessage, Receipt, Since
from connectors.forms import service as forms
from connectors.forms.form import Form
from connectors.forms.service import Service
from connectors.health.forms import FORMS, SHEET, TAKEN_BACK
from connectors.health.lines import PARTNER, Lines
from connectors.health.message import WITHDRAWN
from connectors.health.settings import RouteName, ServiceRow
from connectors.transports.mail import MailAccount, MailServer, mail


def push(lines: Lines, row: ServiceRow, messages: Sequence[OutboundMessage]) -> Iterator[Receipt]:
    for message in messages:
        form = TAKEN_BACK if message.body.get("Change") == WITHDRAWN else FORMS[row.form]
        yield from forms.push(_service(lines, row, form), [message])


def answers(lines: Lines, keys: Sequence[str]) -> Iterator[Receipt]:
    return forms.answers(inbox(lines), keys)


def pull(lines: Lines, since: Since) -> Iterator[InboundMessage]:
    return forms.pull(inbox(lines), since)


def taken(lines: Lines) -> None:
    inbox(lines).file_away()


def inbox(lines: Lines) -> Service:
    """Our mailbox, in which each service may answer."""
    row = lines.rows(RouteName.FORM)[0]
    return _service(lines, row, SHEET, name="letters")


def _service(lines: Lines, row: ServiceRow, form: Form, *, name: str | None = None) -> Service:
    def opened() -> AbstractContextManager[Service]:
        return _opened(_account(lines, row), form)

    service: Service = lines.keep(name or f"{row.at} {form.title}", opened)
    return service


@contextmanager
def _opened(account: MailAccount, form: Form) -> Iterator[Service]:
    with mail(account) as there:
        yield Service(form, there)


def _account(lines: Lines, row: ServiceRow) -> MailAccount:
    ours = lines.settings
    answering = (address for one in lines.rows(RouteName.FORM) for address in (one.senders or (one.at,)))
    return MailAccount(
        partner=PARTNER,
        smtp=MailServer(ours.smtp_host, ours.smtp_port, ours.smtp_security),
        imap=MailServer(ours.imap_host, ours.imap_port, ours.imap_security),
        username=ours.mail_username,
        password=ours.mail_password.get_secret_value(),
        our_address=ours.mail_address,
        their_address=row.at,
        senders=frozenset(address.lower() for address in answering),
        ca_file=ours.mail_ca_file,
        checked_by=ours.mail_checked_by,
        passes=frozenset(one.strip().lower() for one in ours.mail_passes.split(",") if one.strip()),
    )
