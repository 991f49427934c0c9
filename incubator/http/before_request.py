"""Checks made before any handler runs."""

from typing import Any

from litestar import Request
from litestar.exceptions import NotFoundException

from incubator.http.csrf import refuse_forged
from incubator.http.failure import raise_failure
from incubator.http.forms import LARGEST_ID
from incubator.http.posted import keep_posted

#: Requested by mail programs, not by our forms; the address itself is the secret (RFC 8058).
NO_FORMS = "/mail/"


def _is_nothing(value: Any) -> bool:
    """Return whether no row can have this in its address: an id out of bounds, or a text that no database stores."""
    return not 0 < value <= LARGEST_ID if isinstance(value, int) else isinstance(value, str) and "\0" in value


async def before_request(request: Request[Any, Any, Any]) -> None:
    """Answer 404 to what no row can have, refuse forged forms, and end what the database cannot serve."""
    if any(_is_nothing(value) for value in request.path_params.values()):
        raise NotFoundException
    raise_failure(request.scope)
    if not request.scope["path"].startswith(NO_FORMS):
        await refuse_forged(request)
    if request.method == "POST":
        keep_posted(request.scope, (await request.form()).multi_items())
