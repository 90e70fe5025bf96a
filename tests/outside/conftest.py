from __future__ import annotations

import pytest

from tests.scaffold.checkout import Checkout, checked_out

# Tests of the package's own, run where it is installed.
collect_ignore = ["northmoor-youth-club"]


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A hub into whose environment the youth club's package was installed."""
    checkout = checked_out(tmp_path_factory.mktemp("checkout"))
    checkout.install(checkout.root / "tests" / "outside" / "northmoor-youth-club")
    return checkout
