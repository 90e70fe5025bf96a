"""A partner of the kit's own, who says what the partner under test is to be told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import dataframely as dy
import polars as pl

from connectors.contract import Connector, InboundMessage, PullFeed, Scope, Since
from connectors.readings import Reading, day, instant, listed, text, whole, yes
from connectors.settings import PartnerSettings
from connectors.translation import Translation
from hub.sharing.agreement import Agreement, Consent, Direction, Person, Retention, Terms
from schemas import codes
from schemas.child_details import ChildDetails
from schemas.clocks import BusinessState
from schemas.fields import coded_fields
from schemas.kinds import KINDS, SAFETY_FLAGS

FEED = "sayings"
PURPOSE = "youth_justice_services"
FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)
# Identifiers have check characters; the kit's children have none.
UNSAID = ("code_maps", "nhs_number", "upn", "uln", "pnc", "cro", "sex_as_sent")


def _reading(name: str, column: dy.Column) -> Reading:
    kinds = {
        "Date": lambda: day(name),
        "Datetime": lambda: instant(name),
        "Int64": lambda: whole(name, least=0, most=9),
        "Bool": lambda: yes(name, when=("true",), no=("false",)),
        "List": lambda: listed(name),
    }
    return kinds.get(type(column).__name__, lambda: text(name))()


def _table(kind: type[dy.Schema]) -> Translation:
    said = {name: column for name, column in kind.columns().items() if name not in UNSAID}
    readings = {name: _reading(name, column) for name, column in said.items()}
    return Translation(kind, ignores=None, **readings)


@dataclass
class Sender:
    """Says records of one kind; `to` is the partner whose referrals an answer is about."""

    name: str
    kind: str
    to: str
    sayings: list[Mapping[str, str | None]] = field(default_factory=list)

    def say(self, numbers: Iterable[int], *, version: int) -> None:
        self.sayings += [self.record(number, version) for number in numbers]

    def record(self, number: int, version: int) -> dict[str, str | None]:
        schema = KINDS[self.kind]
        own = {name: _value(name, column, number) for name, column in ChildDetails.columns().items()}
        own |= {name: _value(name, column, number, version) for name, column in schema.columns().items()}
        return own | coded_codes(self.kind) | self._fixed(number, version)

    def _fixed(self, number: int, version: int) -> dict[str, str | None]:
        at = (FIRST + timedelta(hours=version)).isoformat()
        fixed = {
            "reference": f"KIT-{number:05d}",
            "version_at": at,
            "is_deleted": "false",
            "referral_from": self.to,
            "referral_reference": f"KIT-R-{number:05d}",
            "state": BusinessState.STARTED.value,
            "person_reference": f"KIT-P-{number:05d}",
            "born_on": f"{date(2011, 3, 14)}",
            "postcode": "NX1 2AB",
            **dict.fromkeys(SAFETY_FLAGS, "false"),
            **dict.fromkeys(UNSAID),
        }
        known = {*KINDS[self.kind].columns(), *ChildDetails.columns()}
        return {name: value for name, value in fixed.items() if name in known}

    def connector(self) -> Connector:
        return _connector(self)


@cache
def coded_codes(kind: str) -> dict[str, str | None]:
    """The first code of each field's list."""
    fields = {**coded_fields(KINDS[kind]), **coded_fields(ChildDetails)}
    return {name: codes.load(of).codes[0].code for name, of in fields.items()}


def _value(name: str, column: dy.Column, number: int, version: int = 1) -> str | None:
    """Words that are this field's, this child's and this version's, and stand nowhere else."""
    made = {"Date": "2026-11-02", "Datetime": FIRST.isoformat(), "Int64": "2", "Bool": "false"}
    return made.get(type(column).__name__, words(name, number, version))


def words(name: str, number: int, version: int = 1) -> str:
    return f"{name.replace('_', ' ')} of {number} as of {version}"


def _connector(sender: Sender) -> Connector:
    schema = KINDS[sender.kind]
    everybody = Scope("Everybody: they are invented.", lambda: pl.lit(value=True), ())

    def pull(_: object, since: Since) -> Iterator[InboundMessage]:
        for saying in sender.sayings:
            body = json.dumps(saying, sort_keys=True).encode()
            fingerprint = sha256(body).hexdigest()
            if fingerprint not in since.landed:
                yield InboundMessage(fingerprint, [body])

    feed = PullFeed(
        FEED, "What the kit says", PURPOSE, pull, _opened, _table(schema), _table(ChildDetails), everybody
    )
    return Connector(
        sender.name, "The kit", PartnerSettings, lambda _: nullcontext(), lambda _: "there", Path(), (feed,)
    )


def _opened(stream: BinaryIO) -> Iterator[pl.DataFrame]:
    row: dict[str, Any] = json.loads(stream.read())
    place = {"row": pl.lit(1, pl.Int64), "part": pl.lit(0, pl.Int64), "problem": pl.lit(None, pl.String)}
    yield pl.DataFrame([row], schema=dict.fromkeys(row, pl.String)).with_columns(**place)


def agreement(kind: str) -> Agreement:
    fields = tuple(sorted({*KINDS[kind].columns(), *ChildDetails.columns()}))
    terms = Terms(
        direction=Direction.IN,
        purpose=PURPOSE,
        lawful_basis=("uk_gdpr_6_1_e",),
        consent=Consent.NOT_NEEDED,
        fields=fields,
    )
    person = Person(role="Nobody", organisation="The kit")
    return Agreement(
        reference="KIT",
        version=1,
        parties=("The kit", "The hub"),
        purpose="To try a connector.",
        starts_on=date.min,
        ends_on=date.max,
        retention=Retention(first_copies_days=1, records="not at all"),
        contact=person,
        signatories=(person, person),
        feeds={FEED: terms},
    )
