"""A hub with a month in it, its site, and a sign-in in which everybody is invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from hub.site.app import site
from hub.site.serve import HOST, free_port, serving
from hub.site.settings import SiteSettings
from simulators.issuer import PEOPLE, Issuer
from simulators.partner import Running
from tests.night.one_world import one_world
from tests.world import World, referral

SECRET, KEY = "an-invented-secret", "an-invented-key-that-signs-the-cookie"


@dataclass(frozen=True)
class Site:
    world: World
    url: str

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, trust_env=False, timeout=30)

    def signed_in(self, name: str) -> httpx.Client:
        """Who has clicked on their own name at the sign-in."""
        client = self.client()
        asked = client.get("/sign-in").headers["location"]
        place = next(place for place, one in enumerate(PEOPLE) if one["name"] == name)
        chosen = client.get(asked.replace("/authorize?", "/choose?") + f"&who={place}")
        client.get(chosen.headers["location"])
        return client


@pytest.fixture(scope="package")
def settings() -> SiteSettings:
    return SiteSettings(
        issuer=f"http://{HOST}:{free_port()}",
        client_id="referral-hub",
        client_secret=SecretStr(SECRET),
        session_key=SecretStr(KEY),
        url=f"http://{HOST}:{free_port()}",
    )


@pytest.fixture(scope="package")
def served(
    tmp_path_factory: pytest.TempPathFactory, police_server: tuple[Running, Path], settings: SiteSettings
) -> Iterator[Site]:
    issuer = Issuer(settings.issuer, settings.client_id, SECRET, f"{settings.url}/signed-in")
    ports = [int(url.rpartition(":")[2]) for url in (settings.issuer, settings.url)]
    with one_world(tmp_path_factory, police_server, "site") as world:
        world.police_send(referral(1), referral(2, DOB="14/03/2017"))
        world.pull()
        with serving(issuer.app(), ports[0]), serving(site(world.hub, settings), ports[1]):
            yield Site(world, settings.url)


@pytest.fixture
def signed_in(served: Site) -> Iterator[Callable[[str], httpx.Client]]:
    opened: list[httpx.Client] = []

    def sign_in(name: str) -> httpx.Client:
        opened.append(served.signed_in(name))
        return opened[-1]

    yield sign_in
    for client in opened:
        client.close()
