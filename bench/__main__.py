"""`make bench`: police referrals, land to record, on SQLite. BENCH_RECORDS says how many (1,000,000).

The limit is the issue's: 90 s and 2 GiB for a million. The time per record must not grow with their number,
so a run of a hundredth goes first and the two are compared.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT_SECONDS, LIMIT_GIB, LIMIT_RECORDS = 90, 2.0, 1_000_000


def main() -> None:
    records = int(os.environ.get("BENCH_RECORDS", LIMIT_RECORDS))
    small = _measured(max(records // 100, 1000))
    large = _measured(records)
    print(f"{'':>12} {'records':>10} {'seconds':>9} {'peak GiB':>9} {'µs/record':>10}")
    for name, one in (("small", small), ("large", large)):
        each = one["seconds"] / one["records"] * 1e6
        print(
            f"{name:>12} {one['records']:>10,} {one['seconds']:>9.1f} {one['peak_gib']:>9.2f} {each:>10.1f}"
        )
    for hop, seconds in large["hops"].items():
        print(f"{hop:>12} {'':>10} {seconds:>9.1f}")
    growth = (large["seconds"] / large["records"]) / (small["seconds"] / small["records"])
    limit = LIMIT_SECONDS * records / LIMIT_RECORDS
    print(
        json.dumps(
            {
                "records": records,
                "seconds": round(large["seconds"], 2),
                "peak_gib": round(large["peak_gib"], 3),
                "ratio_to_limit": round(large["seconds"] / limit, 3),
                "memory_to_limit": round(large["peak_gib"] / LIMIT_GIB, 3),
                "growth_per_record": round(growth, 3),
            }
        )
    )


def _measured(records: int) -> dict:  # type: ignore[type-arg]
    """In a process of its own, so that its peak memory is its own."""
    home = Path(tempfile.mkdtemp(prefix="hub-bench-"))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bench.one_batch", str(home), str(records)],
            check=True,
            capture_output=True,
        )
        return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]
    finally:
        shutil.rmtree(home, ignore_errors=True)


main()
