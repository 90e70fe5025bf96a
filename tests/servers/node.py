"""Servers that others wrote for Node, fetched once by npm and run as processes of their own."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.lines import HOST


def installed(folder: Path, *packages: str) -> bool:
    """Fetches them on the first time, one process at a time; no lock file, no script of a package is run."""
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    ready = folder / "ready"
    with (folder / "fetching").open("w") as fetching:
        fcntl.flock(fetching, fcntl.LOCK_EX)
        if not ready.exists():
            options = ["--silent", "--no-save", "--no-package-lock", "--ignore-scripts"]
            fetched = subprocess.run(["npm", "install", "--prefix", folder, *options, *packages], check=False)
            if fetched.returncode:
                return False
            ready.touch()
    return True


@contextmanager
def running(script: Path, folder: Path, settings: object) -> Iterator[str]:
    """Its address. The script takes the settings as JSON, and says `port 1234` once it listens."""
    # A module finds its packages from where it stands.
    copied = shutil.copy(script, folder / script.name)
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            ["node", copied, json.dumps(settings)], stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            assert process.stdout
            port = next((line.split()[1] for line in process.stdout if line.startswith("port")), None)
            if port is None:
                log.seek(0)
                raise AssertionError(f"{script.name} did not start: {log.read()}")
            yield f"http://{HOST}:{port}"
        finally:
            process.terminate()
            process.wait(10)
