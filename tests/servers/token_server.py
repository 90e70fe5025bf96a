"""A real token server, oidc-provider on Node, as a peer that was not written by us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers import node

# The last that runs on the Node of Debian 12, and on later ones.
PACKAGE = "oidc-provider@8.8.1"
SCRIPT = Path(__file__).with_suffix(".mjs")


def installed(folder: Path) -> bool:
    return node.installed(folder, PACKAGE)


@contextmanager
def token_server(folder: Path, clients: Sequence[Mapping[str, Any]], *, lives: int = 600) -> Iterator[str]:
    """Its token endpoint; tokens live for so many seconds."""
    with node.running(SCRIPT, folder, {"clients": clients, "lives": lives}) as url:
        yield f"{url}/oauth2/token"
