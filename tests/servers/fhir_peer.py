"""A FHIR R4 server on Node, Medplum's router and memory store, as a peer that was not written by us."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from tests.servers import node

VERSION = "4.5.2"
PACKAGES = tuple(f"@medplum/{name}@{VERSION}" for name in ("core", "fhir-router", "definitions"))
SCRIPT = Path(__file__).with_suffix(".mjs")


def installed(folder: Path) -> bool:
    return node.installed(folder, *PACKAGES)


@dataclass(frozen=True)
class FhirPeer:
    url: str

    @property
    def base(self) -> str:
        return f"{self.url}/fhir/R4"

    def reset(self) -> None:
        self._told("_test/reset", {})

    def faults(self, **fault: Any) -> None:
        """What becomes of the next request that fits; the script says what may be asked for."""
        self._told("_test/fault", fault)

    @property
    def asked(self) -> list[Any]:
        """Every request since the reset."""
        asked: list[Any] = self._told("_test/asked", {})
        return asked

    def keeps(self, resource: Any) -> Any:
        """Stored by somebody else, past our own client."""
        kind, theirs = resource["resourceType"], resource.get("id")
        path = f"fhir/R4/{kind}/{theirs}" if theirs else f"fhir/R4/{kind}"
        return self._told(path, resource, method="PUT" if theirs else "POST")

    def removes(self, reference: str) -> None:
        self._told(f"fhir/R4/{reference}", method="DELETE")

    def held(self, kind: str) -> list[Any]:
        """All that is stored of a kind."""
        bundle = self._told(f"fhir/R4/{kind}?_count=1000")
        return [entry["resource"] for entry in bundle.get("entry", [])]

    def _told(self, path: str, body: object = None, *, method: str | None = None) -> Any:
        raw = None if body is None else json.dumps(body).encode()
        how = {"Content-Type": "application/fhir+json"}
        request = Request(f"{self.url}/{path}", data=raw, headers=how, method=method)  # noqa: S310
        with build_opener(ProxyHandler({})).open(request, timeout=20) as reply:
            return json.load(reply)


@contextmanager
def fhir_peer(folder: Path) -> Iterator[FhirPeer]:
    with node.running(SCRIPT, folder, {}) as url:
        yield FhirPeer(url)
