"""Pages that the server asks itself for, to put something into them that a person has typed."""

from collections.abc import Iterable
from http.cookies import SimpleCookie
from typing import Any

from incubator.db.writing import at_first
from incubator.http import flash
from incubator.http.csrf import COOKIE as VISIT_COOKIE
from incubator.http.csrf import SESSION_COOKIE
from incubator.http.form_body import cookie_in
from incubator.http.reply import Reply, captured

#: In a request's state: the refusal of a verb (errors.py).
REFUSED = "refused"
_SCOPE = ("type", "asgi", "http_version", "scheme", "server", "client", "root_path")
_OF_THE_FORM = {b"cookie", b"content-type", b"content-length", b"accept-encoding", b"transfer-encoding", b"origin"}


async def page_as_seen(
    site: Any,
    scope: Any,
    place: str,
    *,
    secret: str = "",
    told: Reply | None = None,
    state: dict[str, str] | None = None,
) -> Reply:
    """Return the page as the person's own browser would get it.

    ``secret``: of a session that has just begun. ``told``: an answer whose messages the page shows.
    ``state``: what the page's handler finds in its request's state.
    """
    headers = [(name, value) for name, value in scope["headers"] if name not in _OF_THE_FORM]
    cookies = {name: cookie_in(scope, name) for name in (VISIT_COOKIE, SESSION_COOKIE, "lang")}
    cookies |= {SESSION_COOKIE: secret} if secret else {}
    cookies |= {flash.COOKIE: _messages_in(told)} if told else {}
    headers.append((b"cookie", "; ".join(f"{k}={v}" for k, v in cookies.items() if v).encode("latin-1")))
    asked = _request(scope, "GET", place, headers)
    asked["state"].update(state or {})
    # Whatever looking at a page notes down is not what the form asks for (once.py).
    token = at_first.set(None)
    try:
        return await captured(site, asked, _nothing)
    finally:
        at_first.reset(token)


def posting(scope: Any, action: str, page: str, body: bytes) -> Any:
    """Return the request by which the person's own browser would send a form of ``page`` with this body."""
    headers = [
        (name, value) for name, value in scope["headers"] if name not in (_OF_THE_FORM - {b"cookie"}) | {b"referer"}
    ]
    host = next((value for name, value in headers if name == b"host"), b"").decode("latin-1")
    headers += [
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"content-length", str(len(body)).encode()),
        (b"referer", f"{scope['scheme']}://{host}{page}".encode()),
    ]
    return _request(scope, "POST", action, headers)


def _request(scope: Any, method: str, place: str, headers: list[tuple[bytes, bytes]]) -> Any:
    path, _mark, query = place.partition("#")[0].partition("?")
    return {
        **{name: scope[name] for name in _SCOPE if name in scope}, "method": method, "path": path,
        "raw_path": path.encode(), "query_string": query.encode(), "headers": headers,
        "state": {"request_id": scope["state"].get("request_id", "")},
    }  # fmt: skip


async def first_page(site: Any, scope: Any, places: Iterable[str], *, told: Reply | None = None) -> tuple[str, Reply]:
    """Return the first of the places that has a page for the person: a place may have been the answer to a form itself."""
    for place in dict.fromkeys(filter(None, places)):
        shown = await page_as_seen(site, scope, place, told=told)
        if shown.status == 200:
            return place, shown
    return "/", Reply(404, [], b"")


def location_of(answer: Reply) -> str:
    """Return where the answer leads to."""
    return next((value.decode() for name, value in answer.headers if name.lower() == b"location"), "")


def cookies_of(answer: Reply) -> list[tuple[bytes, bytes]]:
    """Return the cookies that the answer sets, without its messages, which a page has shown instead."""
    start = f"{flash.COOKIE}=".encode()
    return [pair for pair in answer.headers if pair[0].lower() == b"set-cookie" and not pair[1].startswith(start)]


def _messages_in(answer: Reply) -> str:
    jar = SimpleCookie()
    for name, value in answer.headers:
        if name.lower() == b"set-cookie":
            jar.load(value.decode("latin-1"))
    return jar[flash.COOKIE].value if flash.COOKIE in jar else ""


async def _nothing() -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}
