"""The lines to the services, each opened when it is first needed, all closed at the end of the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from connectors.errors import MisconfiguredError
from connectors.health.forms import FORMS
from connectors.health.names import Names
from connectors.health.settings import ANY_OTHER, HealthSettings, RouteName, ServiceRow
from connectors.transports.fhir import FhirClient, FhirSite, fhir_client
from connectors.transports.http import HttpLimits, HttpSite
from connectors.transports.http.auth import Auth, NoAuth
from connectors.transports.http.oauth import ClientCredentials, SignedAssertion

PARTNER = "health"


@dataclass
class Lines:
    settings: HealthSettings
    opened: ExitStack
    # By what they lead to.
    _there: dict[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> Names:
        return Names(self.settings.id_base)

    def rows(self, route: RouteName) -> list[ServiceRow]:
        return [row for row in self.settings.services if row.route is route]

    def row_for(self, service: str | None) -> ServiceRow | None:
        """By the name that the case system writes, whatever its case and blanks; None where none is named."""
        by_name = {_plain(row.name): row for row in self.settings.services}
        return by_name.get(_plain(service or ""), by_name.get(ANY_OTHER))

    def fhir(self, base_url: str) -> FhirClient:
        client: FhirClient = self.keep(base_url, lambda: fhir_client(FhirSite(self.site(base_url))))
        return client

    def keep(self, name: str, open_: Any) -> Any:
        if name not in self._there:
            self._there[name] = self.opened.enter_context(open_())
        return self._there[name]

    def site(self, base_url: str) -> HttpSite:
        patience = self.settings.patience
        limits = HttpLimits.within(patience)
        trusted: Any = str(self.settings.ca_file) if self.settings.ca_file else True
        return HttpSite(PARTNER, base_url, auth=self._sign_in(), verify=trusted, limits=limits)

    def _sign_in(self) -> Auth:
        ours = self.settings
        if not ours.token_url:
            return NoAuth()
        key = ours.private_key.get_secret_value()
        proof = SignedAssertion(key, key_id=ours.key_id, audience=ours.token_url)
        return ClientCredentials(ours.token_url, ours.client_id, proof)


@contextmanager
def connect(settings: HealthSettings) -> Iterator[Lines]:
    _check(settings)
    with ExitStack() as opened:
        yield Lines(settings, opened)


def base_url(settings: HealthSettings, row: ServiceRow) -> str:
    return row.at or (settings.bars_url if row.route is RouteName.BARS else settings.fhir_url)


def host_of(address: str) -> str:
    return urlsplit(address).hostname or ""


def _check(settings: HealthSettings) -> None:
    names = [_plain(row.name) for row in settings.services]
    if not names or len({*names}) < len(names):
        raise _wrong("names no service, or one twice")
    for row in settings.services:
        for needed in _needed(settings, row):
            raise _wrong(f"is not whole for {row.name}: the route {row.route} needs {needed}")
    if settings.mesh_referrers and not settings.mesh_url:
        raise MisconfiguredError(
            f"{PARTNER}: HUB_HEALTH_MESH_REFERRERS names a mailbox, and there is no HUB_HEALTH_MESH_URL.",
            fix="set the address of MESH, or name nobody who may refer.",
        )


def _needed(settings: HealthSettings, row: ServiceRow) -> Iterator[str]:
    by_route: dict[RouteName, dict[str, object]] = {
        RouteName.FHIR: {"HUB_HEALTH_FHIR_URL, or 'at'": base_url(settings, row)},
        RouteName.BARS: {
            "HUB_HEALTH_BARS_URL, or 'at'": base_url(settings, row),
            "'service_id'": row.service_id,
            "'ods'": row.ods,
        },
        RouteName.MESH: {"'at', the mailbox": row.at, "HUB_HEALTH_MESH_URL": settings.mesh_url},
        RouteName.FORM: {
            "'at', the address": row.at,
            f"'form', one of {', '.join(FORMS)}": row.form in FORMS,
            "HUB_HEALTH_SMTP_HOST": settings.smtp_host,
        },
    }
    yield from (name for name, there in by_route[row.route].items() if not there)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _wrong(what: str) -> MisconfiguredError:
    return MisconfiguredError(
        f"{PARTNER}: HUB_HEALTH_SERVICES {what}.",
        fix="put it right; connectors/health/README.md shows a list with every route.",
    )
