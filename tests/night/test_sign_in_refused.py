"""A sign-in that was refused twice is not tried again before a person has looked: no account gets locked."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from connectors.errors import CredentialsRefusedError, PartnerUnavailableError
from hub import breakers
from hub.exchange.line import checked_line, partner_line
from hub.store.leases import PULL, PUSH
from tests.night.calls import FarForce
from tests.servers.lines import silent_at_sign_in

WRONG = "open sesame"


@pytest.fixture
def wrong_password(monkeypatch: pytest.MonkeyPatch, force: FarForce) -> None:
    monkeypatch.setenv("HUB_POLICE_PASSWORD", WRONG)


@pytest.mark.usefixtures("wrong_password")
def test_a_sign_in_that_was_refused_twice_is_not_tried_again_whatever_the_night(force: FarForce) -> None:
    for _ in range(2):
        assert "refuses our sign-in" in force.pull()
    for days in (0, 1, 30):
        force.world.later(days=days)
        with pytest.raises(CredentialsRefusedError, match="pull is stopped since 23 November at 04:30: our"):
            force.world.pull()
        assert "push is stopped since" in force.push()
    assert force.line.calls == 2


@pytest.mark.usefixtures("wrong_password")
def test_the_account_is_one_for_both_directions(force: FarForce) -> None:
    assert "refuses our sign-in" in force.pull()
    with (
        pytest.raises(CredentialsRefusedError, match="refuses"),
        partner_line(force.leased(PUSH), "police"),
    ):
        pass
    assert "is stopped" in force.pull()
    assert force.line.calls == 2


def test_other_settings_are_tried_by_the_next_run(force: FarForce, monkeypatch: pytest.MonkeyPatch) -> None:
    right = os.environ["HUB_POLICE_PASSWORD"]
    monkeypatch.setenv("HUB_POLICE_PASSWORD", WRONG)
    for _ in range(3):
        force.pull()
    monkeypatch.setenv("HUB_POLICE_PASSWORD", right)
    assert force.pull() == ""
    assert force.line.calls == 3
    assert not any(WRONG in str(row) for row in force.world.rows("SELECT * FROM breaker"))


@pytest.mark.usefixtures("wrong_password")
def test_a_person_closes_it_and_the_audit_says_who(force: FarForce) -> None:
    for _ in range(3):
        force.pull()
    assert breakers.close(replace(force.world.hub, actor="sam"), "police", [PULL])
    told = force.world.rows("SELECT actor, action, partner, subject FROM audit_event WHERE actor = 'sam'")
    assert told == [
        {"actor": "sam", "action": "breaker closed by hand", "partner": "police", "subject": "pull"}
    ]
    assert "refuses our sign-in" in force.pull()
    assert force.line.calls == 3
    assert "push is stopped" in force.push()


@pytest.mark.usefixtures("wrong_password")
def test_a_check_that_is_refused_counts_too_since_the_partner_counts_it(force: FarForce) -> None:
    for _ in range(2):
        with pytest.raises(CredentialsRefusedError, match="refuses"), checked_line(force.world.hub, "police"):
            pass
    assert "pull is stopped" in force.pull()
    assert "push is stopped" in force.push()
    assert force.line.calls == 2


def test_a_server_that_says_nothing_of_our_sign_in_has_not_refused_it(
    force: FarForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_POLICE_CONNECT_SECONDS", "0.5")
    with silent_at_sign_in() as (port, host_key):
        monkeypatch.setenv("HUB_POLICE_PORT", str(port))
        monkeypatch.setenv("HUB_POLICE_HOST_KEY", host_key)
        with pytest.raises(PartnerUnavailableError, match=r"does not answer|too slow"):
            force.world.pull()
