from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import needs
from tests.servers.mail import MailSystem, running_mail


@pytest.fixture(scope="session")
def running_mail_system() -> Iterator[MailSystem]:
    needs("Postfix and Dovecot (as root)", found=MailSystem.can_run())
    with running_mail() as system:
        yield system


@pytest.fixture
def post(running_mail_system: MailSystem) -> MailSystem:
    """Postfix and Dovecot, all mailboxes empty."""
    running_mail_system.empty()
    return running_mail_system
