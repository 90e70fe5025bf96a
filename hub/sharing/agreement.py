"""A sharing agreement as its file says it. Every mistake in the file is named: file, key, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from connectors.errors import MisconfiguredError, NotAgreedError
from schemas import codes
from schemas.child_details import ChildDetails
from schemas.kinds import KINDS

# What the hub itself puts beside a record: listed in an agreement like any other field.
ENVELOPE = frozenset(
    {
        "message_key",
        "record_key",
        "kind",
        "change",
        "from_partner",
        "from_feed",
        "reference",
        "version_no",
        "child_id",
    }
)
# What to do, by what is wrong; for all else the words that say what is wrong say it too.
FIXES = {
    "missing": "write it down.",
    "extra_forbidden": "look at its spelling, or take it out.",
    "date_from_datetime_parsing": "write a day such as 2029-03-31.",
    "date_type": "write a day such as 2029-03-31.",
}
PUT_RIGHT = (
    "put the file right, as docs/how-to/add-or-renew-an-agreement.md says; until then nothing is shared."
)


class Direction(StrEnum):
    """As the hub sees it."""

    IN = "in"
    OUT = "out"


class Consent(StrEnum):
    """To a voluntary service. It is never the basis in law for sharing."""

    NOT_NEEDED = "not_needed"
    REQUIRED = "required"


def _of_list(name: str) -> AfterValidator:
    def known(code: str) -> str:
        if code not in {one.code for one in codes.load(name).codes}:
            raise ValueError(f"{code} is not in the code list {name}; use one that is")
        return code

    return AfterValidator(known)


@cache
def _ours() -> frozenset[str]:
    return frozenset(ENVELOPE.union(ChildDetails.columns(), *(kind.columns() for kind in KINDS.values())))


def _known_field(name: str) -> str:
    if name not in _ours():
        raise ValueError(f"{name} is no field of ours; docs/reference/fields.md lists them")
    return name


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ValueError(f"{', '.join(doubled)} stands twice; take one out")
    return names


Words = Annotated[str, Field(min_length=1)]
Fields = Annotated[tuple[Annotated[str, AfterValidator(_known_field)], ...], AfterValidator(_each_once)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Person(_Part):
    role: Words
    organisation: Words

    def __str__(self) -> str:
        return f"{self.role}, {self.organisation}"


class Retention(_Part):
    first_copies_days: Annotated[int, Field(ge=1)]
    records: Words


class Terms(_Part):
    """What is agreed for one feed. `lawful_basis` may be empty in a draft; then nothing is shared."""

    direction: Direction
    purpose: Annotated[str, _of_list("sharing_purpose")]
    lawful_basis: tuple[Annotated[str, _of_list("lawful_basis")], ...]
    consent: Consent
    fields: Fields

    @property
    def agreed(self) -> frozenset[str]:
        return frozenset(self.fields)


class Agreement(_Part):
    """Both days count: on the last it still holds, until midnight."""

    reference: Words
    version: Annotated[int, Field(ge=1)]
    parties: Annotated[tuple[Words, ...], Field(min_length=2)]
    purpose: Words
    starts_on: date
    ends_on: date
    retention: Retention
    contact: Person
    signatories: Annotated[tuple[Person, ...], Field(min_length=2)]
    feeds: Mapping[str, Terms]

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Agreement:
        if self.ends_on < self.starts_on:
            raise ValueError("ends_on is before starts_on; correct one of them")
        return self

    def __str__(self) -> str:
        return f"{self.reference} version {self.version}"


def read(path: Path) -> Agreement:
    if not path.is_file():
        raise NotAgreedError(
            f"There is no sharing agreement: {_named(path)} is not there.",
            fix="agree with the partner what may be shared and write it down; "
            "docs/how-to/add-or-renew-an-agreement.md shows how.",
        )
    try:
        return _said(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise _mistakes(path, map(_mistake, error.errors())) from None
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise _mistakes(path, [f"{line}{error.problem}"]) from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise _mistakes(path, ["it is not YAML in UTF-8"]) from None


@lru_cache(maxsize=64)
def _said(text: str) -> Agreement:
    """By its words: a file is read each time it is asked for, and understood once."""
    return Agreement.model_validate(yaml.load(text, _EachKeyOnce))  # noqa: S506  # nosec B506


class _EachKeyOnce(yaml.SafeLoader):
    """The safe loader takes the last of two equal keys without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        keys = [key for key, _ in node.value]
        before = ({one.value for one in keys[:place]} for place in range(len(keys)))
        doubled = next((key for key, had in zip(keys, before, strict=True) if key.value in had), None)
        if doubled is not None:
            raise yaml.constructor.ConstructorError(
                problem=f"the key {doubled.value} stands twice", problem_mark=doubled.start_mark
            )
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made


def _mistake(one: Mapping[str, Any]) -> str:
    key = ".".join(str(step) for step in one["loc"]) or "the whole"
    words = str(one["msg"]).removeprefix("Value error, ")
    fix = FIXES.get(one["type"])
    return f"{key}: {words[:1].lower()}{words[1:]}" + (f" ({fix.rstrip('.')})" if fix else "")


def _mistakes(path: Path, mistakes: Iterable[str]) -> MisconfiguredError:
    return MisconfiguredError(f"{_named(path)}: {'; '.join(mistakes)}.", fix=PUT_RIGHT)


def _named(path: Path) -> str:
    """With the partner's folder, and never where this machine keeps it."""
    return "/".join(path.parts[-2:])
