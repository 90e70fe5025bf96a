"""JSON, read strictly: what two readers could take in two ways is refused, with the place and the cure.

orjson refuses what is no JSON (NaN, 1e400, half a character, a second document behind the first). It takes
the last of two equal keys and rounds long numbers, both silently; so the value comes from the standard
library, which can be told of every key and keeps whole numbers whole.
"""

from __future__ import annotations

import codecs
import json
import re

import orjson

from connectors.errors import UnreadableMessageError

# Court messages, the deepest we know, nest 14 levels. The standard library gives up near 1,000.
DEEPEST = 64
ASK_AGAIN = "ask the sender for it again."

OTHER_ENCODINGS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# NUL is sound JSON, and no database holds it.
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
# In sound JSON a text before a colon is always a key.
BRACKET_OR_KEY = re.compile(r'(?P<text>"(?:[^"\\]|\\.)*+")(?P<key>\s*+:)?|[{}\[\]]')


class StrictJsonError(UnreadableMessageError):
    pass


class _RepeatedKeyError(Exception):
    pass


def loads(body: bytes) -> object:
    """A UTF-8 byte-order mark is taken off: some tools write one, and it changes nothing that follows."""
    document = body.removeprefix(codecs.BOM_UTF8)
    _refuse_what_is_no_json(document)
    if fault := _fault(document):
        raise fault
    text = document.decode()
    if _depth(text) > DEEPEST:
        raise _too_deep()
    try:
        return json.loads(text, object_pairs_hook=_object)
    except _RepeatedKeyError:
        repeat = _place_of_repeat(text)
    raise StrictJsonError(
        f"An object has the same key twice, the second at {repeat}: which one counts?",
        fix="ask the sender to write each key once.",
        code="HUB-R12",
    )


def _refuse_what_is_no_json(document: bytes) -> None:
    if document.startswith(OTHER_ENCODINGS):
        raise StrictJsonError(
            "The message is written in UTF-16.", fix="ask the sender to write UTF-8.", code="HUB-R07"
        )
    start = document.lstrip()
    if not start:
        raise StrictJsonError("The message is empty.", fix=ASK_AGAIN, code="HUB-R09")
    if start.startswith(b"<"):
        raise StrictJsonError(
            "This is a web page, not JSON (it begins with '<').",
            fix="look whether the sign-in has expired, and fetch it again.",
            code="HUB-R08",
        )


def _fault(document: bytes) -> StrictJsonError | None:
    """What is wrong with it. Returned, not raised: the libraries' own errors carry the document along, and
    an error raised beside them would too.
    """
    try:
        text = document.decode()
        orjson.loads(document)
    except UnicodeDecodeError as error:
        place = _place(document[: error.start].decode())
        return _unsound(f"The message has bytes that are not UTF-8 at {place}.")
    except orjson.JSONDecodeError as error:
        if "depth" in error.msg:
            return _too_deep()
        place = f"line {error.lineno}, column {error.colno}"
        return _unsound(f"The message is no sound JSON at {place}: {error.msg}.")
    if nul := NUL.search(text):
        return _unsound(f"The message has a NUL character at {_place(text[: nul.start()])}.")
    return None


def _unsound(what: str) -> StrictJsonError:
    return StrictJsonError(what, fix=ASK_AGAIN, code="HUB-R14")


def _too_deep() -> StrictJsonError:
    return StrictJsonError(
        f"The message nests deeper than {DEEPEST} levels.",
        fix="ask the sender what it is: no agreed message is that deep.",
        code="HUB-R13",
    )


def _depth(text: str) -> int:
    deepest = depth = 0
    for token in BRACKET_OR_KEY.finditer(text):
        mark = token[0]
        if mark in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "}]":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise _RepeatedKeyError
    return fields


def _place_of_repeat(text: str) -> str:
    """Looked for only once a repeat is known: keys are compared as they read, not as they are spelt."""
    open_keys: list[set[str]] = []
    for token in BRACKET_OR_KEY.finditer(text):
        mark = token[0]
        if mark in "{[":
            open_keys.append(set())
        elif mark in "}]":
            open_keys.pop()
        elif token["key"]:
            key = json.loads(token["text"])
            if key in open_keys[-1]:
                return _place(text[: token.start()])
            open_keys[-1].add(key)
    return "a place that was not found"


def _place(before: str) -> str:
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return f"line {line}, column {column}"
