"""A real token server, oidc-provider on Node, as a peer that was not written by us."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers.lines import HOST

# The last that runs on the Node of Debian 12, and on later ones.
PACKAGE = "oidc-provider@8.8.1"
SCRIPT = Path(__file__).with_suffix(".mjs")


def installed(folder: Path) -> bool:
    """Fetches it on the first time; no lock file, and no script of a package is run."""
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    if not (folder / "node_modules" / "oidc-provider").is_dir():
        options = ["--silent", "--no-save", "--no-package-lock", "--ignore-scripts"]
        fetched = subprocess.run(["npm", "install", "--prefix", folder, *options, PACKAGE], check=False)
        return fetched.returncode == 0
    return True


@contextmanager
def token_server(folder: Path, clients: Sequence[Mapping[str, Any]], *, lives: int = 600) -> Iterator[str]:
    """Its token endpoint; tokens live for so many seconds."""
    # A module finds its packages from where it stands.
    script = shutil.copy(SCRIPT, folder / SCRIPT.name)
    running = subprocess.Popen(
        ["node", script, json.dumps({"clients": clients, "lives": lives})],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert running.stdout
        port = next(line.split()[1] for line in running.stdout if line.startswith("port"))
        yield f"http://{HOST}:{port}/oauth2/token"
    finally:
        running.terminate()
        running.wait(10)
