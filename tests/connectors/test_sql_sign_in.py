"""A database that refuses our sign-in is no outage: asked again, the account may lock."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from connectors.errors import CredentialsRefusedError, PartnerUnavailableError
from connectors.transports.sql import sql_database
from tests.conftest import needs
from tests.servers.postgres import Postgres, running_postgres

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def cases() -> Iterator[Postgres]:
    """With two accounts: one may sign in, one may not."""
    needs("PostgreSQL", found=Postgres.binaries() is not None)
    with running_postgres("hub", from_hosts="scram-sha-256") as server:
        inside = f"host={server.sockets} port={server.port} user=hub dbname=postgres"
        with psycopg.connect(inside, autocommit=True) as connection:
            connection.execute("CREATE ROLE reader LOGIN PASSWORD 'right'")
            connection.execute("CREATE ROLE leaver NOLOGIN PASSWORD 'right'")
        yield server


def look(port: int, account: str) -> None:
    url = f"postgresql+psycopg://{account}@127.0.0.1:{port}/postgres"
    with sql_database("yjs", url) as database, database.snapshot():
        """Signed in."""


@pytest.mark.parametrize("account", ["reader:wrong", "nobody:wrong", "leaver:right", "reader"])
def test_a_refused_sign_in_is_told_as_one(cases: Postgres, account: str) -> None:
    with pytest.raises(CredentialsRefusedError) as refused:
        look(cases.port, account)
    assert account.partition(":")[0] not in str(refused.value)
    assert refused.value.__cause__ is None


def test_the_right_account_is_let_in_and_a_server_that_is_away_is_an_outage(cases: Postgres) -> None:
    look(cases.port, "reader:right")
    with pytest.raises(PartnerUnavailableError):
        look(9, "reader:right")
