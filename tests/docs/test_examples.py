"""What a page tells a person to copy does what the page says."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

from connectors.police import translation
from hub.landing.keyring import Keyring
from schemas.codes import CodeMap, Standing
from tests.docs.pages import DOCS, ROOT, fenced

KEYS = DOCS / "how-to" / "back-up-and-rotate-the-keys.md"
CODE = DOCS / "how-to" / "add-a-code.md"
FIELD = DOCS / "how-to" / "add-a-field.md"


def test_a_rotation_as_shown_seals_anew_opens_the_old_and_finds_the_same_child(tmp_path: Path) -> None:
    path, script = tmp_path / "keys.json", tmp_path / "rotate.py"
    before = Keyring.load(path)
    sealed, hashed = before.seal(b"a name", place=b"here"), before.hasher("identity").one("a key")
    (rotate,) = fenced(KEYS, "python")
    script.write_text(rotate)
    subprocess.run([sys.executable, script, path], check=True)

    after = Keyring.load(path)
    assert after.current != before.current
    assert after.open(sealed, key_id=before.current, place=b"here") == b"a name"
    assert after.hasher("identity").one("a key") == hashed
    assert path.stat().st_mode & 0o077 == 0


def test_the_key_file_looks_as_shown(tmp_path: Path) -> None:
    Keyring.load(tmp_path / "keys.json")
    (shown,) = fenced(KEYS, "json")
    assert json.loads(shown).keys() == json.loads((tmp_path / "keys.json").read_text()).keys()


def test_a_line_of_a_code_map_as_shown_is_read(tmp_path: Path) -> None:
    (shown,) = (block for block in fenced(CODE) if "theirs,ours" in block)
    map_of_today = translation.REASONS.path
    header, line = shown.splitlines()
    assert map_of_today.read_text().splitlines()[0] == header
    (tmp_path / "reason.csv").write_text(map_of_today.read_text() + line + "\n")

    read = CodeMap.read(tmp_path / "reason.csv", onto=translation.REASONS.onto)
    assert read.codes[-1].standing is Standing.INTERIM
    assert "VOL" not in read.on(date(2026, 11, 30))
    assert read.on(date(2026, 12, 1))["VOL"] == "released_under_investigation"


def test_the_migration_as_shown_writes_the_next_version(tmp_path: Path) -> None:
    shown = fenced(FIELD, "python")[-1]
    # Into a folder of its own, or the test would leave a migration behind.
    shown = shown.replace("command.revision(made,", f"command.revision(made, version_path={str(tmp_path)!r},")
    subprocess.run([sys.executable, "-c", _with_folder(tmp_path) + shown], check=True, cwd=ROOT)
    (written,) = tmp_path.glob("0005_*.py")
    assert 'down_revision = "0004"' in written.read_text().replace("'", '"')


def _with_folder(folder: Path) -> str:
    """Alembic writes only into folders that it knows."""
    return (
        "from hub.store import migrate\n"
        "own = migrate.config\n"
        "def config():\n"
        "    made = own()\n"
        f"    places = str(migrate.FOLDER / 'versions') + ' ' + {str(folder)!r}\n"
        "    made.set_main_option('version_locations', places)\n"
        "    made.set_main_option('path_separator', 'space')\n"
        "    return made\n"
        "migrate.config = config\n"
    )
