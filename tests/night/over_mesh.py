"""The police as they would be over MESH: the same files and tables, another wire.

Run as a program it pulls them once, and ends itself by SIGKILL at the failpoint that it was told.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors import police, yjs
from connectors.contract import Connector
from connectors.transports.mesh import MeshAccount, MeshLimits, mesh_mailbox
from connectors.transports.mesh.feeds import acknowledge, inbound
from hub import failpoint
from hub.exchange import steps
from hub.hub import open_hub
from hub.settings import HubSettings
from quality.rules import Suite

WORKFLOW = "YJS_REF"


def connectors_over(account: MeshAccount) -> Callable[[str], Connector]:
    feed = replace(
        police.connector.pulls[0],
        pull=lambda mailbox, since: inbound(mailbox, WORKFLOW, since),
        taken=acknowledge,
        report=None,
    )
    over_mesh = replace(police.connector, connect=lambda _: mesh_mailbox(account), pulls=(feed,), pushes=())
    return {"police": over_mesh, "yjs": yjs.connector}.__getitem__


def account_of(said: dict[str, Any]) -> MeshAccount:
    files = {name: Path(said[name]) for name in ("certificate", "key", "ca")}
    limits = MeshLimits(**{"pause_seconds": 0.01} | said.get("limits", {}))
    return MeshAccount(**said | files | {"partner": "police", "workflows": (WORKFLOW,), "limits": limits})


def _killed_at(place: str) -> None:
    def heard(event: str, about: tuple[Any, ...]) -> None:
        if event == failpoint.EVENT and about[0] == place:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(heard)


if __name__ == "__main__":
    order = json.load(sys.stdin)
    _killed_at(order["place"])
    settings = HubSettings(home=Path(order["home"]), database_url=order["database_url"])
    parts: dict[str, Any] = {"suite": Suite, "connector": connectors_over(account_of(order["account"]))}
    now = datetime.fromisoformat(order["now"])
    with open_hub(settings, clock=lambda: now, **parts) as hub:
        steps.pull(hub, "police")
