"""Who is left alone, at the shell: it is said, and a person ends it."""

from __future__ import annotations

import getpass
import os

import pytest

from connectors.errors import PartnerUnavailableError
from hub import registry
from tests.cli.doors import Door, as_json
from tests.servers.lines import counted_line
from tests.world import World


@pytest.fixture
def stopped(door: Door, monkeypatch: pytest.MonkeyPatch) -> Door:
    """A door to a hub whose sign-in the force has refused twice."""
    monkeypatch.setenv("HUB_POLICE_PASSWORD", "open sesame")
    for _ in range(2):
        assert "refuses our sign-in" in door("check", "police").output
    return door


def states(door: Door) -> dict[str, str]:
    return {row["direction"]: row["state"] for row in as_json(door("breakers", "list", "--json"))}


def test_before_anything_failed_nobody_is_left_alone(door: Door) -> None:
    assert door("breakers", "list").stdout == "No line to a partner has failed yet.\n"
    assert {row["state"] for row in as_json(door("partners", "--json"))} == {"closed"}


def test_who_is_left_alone_is_said_and_why(stopped: Door) -> None:
    row, _ = as_json(stopped("breakers", "list", "--json"))
    assert (row["partner"], row["direction"], row["state"]) == ("police", "pull", "stopped")
    assert (row["because"], row["until"]) == ("our sign-in was refused twice", None)
    shown = {row["partner"]: row["state"] for row in as_json(stopped("partners", "--json"))}
    everybody = dict.fromkeys(registry.partner_names(), "closed")
    assert shown == everybody | {"police": "pull: stopped, push: stopped"}
    assert "sesame" not in stopped("breakers", "list").output


def test_a_person_closes_one_direction(stopped: Door, sqlite_world: World) -> None:
    assert "is closed. The next run calls" in stopped("breakers", "close", "police", "pull").stdout
    assert states(stopped) == {"pull": "closed", "push": "stopped"}
    again = stopped("breakers", "close", "police", "pull")
    assert (again.exit_code, "was closed already" in again.stdout) == (0, True)
    told = sqlite_world.rows("SELECT actor, subject FROM audit_event WHERE action LIKE 'breaker%'")
    assert told == [{"actor": getpass.getuser(), "subject": "pull"}]


def test_a_check_that_goes_well_closes_both(
    door: Door, sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with counted_line(int(os.environ["HUB_POLICE_PORT"])) as line:
        monkeypatch.setenv("HUB_POLICE_PORT", str(line.port))
        line.is_down = True
        for _ in range(5):
            with pytest.raises(PartnerUnavailableError):
                sqlite_world.pull()
        assert states(door)["pull"] != "closed"
        assert door("check", "police").exit_code == 2
        assert states(door)["pull"] != "closed"

        line.is_down = False
        assert door("check", "police").exit_code == 0
        assert states(door)["pull"] == "closed"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("close", "police", "sideways"), "there is no direction sideways; there are: pull, push"),
        (("close", "nobody", "pull"), "There is no partner named nobody"),
    ],
)
def test_a_wrong_word_is_answered_with_what_would_be_right(
    door: Door, words: tuple[str, ...], said: str
) -> None:
    result = door("breakers", *words)
    assert result.exit_code == 2
    assert said in " ".join(result.output.replace("│", " ").split())
