"""Asking once more, in the transaction that writes, whether the session still holds: a body may be on its way for minutes.

Who asks is looked up before the body arrives. Meanwhile they may sign out, change their password on another device, or lose
a role, which ends their sessions (grants.py).
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from incubator.core.clock import now
from incubator.db.writing import if_still
from incubator.http.form_body import URLENCODED, header
from incubator.people.guards import SignInNeeded

#: A form without files that writes within this time does so at the moment of the look at its session.
AT_ONCE = timedelta(seconds=1)
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


@contextmanager
def asking_again(scope: Any, visit: Any, look: Callable[[], Awaitable[Any]]) -> Iterator[None]:
    """Inside the block, each transaction of somebody signed in that writes looks at their session again.

    ``visit`` is what was found before the body arrived, ``look`` finds it once more.
    """
    if visit is None or visit.proof.awaits_factor or scope["method"] in _READING:
        yield
        return
    is_plain = header(scope, b"content-type").startswith(URLENCODED)
    token = if_still.set(_Again(look, now() if is_plain else None).ask)
    try:
        yield
    finally:
        if_still.reset(token)


@dataclass(slots=True)
class _Again:
    _look: Callable[[], Awaitable[Any]]
    _seen_at: datetime | None
    """When the session was looked at last; None: it is asked in any case."""

    async def ask(self) -> None:
        """Raise SignInNeeded if the session is over. One query, or none."""
        if self._seen_at is not None and now() - self._seen_at < AT_ONCE:
            return
        visit = await self._look()
        if visit is None or visit.proof.awaits_factor:
            raise SignInNeeded
        if self._seen_at is not None:
            self._seen_at = now()
