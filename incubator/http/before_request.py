"""Checks made before any handler runs."""

from typing import Any

from litestar import Request
from litestar.exceptions import NotFoundException

from incubator.http.csrf import refuse_forged
from incubator.http.forms import LARGEST_ID

#: Requested by mail programs, not by our forms; the address itself is the secret (RFC 8058).
NO_FORMS = "/mail/"


async def before_request(request: Request[Any, Any, Any]) -> None:
    """Answer 404 to ids that no row can have, and refuse forged forms."""
    if any(isinstance(v, int) and not 0 < v <= LARGEST_ID for v in request.path_params.values()):
        raise NotFoundException
    if not request.scope["path"].startswith(NO_FORMS):
        await refuse_forged(request)
