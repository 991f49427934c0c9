"""The strip above every page of the demo: who one is, and the way back to the cast."""

from dataclasses import dataclass, replace
from typing import Any

from incubator.db import StorageFull, Unavailable
from incubator.demo.cast import who_is
from incubator.http.templating import STRIP


@dataclass(frozen=True, slots=True)
class Strip:
    who: str
    """Who the signed-in person is; empty for others."""


class DemoStrip:
    """ASGI middleware; runs inside those that know who is signed in, and in which language."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            person = scope["user"]
            if (
                person and not scope["proof"].has_factor
            ):  # invented people have no telephone, and nobody knows their password
                scope["proof"] = replace(scope["proof"], is_exempt=True)
            try:
                who = await who_is(person) if person else ""
            except (Unavailable, StorageFull):  # the page says so itself
                who = ""
            scope["state"][STRIP] = Strip(who)
        await self.app(scope, receive, send)
