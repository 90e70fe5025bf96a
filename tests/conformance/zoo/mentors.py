"""The good one: keeps every promise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from connectors.contract import Connector
from connectors.settings import PartnerSettings
from connectors.transports.http import HttpClient, HttpLimits, HttpSite, http_client
from hub.conformance.subject import Subject
from hub.sharing.agreement import read
from quality.rules import Dimension, Matches, Suite, hold_row
from schemas.hops import Hop
from tests.conformance.zoo import pulling, pushing
from tests.conformance.zoo.rehearsal import Rehearsal

AGREEMENT = Path(__file__).parent / "agreement.yaml"


class MentorsSettings(PartnerSettings):
    model_config = SettingsConfigDict(env_prefix="HUB_MENTORS_")

    base_url: str = Field(description="Where their service is.")
    patience: float = Field(default=300, description="Seconds for one call, its repeats among them.")


@contextmanager
def connect(settings: MentorsSettings) -> Iterator[HttpClient]:
    limits = HttpLimits.within(settings.patience)
    with http_client(HttpSite("mentors", settings.base_url, limits=limits)) as client:
        yield client


connector = Connector(
    name="mentors",
    title="Open Door Mentors",
    settings=MentorsSettings,
    connect=connect,
    check=lambda client: client.site.base_url,
    agreement=AGREEMENT,
    pulls=(pulling.feed,),
    pushes=(pushing.feed,),
)
suite = Suite(
    "mentors",
    {
        "messages": {
            Hop.OUTGOING: (
                hold_row(
                    "MEN-O01",
                    "A message names its referral.",
                    Matches("reference", r"^[A-Za-z0-9]"),
                    why="They could put it to no child.",
                    fix="Nothing to do at Open Door.",
                    owner="data desk",
                    dimension=Dimension.COMPLETENESS,
                ),
            )
        }
    },
)
good = Subject(connector, suite, lambda: read(AGREEMENT), Rehearsal())
