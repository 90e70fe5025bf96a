"""The service over HTTP, in a good night and in odd ones."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from connectors.contract import Answer, OutboundMessage, Since
from connectors.education import connector
from connectors.education.settings import EducationSettings
from connectors.errors import PartnerRefusedError
from simulators.education_service import Service
from tests.connectors.education.conftest import REFERRAL, connected

FIRST = Since(None, ())


def test_another_regions_address_shows_no_school_and_is_refused(
    service: Service, over_http: dict[str, str]
) -> None:
    service.mood = "wrong_region"
    with connected(over_http) as education, pytest.raises(PartnerRefusedError, match="address of our region"):
        list(connector.pull_feed("enrolments").pull(education, FIRST))


def test_a_school_that_no_longer_shares_is_missed(service: Service, over_http: dict[str, str]) -> None:
    service.schools = dict(list(service.schools.items())[:1])
    with connected(over_http) as education, pytest.raises(PartnerRefusedError, match="1 of our 2 schools"):
        connector.check(education)


def test_every_school_is_read_page_by_page(service: Service, over_http: dict[str, str]) -> None:
    service.largest_page = 50
    with connected(over_http) as education:
        messages = list(connector.pull_feed("enrolments").pull(education, FIRST))
    # 240 pupils at two schools.
    assert len(messages) == 6


def test_where_nothing_is_listed_one_empty_page_says_so(service: Service, over_http: dict[str, str]) -> None:
    service.lists.clear()
    with connected(over_http) as education:
        messages = list(connector.pull_feed("needs").pull(education, FIRST))
    assert len(messages) == 1
    # What was deleted is listed all the same, and would look as if something had come.
    assert service.deletions


def test_a_list_shorter_than_it_says_is_told(service: Service, over_http: dict[str, str]) -> None:
    service.mood = "lying_about_counts"
    with connected(over_http) as education:
        problems = [
            one.problem.code
            for one in connector.pull_feed("attendance").pull(education, FIRST)
            if one.problem
        ]
    assert problems == ["EDU-R03", "EDU-R03"]


def test_a_referral_is_taken_once_and_answered_later(service: Service, over_http: dict[str, str]) -> None:
    (feed,) = connector.pushes
    message = OutboundMessage("key-of-another", {**REFERRAL, "referral_id": "RF2"})
    with connected(over_http) as education:
        for _ in range(2):
            (receipt,) = feed.push(education, [message])
            assert receipt.answer is Answer.RECEIVED
        assert list(feed.answers(education, [message.key])) == []
        service.taken[message.key]["answer"] = {
            "key": message.key,
            "answer": "refused",
            "problem": "moved-away",
        }
        (answer,) = feed.answers(education, [message.key])
    assert (answer.answer, answer.reason) == (Answer.REFUSED, "the pupil has left the area's schools")
    assert [key for key, _ in service.effects] == [message.key]


def test_their_own_words_for_a_refusal_are_not_repeated(service: Service, over_http: dict[str, str]) -> None:
    (feed,) = connector.pushes
    told = {"key": "key-of-one", "answer": "refused", "problem": "Ottoline Quillborne lives elsewhere"}
    service.taken["key-of-one"]["answer"] = told
    with connected(over_http) as education:
        (answer,) = feed.answers(education, ["key-of-one"])
    assert answer.reason == "they gave no reason that we know"


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ({}, "the route api needs schools"),
        ({"route": "drop"}, "the route drop needs drop_host, drop_username, drop_password, drop_host_key"),
    ],
)
def test_a_route_without_its_settings_is_found_before_any_call(
    settings: dict[str, str], missing: str
) -> None:
    with pytest.raises(ValidationError, match=missing):
        EducationSettings(base_url="https://api.example.org/v1.0", token="t", **settings)
