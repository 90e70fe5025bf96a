"""Everything that can be set, in one place. Partners' own settings stand in their folders."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import DirectoryPath, Field, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from quality.reports.rating import DEFAULT_WORDS, Scale


class HubSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="HUB_", extra="ignore", hide_input_in_errors=True)

    home: Path = Field(default=Path("var"), description="Holds everything a run leaves behind.")
    # Empty is refused: a secret file that was never filled must not end in SQLite.
    database_url: str | None = Field(
        default=None, min_length=1, description="The hub's own database; without it, SQLite below the home."
    )
    key_file: Path | None = Field(
        default=None, description="The sealing keys (JSON); without it, a file below the home, made once."
    )
    secrets_dir: DirectoryPath | None = Field(
        default=None, description="A folder of files, one secret each, named like the variables."
    )
    timezone: str = Field(default="Europe/London", description="The zone in which a night is counted.")
    cut_off: time = Field(default=time(7, 0), description="When the morning report is written.")
    partner_hours: Annotated[dict[str, time], NoDecode] = Field(
        default={},
        description="When each partner is pulled or pushed, as 'pull_police=05:00,push_yjs=06:30'.",
    )
    default_hour: time = Field(
        default=time(4, 0), description="When partners without an hour of their own are pulled."
    )
    default_push_hour: time = Field(
        default=time(6, 0), description="When they are pushed: after the pulls, before the cut-off."
    )
    rating_words: Annotated[tuple[str, str, str, str], NoDecode] = Field(
        default=DEFAULT_WORDS,
        description="How a partner's month is rated, in four words by commas, the lowest first.",
    )
    retry_seconds: int = Field(
        default=30, description="How long a failed step waits before it is tried again."
    )

    lease_minutes: int = Field(
        default=10,
        ge=1,
        description="How long a run may stand still before another may take over its partner.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The folder of secret files is itself a setting, so it is looked up before it can be read."""
        folder = (env_settings() | init_settings()).get("secrets_dir")
        return init_settings, env_settings, SecretsSettingsSource(settings_cls, secrets_dir=folder)

    @field_validator("partner_hours", mode="before")
    @classmethod
    def _hours(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        entries = [entry.strip().partition("=") for entry in value.split(",") if entry.strip()]
        if any(not sign for _, sign, _ in entries):
            raise ValueError("write it as pull_police=05:00,push_yjs=06:30")
        hours = {run.strip(): hour for run, _, hour in entries}
        if any(not run.startswith(("pull_", "push_")) for run in hours):
            raise ValueError("say which way: pull_police=05:00, push_police=06:30")
        return hours

    @field_validator("rating_words", mode="before")
    @classmethod
    def _words(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        words = tuple(word.strip() for word in value.split(","))
        if len(words) != len(DEFAULT_WORDS) or not all(words) or len(set(words)) != len(words):
            raise ValueError("write four different words by commas, the lowest first")
        return words

    @property
    def store_url(self) -> str:
        return self.database_url or f"sqlite:///{self.home.resolve() / 'hub.db'}"

    @property
    def lease(self) -> timedelta:
        return timedelta(minutes=self.lease_minutes)

    @property
    def keys_path(self) -> Path:
        return self.key_file or self.home / "keys.json"

    @property
    def rating(self) -> Scale:
        return Scale(self.rating_words)

    def hour_of(self, partner: str, *, pushes: bool) -> time:
        usual = self.default_push_hour if pushes else self.default_hour
        return self.partner_hours.get(f"{'push' if pushes else 'pull'}_{partner}", usual)
