"""A cache of public pages: the same bytes are served until something that they show changes.

It stands in front of everything else. A page is stored with the public revision that was read
*before* rendering, and is served only while that is still the current revision; never to
somebody who is signed in, and never if it sets a cookie. Hits are not logged: the log
records only requests that took work.
"""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from incubator import config
from incubator.core.clock import today
from incubator.db.engines import current_engine
from incubator.db.revision import Revision, revision_of
from incubator.http.compression import Encoding, best_encoding
from incubator.http.csrf import SESSION_COOKIE
from incubator.http.flash import COOKIE as FLASH_COOKIE
from incubator.http.kept_pages import Answer, Kept, Key, Shelf
from incubator.http.language import COOKIE as LANGUAGE_COOKIE
from incubator.http.language import asked_for, chosen

LARGEST = 16 * 1024 * 1024
"""Capacity of one process's cache, in bytes."""

_LONGEST_QUERY, _LONGEST_PATH = 1000, 200
_KEPT = frozenset({200, 404})
_READING = frozenset({"GET", "HEAD"})
_NOTHING = {"type": "http.response.body", "body": b""}
#: Cookies that make a page personal.
SESSION, FLASH = f"{SESSION_COOKIE}=".encode(), f"{FLASH_COOKIE}=".encode()


#: Which page, in which encoding, and the versions that the reader has.
Wanted = tuple[Key, Encoding, bytes]
Headers = dict[bytes, bytes]


def _wanted(scope: Any, sent: Headers) -> Wanted | None:
    """Return what is asked for; None for whoever must not get a shared page."""
    cookie, path = sent.get(b"cookie", b""), scope["path"]
    if SESSION in cookie or FLASH in cookie:
        return None
    if b"application/json" in sent.get(b"accept", b"") and not path.startswith("/api/"):
        return None  # API clients get errors as data
    locale = chosen(cookie) or asked_for(sent.get(b"accept-language", b""))
    key = (path, scope["query_string"], locale, today())
    return key, best_encoding(sent.get(b"accept-encoding", b"")), sent.get(b"if-none-match", b"")


def _as_asked(scope: Any, sent: Headers) -> Any:
    """Return all on which the answer to a simple request depends, as it came; None for one that is not simple."""
    if b"cookie" in sent or b"if-none-match" in sent or scope["method"] != "GET":
        return None
    value_of = sent.get
    return (
        scope["path"], scope["query_string"], value_of(b"accept-encoding"), value_of(b"accept-language"), value_of(b"accept"),
    )  # fmt: skip


class PageCache:
    """ASGI app around the site's app; active while the server runs (from startup to shutdown)."""

    def __init__(self, app: Any, is_public: Callable[[str], bool], largest: int = LARGEST) -> None:
        self.app = app
        self._is_public = is_public
        self._pages = Shelf(largest)
        self._flights: dict[tuple[Key, int], asyncio.Task[Kept | None]] = {}
        self._revision: Revision | None = None
        self._answers: dict[Any, Answer] = {}
        """What was answered during one lease of the revision, by requests as they came: none of them needs to be understood again."""
        self._said_until = 0.0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer from memory, or ask the app. Every microsecond counts here (tests/benchmarks): a hit makes no avoidable call."""
        revision = self._revision
        if revision is None or scope["type"] != "http":
            await (self._live if scope["type"] == "lifespan" else self.app)(scope, receive, send)
            return
        sent = dict(scope["headers"])
        asked = _as_asked(scope, sent)
        answer = self._said(asked, revision) or await self._answer(scope, sent, asked, revision)
        if answer is None:
            await self.app(scope, receive, send)
            return
        await send(answer[0])
        await send(_NOTHING if scope["method"] == "HEAD" else answer[1])

    def _said(self, asked: Any, revision: Revision) -> Answer | None:
        """Return what somebody who asked in the same words was told during this lease of the revision."""
        leased_until = revision.leased_until
        is_held = leased_until == self._said_until and monotonic() < leased_until
        return self._answers.get(asked) if is_held else None

    async def _answer(self, scope: Any, sent: Headers, asked: Any, revision: Revision) -> Answer | None:
        """Return the page as it would be now; None for what must not be shared."""
        wanted = _wanted(scope, sent) if self._may_be_shared(scope) else None
        if wanted is None:
            return None
        number = revision.known()
        at_hand = None if number is None else self._pages.get(wanted[0], number)
        kept = at_hand or await self._fetch(wanted, revision, scope)
        if kept is None:
            return None
        if kept.etag in wanted[2]:
            return kept.not_modified
        answer = kept.answers.get(wanted[1]) or self._packed(wanted, kept)
        if asked and at_hand:  # and not after waiting: meanwhile the lease may have become another
            self._say(asked, answer, revision)
        return answer

    def _say(self, asked: Any, answer: Answer, revision: Revision) -> None:
        if revision.leased_until != self._said_until:
            self._answers, self._said_until = {}, revision.leased_until
        self._answers[asked] = answer

    def _may_be_shared(self, scope: Any) -> bool:
        path = scope["path"]
        is_short = len(path) <= _LONGEST_PATH and len(scope["query_string"]) <= _LONGEST_QUERY
        return is_short and scope["method"] in _READING and self._is_public(path)

    async def _live(self, scope: Any, receive: Any, send: Any) -> None:
        self._revision = revision_of(current_engine())
        try:
            await self.app(scope, receive, send)
        finally:
            revision, self._revision = self._revision, None
            self._pages.clear()
            self._answers.clear()
            await revision.close()

    async def _fetch(self, wanted: Wanted, revision: Revision, scope: Any) -> Kept | None:
        """Return a page that is not here, or of which it had to be asked whether it still holds."""
        number = await revision.current()
        if number is None:
            return None
        key, encoding, _seen = wanted
        return self._pages.get(key, number) or await self._fly(key, number, scope, encoding)

    def _packed(self, wanted: Wanted, kept: Kept) -> Answer:
        """Return the page in an encoding that nobody has asked for so far."""
        key, encoding, _seen = wanted
        before, answer = kept.size, kept.answer(encoding)
        self._pages.grown(key, kept, kept.size - before)
        return answer

    async def _fly(self, key: Key, number: int, scope: Any, encoding: Encoding) -> Kept | None:
        """Render the page once for all who are waiting for it."""
        flight = self._flights.get((key, number))
        if flight is None:
            flight = self._flights[key, number] = asyncio.ensure_future(self._render(key, number, scope, encoding))
            flight.add_done_callback(lambda _done: self._flights.pop((key, number), None))
        return await asyncio.shield(flight)

    async def _render(self, key: Key, number: int, scope: Any, encoding: Encoding) -> Kept | None:
        """Ask the app on behalf of a visitor with nothing but a language; None for what must not be shared."""
        messages: list[Any] = []

        async def nothing() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def keep(message: Any) -> None:
            messages.append(message)

        locale = key[2]
        # Copy nothing else from the first visitor's request: later visitors get the same page.
        headers = [
            (b"host", urlsplit(config.settings.base_url).netloc.encode()),
            (b"accept", b"text/html"),
            (b"cookie", f"{LANGUAGE_COOKIE}={locale}".encode()),
        ]
        visitor = {**scope, "method": "GET", "headers": headers, "state": dict(scope.get("state") or {})}
        await self.app(visitor, nothing, keep)
        start, *rest = messages
        names = {name.lower() for name, _value in start["headers"]}
        if start["status"] not in _KEPT or b"set-cookie" in names:
            return None
        kept = Kept(number, start, b"".join(message.get("body", b"") for message in rest), encoding)
        kept.size += len(key[0]) + len(key[1])
        self._pages.put(key, kept)
        return kept
