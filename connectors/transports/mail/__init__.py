"""Secure mail: SMTP out, IMAP in, for partners who have a mailbox and nothing else."""

from connectors.transports.mail.account import MailAccount, MailLimits, MailServer, Security
from connectors.transports.mail.office import Mail, mail

__all__ = ["Mail", "MailAccount", "MailLimits", "MailServer", "Security", "mail"]
