from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine

from simulators.social_care_dataset import create_dataset, show
from simulators.social_care_front import FrontDoor, serving
from tests.conftest import needs
from tests.connectors.social_care.department import ROWS, Dataset
from tests.servers.mail import MailSystem, running_mail


@pytest.fixture
def dataset(database_url: str) -> Iterator[Dataset]:
    """On SQLite and on PostgreSQL: one person, and a row of her in each table."""
    engine = create_engine(database_url)
    create_dataset(engine)
    with engine.begin() as connection:
        show(connection, ROWS)
    yield Dataset(database_url, engine)
    engine.dispose()


@pytest.fixture
def door() -> FrontDoor:
    return FrontDoor()


@pytest.fixture
def front(door: FrontDoor) -> Iterator[dict[str, str]]:
    with serving(door) as settings:
        yield settings


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
