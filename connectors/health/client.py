"""Can each line be reached, are our credentials good; nothing is moved."""

from __future__ import annotations

from connectors.health import fhir_route
from connectors.health.lines import Lines, host_of


def check(lines: Lines) -> str:
    said = []
    for url in fhir_route.servers(lines):
        next(iter(lines.fhir(url).search("Task", {"_count": "1", "_total": "none"})), None)
        said.append(f"{host_of(url)} answers as FHIR")
    return "; ".join(said)
