"""The little of Airflow's REST API that a night needs, on loopback."""

from __future__ import annotations

import json
import secrets
import time
import urllib.error
import urllib.request
from typing import Any

ANSWER_SECONDS = 30
TRIES, TRY_AGAIN_SECONDS = 6, 1.0
BUSY, THERE_ALREADY = 500, 409


class AirflowRefusedError(Exception):
    """Airflow answered with an error. Status and path say enough."""

    def __init__(self, status: int, method: str, path: str) -> None:
        super().__init__(
            f"Airflow answered {status} to {method} {path}. "
            "What to do: run the night again; nothing is lost. If it lasts, read the api-server's log."
        )
        self.status = status


class Rest:
    def __init__(self, url: str) -> None:
        self._url = url
        self._token: str | None = None

    def sign_in(self) -> bool:
        """True once the API answers; the token then goes with every call."""
        try:
            self._token = self._call("GET", "/auth/token")["access_token"]
        except (OSError, ValueError, AirflowRefusedError):
            return False
        return True

    def warm(self) -> None:
        """The execution API builds itself at its first call; better now than in the first task."""
        self._call("GET", "/execution/health")

    def dag_ids(self) -> set[str]:
        return {one["dag_id"] for one in self._call("GET", "/api/v2/dags?limit=500")["dags"]}

    def import_errors(self) -> list[str]:
        found = self._call("GET", "/api/v2/importErrors")["import_errors"]
        return [one["filename"] for one in found]

    def trigger(self, dag_id: str, conf: dict[str, Any]) -> str:
        """The run's id is ours, so that asking again after a lost answer starts no second run."""
        run_id = f"hub-night-{secrets.token_hex(8)}"
        body = {"dag_run_id": run_id, "logical_date": None, "conf": conf}
        self._call("POST", f"/api/v2/dags/{dag_id}/dagRuns", body)
        return run_id

    def state(self, dag_id: str, run_id: str) -> str:
        state: str = self._call("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}")["state"]
        return state

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """On a busy machine Airflow's own database is locked at times; it passes."""
        for _ in range(TRIES - 1):
            try:
                return self._ask(method, path, body)
            except AirflowRefusedError as refused:
                if refused.status == THERE_ALREADY:
                    return None
                if refused.status < BUSY:
                    raise
            except TimeoutError:
                pass
            time.sleep(TRY_AGAIN_SECONDS)
        return self._ask(method, path, body)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        content = json.dumps(body).encode() if body is not None else None
        # Only ever the loopback address of the stack we started.
        request = urllib.request.Request(self._url + path, content, headers, method=method)  # noqa: S310
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=ANSWER_SECONDS) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise AirflowRefusedError(error.code, method, path) from None
