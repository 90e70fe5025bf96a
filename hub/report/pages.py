"""The page of a night on disk: whole or not at all, and once more as the latest."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path

from hub.hub import Hub
from hub.report.collect import collect
from quality.reports.night import NightFacts, render

LATEST = "latest.html"


def balanced(facts: NightFacts) -> bool:
    """Green: every line balances, no record is missing, every run reached its end, every partner came."""
    return facts.is_green


def write(hub: Hub, night: date) -> Path:
    page = render(collect(hub, night)).encode()
    folder = hub.settings.home / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"night-{night.isoformat()}.html"
    for place in (path, folder / LATEST):
        _replace(place, page)
    return path


def _replace(path: Path, content: bytes) -> None:
    """Beside it, then renamed: who reads at that moment sees the old page or the new one."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
