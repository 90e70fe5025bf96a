"""What docker-compose.yml must never come to say, and what it says that must exist.

Its form is checked by the Compose specification's schema and by compose-lint, in `make check`.
"""

from __future__ import annotations

import re
from importlib.metadata import entry_points
from itertools import chain
from pathlib import Path

import pytest
from pydantic import SecretStr

from hub import registry
from hub.settings import HubSettings
from hub.stack import PROCESSES
from tests.containers.compose import (
    DOCUMENT,
    ROOT,
    SERVICES,
    SETTINGS_FILE,
    Service,
    airflow_options,
    settings_of,
)

OURS = [service for service in SERVICES.values() if service.name != "database"]
SETTINGS = {
    f"{kind.model_config.get('env_prefix', '')}{name}".upper(): field
    for kind in (HubSettings, *(one.settings for one in registry.connectors().values()))
    for name, field in kind.model_fields.items()
}
EXAMPLE = settings_of(SETTINGS_FILE)
every = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
each_of_ours = pytest.mark.parametrize("service", OURS, ids=lambda one: one.name)


@every
def test_nobody_runs_as_root_or_can_become_it(service: Service) -> None:
    assert service.said["user"].split(":")[0] not in ("0", "root", "")
    assert service.said["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service.said["security_opt"]
    assert not {"privileged", "cap_add", "pid", "ipc", "devices"} & service.said.keys()


@every
def test_the_image_cannot_be_written_and_logs_do_not_fill_the_disk(service: Service) -> None:
    assert service.said["read_only"] is True
    assert set(service.said["logging"]["options"]) == {"max-size", "max-file"}


@every
def test_every_service_has_a_health_check_or_ends_by_itself(service: Service) -> None:
    check = service.said["healthcheck"]
    assert bool(check.get("disable")) == service.ends_by_itself
    assert service.ends_by_itself or check["test"][0] == "CMD"


@every
def test_every_service_is_started_again_or_ends_by_itself(service: Service) -> None:
    assert service.said["restart"] in ("unless-stopped", "no")


def test_one_port_is_published_and_only_to_this_machine() -> None:
    published = {name: one.said["ports"] for name, one in SERVICES.items() if "ports" in one.said}
    assert list(published) == ["api-server"]
    assert [port.split(":")[0] for port in published["api-server"]] == ["127.0.0.1"]


def test_the_database_reaches_nobody_and_only_steps_reach_partners() -> None:
    on = {name: set(one.said.get("networks", [])) for name, one in SERVICES.items()}
    assert DOCUMENT["networks"]["inside"] == {"internal": True}
    assert on["database"] == {"inside"}
    assert {name for name, networks in on.items() if "partners" in networks} == {"scheduler", "hub"}


@every
def test_a_secret_is_declared_and_read_only_where_it_is_handed_in(service: Service) -> None:
    assert service.secrets <= DOCUMENT["secrets"].keys()
    assert service.secret_files_it_reads <= service.secrets


def test_every_declared_secret_is_a_file_and_is_used() -> None:
    assert set(chain.from_iterable(one.secrets for one in SERVICES.values())) == DOCUMENT["secrets"].keys()
    for name, secret in DOCUMENT["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}


def test_only_who_runs_the_hubs_steps_holds_its_keys() -> None:
    holders = {name for name, one in SERVICES.items() if "hub_keys" in one.secrets}
    assert holders == {"migrate-hub", "scheduler", "hub"}
    for name in holders:
        # Named, so that a missing file stops the start and no other is made below the home.
        assert SERVICES[name].environment["HUB_KEY_FILE"] == "/run/secrets/hub_keys"
        assert SERVICES[name].environment["HUB_SECRETS_DIR"] == "/run/secrets"


@each_of_ours
def test_every_variable_of_the_hub_is_a_setting_and_none_is_secret(service: Service) -> None:
    named = {name for name in service.environment if name.startswith("HUB_")}
    assert named <= SETTINGS.keys()
    assert {name for name in named if name == "HUB_DATABASE_URL" or is_secret(name)} == set()


def is_secret(name: str) -> bool:
    return SecretStr in (SETTINGS[name].annotation, *getattr(SETTINGS[name].annotation, "__args__", ()))


def test_what_every_partner_must_have_is_asked_for() -> None:
    """In the example of hub.env, in the file itself, or, where it is secret, among the secrets."""
    scheduler = SERVICES["scheduler"]
    must = {name for name, field in SETTINGS.items() if field.is_required()}
    assert EXAMPLE.keys() <= SETTINGS.keys()
    assert {name for name in EXAMPLE if is_secret(name)} == set()
    assert {name for name in must if is_secret(name)} <= scheduler.secrets
    assert must <= EXAMPLE.keys() | scheduler.environment.keys() | scheduler.secrets


def test_hours_are_the_same_where_dags_are_read_and_where_they_run() -> None:
    assert SERVICES["dag-processor"].said["env_file"] == SERVICES["scheduler"].said["env_file"] == ["hub.env"]


@each_of_ours
def test_every_variable_of_airflow_is_an_option_and_what_is_secret_is_read_from_a_file(
    service: Service,
) -> None:
    known = airflow_options()
    for name, value in service.environment.items():
        if not name.startswith("AIRFLOW__"):
            continue
        option = known.get(name.removesuffix("_CMD"))
        assert option is not None, name
        assert bool(option.get("sensitive")) == name.endswith("_CMD"), name
        if name.endswith("_CMD"):
            assert re.fullmatch(r"cat /run/secrets/\w+", value), name


def test_airflow_says_the_same_in_all_its_processes() -> None:
    """Two jwt secrets, or two logs, and every task fails."""
    said = [
        {name: value for name, value in one.environment.items() if name.startswith("AIRFLOW__")}
        for one in OURS
        if "airflow" in " ".join(one.command)
    ]
    assert len(said) == 4
    assert all(one == said[0] for one in said)


def test_every_process_of_the_stack_has_its_service() -> None:
    started = {word for one in OURS for word in " ".join(one.command).split() if word in PROCESSES}
    assert started == set(PROCESSES)


@each_of_ours
def test_every_command_is_one_that_the_image_has(service: Service) -> None:
    scripts = {point.name for point in entry_points(group="console_scripts")}
    # What `sh -c` or `hub simulate --` goes on to start counts too.
    words = service.command[-1].split(" exec ")[-1].split() if service.command[0] == "sh" else service.command
    assert words[0] in scripts
    assert words[0] in ("airflow", "hub")


@every
def test_what_is_waited_for_can_come(service: Service) -> None:
    for name, how in service.said.get("depends_on", {}).items():
        ends = SERVICES[name].ends_by_itself
        assert how["condition"] == ("service_completed_successfully" if ends else "service_healthy")


def test_nothing_named_is_left_undeclared() -> None:
    volumes = {volume.split(":")[0] for one in SERVICES.values() for volume in one.said.get("volumes", ())}
    networks = {name for one in SERVICES.values() for name in one.said.get("networks", ())}
    assert {name for name in volumes if re.fullmatch(r"[\w-]+", name)} == DOCUMENT["volumes"].keys()
    assert networks == DOCUMENT["networks"].keys()


def test_the_invented_partners_share_nothing_with_the_true_record() -> None:
    simulated = SERVICES["simulated"]
    assert simulated.said["profiles"] == ["simulated"]
    assert simulated.said["network_mode"] == "none"
    assert not {"secrets", "networks", "env_file", "environment"} & simulated.said.keys()
    others = {volume for one in OURS if one is not simulated for volume in one.said.get("volumes", ())}
    assert not others & set(simulated.said["volumes"])


@pytest.mark.parametrize("script", ["make-secrets.sh", "database/databases.sh"])
def test_scripts_can_be_started(script: str) -> None:
    """PostgreSQL's image reads one that cannot be started into its own shell, where `set -u` breaks it."""
    file: Path = ROOT / "containers" / script
    assert file.stat().st_mode & 0o111 == 0o111
