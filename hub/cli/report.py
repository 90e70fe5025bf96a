"""`hub report`: the pages of a month, in a folder that can be handed on."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr, ValidationError

from connectors.errors import MisconfiguredError
from hub.cli.errors import speaking_plainly
from hub.cli.simulate import wait_for_the_end
from hub.hub import open_hub
from hub.report import months
from hub.report.month import before, month_said
from hub.site.settings import SiteSettings

app = typer.Typer(help="The pages of a month, and the site that shows them.", no_args_is_help=True)


@app.command("build")
@speaking_plainly
def build(
    to: Annotated[Path, typer.Option(help="The folder they are written into; made if it is not there.")],
    month: Annotated[str | None, typer.Option(help="As 2026-10; else the last that is over.")] = None,
    partner: Annotated[list[str] | None, typer.Option(help="Only this partner; may be said again.")] = None,
) -> None:
    """Write each partner's month as pages and as a table: for its lead, and for a board."""
    with open_hub() as hub:
        chosen = _chosen(month) if month else before(hub.night)
        written = months.build(hub, chosen, to, partner)
    for path in written:
        typer.echo(path)


@app.command("serve")
@speaking_plainly
def serve(
    port: Annotated[int, typer.Option(help="Where the site answers, on loopback.")] = 8090,
    development: Annotated[  # noqa: FBT002 - a flag of the shell
        bool, typer.Option("--development", help="With a sign-in of its own, in which everybody is invented.")
    ] = False,
) -> None:
    """The site for partner leads, until you press Ctrl-C."""
    from hub.site.app import site  # noqa: PLC0415 - only this door needs a server
    from hub.site.serve import serving  # noqa: PLC0415

    with ExitStack() as running:
        hub = running.enter_context(open_hub())
        settings = running.enter_context(_development(port)) if development else _site_settings()
        running.enter_context(serving(site(hub, settings), port))
        typer.echo(f"The site answers at {settings.url}. Ctrl-C ends it.")
        wait_for_the_end()


@contextmanager
def _development(port: int) -> Iterator[SiteSettings]:
    from hub.site.serve import HOST, free_port, serving  # noqa: PLC0415
    from simulators.issuer import Issuer  # noqa: PLC0415

    here, issuer_port, secret = f"http://{HOST}:{port}", free_port(), secrets.token_urlsafe(32)
    issuer = Issuer(f"http://{HOST}:{issuer_port}", "referral-hub", secret, f"{here}/signed-in")
    with serving(issuer.app(), issuer_port):
        yield SiteSettings(
            issuer=issuer.address,
            client_id=issuer.client_id,
            client_secret=SecretStr(secret),
            session_key=SecretStr(secrets.token_urlsafe(32)),
            url=here,
        )


def _site_settings() -> SiteSettings:
    try:
        return SiteSettings()
    except ValidationError as error:
        wrong = ", ".join(f"HUB_SITE_{one['loc'][0]}".upper() for one in error.errors())
        raise MisconfiguredError(
            f"The site cannot begin: these settings are missing or wrong: {wrong}.",
            fix="set them, or try the site with `hub report serve --development`.",
        ) from None


def _chosen(month: str) -> date:
    chosen = month_said(month)
    if chosen is None:
        raise typer.BadParameter("a month is said as 2026-10")
    return chosen
