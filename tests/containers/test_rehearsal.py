"""What the compose file says, done without an engine: its own secrets, commands and variables, as processes.

Only the places differ: a server of ours for `database`, folders of the test for those of the image.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.conftest import needs
from tests.containers.compose import DOCUMENT, ROOT, SERVICES, SETTINGS_FILE, settings_of
from tests.servers.postgres import Postgres, running_postgres

BIN = Path(sys.executable).parent
pytestmark = [pytest.mark.server, pytest.mark.timeout(120)]


@dataclass(frozen=True)
class Rehearsal:
    home: Path
    server: Postgres

    @property
    def secrets(self) -> Path:
        return self.home / "secrets"

    def here(self, said: str) -> str:
        for theirs, ours in (
            ("/run/secrets", self.secrets),
            ("/var/", self.home / "var"),
            ("/opt/hub/app", ROOT),
        ):
            said = said.replace(theirs, f"{ours}{'/' if theirs.endswith('/') else ''}")
        return said

    def run(self, name: str, *instead: str) -> subprocess.CompletedProcess[str]:
        """A service's command with its variables; `instead` is what a person would put behind its name."""
        service = SERVICES[name]
        command = [*service.said.get("entrypoint", []), *(instead or service.said["command"])]
        inherited = {name: os.environ[name] for name in ("PYTHONPATH", "LANG") if name in os.environ}
        image = {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "AIRFLOW_HOME": str(self.home / "airflow"),
            "HUB_HOME": str(self.home / "var" / "lib" / "hub"),
            "HOME": str(self.home),
        }
        settings = settings_of(SETTINGS_FILE) if "env_file" in service.said else {}
        said = {name: self.here(value) for name, value in (settings | service.environment).items()}
        return subprocess.run(
            [self.here(word) for word in command],
            env=inherited | image | said,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.home,
        )


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    needs("PostgreSQL", found=Postgres.binaries() is not None)
    home = tmp_path_factory.mktemp("containers")
    (home / "airflow").mkdir()
    (home / "airflow" / "airflow.cfg").touch()
    superuser = DOCUMENT["services"]["database"]["environment"]["POSTGRES_USER"]
    with running_postgres(superuser, from_hosts="scram-sha-256") as server:
        made = Rehearsal(home, server)
        make_secrets(made)
        subprocess.run(
            [ROOT / "containers" / "database" / "databases.sh"],
            env={
                "PATH": f"{Postgres.binaries()}{os.pathsep}{os.environ['PATH']}",
                "POSTGRES_USER": superuser,
                "PGHOST": str(server.sockets),
                "PGPORT": str(server.port),
                "SECRETS": str(made.secrets),
            },
            check=True,
        )
        yield made


def make_secrets(rehearsal: Rehearsal) -> None:
    script = ROOT / "containers" / "make-secrets.sh"
    subprocess.run([script, rehearsal.secrets], check=True, capture_output=True)
    for name in ("HUB_DATABASE_URL", "airflow_database_url"):
        address = rehearsal.secrets / name
        address.write_text(address.read_text().replace("database:5432", f"127.0.0.1:{rehearsal.server.port}"))
    (rehearsal.secrets / "HUB_EDUCATION_TOKEN").write_text("invented")
    (rehearsal.secrets / "HUB_POLICE_PASSWORD").write_text("invented")
    (rehearsal.secrets / "HUB_YJS_DATABASE_URL").write_text("sqlite:///invented.db")


def test_airflow_makes_its_tables_in_its_own_database(rehearsal: Rehearsal) -> None:
    done = rehearsal.run("migrate-airflow")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "dag_run" in tables(rehearsal, "airflow")


def test_the_hub_makes_its_tables_and_makes_no_keys(rehearsal: Rehearsal) -> None:
    done = rehearsal.run("migrate-hub")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "vault" in tables(rehearsal, "hub")
    assert list((rehearsal.home / "var" / "lib" / "hub").rglob("*.json")) == []


def test_the_shell_finds_every_partner_reachable_or_says_why(rehearsal: Rehearsal) -> None:
    known = rehearsal.run("hub", "partners", "--json")
    assert known.returncode == 0, known.stderr[-2000:]
    assert '"police"' in known.stdout
    # The courts' drop is not mounted here: a setting that is read, and a place that is not there.
    courts = rehearsal.run("hub", "check", "courts")
    assert "The drop folder" in courts.stderr
    assert str(rehearsal.home) in courts.stderr


def test_neither_owner_sees_the_others_database_or_signs_in_without_the_password(
    rehearsal: Rehearsal,
) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        tables(rehearsal, "airflow", by="hub")
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(
            host="127.0.0.1", port=rehearsal.server.port, user="hub", password=secrets.token_hex(8)
        )


def tables(rehearsal: Rehearsal, database: str, *, by: str | None = None) -> set[str]:
    user = by or database
    password = (rehearsal.secrets / f"{user}_password").read_text()
    with psycopg.connect(
        host="127.0.0.1", port=rehearsal.server.port, dbname=database, user=user, password=password
    ) as connection:
        return {name for (name,) in connection.execute("SELECT tablename FROM pg_tables").fetchall()}


def test_secrets_that_are_there_are_never_made_anew(rehearsal: Rehearsal) -> None:
    before = {file.name: file.read_bytes() for file in rehearsal.secrets.iterdir()}
    script = ROOT / "containers" / "make-secrets.sh"
    again = subprocess.run([script, rehearsal.secrets], check=True, capture_output=True, text=True)
    assert {file.name: file.read_bytes() for file in rehearsal.secrets.iterdir()} == before
    assert "made" not in again.stdout


def test_every_secret_is_made_or_asked_for_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    script = ROOT / "containers" / "make-secrets.sh"
    said = subprocess.run([script, tmp_path / "new"], check=True, capture_output=True, text=True).stdout
    made = {file.name for file in (tmp_path / "new").iterdir()}
    asked = {line.rsplit("/", 1)[1] for line in said.splitlines() if line.startswith("still missing")}
    assert made | asked == DOCUMENT["secrets"].keys()
    assert [file.name for file in (tmp_path / "new").iterdir() if file.stat().st_mode & 0o007] == []
