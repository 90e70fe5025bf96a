"""A partner's settings become an account, and what the how-to shows reaches a service."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic_settings import SettingsConfigDict

from connectors.forms.service import check, service_by_mail
from connectors.forms.settings import MailSettings
from connectors.transports.mail import Security
from tests.connectors.forms.housing import FORM
from tests.docs.pages import DOCS, fenced
from tests.servers.lines import HOST
from tests.servers.mail import OURS, THEIRS, MailSystem


class HousingSettings(MailSettings):
    model_config = SettingsConfigDict(env_prefix="HUB_HOUSING_")


@pytest.mark.server
def test_the_settings_of_a_partner_reach_its_mail_servers(
    post: MailSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {
        "SMTP_HOST": HOST,
        "SMTP_PORT": str(post.smtp_port),
        "SMTP_SECURITY": "starttls",
        "IMAP_HOST": HOST,
        "IMAP_PORT": str(post.imaps_port),
        "USERNAME": OURS,
        "PASSWORD": post.password,
        "OUR_ADDRESS": OURS,
        "ADDRESS": THEIRS,
        "SENDERS": f"{THEIRS}, Manager@northmoor.example",
        "CA_FILE": str(post.ca),
    }
    for name, value in said.items():
        monkeypatch.setenv(f"HUB_HOUSING_{name}", value)
    with service_by_mail("housing", FORM, HousingSettings()) as service:
        assert check(service) == f"signed in to send and to read as {OURS}"
        assert service.mail.account.smtp.security is Security.STARTTLS
        assert service.mail.account.may_answer("manager@Northmoor.example")


def test_the_form_and_the_connector_as_the_page_shows_them_are_sound(tmp_path: Path) -> None:
    shown = fenced(DOCS / "how-to" / "refer-by-secure-mail.md", "python")
    there: dict[str, object] = {}
    for block in shown:
        exec(compile(block, "the page", "exec"), there)  # noqa: S102 - our own page
    assert there["HousingSettings"].model_config["env_prefix"] == "HUB_HOUSING_"  # type: ignore[attr-defined]
    assert there["referrals"].message.takes == {"family_name", "born_on", "safeguarding"}  # type: ignore[attr-defined]
