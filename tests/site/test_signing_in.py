"""Signing in: a code, a challenge, a state; and nothing that somebody else could use."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from connectors.errors import MisconfiguredError
from hub.site.people import Person, Role
from hub.site.serve import serving
from hub.site.sign_in import is_ours
from tests.site.conftest import Site


def asked(client: httpx.Client, to: str = "/") -> dict[str, str]:
    way = client.get("/sign-in", params={"to": to}).headers["location"]
    return {name: values[0] for name, values in parse_qs(urlsplit(way).query).items()}


def test_a_challenge_a_state_and_a_nonce_go_along(served: Site) -> None:
    with served.client() as client:
        first, second = asked(client), asked(client)
    assert first["code_challenge_method"] == "S256"
    for name in ("code_challenge", "state", "nonce"):
        assert len(first[name]) > 10
        assert first[name] != second[name]
    assert "code_verifier" not in first


def test_a_code_in_another_browser_signs_nobody_in(served: Site) -> None:
    """Somebody is led to a link with a code that is not theirs."""
    with served.client() as ours, served.client() as theirs:
        way = ours.get("/sign-in").headers["location"].replace("/authorize?", "/choose?") + "&who=0"
        back = ours.get(way).headers["location"]
        assert theirs.get(back).status_code == 403
        assert theirs.get("/").headers["location"].startswith("/sign-in")


def test_a_code_is_good_once(served: Site) -> None:
    with served.client() as client:
        way = client.get("/sign-in").headers["location"].replace("/authorize?", "/choose?") + "&who=0"
        back = client.get(way).headers["location"]
        assert client.get(back).status_code == 303
        assert client.get(back).status_code == 403


def test_after_the_sign_in_people_are_where_they_wanted_to_be(served: Site) -> None:
    wanted = "/partners/police/2026-11"
    with served.client() as client:
        way = client.get("/sign-in", params={"to": wanted}).headers["location"]
        back = client.get(way.replace("/authorize?", "/choose?") + "&who=0").headers["location"]
        assert client.get(back).headers["location"] == wanted


@pytest.mark.parametrize(
    "to", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "x"]
)
def test_a_sign_in_leads_to_no_other_host(to: str) -> None:
    assert not is_ours(to)


def test_a_cookie_that_was_touched_is_none(served: Site) -> None:
    client = served.signed_in("Priya Fairweather")
    good = client.cookies["hub_session"]
    with served.client() as other:
        other.cookies.set("hub_session", good[:-2] + ("aa" if good[-2:] != "aa" else "bb"))
        assert other.get("/").status_code == 303
        assert other.get("/").headers["location"].startswith("/sign-in")
    client.close()


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "p"},
        {"sub": "p", "hub_role": "owner"},
        {"sub": "p", "hub_role": "partner_lead"},
        {"sub": "p", "hub_role": "partner_lead", "hub_partner": ""},
        {"hub_role": "data_desk"},
        {"sub": "p", "hub_role": ["data_desk"]},
    ],
)
def test_claims_that_say_too_little_make_nobody(claims: dict[str, object]) -> None:
    assert Person.of(claims, role_claim="hub_role", partner_claim="hub_partner") is None


def test_a_partner_is_only_a_partners_own_peoples() -> None:
    claims = {"sub": "p", "hub_role": "data_desk", "hub_partner": "police"}
    person = Person.of(claims, role_claim="hub_role", partner_claim="hub_partner")
    assert person == Person("p", "p", Role.DATA_DESK, None)
    assert Person.from_session(person.for_session()) == person


def test_a_port_that_is_taken_is_said_plainly(served: Site) -> None:
    port = int(served.url.rpartition(":")[2])
    with pytest.raises(MisconfiguredError, match="did not begin on port"), serving(Starlette(), port):
        pass
