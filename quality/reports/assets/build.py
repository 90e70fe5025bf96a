"""Make the stylesheet from the one govuk-frontend publishes: `make assets`.

A council's service is not on GOV.UK: its font and its crest are not ours to use, and every address in the
file would be a request to somewhere.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from quality.reports.assets import FOLDER, STYLESHEETS

PUBLISHED = Path("govuk-frontend")
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
# Each declaration that fetches a picture; in this file these are the crest's alone.
PICTURE = re.compile(r"[\w-]+:url\([^)]*\);?")
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/\s*")
CHARSET = re.compile(r'@charset "UTF-8";')


def plain(css: str) -> str:
    """Without font files, crest or any address; in Arial."""
    for unwanted in (CHARSET, FONT_FACE, PICTURE, SOURCE_MAP):
        css = unwanted.sub("", css)
    return css.replace("GDS Transport,", "")


def build(modules: Path) -> None:
    """`modules` is npm's folder with govuk-frontend in it."""
    package = modules / PUBLISHED
    version = json.loads((package / "package.json").read_text())["version"]
    published = (package / "dist/govuk" / STYLESHEETS[0]).read_text()
    head = f"/* govuk-frontend {version}, MIT licence; fonts and crest removed by `make assets`. */\n"
    (FOLDER / STYLESHEETS[0]).write_text(head + plain(published))


if __name__ == "__main__":
    build(Path(sys.argv[1]))
