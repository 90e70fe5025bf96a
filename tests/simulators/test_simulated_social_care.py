"""Children's services, played: what their tables show night by night, and a front door that remembers."""

import json
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import create_engine, text

from simulators import social_care
from simulators.cast import bystanders, cast
from simulators.social_care_nights import FACTS, night_rows

FORM = {"Reference": "REF-1", "NhsNumber": "Not known", "BirthDate": "14/03/2011"}


def told(night: int) -> dict[str, list[str]]:
    rows = night_rows(night, cast(), bystanders())
    return {name: [json.dumps(dict(row), default=str) for row in rows[name]] for name in rows}


def asked(settings: Mapping[str, str], method: str, path: str, said: object = None) -> tuple[int, Any]:
    place = urlsplit(settings["HUB_SOCIAL_CARE_BASE_URL"]).netloc
    headers = {"X-Api-Key": settings["HUB_SOCIAL_CARE_KEY"], "Idempotency-Key": "ab12"}
    with closing(HTTPConnection(place, timeout=10)) as line:
        line.request(method, path, json.dumps(said) if said else None, headers)
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())


def posted(settings: Mapping[str, str]) -> int:
    return asked(settings, "POST", "/referrals", {"key": "one", "form": FORM})[0]


def decision(settings: Mapping[str, str]) -> object:
    return asked(settings, "GET", "/referrals/ab12")[1]["outcome"]


def test_every_night_has_news_and_the_same_night_is_the_same():
    assert told(2) == told(2)
    first, second = told(1), told(2)
    new = {name: len(set(second[name]) - set(first[name])) for name in (*FACTS, "hub_referrals")}
    assert new["ssd_contacts"] > 10
    assert new["ssd_legal_status"] == 1
    assert new["hub_referrals"] == 4


def test_every_fact_is_about_a_person_who_is_there_and_no_key_stands_twice():
    rows = night_rows(3, cast(), bystanders())
    people = {row["pers_person_id"] for row in rows["ssd_person"]}
    assert len(people) == len(rows["ssd_person"])
    for name in FACTS:
        keys = [next(iter(row.values())) for row in rows[name]]
        assert len(keys) == len(set(keys)), name
        about = {value for row in rows[name] for column, value in row.items() if column.endswith("person_id")}
        assert about <= people


def test_the_dataset_can_be_read_where_the_settings_say(tmp_path: Path):
    with social_care.simulator.start(tmp_path, 1) as running:
        engine = create_engine(running.settings["HUB_SOCIAL_CARE_DATABASE_URL"])
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM ssd_contacts")).scalar_one() > 500
        engine.dispose()


def test_a_form_is_taken_once_and_decided_by_the_next_night(tmp_path: Path):
    with social_care.simulator.start(tmp_path, 1) as running:
        assert [posted(running.settings), posted(running.settings)] == [202, 200]
        assert decision(running.settings) is None
    with social_care.simulator.start(tmp_path, 1) as running:
        assert decision(running.settings) is None
    with social_care.simulator.start(tmp_path, 2) as running:
        assert decision(running.settings) is not None
