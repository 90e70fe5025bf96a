"""Signing in with OpenID Connect: authorisation code with PKCE, on Authlib."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from joserfc.errors import JoseError

from hub.log import log_event
from hub.site.people import Person
from hub.site.settings import SiteSettings

WHO = "person"


def sign_in(settings: SiteSettings) -> APIRouter:
    router, council = APIRouter(), _council(settings)

    @router.get("/sign-in")
    async def begin(request: Request, to: str = "/") -> Response:
        request.session.clear()
        request.session["to"] = to if is_ours(to) else "/"
        answer: Response = await council.authorize_redirect(request, f"{settings.url}/signed-in")
        return answer

    @router.get("/signed-in")
    async def end(request: Request) -> Response:
        to, claims = request.session.get("to", "/"), await _claims(council, request)
        person = Person.of(claims, role_claim=settings.role_claim, partner_claim=settings.partner_claim)
        # A new session: what was in the one before the sign-in is nobody's.
        request.session.clear()
        if person is None:
            raise HTTPException(403, "You have no page here. Ask the data desk to give you a role.")
        request.session[WHO] = person.for_session()
        return RedirectResponse(to, 303)

    @router.get("/sign-out")
    async def leave(request: Request) -> Response:
        request.session.clear()
        return RedirectResponse("/signed-out", 303)

    return router


def _council(settings: SiteSettings) -> Any:
    oauth = OAuth()
    oauth.register(
        "council",
        server_metadata_url=f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=settings.client_id,
        client_secret=settings.client_secret.get_secret_value(),
        # Proxies and bundles of the environment are not for this: the issuer is one address.
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "trust_env": False},
    )
    return oauth.council


async def _claims(council: Any, request: Request) -> dict[str, Any]:
    try:
        token = await council.authorize_access_token(request)
    except (OAuthError, JoseError):
        # What the issuer says goes no further: it may hold a name.
        log_event("sign-in refused")
        raise HTTPException(403, "The sign-in did not come to its end. Sign in again.") from None
    claims: dict[str, Any] = token["userinfo"]
    return claims


def is_ours(to: str) -> bool:
    """A way within this site: no other host can be led to from a sign-in."""
    parts = urlsplit(to)
    return to.startswith("/") and not to.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
