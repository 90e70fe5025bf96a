from __future__ import annotations

from enum import StrEnum

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from connectors.forms.settings import MailSettings


class Channel(StrEnum):
    REST = "rest"
    MAIL = "mail"


class Placements(StrEnum):
    """What of a confidential placement is read: that there is one, or also where it is."""

    WITHHELD = "withheld"
    AGREED = "agreed"


class SocialCareSettings(MailSettings):
    model_config = SettingsConfigDict(env_prefix="HUB_SOCIAL_CARE_")

    database_url: SecretStr = Field(
        description="The database with the Standard Safeguarding Dataset, as a SQLAlchemy address."
    )
    without: str = Field(
        default="", description="Tables and views that are not there yet, with commas; nobody asks for them."
    )
    confidential_placements: Placements = Field(
        default=Placements.WITHHELD,
        description="'agreed' only where an agreement says that we may know where such a child lives.",
    )
    channel: Channel = Field(
        default=Channel.REST, description="How the referral form goes: 'rest', or 'mail' with its settings."
    )
    base_url: str = Field(default="", description="By REST: the address of their front door's service.")
    key: SecretStr = Field(default=SecretStr(""), description="By REST: our key there.")
    patience: float = Field(
        default=60, gt=0, description="By REST: seconds for one call with all its repeats."
    )

    # By mail only, so without a value where the form goes by REST.
    smtp_host: str = Field(default="", description="By mail: the server that sends for us.")
    imap_host: str = Field(default="", description="By mail: the server that holds our mailbox.")
    username: str = Field(default="", description="By mail: our account at both.")
    password: SecretStr = Field(default=SecretStr(""), description="By mail: its password.")
    our_address: str = Field(default="", description="By mail: the address we write from.")
    address: str = Field(default="", description="By mail: where their front door receives forms.")
    senders: str = Field(
        default="", description="By mail: the addresses that may answer, with commas between them."
    )

    def lacking(self) -> list[str]:
        """The settings that the chosen channel cannot do without."""
        needed = {
            Channel.REST: {"base_url": self.base_url, "key": self.key.get_secret_value()},
            Channel.MAIL: {
                "smtp_host": self.smtp_host,
                "imap_host": self.imap_host,
                "username": self.username,
                "password": self.password.get_secret_value(),
                "our_address": self.our_address,
                "address": self.address,
                "senders": self.senders,
            },
        }
        return [f"HUB_SOCIAL_CARE_{name.upper()}" for name, said in needed[self.channel].items() if not said]
