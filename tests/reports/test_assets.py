"""The stylesheets beside the pages: Arial, no crest, no address, and the licence with them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quality.reports import assets
from quality.reports.assets.build import build, plain

PUBLISHED = (
    '@charset "UTF-8";@font-face{font-family:GDS Transport;src:url(/fonts/light.woff2) format("woff2")}'
    ".a{font-family:GDS Transport,arial,sans-serif;color:red}"
    ".b{mask-image:url(/assets/images/govuk-crest.svg);width:1px}.c{background-image:url(/x.svg)}\n"
    "/*# sourceMappingURL=govuk-frontend.min.css.map */\n"
)


def test_fonts_crest_and_every_address_are_taken_out_and_nothing_else() -> None:
    assert plain(PUBLISHED) == ".a{font-family:arial,sans-serif;color:red}.b{width:1px}.c{}\n"


def test_the_stylesheet_says_which_version_it_was_made_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "modules" / "govuk-frontend"
    (package / "dist" / "govuk").mkdir(parents=True)
    (package / "package.json").write_text('{"version": "6.6.0"}')
    (package / "dist" / "govuk" / "govuk-frontend.min.css").write_text(PUBLISHED)
    monkeypatch.setattr("quality.reports.assets.build.FOLDER", tmp_path)
    build(tmp_path / "modules")
    assert (tmp_path / "govuk-frontend.min.css").read_text().startswith("/* govuk-frontend 6.6.0, MIT")


@pytest.mark.parametrize("name", assets.STYLESHEETS)
def test_no_stylesheet_asks_anybody_for_anything(name: str) -> None:
    css = assets.files()[name].decode()
    assert re.findall(r"url\(|src:|@import|@font-face|GDS Transport", css) == []


def test_the_licence_lies_beside_what_it_covers() -> None:
    assert b"MIT License" in assets.files()[assets.LICENCE]
    made_from = assets.files()[assets.STYLESHEETS[0]].decode()
    assert re.match(r"/\* govuk-frontend 6\.\d+\.\d+, MIT licence", made_from)


def test_every_class_of_ours_on_a_page_has_a_rule() -> None:
    """A class without a rule is a rule with a wrong name, or a leftover."""
    templates = Path(assets.FOLDER).parent / "templates"
    used = set(re.findall(r"hub-[\w-]+", "".join(page.read_text() for page in templates.glob("*.html"))))
    ruled = set(re.findall(r"\.(hub-[\w-]+)", assets.files()["pages.css"].decode()))
    looks = {"hub-bar--good", "hub-bar--quiet", "hub-verdict--green"}
    assert used - ruled - {"hub-bar--", "hub-verdict--"} == set()
    assert ruled - used - looks - {"hub-verdict--red"} == set()
