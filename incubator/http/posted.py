"""What was posted, kept for the error page: if nothing could be saved, the page itself holds the text to send again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from litestar import Request

from incubator.http.csrf import FIELD
from incubator.http.form_body import LENT_HIDDEN
from incubator.http.form_request import fields_in
from incubator.http.refill import is_version

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


#: A single word that is longer than this was written, or is a link; a shorter one may be a choice.
_A_WORD = 40


def _is_written(name: str, value: str) -> bool:
    is_ours = name == FIELD or is_version(name) or bool(LENT_HIDDEN.match(name)) or "password" in name
    return not is_ours and (len(value.split()) > 1 or "@" in value or len(value) > _A_WORD)


def words_posted(request: Request[Any, Any, Any]) -> tuple[str, ...]:
    """Return the texts of the posted form, for their author to copy: every address, every value of more than one word, and every long one; but no password."""
    fields = request.scope["state"].get(_KEY) or ()
    return tuple(dict.fromkeys(value for name, value in fields if isinstance(value, str) and _is_written(name, value)))


def form_again(request: Request[Any, Any, Any]) -> Again | None:
    """Return the posted form; None if there is none, or if it holds a password or a file, which no page may repeat."""
    fields = request.scope["state"].get(_KEY)
    if not fields or any("password" in name or not isinstance(value, str) for name, value in fields):
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return Again(request.url.path + query, tuple((name, value) for name, value in fields if name != FIELD))
