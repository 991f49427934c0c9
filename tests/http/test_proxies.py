"""A reverse proxy that is not trusted is noticed at its first request, once."""

from typing import Any

import pytest

from incubator.core.networks import plain_address
from incubator.http import proxies
from incubator.http.proxies import UntrustedProxy, is_forwarded

FORWARDED = (b"x-forwarded-for", b"203.0.113.7")


class _Log:
    def __init__(self, said: list[tuple[str, str]]) -> None:
        self._said = said

    def warning(self, event: str, *, peer: str, hint: str) -> None:
        assert "INCUBATOR_TRUSTED_PROXIES" in hint
        self._said.append((event, peer))


async def _site(_scope: Any, _receive: Any, _send: Any) -> None:
    return None


@pytest.mark.parametrize(
    ("trusted", "headers", "warnings"),
    [
        ([], [FORWARDED], 1),
        ([], [(b"forwarded", b"for=203.0.113.7")], 1),
        ([], [(b"host", b"example.org")], 0),
        (["10.0.0.1"], [FORWARDED], 0),
        (["10.0.0.2"], [FORWARDED], 1),
        (["10.0.0.0/8"], [FORWARDED], 0),
        (["::1", "192.168.0.0/16"], [FORWARDED], 1),
        (["*"], [FORWARDED], 0),
    ],
)
async def test_it_is_said_once(
    monkeypatch: pytest.MonkeyPatch, trusted: list[str], headers: list[tuple[bytes, bytes]], warnings: int
) -> None:
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(proxies, "log", _Log(said))
    app = UntrustedProxy(_site, trusted)
    for _time in range(3):
        await app({"type": "http", "headers": headers, "client": ("10.0.0.1", 5000)}, None, None)
    assert said == [("proxy not trusted", "10.0.0.1")] * warnings


def test_forwarded() -> None:
    assert is_forwarded([FORWARDED])
    assert not is_forwarded([(b"x-forwarded-proto", b"https")])


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("203.0.113.7:5678", "203.0.113.7"),
        ("203.0.113.7", "203.0.113.7"),
        ("[2001:db8::1]:80", "2001:db8::1"),
        ('"[2001:db8::1]:80"', "2001:db8::1"),
        ("[::1]", "::1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("[::ffff:203.0.113.7]:443", "203.0.113.7"),
        ("unknown", "unknown"),
        ("_hidden:80", "_hidden:80"),
        ("", ""),
    ],
)
def test_an_address_is_read_as_proxies_write_it(written: str, plain: str) -> None:
    assert plain_address(written) == plain
