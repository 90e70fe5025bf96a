"""The pages of a night on disk: each whole or not at all, and the night's once more as the latest.

`reports/<night>/index.html` is the night, `reports/<night>/<partner>.html` a partner's; both take their
stylesheets from `reports/assets/`. `reports/latest.html` says the same as the last night's index.
"""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path

from hub.hub import Hub
from hub.report.collect import collect
from quality.reports import assets
from quality.reports.night import NightFacts
from quality.reports.pages import file_name, render_night, render_partner

LATEST = "latest.html"


def balanced(facts: NightFacts) -> bool:
    """Green: every line balances, no record is missing, every run reached its end, every partner came."""
    return facts.is_green


def write(hub: Hub, night: date) -> Path:
    """Where the night's own page lies. It comes after the pages that it points to."""
    facts = collect(hub, night)
    reports = hub.settings.home / "reports"
    folder = reports / night.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    write_assets(reports)
    for partner in facts.partners:
        page = render_partner(partner, facts.night, facts.made_at)
        write_whole(folder / file_name(partner), page.encode())
    index = folder / "index.html"
    write_whole(index, render_night(facts).encode())
    if night == _newest(reports):
        write_whole(
            reports / LATEST, render_night(facts, assets="assets/", partners=f"{folder.name}/").encode()
        )
    return index


def write_assets(reports: Path) -> None:
    (reports / "assets").mkdir(parents=True, exist_ok=True)
    for name, content in assets.files().items():
        write_whole(reports / "assets" / name, content)


def _newest(reports: Path) -> date:
    """The last night that has a page."""
    return max(date.fromisoformat(page.parent.name) for page in reports.glob("????-??-??/index.html"))


def write_whole(path: Path, content: bytes) -> None:
    """Beside it, then renamed: who reads at that moment sees the old page or the new one."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
