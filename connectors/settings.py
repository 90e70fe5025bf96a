"""What every partner's settings share: where they come from."""

from __future__ import annotations

from pydantic_settings import BaseSettings, SettingsConfigDict


class PartnerSettings(BaseSettings):
    """Settings are read from `HUB_<PARTNER>_…` variables or from files of the same names (secrets)."""

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True)
