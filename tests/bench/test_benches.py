"""The benchmarks run, small: what nobody runs is broken unseen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def said_by(*words: str, **settings: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    last: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return last


def test_a_batch_of_referrals_is_measured() -> None:
    said = said_by("bench", BENCH_RECORDS="2000")
    assert said["records"] == 2000
    assert said["ratio_to_limit"] > 0


def test_the_dataset_is_measured() -> None:
    assert said_by("bench.dataset", BENCH_DATASET_ROWS="1000")["dataset_rows"] == 1000
