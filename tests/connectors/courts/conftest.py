from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import connectors
from connectors.courts.hearings import rows
from connectors.courts.shapes.record import Row
from connectors.strict_json import loads

PUBLISHED = Path(__file__).parent / "published"
SAMPLES = Path(connectors.__file__).parent / "courts" / "samples"

Opened = Callable[[str], list[Row]]


@pytest.fixture
def published() -> Opened:
    """The rows of a message as HMCTS publishes it."""
    return lambda name: rows(loads((PUBLISHED / f"{name}.json").read_bytes()))


@pytest.fixture
def sample() -> Opened:
    """The rows of one of our own specimens."""
    return lambda name: rows(loads((SAMPLES / f"{name}.json").read_bytes()))
