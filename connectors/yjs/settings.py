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
    progress: str = Field(default="hub_progress", description="Its view of what became of referrals.")
    referrals: str = Field(default="hub_referrals", description="Its view of referrals to services.")
    assessments: str = Field(default="hub_assessments", description="Its view of assessments.")
    orders: str = Field(default="hub_orders", description="Its view of orders and programmes.")
    deleted_children: str = Field(
        default="hub_deleted_children", description="Its list of children who were struck out."
    )
