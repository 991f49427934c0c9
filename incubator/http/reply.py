"""A whole answer of an ASGI app, to be looked at, stored or replaced before it is sent."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def is_redirect(self) -> bool:
        return 300 <= self.status < 400

    @property
    def is_page(self) -> bool:
        kind = next((value for name, value in self.headers if name.lower() == b"content-type"), b"")
        return kind.startswith(b"text/html") and bool(self.body)

    async def send(self, send: Any) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


async def captured(app: Any, scope: Any, receive: Any) -> Reply:
    """Return the whole answer of an ASGI app."""
    messages: list[Any] = []

    async def keep(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    start, *rest = messages
    headers = [(bytes(k), bytes(v)) for k, v in start["headers"]]
    return Reply(start["status"], headers, b"".join(message.get("body", b"") for message in rest))
