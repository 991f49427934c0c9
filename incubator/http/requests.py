"""What pages read from a request besides its form."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.exceptions import HTTPException

from incubator.http.templating import safe_path

AnyRequest = Request[Any, Any, Any]


def client_address(request: AnyRequest) -> str:
    """Return the client's address as the server saw it (behind a trusted proxy: the address that it reports)."""
    return request.client.host if request.client else ""


def came_from(request: AnyRequest) -> str:
    """Return the address on this site of the page with the form; empty if the browser does not tell or it was elsewhere."""
    origin = urlsplit(request.headers.get("referer", ""))
    here = origin.path + (f"?{origin.query}" if origin.query else "")
    return safe_path(here, "") if origin.netloc == request.headers.get("host") else ""


def page_at(request: AnyRequest, address: str) -> str:
    """Return the address unless it takes nothing but a form, whose answer was a page; then, what is nearest above it."""
    path = address.partition("?")[0]
    if not path or _status(request, path) != 405:
        return address or "/"
    while path.strip("/") and _status(request, path) != 200:
        path = path.rpartition("/")[0]
    return path or "/"


def _status(request: AnyRequest, path: str) -> int:
    try:
        request.app.asgi_router.handle_routing(path=path, method="GET")
    except HTTPException as missing:
        return missing.status_code
    return 200
