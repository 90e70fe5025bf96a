"""Where each service is found, and by which of four routes a referral goes to it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from connectors.settings import PartnerSettings
from connectors.transports.mail import Security

# In place of a service's name: whichever has no line of its own.
ANY_OTHER = "*"


class RouteName(StrEnum):
    FHIR = "fhir"
    MESH = "mesh"
    FORM = "form"
    BARS = "bars"


class ServiceRow(BaseModel):
    """One service: the name by which the case system refers to it, the route, and what the route needs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    route: RouteName
    # The base address for FHIR and BaRS, the mailbox for MESH, the address for a form. Of the first two,
    # without one, that of the settings.
    at: str = ""
    # Of the organisation that runs it.
    ods: str = ""
    # In the directory of services; BaRS finds its way by it.
    service_id: str = ""
    # Which form it takes, where the route is a form.
    form: str = "camhs"
    # Who may answer a form; without, whoever it goes to.
    senders: tuple[str, ...] = ()


EVERYBODY_BY_FHIR = (ServiceRow(name=ANY_OTHER, route=RouteName.FHIR),)


class HealthSettings(PartnerSettings):
    model_config = SettingsConfigDict(env_prefix="HUB_HEALTH_")

    services: tuple[ServiceRow, ...] = Field(
        default=EVERYBODY_BY_FHIR,
        description="JSON, a list: for each service its 'name' in the case system ('*' is any other), its "
        "'route' (fhir, mesh, form or bars), and 'at', 'ods', 'service_id', 'form', 'senders' as it needs.",
    )
    id_base: str = Field(
        default="https://northmoor-yjs.example/Id",
        description="Begins the names of our identifiers, as '…/yjs-referral'. Never changed once in use.",
    )
    our_ods: str = Field(default="YJS01", description="The YJS's own ODS code.")
    our_service_id: str = Field(
        default="2000099999", description="The YJS in the directory of services (BaRS)."
    )
    patience: float = Field(
        default=300, gt=0, description="Seconds for one call over HTTP, its repeats among them."
    )

    fhir_url: str = Field(
        default="", description="A FHIR R4 server, such as 'https://api.example.org/FHIR/R4'."
    )
    bars_url: str = Field(default="", description="Where BaRS messages go, in the same form.")
    bars_version: str = Field(default="1.4.0", description="The version of BaRS that the receiver speaks.")
    bars_use_case: str = Field(
        default="a4t3", description="The use case of our messages; BaRS has none for ours yet."
    )
    pds_url: str = Field(
        default="", description="The Personal Demographics Service; empty: nobody is traced."
    )
    ca_file: Path | None = Field(
        default=None, description="Certificates to trust over HTTP instead of the world's."
    )
    token_url: str = Field(default="", description="Where tokens are had; empty: no sign-in over HTTP.")
    client_id: str = Field(default="", description="Our key there, in NHS words the API key.")
    key_id: str = Field(default="", description="The name of our public key there (kid).")
    private_key: SecretStr = Field(
        default=SecretStr(""), description="Our RSA key as PEM, without a passphrase."
    )

    mesh_url: str = Field(default="", description="MESH, such as 'https://mesh-sync.national.ncrs.nhs.uk'.")
    mesh_mailbox: str = Field(default="", description="Our mailbox.")
    mesh_password: SecretStr = Field(default=SecretStr(""), description="Its password.")
    mesh_shared_key: SecretStr = Field(default=SecretStr(""), description="The key of the environment.")
    mesh_certificate: Path = Field(default=Path(), description="Our certificate, as PEM.")
    mesh_key: Path = Field(default=Path(), description="Its key, without a passphrase.")
    mesh_ca: Path = Field(default=Path(), description="Whom we believe at the other end.")
    mesh_referrals: str = Field(default="YJS_REFERRAL", description="The workflow of our referrals.")
    mesh_statuses: str = Field(default="YJS_STATUS", description="The workflow of what became of them.")
    mesh_inbound: str = Field(default="YJS_INBOUND", description="The workflow of referrals to the YJS.")
    mesh_referrers: tuple[str, ...] = Field(
        default=(),
        description="JSON, a list: the mailboxes that may refer children to the YJS, such as liaison and "
        "diversion's. Empty: none is asked for.",
    )
    production: bool = Field(
        default=False,
        description="Children are real here: a referral with an NHS number made for tests is refused.",
    )

    smtp_host: str = Field(default="", description="The mail server that sends for us.")
    smtp_port: int = Field(default=465, description="Its port.")
    smtp_security: Security = Field(default=Security.IMPLICIT, description="How TLS begins there.")
    imap_host: str = Field(default="", description="The mail server that holds our mailbox.")
    imap_port: int = Field(default=993, description="Its port.")
    imap_security: Security = Field(default=Security.IMPLICIT, description="How TLS begins there.")
    mail_username: str = Field(default="", description="Our account at both.")
    mail_password: SecretStr = Field(default=SecretStr(""), description="Its password.")
    mail_address: str = Field(default="", description="The address we write from.")
    mail_ca_file: Path | None = Field(
        default=None, description="Certificates to trust instead of the system's."
    )
    mail_checked_by: str | None = Field(
        default=None, description="The name under which our mail server says what it found of a sender."
    )
    mail_passes: str = Field(
        default="", description="Of 'dkim, spf, dmarc' those of which a sender must have passed one."
    )
