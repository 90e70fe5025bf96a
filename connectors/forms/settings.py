"""What a partner reached by mail has to be told of: two servers, one account, and who may answer."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

from connectors.settings import PartnerSettings
from connectors.transports.mail import MailAccount, MailServer, Security


class MailSettings(PartnerSettings):
    smtp_host: str = Field(description="The mail server that sends for us.")
    smtp_port: int = Field(default=465, description="Its port.")
    smtp_security: Security = Field(default=Security.IMPLICIT, description="How TLS begins there.")
    imap_host: str = Field(description="The mail server that holds our mailbox.")
    imap_port: int = Field(default=993, description="Its port.")
    imap_security: Security = Field(default=Security.IMPLICIT, description="How TLS begins there.")
    username: str = Field(description="Our account at both.")
    password: SecretStr = Field(description="Its password.")
    our_address: str = Field(description="The address we write from.")
    address: str = Field(description="Where the service receives referrals.")
    senders: str = Field(description="The addresses that may answer, with commas between them.")
    inbox: str = Field(default="INBOX", description="Where answers arrive.")
    sent: str = Field(default="Sent", description="Where copies of our letters lie: our memory of them.")
    filed: str = Field(default="Processed", description="Where letters go that were dealt with.")
    ca_file: Path | None = Field(default=None, description="Certificates to trust instead of the system's.")
    checked_by: str | None = Field(
        default=None, description="The name under which our mail server says what it found of a sender."
    )
    passes: str = Field(
        default="", description="Of 'dkim, spf, dmarc' those of which a sender must have passed one."
    )

    def account(self, partner: str, *, send_to: str) -> MailAccount:
        """`send_to` is the setting that holds the service's address, as its form says."""
        return MailAccount(
            partner=partner,
            smtp=MailServer(self.smtp_host, self.smtp_port, self.smtp_security),
            imap=MailServer(self.imap_host, self.imap_port, self.imap_security),
            username=self.username,
            password=self.password.get_secret_value(),
            our_address=self.our_address,
            their_address=str(getattr(self, send_to)),
            senders=_listed(self.senders),
            inbox=self.inbox,
            sent=self.sent,
            filed=self.filed,
            ca_file=self.ca_file,
            checked_by=self.checked_by,
            passes=_listed(self.passes),
        )


def _listed(written: str) -> frozenset[str]:
    return frozenset(one.strip().lower() for one in written.split(",") if one.strip())
