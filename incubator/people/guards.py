"""Guards that decide by role who may open a page; scoped queries decide what they see there."""

from collections.abc import Callable
from typing import Any, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from incubator.core.languages import _
from incubator.core.refusals import NotAllowed
from incubator.http.failure import raise_failure
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person

PersonRequest = Request[Person, Any, Any]


class SignInNeeded(Exception):
    """The page requires signing in."""


# Guards are coroutines, because Litestar runs anything else in a thread.
async def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    if connection.scope.get("user") is None:
        raise_failure(connection.scope)
        raise SignInNeeded


def needs(action: StaffAction, message: Callable[[], str]) -> Guard:
    """Return a guard that lets in those whose staff roles allow ``action``; others get ``message`` in their language."""

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        await signed_in(connection, handler)
        if action not in cast(Any, connection.scope)["allowed"]:  # set by SignedIn
            raise NotAllowed(message())

    return guard


mentor = needs(StaffAction.REVIEW, lambda: _("Эта страница — для наставников"))
organiser = needs(StaffAction.ORGANISE, lambda: _("Эта страница — для организаторов"))


def allowed_to(request: PersonRequest) -> frozenset[StaffAction]:
    """Return the StaffActions of the signed-in person."""
    return cast(frozenset[StaffAction], cast(Any, request.scope)["allowed"])
