"""The line to the education service: its API, and where files are agreed instead, its SFTP server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property

from connectors.contract import InboundMessage, Since
from connectors.education.listing import SchoolApi
from connectors.education.resources import Resource
from connectors.education.settings import EducationSettings
from connectors.transports.announced import MANIFEST, Announcing, announced
from connectors.transports.http import HttpLimits, HttpSite, http_client
from connectors.transports.http.auth import ApiKey
from connectors.transports.sftp import SftpAccount, SftpFolder, sftp_server

PARTNER = "education"
AGREED_NAME = re.compile(r"^[a-z]+_[A-Z]+_[A-Z]+_\d{8}T\d{6}Z_\d{3}\.csv$")
ANNOUNCING = Announcing(AGREED_NAME, unusable="EDU-R01", missing="EDU-R02", sender="the education data lead")


@dataclass(frozen=True)
class SchoolDrop:
    """Opened when it is first looked at: a push has no business there."""

    lines: ExitStack
    account: SftpAccount
    name: str

    @cached_property
    def folder(self) -> SftpFolder:
        return self.lines.enter_context(sftp_server(self.account)).folder(self.name)

    def messages(self, resource: Resource, since: Since) -> Iterator[InboundMessage]:
        yield from announced(
            self.folder, since, ANNOUNCING, is_ours=lambda name: name.startswith(f"{resource.kind}_")
        )


@dataclass(frozen=True)
class Education:
    api: SchoolApi
    # None where records come over HTTP.
    drop: SchoolDrop | None


@contextmanager
def _connected(settings: EducationSettings) -> Iterator[Education]:
    with ExitStack() as lines:
        api = SchoolApi(lines.enter_context(http_client(_site(settings))), settings.school_ids)
        drop = SchoolDrop(lines, _account(settings), settings.drop_folder)
        yield Education(api, drop if settings.route == "drop" else None)


def connect(settings: EducationSettings) -> AbstractContextManager[Education]:
    return _connected(settings)


def _site(settings: EducationSettings) -> HttpSite:
    limits = HttpLimits.within(settings.patience)
    auth = ApiKey("Authorization", f"Bearer {settings.token.get_secret_value()}")
    return HttpSite(PARTNER, settings.base_url, auth=auth, limits=limits)


def _account(settings: EducationSettings) -> SftpAccount:
    return SftpAccount(
        partner=PARTNER,
        host=settings.drop_host,
        port=settings.drop_port,
        username=settings.drop_username,
        password=settings.drop_password.get_secret_value(),
        host_key=settings.drop_host_key,
    )


def check(education: Education) -> str:
    if education.drop is not None:
        ready = sum(file.name.endswith(MANIFEST) for file in education.drop.folder.files())
        return f"signed in; {ready} files with a manifest are there"
    return f"they answer, our token is good, and all {len(education.api.shown)} schools are shown"


def messages_of(resource: Resource) -> Callable[[Education, Since], Iterator[InboundMessage]]:
    def pull(education: Education, since: Since) -> Iterator[InboundMessage]:
        if education.drop is None:
            yield from education.api.messages(resource)
        else:
            yield from education.drop.messages(resource, since)

    return pull
