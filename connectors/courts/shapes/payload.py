"""Parts of a court message, read by key: what is not there is null, what is of the wrong kind is refused.

A part remembers where it stood, so that an error can say where without saying what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.errors import UnreadableMessageError

ABSENT: Mapping[str, object] = {}
SAID_BACK = {True: "true", False: "false"}


class UnknownShapeError(UnreadableMessageError):
    def __init__(self, what: str, *, fix: str) -> None:
        super().__init__(what, fix=fix, code="CRT-R02")


@dataclass(frozen=True, slots=True)
class Part:
    fields: Mapping[str, object]
    name: str = "the message"
    within: Part | None = None

    @property
    def place(self) -> str:
        return f"{self.within.place}.{self.name}" if self.within else self.name

    def __bool__(self) -> bool:
        return bool(self.fields)

    def __contains__(self, key: str) -> bool:
        return self.fields.get(key) is not None

    def part(self, *keys: str) -> Part:
        """The first of these that is there. One part goes by several names in the courts' messages."""
        key = next((key for key in keys if key in self), keys[0])
        value = self.fields.get(key)
        if value is None:
            return Part(ABSENT, key, self)
        if not isinstance(value, dict):
            raise self._wrong(key, "an object")
        return Part(value, key, self)

    def parts(self, *keys: str) -> list[Part]:
        key = next((key for key in keys if key in self), keys[0])
        values = self.fields.get(key)
        if values is None:
            return []
        if not isinstance(values, list):
            raise self._wrong(key, "a list")
        return [self._listed(key, number, value) for number, value in enumerate(values)]

    def required_parts(self, key: str) -> list[Part]:
        """A list that holds people. Its absence may not pass for nobody."""
        if key not in self:
            raise UnknownShapeError(
                f"The list {self.place}.{key} is not there, so nobody can be read from it.",
                fix="ask the court to send the message again, whole.",
            )
        return self.parts(key)

    def text(self, *keys: str) -> str | None:
        """The first of these that says something, as sent; null where there is nothing but blanks."""
        for key in keys:
            value = self.fields.get(key)
            if value is None:
                continue
            if isinstance(value, dict | list):
                raise self._wrong(key, "a single value")
            words = SAID_BACK[value] if isinstance(value, bool) else str(value)
            if words.strip():
                return words
        return None

    def coded(self, key: str, *codes: str) -> str | None:
        """A code that stands alone or within an object: the courts have written the same one both ways."""
        if isinstance(self.fields.get(key), dict):
            return self.part(key).text(*codes)
        return self.text(key)

    def flag(self, key: str) -> str | None:
        """A JSON false and the text "false" are both no; other text goes on, in small letters, to be held."""
        said = self.text(key)
        return said.strip().lower() if said else None

    def _listed(self, key: str, number: int, value: object) -> Part:
        if not isinstance(value, dict):
            raise self._wrong(f"{key}[{number}]", "an object")
        return Part(value, f"{key}[{number}]", self)

    def _wrong(self, key: str, kind: str) -> UnknownShapeError:
        return UnknownShapeError(
            f"{self.place}.{key} is not {kind}.",
            fix="ask the court whether the message's layout has changed, and send us a specimen.",
        )
