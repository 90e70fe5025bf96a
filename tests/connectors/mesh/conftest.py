"""Two mailboxes at NHS England's own sandbox: ours, and a partner's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from connectors.transports.mesh import Beside, Mailbox, MeshAccount, MeshLimits, mesh_mailbox
from tests.servers.mesh_sandbox import PASSWORD, SHARED_KEY, MeshSandbox
from tests.servers.moody_mesh import Door, moody_door

WORKFLOW = "YJS_REF"


@dataclass
class Two:
    sandbox: MeshSandbox
    ours: str
    theirs: str
    _open: Callable[[MeshAccount], Mailbox]

    def account(self, mailbox: str | None = None, *, url: str | None = None, **changes: Any) -> MeshAccount:
        """Ours, patient for a moment only; a test says only what matters to it."""
        names = MeshLimits.__dataclass_fields__
        limits = {name: value for name, value in changes.items() if name in names}
        account: dict[str, Any] = {
            "partner": "camhs",
            "url": url or self.sandbox.url,
            "mailbox": mailbox or self.ours,
            "password": PASSWORD,
            "shared_key": SHARED_KEY,
            "certificate": self.sandbox.client.file,
            "key": self.sandbox.client.key,
            "ca": self.sandbox.authority.file,
            "workflows": (WORKFLOW,),
            "limits": MeshLimits(**{"pause_seconds": 0.01, "answer_seconds": 5} | limits),
        }
        return MeshAccount(**account | {name: v for name, v in changes.items() if name not in names})

    def us(self, **changes: Any) -> Mailbox:
        return self._open(self.account(**changes))

    def them(self, **changes: Any) -> Mailbox:
        return self._open(self.account(self.theirs, **changes))

    def to_us(self, local_id: str, **changes: Any) -> Beside:
        return Beside(**{"recipient": self.ours, "workflow": WORKFLOW, "local_id": local_id} | changes)

    def to_them(self, local_id: str, **changes: Any) -> Beside:
        return self.to_us(local_id, **{"recipient": self.theirs} | changes)


@pytest.fixture
def two(mesh_sandbox: MeshSandbox) -> Iterator[Two]:
    with ExitStack() as open_ones:
        ours, theirs = mesh_sandbox.two_mailboxes()
        yield Two(mesh_sandbox, ours, theirs, lambda account: open_ones.enter_context(mesh_mailbox(account)))


@pytest.fixture
def door(mesh_sandbox: MeshSandbox) -> Iterator[Door]:
    with moody_door(mesh_sandbox) as door:
        yield door
