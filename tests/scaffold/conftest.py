from __future__ import annotations

import pytest

from tests.scaffold.checkout import Checkout, checked_out


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return checked_out(tmp_path_factory.mktemp("checkout"))
