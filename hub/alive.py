"""Is a part of the stack alive? Asked by the health checks of containers: `python -m hub.alive URL [PART]`.

Without a part, an answer is enough; with one, Airflow must call it healthy.
"""

from __future__ import annotations

import json
import sys
import urllib.request

PATIENCE_SECONDS = 5


def is_alive(url: str, part: str | None = None) -> bool:
    # Only ever an address that docker-compose.yml names, so no proxy stands between.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=PATIENCE_SECONDS) as answer:
            return part is None or json.loads(answer.read())[part]["status"] == "healthy"
    except (OSError, ValueError, KeyError, TypeError):
        return False


if __name__ == "__main__":
    sys.exit(0 if is_alive(*sys.argv[1:3]) else 1)
