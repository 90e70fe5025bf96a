"""A connector from the templates: green at once, and gone without a trace."""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path

import pytest

from hub.scaffold.places import in_the_house
from hub.scaffold.transports import TRANSPORTS
from tests.scaffold.checkout import ROOT, Checkout

# As long as a name may be: lines break, and imports are sorted, by names.
NAMES = {transport: f"a_partner_we_know_by_{transport}"[:24] for transport in TRANSPORTS}
# Of the smallest; a file or a view needs a few more.
MOST_DECISIONS = {"rest": 40}
MOST_OF_OTHERS = 50
WHAT_KNOWS_ALL_PARTNERS = (
    "tests/docs/test_drawn_pages.py",
    "tests/docs/test_words.py",
    "tests/house/test_the_house.py::test_no_function_is_longer_than_a_screen",
    "tests/quality/test_rule_words.py",
    "tests/schemas/test_codes_mapped.py",
)
pytestmark = pytest.mark.timeout(900)

each = pytest.mark.parametrize("transport", TRANSPORTS)


@pytest.fixture(scope="module")
def grown(checkout: Checkout) -> Checkout:
    """With a new connector of each kind."""
    for transport, name in NAMES.items():
        checkout.run("hub", "new-connector", name, "--transport", transport)
    return checkout


def parts(checkout: Checkout, name: str) -> list[Path]:
    modules = in_the_house(checkout.root, name).modules.values()
    places = [checkout.root.joinpath(*module.split(".")) for module in modules]
    return [place if place.is_dir() else place.with_suffix(".py") for place in places]


def sources(checkout: Checkout, *names: str) -> list[Path]:
    there = [part for name in names for part in parts(checkout, name)]
    return [file for part in there for file in (sorted(part.rglob("*.py")) if part.is_dir() else [part])]


def test_nothing_but_entry_points_is_touched(grown: Checkout) -> None:
    changed = [line for line in grown.changed() if not line.startswith("?? ")]
    assert changed == [" M pyproject.toml"]
    lines = grown.run("git", "diff", "--unified=0", "pyproject.toml").splitlines()
    assert [line for line in lines if line.startswith("-") and not line.startswith("---")] == []
    added = [line for line in lines if line.startswith("+") and not line.startswith("+++")]
    assert len(added) == 4 * len(NAMES)
    assert all(line[1:].split(" = ")[0] in NAMES.values() for line in added)


def test_they_keep_every_promise(grown: Checkout) -> None:
    """In one process, because the rules' engine takes seconds to load."""
    tests = [f"tests/connectors/test_{name}.py" for name in NAMES.values()]
    said = grown.run("pytest", "-q", "-rs", *tests, seconds=800)
    assert " passed" in said
    assert all(": bypassed: " in line for line in said.splitlines() if line.startswith("SKIPPED"))


def test_their_simulators_are_there_and_say_something_on_the_first_night(grown: Checkout) -> None:
    """Of a service with a mailbox nothing comes before something was sent."""
    grown.run("hub", "simulate", "--", grown.bin / "python", "-c", PULL, *NAMES.values())
    ledger = json.loads(grown.run("hub", "ledger", "--json"))
    recorded = {row["partner"]: row["buckets"] for row in ledger if row["hop"] == "recorded"}
    expected = {name: {} if kind == "mail" else {"matched": 6, "new": 6} for kind, name in NAMES.items()}
    assert recorded == expected
    shutil.rmtree(grown.root / "var")


PULL = """
import sys
from hub.exchange import steps
from hub.hub import open_hub
from hub.settings import HubSettings

with open_hub(HubSettings()) as hub:
    for name in sys.argv[1:]:
        print(hub.connector(name).title, *steps.pull(hub, name))
"""


@each
def test_its_page_has_whole_tables(grown: Checkout, transport: str) -> None:
    page = (grown.root / "connectors" / NAMES[transport] / "README.md").read_text()
    rows = [line for line in page.splitlines() if "|" in line]
    assert len(rows) >= 12
    assert {line.count("|") for line in rows} == {3}


def test_it_is_in_the_house_style(grown: Checkout) -> None:
    files = sources(grown, *NAMES.values())
    grown.run("ruff", "check", *files)
    grown.run("ruff", "format", "--check", *files)


def test_its_types_hold(grown: Checkout) -> None:
    if (ROOT / ".mypy_cache").exists():
        shutil.copytree(ROOT / ".mypy_cache", grown.root / ".mypy_cache", dirs_exist_ok=True)
    ours = [file for file in sources(grown, *NAMES.values()) if "tests" not in file.parts]
    grown.run(grown.bin / "python", "-m", "mypy", *ours, seconds=600)


def test_it_imports_what_its_room_may(grown: Checkout) -> None:
    grown.run("lint-imports", "--no-cache")


def test_one_new_partner_may_not_see_another(grown: Checkout) -> None:
    name = NAMES["rest"]
    curious = grown.root / "connectors" / name / "curious.py"
    curious.write_text("from connectors.police import client\n\nCLIENT = client\n")
    said = grown.run("lint-imports", "--no-cache", status=1)
    curious.unlink()
    assert f"connectors.{name} is not allowed to import connectors.police" in " ".join(said.split())


@each
def test_a_pull_connector_is_short(grown: Checkout, transport: str) -> None:
    """Its own decisions: statements, without imports, samples, settings and what is pushed."""
    folder = grown.root / "connectors" / NAMES[transport]
    ours = (folder / name for name in ("__init__.py", "client.py", "translation.py"))
    assert sum(map(_decisions, ours)) <= MOST_DECISIONS.get(transport, MOST_OF_OTHERS)


def _decisions(file: Path) -> int:
    tree = ast.parse(file.read_text())
    imports = (ast.Import, ast.ImportFrom, ast.Expr)
    return sum(isinstance(node, ast.stmt) and not isinstance(node, imports) for node in ast.walk(tree))


def test_the_hub_knows_them_and_their_pages_can_be_drawn(grown: Checkout) -> None:
    listed = grown.run("hub", "partners", "--json")
    grown.run(grown.bin / "python", "-m", "hub.reference_pages")
    grown.run(grown.bin / "python", "-m", "quality.rules_page")
    assert all(f'"{name}"' in listed for name in NAMES.values())
    grown.run("pytest", "-q", *WHAT_KNOWS_ALL_PARTNERS)
    grown.run("git", "checkout", "--quiet", "docs")


@pytest.mark.parametrize(
    ("name", "transport", "words"),
    [
        ("police", "rest", "There is a partner named police; those connected are: "),
        ("transports", "rest", "is there already"),
        ("Mentors", "rest", "take 2 to 24 small letters"),
        ("class", "rest", "will not do as a name"),
        ("mentors", "pigeon", f"There is no transport pigeon; there are: {', '.join(TRANSPORTS)}."),
    ],
)
def test_what_will_not_do_is_refused_in_words(
    checkout: Checkout, name: str, transport: str, words: str
) -> None:
    before = checkout.changed()
    said = checkout.run("hub", "new-connector", name, "--transport", transport, status=2)
    assert words in " ".join(said.split())
    assert checkout.changed() == before


def test_taken_out_again_nothing_is_left(grown: Checkout) -> None:
    """The last: folders, files and the lines in pyproject.toml."""
    for name in NAMES.values():
        for part in parts(grown, name):
            shutil.rmtree(part) if part.is_dir() else part.unlink()
    project = grown.root / "pyproject.toml"
    kept = [line for line in project.read_text().splitlines() if line.split(" = ")[0] not in NAMES.values()]
    project.write_text("\n".join([*kept, ""]))
    grown.install(grown.root)

    assert grown.changed() == []
    listed = grown.run("hub", "partners")
    assert [name for name in NAMES.values() if name in listed] == []
    grown.run("lint-imports", "--no-cache")
    grown.run("pytest", "-q", "tests/docs/test_drawn_pages.py", "tests/quality/test_rules_page.py")
