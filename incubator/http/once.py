"""A form sent twice is answered once: the second request gets the first one's answer.

People press a button again when nothing seems to happen; browsers send a form again when a page is reloaded. Every form
carries a token that no other page has (csrf.py), so two requests of the same bytes, with the same cookie, are one.
The first transaction of a request marks it as answered, in the same commit as the change itself: whatever happens, a change
is never made twice. A request that changed nothing leaves no mark, and may simply be made again.
"""

import asyncio
import hashlib
import json
import re
import zlib
from base64 import b85decode, b85encode
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import structlog
from litestar import Request
from litestar.datastructures import Cookie

from incubator import config
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.db import StorageFull, TryAgain, Unavailable, on_commit, run_sql, writing
from incubator.db.writing import at_first
from incubator.http.csrf import SESSION_COOKIE, is_open_form
from incubator.http.failure import has_failed
from incubator.http.flash import Flash, flash_cookie
from incubator.http.form_body import Body, above, body_of, cookie_in, header, is_script, secret_of
from incubator.http.inside import first_page
from incubator.http.reply import Reply, captured
from incubator.http.requests import came_from

log = structlog.get_logger()

#: How long the same request gets the same answer: a telephone may reload a page days later.
KEPT = timedelta(days=7)

#: How long after its change a process may still store the answer; seconds between two looks.
PATIENCE, PAUSE = timedelta(seconds=10), 0.05

#: A cookie for our own scripts.
DONE = "done"

#: In a request's state: the body of another form that was carried out with it (people/kept_forms.py).
CARRIED_OUT = "carried_out"
_TOKEN = re.compile(rb"""\bcsrf(?:=|"\r\n\r\n)([0-9a-f]{16})""")
_BOUNDARY = re.compile(rb"boundary=\"?([^\";,]+)")


class AnsweredElsewhere(Exception):
    """Another process has answered this very request; nothing was changed."""


@dataclass(slots=True)
class Marked:
    """One request: its digest, and the key of its answer, which is in no table."""

    digest: str
    key: bytes = field(repr=False)
    is_done: bool = False

    async def mark(self) -> None:
        """Mark the request as answered, with the change that this transaction makes. Raises AnsweredElsewhere.

        On PostgreSQL this waits for another process that is making the same change, on SQLite the transaction has waited.
        """
        if self.is_done:
            return
        if not await run_sql(_MARK, self.digest, "", now()):
            raise AnsweredElsewhere
        on_commit(self._done)

    def _done(self) -> None:
        self.is_done = True

    def encrypted(self, answer: Reply) -> str:
        head = [answer.status, [[k.decode("latin-1"), v.decode("latin-1")] for k, v in answer.headers]]
        return b85encode(self._masked(zlib.compress(json.dumps(head).encode() + b"\n" + answer.body))).decode()

    def decrypted(self, text: str) -> Reply:
        head, body = zlib.decompress(self._masked(b85decode(text))).split(b"\n", 1)
        status, headers = json.loads(head)
        return Reply(status, [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers], body)

    def _masked(self, data: bytes) -> bytes:
        """Return ``data`` combined with a key stream that is used for this one answer (SHAKE-256, FIPS 202)."""
        stream = hashlib.shake_256(self.key).digest(len(data))
        return (int.from_bytes(data) ^ int.from_bytes(stream)).to_bytes(len(data))


_MARK = (
    "INSERT INTO form_answer (request, answer, at) VALUES ({}, {}, {}) ON CONFLICT (request) DO NOTHING RETURNING id"
)
_STORE = "UPDATE form_answer SET answer = {} WHERE request = {}"
_FIND = "SELECT answer, at FROM form_answer WHERE request = {}"
_FORGET = "DELETE FROM form_answer WHERE at < {} RETURNING id"


def marked(scope: Any, secret: str, body: bytes) -> Marked:
    """Return the request's digest and key. A browser draws a new boundary for each sending of the same files: it does not count."""
    kind = header(scope, b"content-type")
    if boundary := _BOUNDARY.search(kind):
        kind, body = kind[: boundary.start()], body.replace(boundary[1], b"")
    whole = hashlib.sha256(b"once:")
    for part in (secret.encode("utf-8", "replace"), scope["path"].encode(), scope["query_string"], kind, body):
        whole.update(hashlib.sha256(part).digest())
    key = whole.digest()
    return Marked(hashlib.sha256(b"mark:" + key).hexdigest(), hashlib.sha256(b"answer:" + key).digest())


class Once:
    """ASGI middleware around the site's app, inside the one that knows who is signed in; ``site`` answers GET requests."""

    def __init__(self, app: Any, site: Any, largest: int) -> None:
        self.app = app
        self._site = site
        self._largest = largest
        self._flights: dict[str, asyncio.Future[Reply | None]] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if (
            scope["type"] != "http"
            or scope["method"] != "POST"
            or not secret_of(scope)
            or is_script(scope)
            or is_open_form(scope)  # without a token, asking again weeks later would be the same request
            or has_failed(scope)
        ):
            await self.app(scope, receive, send)
            return
        body = await body_of(receive, self._largest)
        if not body.is_whole:  # the app refuses it
            await self.app(scope, body, send)
            return
        await self._answer(marked(scope, secret_of(scope), body.content), scope, body, send)

    async def _answer(self, request: Marked, scope: Any, body: Body, send: Any) -> None:
        while (flight := self._flights.get(request.digest)) is not None:
            if answer := await asyncio.shield(flight):
                await answer.send(send)
                return
        flight = self._flights[request.digest] = asyncio.get_running_loop().create_future()
        try:
            answer = await self._found(request, scope) or await self._made(request, scope, body)
            flight.set_result(answer)
            await answer.send(send)
            if request.is_done:
                await _store(request, answer)
        finally:
            del self._flights[request.digest]
            if not flight.done():  # it failed or was given up: whoever waits makes the request anew
                flight.set_result(None)

    async def _made(self, request: Marked, scope: Any, body: Body) -> Reply:
        token = at_first.set(request.mark)
        try:
            answer = await captured(self.app, scope, body)
        finally:
            at_first.reset(token)
        if request.is_done:
            return replace(answer, headers=[*answer.headers, *_told(scope, body)]) if answer.is_redirect else answer
        # Another process may have been faster: what this one found was then the world after the change.
        return await self._found(request, scope) or answer

    async def _found(self, request: Marked, scope: Any) -> Reply | None:
        """Return the answer of an earlier request; None if there was none."""
        try:
            return await self._stored(request, scope)
        except (Unavailable, TryAgain):
            return None  # the app will meet it too, and say it

    async def _stored(self, request: Marked, scope: Any) -> Reply | None:
        while rows := await run_sql(_FIND, request.digest):
            if rows[0]["answer"]:
                answer = request.decrypted(rows[0]["answer"])
                # A page may hold what an ended session must not see any more; where to go on, it may know.
                is_ended = cookie_in(scope, SESSION_COOKIE) and scope.get("user") is None
                return None if is_ended and not answer.is_redirect else answer
            if now() - rows[0]["at"] > PATIENCE:
                return await self._already(scope)
            await asyncio.sleep(PAUSE)
        return None

    async def _already(self, scope: Any) -> Reply:
        """Return the answer where the process died between the change and its answer: the change was made."""
        back, _page = await first_page(self._site, scope, (came_from(Request(scope)), *above(scope["path"])))
        flash = flash_cookie([Flash("info", _("Это уже отправлено раньше. Посмотрите, всё ли на месте."))])
        return Reply(303, [(b"location", back.encode()), flash.to_encoded_header()], b"")


def _told(scope: Any, body: Body) -> list[tuple[bytes, bytes]]:
    """Return the cookie that tells drafts.js which forms have been carried out: the beginnings of their tokens."""
    bodies = (body.content, scope["state"].get(CARRIED_OUT, b""))
    tokens = [found[1].decode() for each in bodies if (found := _TOKEN.search(each))]
    earlier = [part for part in cookie_in(scope, DONE).split(".") if re.fullmatch(r"[0-9a-f]{16}", part)]
    done = [*earlier[-9:], *tokens]
    cookie = Cookie(
        key=DONE, value=".".join(done), path="/", samesite="lax", secure=config.settings.is_https, max_age=86400
    )
    return [cookie.to_encoded_header()] if tokens else []


async def _store(request: Marked, answer: Reply) -> None:
    try:
        async with writing(is_cache=True):
            await run_sql(_STORE, request.encrypted(answer), request.digest)
    except (StorageFull, TryAgain, Unavailable):
        log.info("the answer to a form was not stored")


async def forget_answers() -> int:
    """Delete answers that nobody will ask for again; return how many. A periodic job."""
    async with writing(is_cache=True):
        return len(await run_sql(_FORGET, now() - KEPT))
