"""What pages read from a request besides its form."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request

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
