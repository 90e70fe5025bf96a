"""Can each line be reached, are our credentials good; nothing is moved."""

from __future__ import annotations

from connectors.health import fhir_route, form_route, mesh_route
from connectors.health.lines import Lines, host_of
from connectors.health.settings import RouteName


def check(lines: Lines) -> str:
    said = []
    for url in fhir_route.servers(lines):
        next(iter(lines.fhir(url).search("Task", {"_count": "1", "_total": "none"})), None)
        said.append(f"{host_of(url)} answers as FHIR")
    if lines.rows(RouteName.MESH) or lines.settings.mesh_referrers:
        mailbox = mesh_route.mailbox(lines)
        mailbox.handshake()
        said.append(f"MESH lets us in; {mailbox.strangers()} messages of a workflow that is not agreed")
    if lines.rows(RouteName.FORM):
        said.append(form_route.inbox(lines).mail.check())
    return "; ".join(said)
