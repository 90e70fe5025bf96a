"""The site put together: pages behind the sign-in, and the same few headers on every answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.sessions import SessionMiddleware

from hub.hub import Hub
from hub.site.pages import ASSETS, NotSignedInError, open_pages, pages
from hub.site.settings import SiteSettings
from hub.site.sign_in import sign_in
from quality.reports.pages import render_refusal

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
NOT_THERE = "There is no such page, or it is not yours to see."


def site(hub: Hub, settings: SiteSettings) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    for router in (sign_in(settings), open_pages(), pages(hub)):
        app.include_router(router)
    app.add_middleware(
        SessionMiddleware,
        secret_key=settings.session_key.get_secret_value(),
        session_cookie="hub_session",
        max_age=settings.session_minutes * 60,
        same_site="lax",
        https_only=settings.url.startswith("https://"),
    )

    @app.middleware("http")
    async def with_headers(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        found = await answer(request)
        found.headers.update(HEADERS)
        return found

    @app.exception_handler(NotSignedInError)
    async def to_the_sign_in(request: Request, _: Exception) -> Response:
        return RedirectResponse(f"/sign-in?to={quote(request.url.path)}", 303)

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> Response:
        words = NOT_THERE if error.status_code == 404 else str(error.detail)
        return HTMLResponse(render_refusal(words, assets=ASSETS), error.status_code)

    @app.exception_handler(RequestValidationError)
    async def not_understood(*_: object) -> Response:
        return HTMLResponse(render_refusal(NOT_THERE, assets=ASSETS), 404)

    return app
