"""MESH, NHS England's message exchange: read, committed, then acknowledged."""

from connectors.transports.mesh.account import LIMITS, MeshAccount, MeshLimits
from connectors.transports.mesh.mailbox import Beside, Mailbox, Tracked, WaitingMessage, mesh_mailbox

__all__ = [
    "LIMITS",
    "Beside",
    "Mailbox",
    "MeshAccount",
    "MeshLimits",
    "Tracked",
    "WaitingMessage",
    "mesh_mailbox",
]
