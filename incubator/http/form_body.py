"""A posted form as it arrives: its body is read once, looked at, and given to whoever asks next."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from litestar import Request

from incubator.core import limits
from incubator.http.csrf import COOKIE as VISIT_COOKIE
from incubator.http.csrf import SESSION_COOKIE, owner_in
from incubator.http.refill import is_version
from incubator.http.requests import came_from
from incubator.http.templating import address_of, safe_path

Receive = Any

#: Bytes of the body of a form with a whole document; the others are limited by ``limits.BODY``.
LARGEST_DOCUMENT = 8 * limits.BODY

#: How browsers send a form without files.
URLENCODED = b"application/x-www-form-urlencoded"

#: In a request's state: the body was larger than its page accepts.
TOO_LARGE = "too_large"


def cookie_in(scope: Any, name: str) -> str:
    """Return the value of a cookie of ours; they need no decoding."""
    start = f"{name}=".encode()
    for header, value in scope["headers"]:
        if header == b"cookie":
            for part in value.split(b";"):
                if part.strip().startswith(start):
                    return str(part.strip()[len(start) :].decode("latin-1"))
    return ""


def secret_of(scope: Any) -> str:
    """Return what only this browser and the server know: the session's secret or the visit's, as csrf.py takes them."""
    return cookie_in(scope, SESSION_COOKIE) or cookie_in(scope, VISIT_COOKIE)


def header(scope: Any, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


class Body:
    """The messages of a request's body: read by us first, received by the app afterwards."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Any] = []
        self.content = b""
        self.is_whole = False

    @classmethod
    def of(cls, content: bytes) -> "Body":
        """Return a body that has already come."""
        body = cls(None)
        body.content, body.is_whole = content, True
        body._messages.append({"type": "http.request", "body": content, "more_body": False})
        return body

    async def read(self, most: int) -> bytes:
        """Return the body if it comes whole and within ``most`` bytes (``is_whole``); else what has come."""
        size = 0
        while not self.is_whole and size <= most:
            try:
                message = await self._receive()
            except Exception:  # noqa: BLE001 - whoever asks next gets the same, where it is answered (slow_bodies.py)
                break
            self._messages.append(message)
            if message["type"] != "http.request":
                break
            size += len(message.get("body", b""))
            self.is_whole = not message.get("more_body", False) and size <= most
        self.content = b"".join(message.get("body", b"") for message in self._messages)
        return self.content

    async def again(self) -> Any:
        """Receive the whole body once more."""
        return {"type": "http.request", "body": self.content, "more_body": False}

    async def __call__(self) -> Any:
        """Receive, as the app does."""
        return self._messages.pop(0) if self._messages else await self._receive()


async def body_of(receive: Receive, most: int) -> Body:
    """Return the body, read by whoever asked first."""
    if isinstance(receive, Body):
        return receive
    body = Body(receive)
    await body.read(most)
    return body


def is_from_here(scope: Any) -> bool:
    """Return whether a page of this site sent the request, as far as the browser tells."""
    site = header(scope, b"sec-fetch-site")
    if site:
        return site == b"same-origin"
    sender = header(scope, b"origin") or header(scope, b"referer")
    return urlsplit(sender.decode("latin-1")).netloc == header(scope, b"host").decode("latin-1") != ""


def is_script(scope: Any) -> bool:
    """Return whether our own script asks, as autosave does."""
    return header(scope, b"x-requested-with") == b"fetch" or b"application/json" in header(scope, b"accept")


def above(path: str) -> list[str]:
    """Return the address and what is above it, up to the first part."""
    steps = path.split("/")
    return ["/".join(steps[:n]) for n in range(len(steps), 1, -1)]


@dataclass(frozen=True, slots=True)
class Posted:
    """What somebody typed into a form and could not send: kept in the page that they got instead, never on the server."""

    action: str
    page: str
    """Where the form was."""
    owner: str
    """Whose form it was (csrf.py); empty for a visitor's."""
    values: list[tuple[str, str]]

    @property
    def texts(self) -> list[str]:
        return [value for name, value in self.values if value.strip() and not _is_no_text(name)]

    @property
    def without_versions(self) -> list[tuple[str, str]]:
        return [pair for pair in self.values if not is_version(pair[0])]

    @property
    def places(self) -> list[str]:
        """Return the pages that may have the form: where it was, its address, and what is above that."""
        return list(dict.fromkeys(filter(None, (self.page, *above(self.action.partition("?")[0])))))

    def as_json(self) -> str:
        return json.dumps([self.action, self.page, self.owner, self.values], ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Posted | None":
        """Return what ``as_json`` wrote; None for what it did not write."""
        try:
            action, page, owner, values = json.loads(text)
            pairs = [(str(name), str(value)) for name, value in values]
        except (ValueError, TypeError):
            return None
        if not (isinstance(action, str) and safe_path(action, "")):
            return None
        return cls(action, safe_path(str(page), ""), str(owner), pairs)


#: The name of a hidden field that is lent to another form (together.py).
LENT_HIDDEN = re.compile(r"[0-9a-f]{8}_")

#: Not typed as a text, or nobody else's business.
_NO_TEXT = {"csrf", "save", "next", "kept", "email", "key", "back", "then", "stays", "one_time_code", "passkey"}


def _is_no_text(name: str) -> bool:
    return name in _NO_TEXT or is_version(name) or bool(LENT_HIDDEN.match(name))


def posted_of(request: Request[Any, Any, Any], fields: Iterable[tuple[str, Any]]) -> Posted:
    """Return what the form holds, without passwords and files."""
    values = [
        (name, value) for name, value in fields if isinstance(value, str) and name != "csrf" and "password" not in name
    ]
    given = next((value for name, value in fields if name == "csrf" and isinstance(value, str)), "")
    return Posted(address_of(request), came_from(request), owner_in(given), values)
