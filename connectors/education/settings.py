from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from connectors.settings import PartnerSettings

# What a route cannot do without.
OF_ROUTE = {
    "api": ("schools",),
    "drop": ("drop_host", "drop_username", "drop_password", "drop_host_key"),
}


class EducationSettings(PartnerSettings):
    model_config = SettingsConfigDict(env_prefix="HUB_EDUCATION_")

    route: Literal["api", "drop"] = Field(
        default="api", description="How schools' records are fetched: `api` over HTTP, `drop` as files."
    )
    base_url: str = Field(
        description="Their service, by its address for our region, such as 'https://api.example.org/v1.0'. "
        "Referrals go there by either route."
    )
    token: SecretStr = Field(description="Our token there.")
    schools: str = Field(default="", description="The schools' ids there, with commas between.")
    patience: float = Field(default=300, gt=0, description="Seconds for one call, its repeats among them.")
    drop_host: str = Field(default="", description="For files: their SFTP server.")
    drop_port: int = Field(default=22, description="Its port.")
    drop_username: str = Field(default="", description="Our account there.")
    drop_password: SecretStr = Field(default=SecretStr(""), description="Its password.")
    drop_host_key: str = Field(default="", description="The server's key: 'ssh-ed25519 AAAA…'.")
    drop_folder: str = Field(default="outbound", description="Where they leave files for us.")

    @model_validator(mode="after")
    def _has_what_its_route_needs(self) -> Self:
        missing = [name for name in OF_ROUTE[self.route] if not _text(getattr(self, name))]
        if missing:
            raise ValueError(f"the route {self.route} needs {', '.join(missing)}")
        return self

    @property
    def school_ids(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.schools.split(",") if name.strip())


def _text(value: str | SecretStr) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value
