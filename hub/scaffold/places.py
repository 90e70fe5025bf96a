"""Where the parts of a connector stand: in this repository's rooms, or in a package of the partner's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

GROUPS: Mapping[str, str] = {
    "connectors": "connector",
    "suites": "suite",
    "simulators": "simulator",
    "rehearsals": "rehearsal",
}


@dataclass(frozen=True)
class Places:
    """The module of each part, by its template's name; `connector` is a folder, the others are files."""

    root: Path
    modules: Mapping[str, str]

    def of(self, template: Path) -> Path:
        """Where what is made of this template goes. `template` is relative, without its ending."""
        part, *below = template.parts
        part = part.removesuffix(".py")
        if part not in self.modules:
            return self.root / template
        place = self.root.joinpath(*self.modules[part].split("."))
        return place.joinpath(*below) if below else place.with_suffix(".py")

    def entry_points(self) -> Mapping[str, str]:
        """What the hub finds each part by, by group."""
        return {group: f"{self.modules[part]}:{part}" for group, part in GROUPS.items()}


def in_the_house(root: Path, name: str) -> Places:
    modules = {
        "connector": f"connectors.{name}",
        "suite": f"quality.suites.{name}",
        "simulator": f"simulators.{name}",
        "service": f"simulators.{name}_service",
        "rehearsal": f"simulators.{name}_rehearsal",
        "test": f"tests.connectors.test_{name}",
    }
    return Places(root, modules)


def outside(folder: Path, name: str) -> Places:
    parts = ("suite", "simulator", "service", "rehearsal")
    modules = {"connector": name, "test": f"tests.test_{name}", **{part: f"{name}.{part}" for part in parts}}
    return Places(folder, modules)
