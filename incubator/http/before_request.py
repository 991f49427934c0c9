"""What is checked before any handler runs."""

from typing import Any

from litestar import Request
from litestar.exceptions import NotFoundException

from incubator.http.csrf import refuse_forged
from incubator.http.forms import LARGEST_ID

#: Asked for by mail programs, not by forms of ours; the address itself is the secret (RFC 8058).
NO_FORMS = "/mail/"


async def before_request(request: Request[Any, Any, Any]) -> None:
    """Ids that no row can have are not found; forged forms are refused."""
    if any(isinstance(v, int) and not 0 < v <= LARGEST_ID for v in request.path_params.values()):
        raise NotFoundException
    if not request.scope["path"].startswith(NO_FORMS):
        await refuse_forged(request)
