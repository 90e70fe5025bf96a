from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from connectors.settings import PartnerSettings


class YjsSettings(PartnerSettings):
    model_config = SettingsConfigDict(env_prefix="HUB_YJS_")

    database_url: SecretStr = Field(
        description="The case system's database, as a SQLAlchemy address (SQLite or PostgreSQL)."
    )
    worklist: str = Field(default="hub_worklist", description="Its staging table for what the hub brings.")
