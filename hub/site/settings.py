"""What the site needs to know. Without an issuer there is no sign-in, and so no site."""

from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class SiteSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="HUB_SITE_", extra="ignore", hide_input_in_errors=True)

    issuer: str = Field(description="The council's OpenID Connect issuer, as https://login.example.")
    client_id: str = Field(description="What the issuer knows the site by.")
    client_secret: SecretStr = Field(description="What the site proves itself to the issuer with.")
    session_key: SecretStr = Field(min_length=32, description="Signs the cookie; any long random text.")
    url: str = Field(
        default="http://127.0.0.1:8090", description="Where people reach the site, as the issuer knows it."
    )
    role_claim: str = Field(default="hub_role", description="The claim that holds somebody's role.")
    partner_claim: str = Field(default="hub_partner", description="The claim that holds their partner.")
    session_minutes: int = Field(default=60, ge=5, description="After so long somebody signs in again.")
