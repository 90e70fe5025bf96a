"""What goes into the image: the code, what it runs with, and nothing else. `make check` lints its form."""

from __future__ import annotations

import re
import tomllib
from pathlib import PurePosixPath

from tests.containers.compose import DOCUMENT, ROOT, SERVICES

LINES = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text()).splitlines()
SAID = [line.split(None, 1) for line in LINES if line and not line.startswith("#")]
STAGES = [number for number, (word, _) in enumerate(SAID) if word == "FROM"]
LAST = SAID[STAGES[-1] :]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PIN = re.compile(r"^([a-z0-9-]+==\S+)(.*?)(?=^[a-z]|\Z)", re.MULTILINE | re.DOTALL)


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / name).read_text()))


def set_in_the_image() -> dict[str, str]:
    return dict(pair.split("=", 1) for word, rest in SAID if word == "ENV" for pair in rest.split())


def copied() -> set[str]:
    return {
        source
        for word, rest in SAID
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }


def test_the_image_runs_as_the_user_of_the_compose_file() -> None:
    (user,) = [rest for word, rest in LAST if word == "USER"]
    assert {one.said["user"] for name, one in SERVICES.items() if name != "database"} == {user}
    assert user != "0:0"


def test_nothing_is_built_or_fetched_in_the_last_stage() -> None:
    done = " ".join(rest for word, rest in LAST if word == "RUN")
    assert not re.search(r"\b(pip|uv|apt-get|curl|wget)\b", done)
    assert not any(word in ("ADD", "ARG") for word, _ in LAST)


def test_every_stage_begins_at_one_tagged_image() -> None:
    begun = [SAID[number][1].split()[0] for number in STAGES]
    assert re.fullmatch(r"python:3\.1[123]-slim-\w+", begun[0])
    assert begun[1:] == ["base", "base"]


def test_uv_is_the_makefiles() -> None:
    (version,) = re.findall(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert ["ARG", f"UV_VERSION={version}"] in SAID


def test_every_room_of_the_package_goes_in_and_nothing_beside_it() -> None:
    rooms = set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    papers = {"pyproject.toml", "README.md", "requirements.lock", "requirements.image.lock"}
    assert copied() == rooms | papers


def test_the_builder_is_sent_only_what_is_copied() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert patterns[0] == "*"
    assert {pattern[1:] for pattern in patterns if pattern.startswith("!")} == copied()


def test_no_name_in_the_image_sounds_like_a_secret() -> None:
    assert [name for name in set_in_the_image() if re.search("PASSWORD|SECRET|TOKEN|KEY|_URL", name)] == []


def test_the_images_list_is_a_part_of_the_lock_without_test_tools() -> None:
    whole, image = pins("requirements.lock"), pins("requirements.image.lock")
    assert image.items() <= whole.items()
    assert len(image) > 100
    tools = {re.split(r"[>=<]", one)[0] for one in PROJECT["project"]["optional-dependencies"]["test"]}
    assert tools & {pin.split("==")[0] for pin in image} == set()


def test_the_images_list_names_no_registry() -> None:
    assert re.findall(r"https?://|--index-url", (ROOT / "requirements.image.lock").read_text()) == []


def test_the_places_of_the_image_are_those_of_the_compose_file() -> None:
    here = set_in_the_image()
    (app,) = [rest for word, rest in SAID[: STAGES[-1]] if word == "WORKDIR"]
    scheduler = SERVICES["scheduler"]
    assert scheduler.environment["AIRFLOW__CORE__DAGS_FOLDER"] == f"{app}/dags"
    mounted = {volume.split(":")[1] for volume in scheduler.said["volumes"][:2]}
    assert {here["HUB_HOME"], scheduler.environment["AIRFLOW__LOGGING__BASE_LOG_FOLDER"]} == mounted
    assert PurePosixPath(here["AIRFLOW_HOME"]).parent == PurePosixPath(app).parent
    assert DOCUMENT["services"]["migrate-airflow"]["build"] == "."
