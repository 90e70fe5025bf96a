"""Health services behind one FHIR server: they store what is referred to them, and say what becomes of it."""

from pathlib import Path

from simulators.moods import Door
from simulators.partner import Running, Simulator, start_child


def begin(home: Path, night: int, _mood: str) -> Running:
    """In a mood only by their line: what they write is always well."""
    return start_child("simulators.health_service", home / "health", night)


simulator = Simulator("health", begin, door=Door("HUB_HEALTH_FHIR_URL", speaks_http=True))
