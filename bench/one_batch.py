"""One batch of invented referrals from a file on disk to the record, timed by hop."""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.referrals import write_referrals
from connectors import police
from connectors.contract import InboundMessage
from connectors.settings import PartnerSettings
from hub.exchange.land import land
from hub.exchange.match import match
from hub.exchange.record import record
from hub.exchange.runs import run
from hub.exchange.translate import translate
from hub.hub import open_hub
from hub.settings import HubSettings
from hub.store import leases


def main(home: Path, records: int) -> None:
    file = home / "referrals.csv"
    write_referrals(file, records)
    importlib.import_module("great_expectations.expectations")  # the process's cost, not the batch's
    hops: dict[str, float] = {}
    with open_hub(HubSettings(home=home / "hub"), connector=lambda _: _from_file(file, records)) as hub:
        before = time.monotonic()
        with run(hub, "police", leases.PULL) as leased:
            with _timed(hops, "land"):
                (batch,) = land(leased, "police")
            for step in (translate, match, record):
                with _timed(hops, step.__name__):
                    step(leased, batch)
        seconds = time.monotonic() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    print(json.dumps({"records": records, "seconds": seconds, "peak_gib": peak, "hops": hops}))


def _from_file(file: Path, records: int) -> Any:
    """The police connector with its wire taken off: the file is read from disk."""

    def pull(_client: object, _since: object) -> Iterator[InboundMessage]:
        yield InboundMessage(fingerprint=file.name, body=_pieces(file), declared_rows=records)

    feed = replace(police.connector.pulls[0], pull=pull)
    return replace(
        police.connector, pulls=(feed,), settings=PartnerSettings, connect=lambda _settings: nullcontext(None)
    )


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while piece := stream.read(1 << 20):
            yield piece


@contextmanager
def _timed(hops: dict[str, float], name: str) -> Iterator[None]:
    before = time.monotonic()
    yield
    hops[name] = round(time.monotonic() - before, 2)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
