"""The files beside the pages: the design system's stylesheet, its licence, and our own few rules."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
STYLESHEETS = ("govuk-frontend.min.css", "pages.css")
LICENCE = "LICENCE.govuk-frontend.txt"


def files() -> dict[str, bytes]:
    """What must lie in `assets/` beside the pages, by name."""
    return {name: (FOLDER / name).read_bytes() for name in (*STYLESHEETS, LICENCE)}
