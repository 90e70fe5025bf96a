"""Children's services of one girl, as the tests say them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import polars as pl
from sqlalchemy import Engine

from connectors.contract import InboundMessage, OutboundMessage, PullFeed, Since
from connectors.social_care import connector
from connectors.social_care.client import Department
from connectors.social_care.settings import SocialCareSettings
from simulators.social_care_dataset import Row, midnight, show

TODAY = date(2026, 11, 23)
GIRL = "SC-1"
SETTLED = midnight(date(2026, 3, 2))
ROWS: dict[str, list[Row]] = {
    "ssd_person": [
        {
            "pers_person_id": GIRL,
            "pers_forename": "Ottoline",
            "pers_surname": "Quillborne",
            "pers_sex": "F",
            "pers_dob": midnight(date(2011, 3, 14)),
            "pers_common_child_id": "9990000018",
        }
    ],
    "ssd_legal_status": [
        {
            "lega_legal_status_id": "1",
            "lega_person_id": GIRL,
            "lega_legal_status": "C2",
            "lega_legal_status_start_date": SETTLED,
        }
    ],
    "ssd_cin_episodes": [
        {
            "cine_referral_id": "1",
            "cine_person_id": GIRL,
            "cine_referral_date": SETTLED,
            "cine_cin_primary_need_code": "N1",
            "cine_referral_nfa": "N",
            "cine_referral_team": "North",
        },
        {
            "cine_referral_id": "2",
            "cine_person_id": GIRL,
            "cine_referral_date": SETTLED,
            "cine_referral_nfa": "Y",
        },
    ],
    "ssd_cp_plans": [
        {
            "cppl_cp_plan_id": "1",
            "cppl_person_id": GIRL,
            "cppl_cp_plan_start_date": SETTLED,
            "cppl_cp_plan_latest_category": "Neglect",
        }
    ],
    "ssd_early_help_episodes": [
        {"earl_episode_id": "1", "earl_person_id": GIRL, "earl_episode_start_date": SETTLED}
    ],
    "ssd_missing": [
        {
            "miss_table_id": "1",
            "miss_person_id": GIRL,
            "miss_missing_episode_type": "M",
            "miss_missing_episode_start_date": midnight(date(2026, 11, 20)) + timedelta(hours=23, minutes=10),
            "miss_missing_episode_end_date": midnight(date(2026, 11, 21)) + timedelta(hours=6),
        }
    ],
    "ssd_involvements": [
        {
            "invo_involvements_id": "1",
            "invo_person_id": GIRL,
            "invo_professional_id": "W101",
            "invo_involvement_start_date": SETTLED,
        }
    ],
    "ssd_contacts": [
        {
            "cont_contact_id": "1",
            "cont_person_id": GIRL,
            "cont_contact_date": SETTLED,
            "cont_contact_source_code": "6",
        }
    ],
    "hub_placements": [
        {
            "clap_cla_placement_id": "1",
            "clap_person_id": GIRL,
            "clap_cla_placement_start_date": SETTLED,
            "clap_cla_placement_provider": "Ravensgill House",
            "clap_cla_placement_postcode": "NX8 8ZZ",
            "confidential": "N",
        }
    ],
    "hub_removed": [],
    "hub_referrals": [
        {
            "referral_id": "SCR-1",
            "updated_at": "2026-11-22T10:00:00Z",
            "withdrawn": "N",
            "person_id": GIRL,
            "from_service": "early help",
            "reason": "PREVENTION",
            "referred_on": date(2026, 11, 20),
            "address": "4 Cobbler's Row",
            "postcode": "NX1 2AB",
            "confidential": "N",
        }
    ],
}
NOTHING_YET = Since(None, frozenset())
FORM = {
    "Reference": "REF-1",
    "Change": "new",
    "Source": "5B",
    "Surname": "Quillborne",
    "Consent": None,
    "NoConsentReason": "she is at risk",
    "Address": None,
}


def form(key: str = "social_care:yjs:REF-1:5b1f0c", **changed: Any) -> OutboundMessage:
    return OutboundMessage(key, {**FORM, **changed})


@dataclass
class Dataset:
    url: str
    engine: Engine

    def say(self, table: str, *rows: Row) -> None:
        with self.engine.begin() as connection:
            show(connection, {table: rows})

    def do(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    @contextmanager
    def connected(self, front: Mapping[str, str], **settings: Any) -> Iterator[Department]:
        by_rest = {name.removeprefix("HUB_SOCIAL_CARE_").lower(): said for name, said in front.items()}
        known = SocialCareSettings(**{"database_url": self.url, **by_rest, **settings})
        with connector.connect(known) as department:
            yield department


def pulled(department: Department, feed: str, since: Since = NOTHING_YET) -> list[InboundMessage]:
    """Read while the line is open."""
    found: Iterable[InboundMessage] = connector.pull_feed(feed).pull(department, since)
    return [replace(one, body=list(one.body)) for one in found]


def said(feed: PullFeed, messages: Iterable[InboundMessage]) -> list[dict[str, Any]]:
    """What the feed's tables make of them."""
    rows = [frame for one in messages for frame in feed.open(io.BytesIO(b"".join(one.body)))]
    frames = [
        pl.concat([feed.record.frame(frame, TODAY), feed.child.frame(frame, TODAY)], how="horizontal")
        for frame in rows
    ]
    return pl.concat(frames).to_dicts() if frames else []
