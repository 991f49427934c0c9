"""Protection against forged requests (CSRF): every form carries a token that only our own pages know.

The token is a digest of a secret cookie: the session's for signed-in people, otherwise one
that is set when the first form is shown. It is masked anew on every page, so that nobody
can guess it from the size of compressed pages (BREACH).
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any

from litestar import Request
from litestar.exceptions import PermissionDeniedException
from markupsafe import Markup

from incubator.core.languages import _

SESSION_COOKIE = "session"
COOKIE = "visit"
FIELD = "csrf"
#: In a request's scope: an opaque name of the signed-in person, also at the end of each token: whose form it is.
OWNER = "owner"
#: In a request's state: the token was not right.
OUTDATED = "outdated"
#: Where the button in the header goes. Who is signed out already, in another tab, may press it again: there is nothing to forge.
SIGN_OUT = "/sign-out"
#: The form on a public page that everybody gets from memory, so that it holds no token. Sent by a visitor it does what anybody may do
#: with any address, whoever made them send it; from somebody who is signed in it needs a token like all others.
OPEN_FORM = "/follow"
_UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


_BYTES = 20


def _digest(secret: str) -> bytes:
    return hashlib.sha256(b"csrf:" + secret.encode("utf-8", "replace")).digest()[:_BYTES]


def _masked(digest: bytes, mask: bytes) -> str:
    """Return the mask followed by the masked digest, as hexadecimal digits."""
    masked = int.from_bytes(digest) ^ int.from_bytes(mask)
    return mask.hex() + masked.to_bytes(_BYTES).hex()


def is_genuine(given: str, secret: str) -> bool:
    """Return whether the token is one that we made for this secret."""
    try:
        mask = bytes.fromhex(given)[:_BYTES]
        return bool(secret) and hmac.compare_digest(given[: 4 * _BYTES], _masked(_digest(secret), mask))
    except (ValueError, TypeError):  # not hexadecimal, not ASCII, or too short
        return False


def _secret(request: Request[Any, Any, Any]) -> str:
    return request.cookies.get(SESSION_COOKIE) or request.cookies.get(COOKIE) or ""


def csrf_input(request: Request[Any, Any, Any]) -> Markup:
    """Return the hidden field of one form. Notes in the request's state when a cookie must be set."""
    return inputs(request)()


def inputs(request: Request[Any, Any, Any]) -> Callable[[], Markup]:
    """Return what makes the hidden fields of a page: another one for each form, since its token says which one was carried out (once.py)."""
    digest: bytes | None = None

    def field() -> Markup:
        nonlocal digest
        digest = digest or _digest(_secret_for(request))
        token = _masked(digest, secrets.token_bytes(_BYTES)) + str(request.scope.get(OWNER, ""))
        return _FIELD % (token,)

    return field


_FIELD = Markup('<input type="hidden" name="csrf" value="%s">')


def _secret_for(request: Request[Any, Any, Any]) -> str:
    secret = _secret(request) or request.scope["state"].get(COOKIE)
    if not secret:
        secret = request.scope["state"][COOKIE] = secrets.token_urlsafe(24)
    return str(secret)


def owner_in(token: str) -> str:
    """Return for whom the form was made, as its token says; only who typed can have changed it."""
    return token[4 * _BYTES :]


def is_from_elsewhere(site: str) -> bool:
    """Return whether another site's page sends the form. ``site``: what ``Sec-Fetch-Site`` says; older browsers say nothing."""
    return site not in {"", "same-origin", "none"}


class Forged(PermissionDeniedException):
    """The form is not from a page that we made for this browser, as far as can be told."""

    def __init__(self) -> None:
        super().__init__(_("Страница устарела или открыта не отсюда. Вернитесь назад, обновите её и повторите."))


def is_open_form(scope: Any) -> bool:
    """Return whether a visitor sends the one form that needs no token."""
    return str(scope["path"]).endswith(OPEN_FORM) and not scope.get("user")


async def refuse_forged(request: Request[Any, Any, Any]) -> None:
    """Raise 403 unless the request comes from one of our forms."""
    if request.method not in _UNSAFE:
        return
    if request.url.path == SIGN_OUT and not request.cookies.get(SESSION_COOKIE):
        return
    is_elsewhere = is_from_elsewhere(request.headers.get("sec-fetch-site", ""))
    if is_open_form(request.scope) and not is_elsewhere:
        return
    given = str((await request.form()).get(FIELD) or "")
    if is_elsewhere or not is_genuine(given, _secret(request)):
        request.scope["state"][OUTDATED] = True
        raise Forged
