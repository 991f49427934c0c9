"""Guards that decide by role who may open a page; scoped queries decide what they see there."""

from collections.abc import Callable
from typing import Any, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import NotAllowed
from incubator.http.failure import raise_failure
from incubator.people.permissions import StaffAction
from incubator.people.proof import Proof
from incubator.people.tables import Person

PersonRequest = Request[Person, Any, Any]


class SignInNeeded(Exception):
    """The page requires signing in."""


class ProofNeeded(Exception):
    """The page requires that the person has proved a short while ago who they are."""


class SetUpNeeded(NotAllowed):
    """The days in which the person may go on without a second factor are over."""

    def __init__(self) -> None:
        super().__init__(_("Вашей роли нужен второй шаг при входе: сначала настройте его"))


#: What is open to those who have to set up a second factor first, with what is below.
_OPEN_TO_OVERDUE = (
    *("/profile/second-factor", "/second-factor", "/profile/password", "/sign-out"),
    *("/language", "/health", "/ready", "/demo"),
)


# Guards are coroutines, because Litestar runs anything else in a thread.
async def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    if connection.scope.get("user") is None:
        raise_failure(connection.scope)
        raise SignInNeeded


def proof_in(scope: Any) -> Proof | None:
    """Return what the session has proved; None for a visitor."""
    return cast(Proof | None, scope.get("proof"))


async def freshly_proved(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let in who has shown their second factor, or without one their password, in the last minutes.

    For what shows or ends much at once: exports of personal data, roles, deletions, the second factor itself.
    ``tests/people/test_proof_of_routes.py`` lists the routes.
    """
    await signed_in(connection, handler)
    proof = proof_in(connection.scope)
    if proof is None or not proof.is_fresh(now()):
        raise ProofNeeded


async def set_up(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Of every route: who has to set up a second factor gets to nothing else."""
    proof = proof_in(connection.scope)
    if proof is None or connection.scope.get("user") is None or not proof.is_overdue(now()):
        return
    path = connection.scope["path"]
    if not any(path == each or path.startswith(f"{each}/") for each in _OPEN_TO_OVERDUE):
        raise SetUpNeeded


def needs(action: StaffAction, message: Callable[[], str]) -> Guard:
    """Return a guard that lets in those whose staff roles allow ``action``; others get ``message`` in their language."""

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        await signed_in(connection, handler)
        if action not in cast(Any, connection.scope)["allowed"]:  # set by SignedIn
            raise NotAllowed(message())

    return guard


mentor = needs(StaffAction.REVIEW, lambda: _("Эта страница – для наставников"))
organiser = needs(StaffAction.ORGANISE, lambda: _("Эта страница – для организаторов"))


def allowed_to(request: PersonRequest) -> frozenset[StaffAction]:
    """Return the StaffActions of the signed-in person."""
    return cast(frozenset[StaffAction], cast(Any, request.scope)["allowed"])


def unread_by(request: PersonRequest) -> int:
    """Return how many lines behind the bell the signed-in person has not read."""
    return cast(int, cast(Any, request.scope)["unread"])
