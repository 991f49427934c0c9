"""What was posted, kept for the error page: if nothing could be saved, the page itself holds the text to send again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from litestar import Request

from incubator.http.csrf import FIELD
from incubator.http.form_request import fields_in

_KEY = "posted"
#: Bytes; a longer form is not offered again.
_LONGEST = 512 * 1024
_URLENCODED = b"application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Again:
    """A form to send once more."""

    action: str
    fields: tuple[tuple[str, str], ...]


def keep_posted(scope: Any, fields: Iterable[tuple[str, Any]]) -> None:
    """Note the fields of the form for ``form_again``."""
    scope["state"][_KEY] = list(fields)


async def keep_body(scope: Any, receive: Any) -> None:
    """Read the form itself; for requests that never reach a handler."""
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    if scope["method"] != "POST" or not kind.startswith(_URLENCODED):
        return
    body = b""
    while len(body) <= _LONGEST:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            keep_posted(scope, fields_in(body))
            return


def words_posted(request: Request[Any, Any, Any]) -> tuple[str, ...]:
    """Return the texts of the posted form, for their author to copy: every address and every value of more than one word, but no password."""
    fields = request.scope["state"].get(_KEY) or ()
    return tuple(
        dict.fromkeys(
            value
            for name, value in fields
            if isinstance(value, str) and (len(value.split()) > 1 or "@" in value) and "password" not in name
        )
    )


def form_again(request: Request[Any, Any, Any]) -> Again | None:
    """Return the posted form; None if there is none, or if it holds a password or a file, which no page may repeat."""
    fields = request.scope["state"].get(_KEY)
    if not fields or any("password" in name or not isinstance(value, str) for name, value in fields):
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return Again(request.url.path + query, tuple((name, value) for name, value in fields if name != FIELD))
