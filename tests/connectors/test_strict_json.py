from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.strict_json import DEEPEST, StrictJsonError, loads

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text('ab"\\é{}[]:'),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text('ab"\\é{}[]:', max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        (b"", "HUB-R09", "is empty"),
        (b" \n\t", "HUB-R09", "is empty"),
        (b"\xef\xbb\xbf", "HUB-R09", "is empty"),  # a byte-order mark alone is nothing
        (b"<!DOCTYPE html><title>Sign in</title>", "HUB-R08", "web page, not JSON"),
        (b"\xef\xbb\xbf\n<html>", "HUB-R08", "sign-in has expired"),
        ('{"a": 1}'.encode("utf-16"), "HUB-R07", "UTF-16"),
        (b'{\n "name": "Zeph\xffyrine"}', "HUB-R14", "not UTF-8 at line 2, column 15"),
        (b'{"a": NaN}', "HUB-R14", "line 1, column 7"),
        (b'{"a": -Infinity}', "HUB-R14", "line 1, column 8"),
        (b'{"a": 1e400}', "HUB-R14", "infinity"),
        (b'{"a": "\\ud83d"}', "HUB-R14", "surrogate"),  # half a character
        (b'{"a": "\\u0000"}', "HUB-R14", "NUL"),  # no database holds it
        (b'{"a": 1}\n{"a": 2}', "HUB-R14", "line 2, column 1"),  # a second document behind the first
        (b'{"a": 1,}', "HUB-R14", "line 1"),
        (b'{"a": "line\nbreak"}', "HUB-R14", "control character"),
        (b'{"defendants": [{"name": "', "HUB-R14", "end of data"),  # cut off on the way
        (b"[" * 65 + b"]" * 65, "HUB-R13", "deeper than 64"),
        (b'{"a":' * 3_000 + b"1" + b"}" * 3_000, "HUB-R13", "deeper than 64"),  # past where readers give up
        (b'{"a": 1, "a": 2}', "HUB-R12", "line 1, column 10"),
        (b'{"a": 1,\n "\\u0061": 1}', "HUB-R12", "line 2, column 2"),  # the same key, spelt otherwise
        (b'[{"b": {"a": 1}}, {"b": {"a": {}, "a": []}}]', "HUB-R12", "line 1, column 35"),
    ],
)
def test_what_two_readers_could_take_in_two_ways_is_refused(body: bytes, code: str, words: str) -> None:
    with pytest.raises(StrictJsonError, match=words) as refused:
        loads(body)
    assert refused.value.code == code
    assert "What to do:" in str(refused.value)


def test_a_refusal_carries_nothing_of_the_message() -> None:
    with pytest.raises(StrictJsonError) as refused:
        loads(b'{"lastName": "Quillfeather" "firstName": "Zephyrine"}')
    seen: list[BaseException | None] = [refused.value, refused.value.__cause__, refused.value.__context__]
    assert "Quillfeather" not in "".join(repr(vars(error)) + str(error) for error in seen if error)
    assert seen[1:] == [None, None]  # the library's own error would bring the whole document along


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),  # written with a byte-order mark
        (b"123456789012345678901234567890", 123456789012345678901234567890),  # not rounded
        (b'{"a": {"b": 1}, "b": [{"a": 1}, {"a": 1}]}', {"a": {"b": 1}, "b": [{"a": 1}, {"a": 1}]}),
        (b'"\\\\u0000"', "\\u0000"),  # a backslash and five letters, not NUL
        (b'{"a": "[{\\"[{"}', {"a": '[{"[{'}),  # brackets in a text are no depth
        (b"[" * DEEPEST + b"]" * DEEPEST, json.loads("[" * DEEPEST + "]" * DEEPEST)),
    ],
)
def test_sound_json_is_read_as_it_stands(body: bytes, value: object) -> None:
    assert loads(body) == value


@given(JSON)
def test_whatever_json_can_say_is_read_back(value: Any) -> None:
    assert loads(json.dumps(value).encode()) == value
    assert loads(json.dumps(value, ensure_ascii=False, indent=1).encode()) == value


@given(st.dictionaries(st.text('ab"\\é{}[]:', max_size=4), JSON, min_size=1, max_size=3), JSON)
def test_a_key_written_twice_is_found_at_any_depth(fields: dict[str, Any], around: Any) -> None:
    once = json.dumps(fields)
    twice = f"{once[:-1]}, {json.dumps(next(iter(fields)))}: 1}}"
    with pytest.raises(StrictJsonError, match="the same key twice, the second at line 1"):
        loads(f"[{json.dumps(around)}, {twice}]".encode())
