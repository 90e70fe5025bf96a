"""Each bad connector of the zoo is caught, by the promise that should catch it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hub.conformance.judge import Standing, judged
from hub.conformance.promises import PROMISES
from hub.conformance.subject import Subject
from hub.conformance.theatre import Theatre
from tests.conformance.zoo.bad_pulls import BAD_PULLS
from tests.conformance.zoo.bad_pushes import BAD_PUSHES
from tests.conformance.zoo.mentors import good

BAD: dict[str, tuple[Subject, str]] = {
    **{
        name: (replace(good, connector=replace(good.connector, pulls=(feed,))), code)
        for name, (feed, code) in BAD_PULLS.items()
    },
    **{
        name: (replace(good, connector=replace(good.connector, pushes=(feed,))), code)
        for name, (feed, code) in BAD_PUSHES.items()
    },
}
BY_CODE = {promise.code: promise for promise in PROMISES}


@pytest.mark.parametrize(("bad", "code"), BAD.values(), ids=BAD)
def test_it_is_caught_by_the_promise_that_should(bad: Subject, code: str, tmp_path: Path) -> None:
    with Theatre.opened(bad, tmp_path) as theatre:
        judgement = judged(theatre, BY_CODE[code])
    assert judgement.standing is Standing.BROKEN
    assert "fault of the program" not in str(judgement)


def test_every_promise_catches_somebody() -> None:
    """A promise that nobody can break shows nothing."""
    assert {promise.code for promise in PROMISES} == {code for _, code in BAD.values()}
