from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from connectors.settings import PartnerSettings


class PoliceSettings(PartnerSettings):
    model_config = SettingsConfigDict(env_prefix="HUB_POLICE_")

    host: str = Field(description="The force's SFTP server.")
    port: int = Field(default=22, description="Its port.")
    username: str = Field(description="Our account there.")
    password: SecretStr = Field(description="Its password.")
    host_key: str = Field(description="The server's key as the force gave it: 'ssh-ed25519 AAAA…'.")
    folder: str = Field(default="outbound", description="Where the force leaves referral files.")
    inbound: str = Field(default="inbound", description="Where the force takes what we write.")
    connect_seconds: float = Field(default=15, gt=0, description="How long we wait to be let in, all in all.")
    answer_seconds: float = Field(default=60, gt=0, description="How long we wait for one answer.")
    call_seconds: float = Field(
        default=300,
        gt=0,
        description="How long one call may take; a file has a second more for each 16,000 bytes.",
    )
    parties: str = Field(
        default="NMYJS_NMP",
        pattern=r"^[A-Z0-9]+_[A-Z0-9]+$",
        description="Sender and receiver in the names of our files: the YJS, then the force.",
    )
