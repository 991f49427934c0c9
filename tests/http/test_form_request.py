"""Forms are parsed as the standard library does, and nothing of a body outlives its request."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import _parsers

from incubator.http.form_request import fields_in
from tests.browser import Browser, signed_in
from tests.cast import Cast

SECRET = "самовар едет на север"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"&&&", b"a", b"a=", b"=b", b"a=b=c", b"a=1&a=2&b=3", b"a+b=c+d%2B", b"a=%zz&b=%e2%28&c&e=%u1234&g=%ff%D0",
        b"a=%d0%9", b"a=%", b"%41=%42;c=d", b"a=%00%0d%0a",
    ],
)  # fmt: skip
def test_hostile_bodies_are_read_as_by_the_standard_library(body: bytes) -> None:
    assert fields_in(body) == parse_qsl(body.decode("latin-1"), keep_blank_values=True)


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=60)), max_size=6))
def test_what_a_browser_encodes_comes_back(fields: list[tuple[str, str]]) -> None:
    sent = [(name.encode("utf-8", "replace"), value.encode("utf-8", "replace")) for name, value in fields]
    said = [(name.decode(), value.decode()) for name, value in sent]
    assert fields_in(urlencode(sent).encode()) == [pair for pair in said if pair != ("", "")] or ("", "") in said


async def test_no_body_is_remembered(cast: Cast) -> None:
    _parsers.parse_url_encoded_form_data.cache_clear()
    stranger = Browser()
    await stranger.open("/sign-in")
    await stranger.send("/sign-in", email="nobody@example.org", password=SECRET)
    await stranger.http.post(
        "/sign-in", content=b"password=" + b"x" * 100_000, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    student = await signed_in(cast.captain)
    await student.open(f"/projects/{cast.project.id}")
    await student.post(
        f"/projects/{cast.project.id}/answers/problem", {"csrf": student.csrf(), "version": 0, "text": SECRET}
    )
    assert _parsers.parse_url_encoded_form_data.cache_info().currsize == 0
