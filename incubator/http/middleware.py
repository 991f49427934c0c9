"""The outermost layer of every request: its id, static files, HEAD, compression, security headers, one log line."""

import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog

from incubator.config import Settings
from incubator.core.clock import arriving
from incubator.http.compression import WORTH, best_encoding, compressed, is_text
from incubator.http.static import serve_static

log = structlog.get_logger()

#: Links in mails end in a secret, which must not be logged.
_SECRET = re.compile(r"/[\w-]{30,}")
#: A part of a route that is one, or a printed code, which people type in many ways (core/printed_codes.py).
_SECRET_PART = re.compile(r"\{(?:\w+_)?(?:secret|codes?):")
#: An id of a row; a telephone number is longer.
_NUMBER = re.compile(r"[0-9]{1,7}", re.ASCII)

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def security_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    headers = {
        "content-security-policy": _POLICY,
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
        "cross-origin-opener-policy": "same-origin",
    }
    if settings.is_https:
        headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    return [(k.encode(), v.encode()) for k, v in headers.items()]


#: What other sites may do with our pages: frame one page and those below it, load one script, read the public data.
_FRAMED, _LOADED, _READ = "/embed", "/embed.js", "/api/v1/"


#: What a response may say itself: a stranger's file is allowed less than a page of ours.
_ITS_OWN = b"content-security-policy"


def _together(said: list[tuple[bytes, bytes]], ours: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return a response's headers with ours in place of its own of the same name; a policy of its own stays."""
    names = {name for name, _value in ours} - {_ITS_OWN}
    kept = [(name, value) for name, value in said if name.lower() not in names]
    has_policy = any(name.lower() == _ITS_OWN for name, _value in kept)
    return [*kept, *((name, value) for name, value in ours if not (has_policy and name == _ITS_OWN))]


#: Other characters are not valid in an address and would only cause errors further in.
_HOST = re.compile(rb"(?:[\w.-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)
_PLAIN = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"13")]

_SHARED = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"ETag, Retry-After")]
_ASKED_FIRST = [
    *_SHARED, (b"access-control-allow-methods", b"GET, HEAD"), (b"access-control-allow-headers", b"If-None-Match"),
    (b"access-control-max-age", b"86400"), (b"content-length", b"0"),
]  # fmt: skip


def for_others(path: str, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return ``headers`` with other sites' access to ``path`` added; for all other paths, the same object."""
    if path == _FRAMED or path.startswith(f"{_FRAMED}/"):
        policy = _POLICY.replace("frame-ancestors 'none'", "frame-ancestors *").encode()
        kept = [(k, v) for k, v in headers if k not in {b"x-frame-options", b"content-security-policy"}]
        return [*kept, (b"content-security-policy", policy)]
    if path == _LOADED:
        return [*headers, *_SHARED, (b"cross-origin-resource-policy", b"cross-origin")]
    return [*headers, *_SHARED] if path.startswith(_READ) else headers


def words_of(routes: Iterable[str]) -> frozenset[str]:
    """Return the words of which our addresses consist, without what varies in them."""
    return frozenset({"static"} | {part for route in routes for part in route.split("/") if "{" not in part})


def secret_places(routes: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Return what stands before a secret or a code in our addresses, part by part; what varies is empty."""
    places = set()
    for route in routes:
        parts = [part for part in route.split("/") if part]
        for n, part in enumerate(parts):
            if _SECRET_PART.match(part):
                places.add(tuple("" if "{" in each else each for each in parts[:n]))
    return frozenset(places)


def without_secrets(path: str, words: frozenset[str], places: frozenset[tuple[str, ...]]) -> str:
    """Return one of our paths for the log, without what opens a page by itself."""
    shown: list[str] = []
    for part in filter(None, path.split("/")):
        before = tuple(shown)
        is_secret = any(
            len(place) == len(before) and all(one in ("", other) for one, other in zip(place, before, strict=True))
            for place in places
        )
        shown.append("…" if is_secret and part not in words else part)
    return _SECRET.sub("/…", "/" + "/".join(shown))


def shape_of(path: str, words: frozenset[str]) -> str:
    """Return a path that may not be ours for the log: a mistyped one can hold anything, a secret or somebody's name."""
    return "/".join(part if part in words or _NUMBER.fullmatch(part) else "…" for part in path.split("/"))


class Front:
    """ASGI app around the framework's app."""

    def __init__(self, app: Any, settings: Settings, routes: Iterable[str] = ()) -> None:
        self.app = app
        self._headers = security_headers(settings)
        known = list(routes)
        self._words, self._secret_places = words_of(known), secret_places(known)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"].startswith("/static/") and await serve_static(scope, send):
            return
        if not all(_HOST.fullmatch(value) for name, value in scope["headers"] if name == b"host"):
            await send({"type": "http.response.start", "status": 400, "headers": [*self._headers, *_PLAIN]})
            await send({"type": "http.response.body", "body": b"400 Bad Host\n"})
            return
        if scope["method"] == "OPTIONS" and scope["path"].startswith(_READ):  # a CORS preflight
            await send({"type": "http.response.start", "status": 204, "headers": _ASKED_FIRST})
            await send({"type": "http.response.body", "body": b""})
            return
        request_id = secrets.token_hex(6)
        is_head = scope["method"] == "HEAD"
        scope = {**scope, "method": "GET"} if is_head else scope
        scope["state"] = {**scope.get("state", {}), "request_id": request_id}
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        headers = for_others(scope["path"], self._headers)
        status = 500
        start: dict[str, Any] = {}

        async def answer(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = [*headers, (b"x-request-id", request_id.encode())]
                start.update(
                    message, headers=_together(message["headers"], own)
                )  # wait for the body: it may be compressed
                return
            if start:
                head = start.copy()
                start.clear()
                if not message.get("more_body"):
                    head, message = _packed(scope, head, message)
                await send(head)
            await send({**message, "body": b""} if is_head else message)

        try:
            with arriving() as arrived:
                await self.app(scope, _noting_the_end_of(receive, arrived), answer)
        finally:
            log.info(
                "request",
                method="HEAD" if is_head else scope["method"],
                path=self._logged(scope["path"], status),
                status=status,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )

    def _logged(self, path: str, status: int) -> str:
        if status >= 400:
            return shape_of(path, self._words)
        return without_secrets(path, self._words, self._secret_places)


def _noting_the_end_of(receive: Any, arrived: Callable[[], None]) -> Any:
    """Return ``receive`` for a request that has arrived when its last byte has: a form may take minutes."""

    async def noting() -> Any:
        message = await receive()
        if message["type"] == "http.request" and not message.get("more_body"):
            arrived()
        return message

    return noting


def _packed(scope: Any, start: Any, message: Any) -> tuple[Any, Any]:
    """Compress the answer if the browser accepts it and it is large enough.

    Safe beside secrets: the token in forms is masked anew each time (see csrf.py).
    """
    body = message.get("body", b"")
    headers = {k.lower(): v for k, v in start["headers"]}
    if len(body) < WORTH or b"content-encoding" in headers or not is_text(headers.get(b"content-type", b"")):
        return start, message
    accepted = next((v for k, v in scope["headers"] if k == b"accept-encoding"), b"")
    encoding = best_encoding(accepted)
    vary = b", ".join(filter(None, (headers.get(b"vary"), b"accept-encoding")))
    kept = [h for h in start["headers"] if h[0].lower() not in {b"vary", b"content-length"}]
    body = compressed(body, encoding)
    kept += [(b"vary", vary), (b"content-length", str(len(body)).encode())]
    if encoding:
        kept.append((b"content-encoding", encoding.encode()))
    return {**start, "headers": kept}, {**message, "body": body}
