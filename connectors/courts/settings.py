from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from connectors.settings import PartnerSettings


class CourtsSettings(PartnerSettings):
    model_config = SettingsConfigDict(env_prefix="HUB_COURTS_")

    folder: Path = Field(
        description="The drop folder that the courts' gateway fills, one JSON file a message."
    )
