"""A new connector from templates: all its parts at once, green from the first minute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from connectors.errors import MisconfiguredError
from hub import registry
from hub.scaffold.places import Places
from hub.scaffold.transports import TRANSPORTS, Transport
from quality.suites import rule_codes

TEMPLATES = Path(__file__).parent / "templates"
ENDING = ".j2"
TITLE = re.compile(r"[^\W_][\w '’-]{0,39}")
NAME = re.compile(r"[a-z][a-z0-9_]{1,23}", re.ASCII)


@dataclass(frozen=True)
class NewConnector:
    name: str
    title: str
    transport: Transport

    @classmethod
    def of(cls, name: str, *, title: str | None, transport: str) -> NewConnector:
        """MisconfiguredError where the name or the transport will not do."""
        _check_name(name)
        known = title or name.replace("_", " ").title()
        if not TITLE.fullmatch(known):
            raise MisconfiguredError(
                "The title will not do.",
                fix="take up to 40 letters, digits, blanks, hyphens and apostrophes.",
            )
        return cls(name, known, _transport(transport))

    def words(self, places: Places) -> dict[str, Any]:
        """What the templates name."""
        return {
            **self.transport.words,
            "name": self.name,
            "Name": self.name.title().replace("_", ""),
            "NAME": self.name.upper(),
            "CODE": _free_prefix(self.name),
            "title": self.title,
            "mail_title": _as_mail_takes_it(self.title) or self.name,
            **places.modules,
        }


def write(new: NewConnector, places: Places, *sets: str) -> list[Path]:
    """Every file of the connector, from the common templates, its transport's and the `sets`. Nothing is
    written where one of them is there already.
    """
    templates = {
        places.of(relative): name
        for one in (*new.transport.sets, *sets)
        for name, relative in _templates(one)
    }
    if there := sorted(str(place) for place in templates if place.exists()):
        raise MisconfiguredError(f"{there[0]} is there already.", fix="choose another name, or move it away.")
    # Python, YAML and Markdown, not pages: nothing is escaped.
    environment = Environment(  # noqa: S701  # nosec B701
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
    )
    words = new.words(places)
    for place, name in templates.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(environment.get_template(name).render(words), encoding="utf-8")
    return sorted(templates)


def _templates(kind: str) -> Iterator[tuple[str, Path]]:
    for file in sorted((TEMPLATES / kind).rglob(f"*{ENDING}")):
        yield str(file.relative_to(TEMPLATES)), file.relative_to(TEMPLATES / kind).with_suffix("")


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name) or iskeyword(name):
        raise MisconfiguredError(
            f"{name} will not do as a name: it becomes a module, a variable and a DAG.",
            fix="take 2 to 24 small letters, digits and underscores, a letter first.",
        )
    if name in registry.partner_names():
        raise MisconfiguredError(
            f"There is a partner named {name}; those connected are: {', '.join(registry.partner_names())}.",
            fix="choose another name.",
        )


def _transport(name: str) -> Transport:
    if name in TRANSPORTS:
        return TRANSPORTS[name]
    known = ", ".join(TRANSPORTS)
    raise MisconfiguredError(f"There is no transport {name}; there are: {known}.", fix="name one of them.")


def _as_mail_takes_it(title: str) -> str:
    """A subject and a file's name go through servers that know few signs."""
    return re.sub(r"[^A-Za-z0-9 '-]", "", title.replace("’", "'")).strip()


def _free_prefix(name: str) -> str:
    """What the partner's rule codes begin with: three letters, or more where those are taken."""
    letters = re.sub(r"[^A-Z]", "", name.upper())
    taken = {code.partition("-")[0] for code in rule_codes()}
    longer = (letters[:length] for length in range(3, len(letters) + 1))
    return next((prefix for prefix in longer if prefix not in taken), letters.ljust(3, "X") + "X")
