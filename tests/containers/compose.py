"""docker-compose.yml as a reader of it sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SECRET_FILE = re.compile(r"/run/secrets/(\w+)")
SETTINGS_FILE = ROOT / "containers" / "hub.env.example"
# ${NAME:-otherwise}, innermost first.
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^${}]*))?\}")


class Service:
    def __init__(self, name: str) -> None:
        self.name = name
        self.said: dict[str, Any] = DOCUMENT["services"][name]

    @property
    def command(self) -> list[str]:
        return [*self.said.get("entrypoint", []), *self.said["command"]]

    @cached_property
    def environment(self) -> dict[str, str]:
        return {name: _without_variables(value) for name, value in self.said.get("environment", {}).items()}

    @property
    def secrets(self) -> set[str]:
        return set(self.said.get("secrets", []))

    @property
    def ends_by_itself(self) -> bool:
        return self.said["restart"] == "no"

    @property
    def secret_files_it_reads(self) -> set[str]:
        return set(SECRET_FILE.findall(" ".join([*self.command, *self.environment.values()])))


SERVICES = {name: Service(name) for name in DOCUMENT["services"]}


def settings_of(file: Path) -> dict[str, str]:
    """An env file, read as compose reads it."""
    lines = (line for line in file.read_text().splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def _without_variables(value: str) -> str:
    while VARIABLE.search(value):
        value = VARIABLE.sub(lambda found: found[2] or "", value)
    return value


def airflow_options() -> Mapping[str, Mapping[str, Any]]:
    """Airflow's own description of its settings, by the name of the variable."""
    package = find_spec("airflow")
    assert package is not None
    (folder,) = package.submodule_search_locations or ()
    described = yaml.safe_load((Path(folder) / "config_templates" / "config.yml").read_text())
    return {
        f"AIRFLOW__{section}__{option}".upper(): about
        for section, its in described.items()
        for option, about in its["options"].items()
    }
