"""What visitors post is small, from a page of ours and not too much at once; the rest is not read to its end."""

from typing import Any

import pytest
from litestar.exceptions import HTTPException

from incubator.core import limits
from incubator.http.anonymous_bodies import AnonymousBodies, TooLargeForVisitors, TooManyPosts
from incubator.http.csrf import Forged
from tests.browser import Browser, signed_in
from tests.cast import Cast

PART = 16 * 1024
SECRET = "a-visit"


def token_for(secret: str) -> bytes:
    from incubator.http.csrf import _digest, _masked

    return _masked(_digest(secret), b"m" * 20).encode()


class Sender:
    """Sends a body in parts to an app that reads all of it, and counts the parts that were asked for."""

    def __init__(self, **pace: Any) -> None:
        self.app = AnonymousBodies(self._read_all, **pace)
        self.asked = 0

    async def post(self, body: bytes, *, user: Any = None, headers: Any = (), host: str = "1") -> int:
        """Return how many bytes arrived."""
        parts = [body[n : n + PART] for n in range(0, len(body), PART)] or [b""]
        self.asked, self.arrived = 0, 0

        async def receive() -> Any:
            self.asked += 1
            return {"type": "http.request", "body": parts[self.asked - 1], "more_body": self.asked < len(parts)}

        scope = {
            "type": "http", "method": "POST", "user": user, "client": (host, 1),
            "headers": [(b"cookie", b"visit=" + SECRET.encode()), *headers],
        }  # fmt: skip
        await self.app(scope, receive, None)
        return self.arrived

    async def _read_all(self, _scope: Any, receive: Any, _send: Any) -> None:
        while True:
            message = await receive()
            self.arrived += len(message["body"])
            if not message["more_body"]:
                return


LONG = b"x" * (20 * PART)


async def test_a_visitors_long_body_is_not_read_to_its_end() -> None:
    sender = Sender()
    with pytest.raises(TooLargeForVisitors):
        await sender.post(LONG)
    assert sender.asked == limits.VISITORS_BODY // PART + 1
    assert await sender.post(b"x" * limits.VISITORS_BODY) == limits.VISITORS_BODY


@pytest.mark.parametrize(
    ("body", "is_read"),
    [
        (b"csrf=" + token_for(SECRET) + b"&text=", True),
        (b'name="csrf"\r\n\r\n' + token_for(SECRET) + b"\r\n", True),
        (b"csrf=" + token_for(SECRET) + b"0123456789abcdef&text=", True),
        (b"csrf=" + token_for("another visit") + b"&text=", False),
        (b"csrf=&text=", False),
        (b"text=" + LONG + b"&csrf=" + token_for(SECRET), False),
    ],
)
async def test_what_was_written_on_a_page_of_ours_is_read(body: bytes, is_read: bool) -> None:
    sender = Sender()
    if is_read:
        assert await sender.post(body + LONG) == len(body + LONG)
    else:
        with pytest.raises(TooLargeForVisitors):
            await sender.post(body + LONG)


async def test_who_is_signed_in_is_not_limited_here() -> None:
    sender = Sender(rate=0.001, burst=1)
    for _n in range(3):
        assert await sender.post(LONG, user="somebody") == len(LONG)


@pytest.mark.parametrize(("word", "is_read"), [("cross-site", False), ("same-site", False), ("same-origin", True), ("none", True)])  # fmt: skip
async def test_another_sites_form_is_not_read_at_all(word: str, is_read: bool) -> None:
    sender = Sender()
    headers = [(b"sec-fetch-site", word.encode())]
    if is_read:
        assert await sender.post(b"a=b", headers=headers) == 3
    else:
        with pytest.raises(Forged):
            await sender.post(b"a=b", headers=headers)
        assert sender.asked == 0


async def test_an_address_cannot_post_without_pause() -> None:
    sender = Sender(rate=0.001, burst=3)
    for _n in range(3):
        await sender.post(b"a=b")
    with pytest.raises(TooManyPosts) as refused:
        await sender.post(b"a=b")
    assert sender.asked == 0
    assert isinstance(refused.value, HTTPException)
    assert 1 < int((refused.value.headers or {})["Retry-After"]) <= 1001
    assert await sender.post(b"a=b", host="2") == 3


async def test_the_page_says_the_limit(cast: Cast) -> None:
    visitor = Browser()
    await visitor.open("/sign-in")
    answer = await visitor.http.post("/sign-in", data={"email": "x" * 100_000})
    assert answer.status_code == 413
    assert "64 КБ" in answer.text
    captain = await signed_in(cast.captain)
    await captain.open("/profile")
    answer = await captain.http.post("/profile", data={"csrf": captain.csrf(), "given_name": "x" * 100_000})
    assert answer.status_code == 422
