"""Both routes with the same lists behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from connectors.education import connector
from connectors.education.client import Education
from connectors.education.settings import EducationSettings
from simulators import education_files
from simulators.education_service import Service, open_for, serving
from simulators.nights import morning
from tests.conftest import needs
from tests.servers.lines import HOST
from tests.servers.openssh import USERNAME, OpenSsh, running_openssh

REFERRAL = {
    "referral_id": "RFNMYYP0001", "change": "new", "family_name": "Quillborne", "given_names": "Ottoline",
    "date_of_birth": "2011-03-14", "upn": "H801200001001", "school": None, "support_need": "education",
    "urgency": "soon", "referred_on": "2026-11-20", "on_order": "yes", "weekly_hours_attended": 12.5,
}  # fmt: skip


@pytest.fixture(scope="session")
def openssh() -> Iterator[OpenSsh]:
    needs("OpenSSH's sshd, with root to run it", found=OpenSsh.can_run())
    with running_openssh() as server:
        yield server


@pytest.fixture
def service() -> Service:
    """The second night: something was deleted, and one referral was taken on the first."""
    return open_for(2, {"key-of-one": {"referral": REFERRAL, "night": 1}})


@pytest.fixture
def over_http(service: Service) -> Iterator[dict[str, str]]:
    with serving(service) as settings:
        yield settings


def as_files(server: OpenSsh, http: Mapping[str, str]) -> dict[str, str]:
    return {
        **http,
        "HUB_EDUCATION_ROUTE": "drop",
        "HUB_EDUCATION_SCHOOLS": "",
        "HUB_EDUCATION_DROP_HOST": HOST,
        "HUB_EDUCATION_DROP_PORT": str(server.port),
        "HUB_EDUCATION_DROP_USERNAME": USERNAME,
        "HUB_EDUCATION_DROP_PASSWORD": server.password,
        "HUB_EDUCATION_DROP_HOST_KEY": server.host_key,
        "HUB_EDUCATION_DROP_FOLDER": str(server.folder),
    }


def leave(folder: Path, service: Service, night: int = 2) -> None:
    for name, content in education_files.files(service.lists, service.deletions, morning(night)).items():
        (folder / name).write_bytes(content)


@contextmanager
def connected(settings: Mapping[str, str]) -> Iterator[Education]:
    with patch.dict("os.environ", settings):
        found = EducationSettings()
    with connector.connect(found) as education:
        yield education
