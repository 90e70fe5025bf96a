"""Each promise as a test of its own. The only file here that knows pytest, and it imports it when called."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

from hub.conformance.judge import Standing, judged, promises_of
from hub.conformance.promise import Promise
from hub.conformance.subject import Subject, subject
from hub.conformance.theatre import Theatre


def conforms(who: str | Subject) -> Callable[..., None]:
    """A test for each promise that the connector makes, named by the promise."""
    import pytest  # noqa: PLC0415 - not at run time

    tried = subject(who) if isinstance(who, str) else who

    @cache
    def theatre(config: Any) -> Theatre:
        """Begun with the first promise, and over with the session."""
        opened = ExitStack()
        config.add_cleanup(opened.close)
        root = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        return opened.enter_context(Theatre.opened(tried, root))

    def test_promises(promise: Promise, request: Any) -> None:
        judgement = judged(theatre(request.config), promise)
        if judgement.standing is Standing.BYPASSED:
            pytest.skip(f"bypassed: {judgement.words[0]}")
        if not judgement.stands:
            pytest.fail(f"{tried.name}\n{judgement}", pytrace=False)

    named: Callable[..., None] = pytest.mark.parametrize("promise", promises_of(tried), ids=str)(
        test_promises
    )
    return named
