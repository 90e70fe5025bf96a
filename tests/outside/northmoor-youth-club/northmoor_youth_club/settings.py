from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from connectors.settings import PartnerSettings


class NorthmoorYouthClubSettings(PartnerSettings):
    model_config = SettingsConfigDict(env_prefix="HUB_NORTHMOOR_YOUTH_CLUB_")

    base_url: str = Field(description="Where their service is, such as 'https://api.example.org/v1'.")
    key: SecretStr = Field(description="Our key there; it goes in the header X-Api-Key.")
    patience: float = Field(default=300, description="Seconds for one call, its repeats among them.")
