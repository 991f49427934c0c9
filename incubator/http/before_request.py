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


async def before_request(request: Request[Any, Any, Any]) -> None:
    """Answer 404 to ids that no row can have, refuse forged forms, and end what the database cannot serve."""
    if any(isinstance(v, int) and not 0 < v <= LARGEST_ID for v in request.path_params.values()):
        raise NotFoundException
    raise_failure(request.scope)
    if not request.scope["path"].startswith(NO_FORMS):
        await refuse_forged(request)
    if request.method == "POST":
        keep_posted(request.scope, (await request.form()).multi_items())
