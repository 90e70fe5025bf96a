"""The force: its file, its manifest, its server."""

import csv
import hashlib
import io
import json
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest

from simulators.cast import bystanders, cast
from simulators.partner import Running
from simulators.people import age_on
from simulators.police import FOLDER, INBOUND, known_hosts_line, referral_drop, referral_files, simulator
from simulators.police_files import COLUMNS, file_name, read_csv
from simulators.police_referrals import FAULTS, reference, referrals

PEOPLE = cast()


def rows(night: int) -> dict[str, dict[str, str]]:
    return {row["ReferralRef"]: row for row in read_csv(referral_drop(night, PEOPLE).content)}


def test_a_night_is_written_the_same_every_time():
    assert referral_files(1, PEOPLE) == referral_files(1, PEOPLE)


@pytest.mark.parametrize("night", [1, 2, 3])
def test_the_manifest_agrees_with_the_file_and_is_written_last(night):
    (name, content), (manifest_name, manifest) = referral_files(night, PEOPLE).items()
    read = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert re.fullmatch(r"referral_NMP_NMYJS_\d{8}T\d{6}Z_\d{3}\.csv", name)
    assert manifest_name == name.replace(".csv", ".manifest.json")
    assert json.loads(manifest)["files"] == [
        {
            "name": name,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "rows": len(read),
        }
    ]


def test_the_file_is_plain_utf8_with_the_agreed_columns_and_windows_line_ends():
    content = referral_drop(1, PEOPLE).content
    assert content.startswith(b"ReferralRef,LastUpdated,NominalID,Surname")
    assert tuple(content.split(b"\r\n")[0].decode().split(",")) == COLUMNS
    assert content.count(b"\n") == content.count(b"\r\n") == 173
    assert "Łuczykowiak" in content.decode()


def test_a_cell_is_quoted_only_where_it_holds_a_comma():
    cells = referral_drop(1, PEOPLE).content.decode().split('"')
    assert set(cells[1::2]) == {"Kilnside, Lower Ward"}


def test_the_first_night_refers_160_children_and_12_adults():
    nominals = {row["NominalID"] for row in rows(1).values()}
    assert len(nominals & {person.nominal_id for person in PEOPLE}) == 160
    assert len(nominals & {adult.nominal_id for adult in bystanders()}) == 12


def test_the_force_knows_the_adopted_child_only_by_the_new_name():
    oddities = {oddity for referral in referrals(1, PEOPLE, ()) for oddity in referral.person.oddities}
    assert "adopted_after" in oddities
    assert "adopted_before" not in oddities


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_an_ordinary_fault_is_in_the_row_it_is_said_to_be_in(fault):
    row = rows(1)[reference(1, fault.place)]
    assert {name: row[name] for name in fault.changes} == dict(fault.changes)


def test_apart_from_the_faults_every_row_keeps_to_the_agreed_codes():
    faulty = {reference(1, fault.place) for fault in FAULTS}
    sound = [row for ref, row in rows(1).items() if ref not in faulty]
    assert {row["Reason"] for row in sound} == {"OOCD", "RUI", "CHG", "MIS", "AA"}
    assert {row["Gravity"] for row in sound} <= {"", "1", "2", "3", "4", "5"}
    assert {marker for row in sound for marker in row["RiskMarkers"].split(";")} == {
        "",
        "SG",
        "SW",
        "RH",
        "RD",
    }
    assert all(re.fullmatch(r"(\d{4}/\d{7}|\d\d/\d{1,7})[A-Z]|", row["PNCID"]) for row in sound)


def test_nobody_is_referred_for_an_offence_before_the_age_of_ten():
    born = {person.nominal_id: person.born_on for person in PEOPLE}
    dated = [row for ref, row in rows(1).items() if row["OffenceDate"] not in {"", "31/02/2026"}]
    for row in dated:
        day, month, year = map(int, row["OffenceDate"].split("/"))
        on = (
            born[row["NominalID"]].replace(year=year, month=month, day=day)
            if row["NominalID"] in born
            else None
        )
        assert on is None or age_on(on, born[row["NominalID"]]) >= 10


def test_the_second_night_sends_news_repeats_and_new_referrals():
    first, second = rows(1), rows(2)
    again = first.keys() & second.keys()
    newer = {ref for ref in again if second[ref]["LastUpdated"] > first[ref]["LastUpdated"]}
    assert (len(newer), len(again - newer), len(second.keys() - first.keys())) == (22, 6, 35)
    assert all(first[ref] == second[ref] for ref in again - newer)


def test_the_unknown_reason_of_the_first_night_is_put_right_on_the_second():
    corrected = reference(1, FAULTS[0].place)
    assert rows(1)[corrected]["Reason"] == "ZZ"
    assert rows(2)[corrected]["Reason"] in {"OOCD", "RUI", "CHG"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("partners")


@pytest.fixture(scope="module")
def force(home: Path) -> Iterator[Running]:
    with simulator.start(home, 1) as running:
        yield running


def sign_in(force: Running, password: str) -> paramiko.SSHClient:
    """Strictly: only the key the force told us about is accepted."""
    settings, client = force.settings, paramiko.SSHClient()
    kind, key = settings["HUB_POLICE_HOST_KEY"].split()
    address = known_hosts_line(settings).split()[0]
    client.get_host_keys().add(address, kind, paramiko.PKey.from_type_string(kind, b64decode(key)))
    client.connect(
        settings["HUB_POLICE_HOST"],
        int(settings["HUB_POLICE_PORT"]),
        settings["HUB_POLICE_USERNAME"],
        password,
        look_for_keys=False,
        allow_agent=False,
    )
    return client


def test_the_server_shows_its_key_and_serves_the_night(force):
    with sign_in(force, force.settings["HUB_POLICE_PASSWORD"]) as client, client.open_sftp() as sftp:
        served = {name: sftp.open(f"{FOLDER}/{name}").read() for name in sftp.listdir(FOLDER)}
    assert served == referral_files(1, PEOPLE)


def test_a_wrong_password_is_refused(force):
    with pytest.raises(paramiko.AuthenticationException):
        sign_in(force, "not the password")


def test_nothing_outside_the_folder_can_be_reached(force):
    with sign_in(force, force.settings["HUB_POLICE_PASSWORD"]) as client, client.open_sftp() as sftp:
        assert sorted(sftp.listdir("/")) == [INBOUND, FOLDER]
        with pytest.raises(FileNotFoundError):
            sftp.open("../../password")


def test_a_restart_keeps_key_password_and_files_as_they_were(tmp_path):
    with simulator.start(tmp_path, 1) as before:
        kept = _state(tmp_path)
    with simulator.start(tmp_path, 1) as after:
        assert _state(tmp_path) == kept
    stays = {
        "HUB_POLICE_HOST_KEY",
        "HUB_POLICE_PASSWORD",
        "HUB_POLICE_USERNAME",
        "HUB_POLICE_FOLDER",
        "HUB_POLICE_INBOUND",
    }
    assert {name: before.settings[name] for name in stays} == {name: after.settings[name] for name in stays}


def test_a_later_night_adds_to_the_folder_and_leaves_what_was_sent(tmp_path):
    with simulator.start(tmp_path, 1):
        sent = _state(tmp_path)
    with simulator.start(tmp_path, 2):
        now = _state(tmp_path)
    assert sent.items() < now.items()
    assert file_name(referral_drop(2, PEOPLE).created, 1) in {path.name for path in now}


def _state(home: Path) -> dict[Path, tuple[bytes, int]]:
    files = (path for path in home.rglob("*") if path.is_file())
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}
