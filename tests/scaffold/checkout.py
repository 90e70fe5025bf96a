"""A checkout of its own, as `git` would make it, with an environment: ours, and the checkout before it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(sys.executable).parent
TOOLS = ("airflow", "hub", "lint-imports", "pytest")
EDITABLE = ("--no-deps", "--no-build-isolation", "--editable")


@dataclass(frozen=True)
class Checkout:
    root: Path

    @property
    def bin(self) -> Path:
        return self.root / ".venv" / "bin"

    def run(self, *command: str | Path, status: int | None = 0, seconds: float = 300) -> str:
        """What it said, both ways. A command without a folder is one of the environment's."""
        program, *arguments = command
        if str(program) == Path(program).name and (self.bin / program).exists():
            program = self.bin / program
        done = subprocess.run(
            [program, *arguments],
            cwd=self.root,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert status is None or done.returncode == status, done.stdout[-4000:]
        return done.stdout

    def environment(self) -> dict[str, str]:
        own = {"HUB_HOME": str(self.root / "var"), "COLUMNS": "150"}
        left = ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "AIRFLOW"))}
        return {name: value for name, value in kept.items() if name not in left} | own

    def install(self, folder: Path) -> None:
        self.run("uv", "pip", "install", "--quiet", "--python", self.bin / "python", *EDITABLE, folder)

    def changed(self) -> list[str]:
        """What differs from what was taken over."""
        return self.run("git", "status", "--porcelain", "--untracked-files=all").splitlines()


def checked_out(root: Path) -> Checkout:
    """What git would carry, this moment's changes among it; committed in a repository of its own."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            # With its times, so that what is kept of the types can be used again.
            shutil.copy2(ROOT / name, root / name)
    _commit(root)
    _environment(root / ".venv")
    made = Checkout(root)
    made.install(root)
    return made


def _commit(root: Path) -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@northmoor.example")
    for command in (("init", "-q"), ("add", "-A"), (*who, "commit", "-q", "-m", "As it was")):
        subprocess.run(["git", *command], cwd=root, check=True)


def _environment(place: Path) -> None:
    """Everything of ours can be seen from it; what is installed into it goes before."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = place / "lib" / version / "site-packages"
    (packages / "ours.pth").write_text(sysconfig.get_path("purelib") + "\n")
    for tool in TOOLS:
        # Its first line names our interpreter.
        first, _, rest = (SCRIPTS / tool).read_text().partition("\n")
        (place / "bin" / tool).write_text(f"#!{place / 'bin' / 'python'}\n{rest}" if first else "")
        (place / "bin" / tool).chmod(0o755)
    for tool in ("uv", "ruff"):
        (place / "bin" / tool).symlink_to(SCRIPTS / tool)
