"""Who may use a page at all, by role; what they see there is the business of scoped queries."""

from typing import Any, TypeVar

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler

from incubator.people.tables import Person
from incubator.web.i18n import _
from incubator.web.refusal import NotAllowed

PersonRequest = Request[Person, Any, Any]


T = TypeVar("T")


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


def found(row: T | None) -> T:
    """``row``, or 404: what you may not see is not there."""
    if row is None:
        raise NotFoundException
    return row
