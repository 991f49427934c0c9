"""Forged requests are refused: every form carries a token that only its own pages know.

The token is a digest of a secret cookie: the session's for those who signed in,
else one that is set when the first form is shown.
"""

import hashlib
import hmac
import secrets
from typing import Any

from litestar import Request
from litestar.exceptions import PermissionDeniedException
from markupsafe import Markup

from incubator.web.i18n import _

SESSION_COOKIE = "session"
COOKIE = "visit"
FIELD = "csrf"
_UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def _token_of(secret: str) -> str:
    return hashlib.sha256(b"csrf:" + secret.encode("utf-8", "replace")).hexdigest()[:40]


def _secret(request: Request[Any, Any, Any]) -> str:
    return request.cookies.get(SESSION_COOKIE) or request.cookies.get(COOKIE) or ""


def csrf_input(request: Request[Any, Any, Any]) -> Markup:
    """The hidden field. Remembers in the request's state when a cookie must be set."""
    secret = _secret(request) or request.scope["state"].get(COOKIE)
    if not secret:
        secret = request.scope["state"][COOKIE] = secrets.token_urlsafe(24)
    return Markup('<input type="hidden" name="csrf" value="{}">').format(_token_of(secret))


async def refuse_forged(request: Request[Any, Any, Any]) -> None:
    """Raise 403 unless the request comes from a form of ours."""
    if request.method not in _UNSAFE:
        return
    site = request.headers.get("sec-fetch-site", "same-origin")
    given = (await request.form()).get(FIELD) or ""
    secret = _secret(request)
    genuine = bool(secret) and hmac.compare_digest(str(given).encode("utf-8", "replace"), _token_of(secret).encode())
    if site not in {"same-origin", "none"} or not genuine:
        raise PermissionDeniedException(
            _("Страница устарела или открыта не отсюда. Вернитесь назад, обновите её и повторите.")
        )
