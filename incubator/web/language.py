"""Which language a request speaks: by choice, then by account, then as the browser asks."""

from http.cookies import CookieError, SimpleCookie
from typing import Any

from litestar import Request, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from incubator.web.cookies import own_cookie
from incubator.web.i18n import LOCALES, preferred, speak
from incubator.web.templating import redirect, safe_path

COOKIE = "lang"


class Language:
    """ASGI middleware; stands inside the one that knows who is signed in."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            speak(_locale_of(scope))
        await self.app(scope, receive, send)


def _locale_of(scope: Any) -> str:
    headers = dict(scope["headers"])
    try:
        chosen = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE)
    except CookieError:
        chosen = None
    if chosen and chosen.value in LOCALES:
        return str(chosen.value)
    account = getattr(scope.get("user"), "locale", "")
    return account or preferred(headers.get(b"accept-language", b"").decode("latin-1"))


@get("/language/{locale:str}", name="language")
async def choose_language(request: Request[Any, Any, Any], locale: FromPath[str]) -> Redirect:
    """Remember the choice for a year and go back to where it was made."""
    if locale not in LOCALES:
        raise NotFoundException
    response = redirect(safe_path(request.query_params.get("back", "/")))
    response.set_cookie(own_cookie(COOKIE, locale, max_age=365 * 86400))
    return response
