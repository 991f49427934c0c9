"""What pages read off a request besides its form."""

from typing import Any

from litestar import Request

from incubator.http.forms import Form

AnyRequest = Request[Any, Any, Any]

#: No list of ours is longer; a larger number was typed by hand.
LAST_PAGE = 100_000


def client_address(request: AnyRequest) -> str:
    """The address that the server saw (behind a trusted proxy: the one it names)."""
    return request.client.host if request.client else ""


def page_number(request: AnyRequest) -> int:
    """The number in ``?page=``, from 1; the first page for what is no number."""
    form = Form([("page", request.query_params.get("page", "1"))])
    return form.number("page", least=1, most=LAST_PAGE, default=1)
