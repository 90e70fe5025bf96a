"""What each partner plays, what it then writes, and what is said to whoever asks for something else."""

import json
import re
from datetime import datetime, timedelta

import pytest

from simulators.cast import cast
from simulators.courts import night_sittings
from simulators.courts_files import files_of
from simulators.courts_moods import CUT_EVERY
from simulators.courts_moods import FILES as MESSAGES
from simulators.line import HOST
from simulators.moods import MOODS, Door, Kind, MoodError
from simulators.moods_page import PLACE, listing, moods_page
from simulators.partner import Running, Simulator
from simulators.police import referral_drop
from simulators.police_files import read_csv
from simulators.police_moods import FILES
from simulators.together import installed, start_all
from simulators.yjs import simulator_on
from simulators.yjs_moods import MANNERS

DROP = referral_drop(1, cast())
SITTINGS = [*night_sittings(1, cast()), *night_sittings(2, cast())]
TEN_MINUTES = timedelta(minutes=10)


def partner(
    setting: str = "HUB_ONE_URL", value: str = "", *, http: bool = True, stopped: list[str]
) -> Simulator:
    begin = lambda _home, _night, mood: Running({setting: value}, lambda: stopped.append(mood))  # noqa: E731
    return Simulator("one", begin, content_moods=("duplicating",), door=Door(setting, speaks_http=http))


def test_the_page_of_moods_is_fresh():
    assert PLACE.read_text(encoding="utf-8") == moods_page(), "draw it anew: python -m simulators.moods_page"


def test_every_mood_is_played_by_somebody():
    assert [row["mood"] for row in listing(installed()) if not row["played_by"]] == []


def test_a_case_system_on_a_server_has_a_line_to_spoil_and_a_file_has_none():
    lines = {mood.name for mood in MOODS.values() if mood.kind is Kind.LINE}
    assert lines <= set(simulator_on("postgresql+psycopg://hub@127.0.0.1:5432/cases").plays)
    assert not lines & set(installed()["yjs"].plays)


def test_a_new_partner_who_speaks_http_plays_line_and_http_for_nothing():
    played = {MOODS[name].kind for name in partner(stopped=[]).plays}
    assert played == {Kind.LINE, Kind.HTTP, Kind.CONTENT}


@pytest.mark.parametrize("mood", ["down", "html_in_200"])
@pytest.mark.parametrize("address", ["8123", f"http://{HOST}:8123/fhir/r4", f"http://{HOST}:8123"])
def test_a_partner_in_a_mood_of_the_line_is_found_elsewhere_and_is_itself_calm(tmp_path, mood, address):
    stopped: list[str] = []
    with partner(value=address, stopped=stopped).start(tmp_path, 1, mood) as running:
        moved = running.settings["HUB_ONE_URL"]
        assert moved != address
        assert re.fullmatch(address.replace("8123", r"\d+"), moved)
    assert stopped == ["calm"]


def test_a_partner_whose_address_holds_no_port_is_stopped_again(tmp_path):
    stopped: list[str] = []
    with pytest.raises(ValueError, match="HUB_ONE_URL holds no port"):
        partner(value="somewhere", stopped=stopped).start(tmp_path, 1, "slow")
    assert stopped == ["calm"]


@pytest.mark.parametrize(
    ("moods", "said"),
    [
        ({"two": "slow"}, "There is no simulated partner two. What to do: choose one of one."),
        (
            {"one": "sulking"},
            "There is no mood sulking. What to do: choose one that one can play: calm, slow,",
        ),
        ({"one": "gzip_bomb"}, "one cannot play gzip_bomb. What to do: choose one that it can: calm, slow,"),
    ],
)
def test_what_cannot_be_played_is_refused_before_anybody_starts(tmp_path, moods, said):
    started: list[str] = []
    with pytest.raises(MoodError) as refused:
        start_all(tmp_path, 1, {"one": partner(http=False, stopped=started)}, moods)
    assert str(refused.value).startswith(said)
    assert started == []


# The police.


def test_a_force_that_duplicates_sends_the_same_file_under_two_names():
    contents = [content for name, content in FILES["duplicating"](DROP).items() if name.endswith(".csv")]
    assert contents == [DROP.content, DROP.content]


@pytest.mark.parametrize(("mood", "out_by"), [("clock_ahead", TEN_MINUTES), ("clock_behind", -TEN_MINUTES)])
def test_a_force_out_of_clock_is_so_in_every_moment_it_states(mood, out_by):
    (name, content), (_, manifest) = FILES[mood](DROP).items()
    told = json.loads(manifest)
    assert told["files"][0]["name"] == name
    assert datetime.fromisoformat(told["created"]) == DROP.created + out_by
    assert f"{DROP.created + out_by:%Y%m%dT%H%M%SZ}" in name
    moments = [[row["LastUpdated"] for row in read_csv(one)] for one in (DROP.content, content)]
    before, after = ([datetime.fromisoformat(each) for each in side] for side in moments)
    assert [late - early for early, late in zip(before, after, strict=True)] == [out_by] * len(before)


def test_a_file_cut_short_has_the_manifest_of_the_whole():
    files = FILES["cut_short"](DROP)
    assert files[DROP.manifest_name] == DROP.manifest()
    assert DROP.content.startswith(files[DROP.name])
    assert len(files[DROP.name]) == len(DROP.content) // 2


# The courts.


def test_each_message_comes_twice_half_of_them_in_other_bytes():
    true, played = files_of(SITTINGS), MESSAGES["duplicating"](SITTINGS)
    again = {name: content for name, content in played.items() if name not in true}
    assert len(again) == len(true)
    words = [json.loads(content) for content in true.values()]
    assert [json.loads(content) for content in again.values()] == words
    same = [one == other for one, other in zip(true.values(), again.values(), strict=True)]
    assert same == [place % 2 == 1 for place in range(len(true))]


def test_the_names_of_messages_rise_against_their_time():
    played = MESSAGES["reordering"](SITTINGS)
    assert sorted(played.values()) == sorted(files_of(SITTINGS).values())
    by_name = sorted(played, key=lambda name: name.split("_")[1])
    shared = [json.loads(played[name]).get("sharedTime") for name in by_name]
    told = [moment for moment in shared if moment]
    assert told == sorted(told, reverse=True)
    assert len(set(told)) > 10


def test_every_fourth_message_ends_in_the_middle():
    true, played = files_of(SITTINGS), MESSAGES["cut_short"](SITTINGS)
    cut = [name for name, content in played.items() if content != true[name]]
    assert cut == list(true)[::CUT_EVERY]


# The case system.


@pytest.mark.parametrize(
    ("mood", "shown"),
    [("duplicating", "abcdabcd"), ("reordering", "dcba"), ("cut_short", "ab"), ("clock_ahead", "abcd")],
)
def test_the_views_show_other_rows(mood, shown):
    rows = [{"ypid": name} for name in "abcd"]
    assert "".join(row["ypid"] for row in MANNERS[mood].rows(rows)) == shown


def test_the_case_workers_answer_by_their_own_clock():
    assert (MANNERS["clock_ahead"].clock, MANNERS["clock_behind"].clock) == (TEN_MINUTES, -TEN_MINUTES)
