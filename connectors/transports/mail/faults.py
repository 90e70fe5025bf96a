"""The one place where the errors of smtplib, imaplib and TLS become ours, by what happens next.

The servers' own words are left out: they repeat addresses, and now and then a line of the letter.
"""

from __future__ import annotations

import imaplib
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.errors import PartnerRefusedError, PartnerUnavailableError


@contextmanager
def errors(partner: str) -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise refused(
            partner,
            "the mail server shows a certificate that we do not trust.",
            "ask who runs it before anything else; only if it is theirs, put who issued it into ca_file.",
        ) from error
    except smtplib.SMTPResponseException as error:
        if 400 <= error.smtp_code < 500:
            raise unavailable(partner) from None
        raise refused(
            partner,
            f"the mail server answers with {error.smtp_code}.",
            "ask who runs it what we may send; the letter stays queued.",
        ) from None
    except (imaplib.IMAP4.abort, smtplib.SMTPException, OSError, EOFError) as error:
        raise unavailable(partner) from error
    except imaplib.IMAP4.error:
        raise refused(
            partner,
            "the mail server refuses a command: a folder is not there, is full, or is closed to us.",
            "look whether the folders of the settings inbox, sent and filed are there, with room in them.",
        ) from None


def refused(partner: str, what: str, fix: str) -> PartnerRefusedError:
    return PartnerRefusedError(f"{partner}: {what}", fix=fix)


def unavailable(partner: str) -> PartnerUnavailableError:
    return PartnerUnavailableError(
        f"{partner}: the mail server does not answer, is busy, or the line broke.",
        fix="nothing tonight, the next run tries again; if it lasts, ask who runs the mail server.",
    )
