"""The language of a request: from its address, an earlier choice, the account, or the browser."""

import re
from functools import lru_cache
from typing import Any

from litestar import Request, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from incubator.core.languages import LOCALES, preferred, use_locale
from incubator.http.cookies import own_cookie
from incubator.http.requests import AnyRequest, page_at
from incubator.http.templating import redirect, safe_path

COOKIE = PARAMETER = "lang"
_ADDRESSED = re.compile(rf"(?:^|&){PARAMETER}=({'|'.join(LOCALES)})(?:&|$)".encode())
_CHOICE = re.compile(rf"(?:^|;)\s*{COOKIE}=({'|'.join(LOCALES)})\s*(?:;|$)".encode())


class Language:
    """ASGI middleware; runs inside the one that knows who is signed in."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            use_locale(_locale_of(scope))
        await self.app(scope, receive, send)


def _locale_of(scope: Any) -> str:
    if addressed := _ADDRESSED.search(scope["query_string"]):  # a link for search engines and for sharing
        return addressed[1].decode()
    headers = dict(scope["headers"])
    account = getattr(scope.get("user"), "locale", "")
    return chosen(headers.get(b"cookie", b"")) or account or asked_for(headers.get(b"accept-language", b""))


def chosen(cookie: bytes) -> str:
    """Return the language chosen on this site according to a Cookie header; empty for none."""
    found = _CHOICE.search(cookie)
    return found[1].decode() if found else ""


def is_language_chosen(request: AnyRequest) -> bool:
    """Return whether the reader chose a language on this site: by the address, or before."""
    return PARAMETER in request.query_params or bool(chosen(request.headers.get("cookie", "").encode()))


@lru_cache(256)
def asked_for(accept_language: bytes) -> str:
    """Return the browser's preferred language."""
    return preferred(accept_language.decode("latin-1"))


@get("/language/{locale:str}", name="language")
async def choose_language(request: Request[Any, Any, Any], locale: FromPath[str]) -> Redirect:
    """Remember the choice for a year and return to the page where it was made."""
    if locale not in LOCALES:
        raise NotFoundException
    response = redirect(page_at(request, safe_path(request.query_params.get("back", "/"))))
    response.set_cookie(own_cookie(COOKIE, locale, max_age=365 * 86400))
    return response
