"""The YJS saying how far it is with a referral, by a small pull feed of a test's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace

import polars as pl

from connectors.contract import Connector, InboundMessage, PullFeed, Scope, Since
from connectors.readings import always, day, instant, text, yes
from connectors.strict_csv import frames
from connectors.translation import Translation
from schemas.child_details import ChildDetails
from schemas.status_update import StatusUpdate
from simulators.police_files import as_csv
from tests.night.agreements import covering
from tests.world import World

STATUS = {
    "id": "S-0000001",
    "to": "police",
    "referral": "NMP-R-0000001",
    "at": "2026-11-22T16:00:00Z",
    "state": "accepted",
    "state_on": "2026-11-20",
    "assessed_on": "2026-11-18",
    "recommendation": "outcome_22",
    "recommended_on": "2026-11-20",
    "engagement": "engaged",
    "completed": "",
    "words": "Her mother is in hospital",
    "surname": "Quillborne",
}

FEED = PullFeed(
    name="statuses",
    words="How far the YJS is",
    purpose="youth_justice_services",
    pull=lambda client, since: client.pull(since),
    open=frames,
    record=Translation(
        StatusUpdate,
        reference=text("id"),
        referral_from=text("to"),
        referral_reference=text("referral"),
        version_at=instant("at"),
        is_deleted=always(value=False, because="a test"),
        state=text("state"),
        state_on=day("state_on"),
        assessed_on=day("assessed_on"),
        recommendation=text("recommendation"),
        recommended_on=day("recommended_on"),
        engagement=text("engagement"),
        completed=yes("completed", when=("Y",), no=("N",)),
        words=text("words"),
    ),
    child=Translation(ChildDetails, person_reference=text("id"), family_name=text("surname")),
    scope=Scope("Everybody.", lambda: pl.lit(value=True), takes=()),
)


def status(number: int = 1, **changes: str) -> dict[str, str]:
    return STATUS | {"id": f"S-{number:07d}", "referral": f"NMP-R-{number:07d}"} | changes


@dataclass
class Statuses:
    """What the YJS has to say; each saying is a message of its own."""

    world: World
    said: list[bytes] = field(default_factory=list)

    def say(self, *rows: Mapping[str, str]) -> None:
        self.said.append(as_csv(rows, STATUS))
        real = self.world.hub
        self.world.hub = replace(
            real,
            connector=lambda name: self._with_feed(real.connector(name)),
            agreement=lambda name: covering(real.agreement(name), FEED),
        )
        self.world.pull("yjs")
        self.world.hub = real

    def pull(self, since: Since) -> Iterator[InboundMessage]:
        for number, body in enumerate(self.said):
            if f"{number}" not in since.landed:
                yield InboundMessage(f"{number}", (body,))

    def _with_feed(self, connector: Connector) -> Connector:
        if connector.name != "yjs":
            return connector
        return replace(connector, pulls=(FEED,), connect=lambda _: nullcontext(self))
