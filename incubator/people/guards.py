"""Who may use a page at all, by role; what they see there is the business of scoped queries."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from incubator.core.languages import _
from incubator.core.refusals import NotAllowed
from incubator.people.tables import Person

PersonRequest = Request[Person, Any, Any]


class SignInNeeded(Exception):
    """Nobody is signed in where somebody must be."""


def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    if connection.scope.get("user") is None:
        raise SignInNeeded


def mentor(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    signed_in(connection, handler)
    if not connection.scope["user"].is_mentor:
        raise NotAllowed(_("Эта страница — для наставников"))


def organiser(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    signed_in(connection, handler)
    if not connection.scope["user"].is_organiser:
        raise NotAllowed(_("Эта страница — для организаторов"))
