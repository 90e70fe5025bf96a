"""Servers that others wrote for Node, fetched once by npm and run as processes of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.lines import HOST


def installed(folder: Path, *packages: str) -> bool:
    """Fetches them on the first time; no lock file, and no script of a package is run."""
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    names = [package.rpartition("@")[0] for package in packages]
    if not all((folder / "node_modules" / name).is_dir() for name in names):
        options = ["--silent", "--no-save", "--no-package-lock", "--ignore-scripts"]
        fetched = subprocess.run(["npm", "install", "--prefix", folder, *options, *packages], check=False)
        return fetched.returncode == 0
    return True


@contextmanager
def running(script: Path, folder: Path, settings: object) -> Iterator[str]:
    """Its address. The script takes the settings as JSON, and says `port 1234` once it listens."""
    # A module finds its packages from where it stands.
    copied = shutil.copy(script, folder / script.name)
    process = subprocess.Popen(
        ["node", copied, json.dumps(settings)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout
        port = next(line.split()[1] for line in process.stdout if line.startswith("port"))
        yield f"http://{HOST}:{port}"
    finally:
        process.terminate()
        process.wait(10)
