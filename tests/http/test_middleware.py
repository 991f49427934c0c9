"""The outermost layer: static files, client addresses, and what is logged."""

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from typing import Any

import brotli
import httpx
import pytest
import structlog

from incubator import config
from incubator.app import create_app
from incubator.core.printed_codes import in_groups
from incubator.http.compression import best_encoding
from incubator.http.middleware import secret_places, without_secrets, words_of
from incubator.http.static import files
from incubator.people.tables import Attempt, Throttle
from incubator.programme.tables import Season
from tests.browser import HOST, Browser, shared_app
from tests.cast import Cast
from tests.privacy.test_family import code_of

SECRET = "s3cret-" * 6


async def get_file(path: str, accept: str = "", method: str = "GET") -> httpx.Response:
    """Fetch without decoding by httpx."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=shared_app()), base_url=HOST) as client:
        request = client.build_request(method, path, headers={"accept-encoding": accept})
        response = await client.send(request, stream=True)
        response._content = b"".join([part async for part in response.aiter_raw()])
        return response


async def test_files_come_compressed_and_stay_for_good() -> None:
    path = files().url("css/site.css")
    plain = await get_file(path)
    assert re.fullmatch(r"/static/css/site\.[0-9a-f]{12}\.css", path)
    assert "immutable" in plain.headers["cache-control"]
    assert plain.headers["content-type"] == "text/css; charset=utf-8"
    for accept, unpack in (("gzip, br", brotli.decompress), ("gzip", gzip.decompress)):
        packed = await get_file(path, accept)
        assert unpack(packed.content) == plain.content
        assert len(packed.content) * 3 < len(plain.content)
        assert int(packed.headers["content-length"]) == len(packed.content)
    head = await get_file(path, "br", "HEAD")
    assert (head.content, head.headers["content-encoding"]) == (b"", "br")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        (b"", ""),
        (b"identity", ""),
        (b"gzip", "gzip"),
        (b"gzip, deflate, br, zstd", "br"),
        (b"GZIP;q=1.0, BR;q=0", "gzip"),
        (b"br;q=0.000,gzip;q=0.001", "gzip"),
        (b"br ; q=0.5", "br"),
        (b"brown, xgzip", ""),
        (b";;;,q=,\xff", ""),
    ],
)
def test_which_encoding_a_browser_gets(accepted: bytes, encoding: str) -> None:
    assert best_encoding(accepted) == encoding


async def test_pages_come_compressed(database: Any) -> None:
    plain = await get_file("/privacy")
    assert "content-encoding" not in plain.headers
    assert "accept-encoding" in plain.headers["vary"]
    for accept, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        packed = await get_file("/privacy", accept)
        assert len(unpack(packed.content)) == len(plain.content)
        assert len(packed.content) * 2 < len(plain.content)
        assert int(packed.headers["content-length"]) == len(packed.content)
    head = await get_file("/privacy", "br", "HEAD")
    assert head.content == b""
    assert "content-encoding" not in (await get_file("/health", "br")).headers  # too short for compression to help


async def test_the_token_in_forms_is_never_the_same_and_always_good(database: Any) -> None:
    browser = Browser()
    tokens = set()
    for _time in range(3):
        await browser.open("/sign-in")
        tokens.add(browser.csrf())
    assert len(tokens) == 3
    for token in tokens:
        assert (await browser.post("/sign-in", {"csrf": token, "email": "x"})).status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/css/site.css", "/static/../pyproject.toml", "/static/%2e%2e/README.md"],
)
async def test_what_is_no_file_is_not_found(database: Any, path: str) -> None:
    assert (await Browser().http.get(path)).status_code == 404


async def test_everything_that_pages_and_styles_refer_to_is_there(database: Any) -> None:
    seen: set[str] = set()
    for page in ("/", "/showcase", "/sign-in", "/start"):
        seen |= set(re.findall(r'"(/static/[^"]+)"', (await Browser().open(page)).text))
    for path in [p for p in seen if p.endswith((".css", ".js"))]:
        body = files().by_path[path].bodies[""].decode()
        seen |= set(re.findall(r"""["'(](/static/[^"')]+)["')]""", body))
    assert {path.rsplit(".", 1)[1] for path in seen} >= {"css", "js", "woff2"}
    assert seen <= set(files().by_path)


async def test_the_clients_address_is_believed_of_trusted_proxies_only(
    database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "settings", replace(config.settings, trusted_proxies=("10.0.0.1",)))
    app: Any = create_app()

    async def address_counted(peer: str, forwarded: str) -> str:
        """Return the key under which a failed sign-in is counted for the address."""
        await Attempt.delete(force=True)
        await Throttle.delete(force=True)
        browser = Browser(app)
        browser.http._transport = httpx.ASGITransport(app=app, client=(peer, 1234))
        await browser.open("/sign-in")
        values = {"csrf": browser.csrf(), "email": "nobody@example.org", "password": "guess guess"}
        await browser.post("/sign-in", values, headers={"x-forwarded-for": forwarded})
        rows = await Attempt.select(Attempt.key).where(Attempt.key.like("sign-in-address:%"))
        assert len(rows) == 1
        return str(rows[0]["key"])

    direct = await address_counted("192.0.2.7", "")
    assert await address_counted("10.0.0.1", "192.0.2.7") == direct
    for forwarded in ("192.0.2.7:5678", "198.51.100.1, 192.0.2.7:5678, 10.0.0.1:443", "[::ffff:192.0.2.7]:80"):
        assert await address_counted("10.0.0.1", forwarded) == direct
        assert await address_counted("::ffff:10.0.0.1", forwarded) == direct
    assert await address_counted("10.0.0.1", "[2001:db8::1]:80") == await address_counted("10.0.0.1", "2001:db8::2")
    assert await address_counted("192.0.2.99", "192.0.2.7") != direct  # anybody can forge the header


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """Return what was logged so far, through the processors that the server uses."""
    written = StringIO()
    for module in ("middleware", "errors"):
        shared_app()  # has set up logging
        log = structlog.wrap_logger(structlog.PrintLogger(written))
        monkeypatch.setattr(f"incubator.http.{module}.log", log)
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


async def test_the_log_has_one_line_a_request_and_no_secret(
    database: Any, said: Callable[[], list[dict[str, Any]]]
) -> None:
    response = await Browser().http.get(f"/confirm/{SECRET}?email=maria@example.org")
    (line,) = said()
    assert (line["event"], line["level"], line["status"]) == ("request", "info", response.status_code)
    assert line["path"] == "/confirm/…"
    assert line["request_id"] == response.headers["x-request-id"]
    assert SECRET not in str(line)
    assert "maria@" not in str(line)


async def test_the_log_holds_no_code_from_a_sheet(cast: Cast, said: Callable[[], list[dict[str, Any]]]) -> None:
    code = await code_of(cast)
    typed = (code, code.lower(), in_groups(code), in_groups(code, " ").lower(), f"{code}{code}", f"{code}/")
    for each in typed:
        assert (await Browser().http.get(f"/family/{each}")).status_code == 200
    assert {line["path"] for line in said()} == {"/family/…"}


def test_what_opens_a_page_by_itself_is_not_logged() -> None:
    routes = [
        "/family/{family_codes:str}",
        "/mail/{kind:str}/off/{secret:str}",
        "/sign-in/{secret:str}",
        "/sign-in/with/{key:str}",
    ]
    words, places = words_of(routes), secret_places(routes)
    paths = {
        "/family/abcd-efgh": "/family/…", "/mail/digest/off/x": "/mail/digest/off/…", "/sign-in/with/school": "/sign-in/with/school",
        "/sign-in/ABC": "/sign-in/…", "/showcase/umnyy-uley": "/showcase/umnyy-uley", "//family//ab": "/family/…", "/": "/",
    }  # fmt: skip
    assert {path: without_secrets(path, words, places) for path in paths} == paths


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/Кузнецова-Мария", "/…"),
        ("/projects/7/team/maria@example.org", "/projects/7/team/…"),
        ("/invitations/ABC-123", "/invitations/…"),
        ("/89211234567", "/…"),
        ("/showcase/net-takogo", "/showcase/…"),
        ("/organiser/nowhere", "/organiser/…"),
    ],
)
async def test_the_log_keeps_no_words_of_an_address_that_is_none_of_ours(
    database: Any, said: Callable[[], list[dict[str, Any]]], path: str, logged: str
) -> None:
    response = await Browser().http.get(path)
    (line,) = said()
    assert response.status_code >= 400
    assert line["path"] == logged


async def test_a_fault_is_logged_without_the_row_it_was_about(
    database: Any, monkeypatch: pytest.MonkeyPatch, said: Callable[[], list[dict[str, Any]]]
) -> None:
    who = "@".join(("maria", "example.org"))

    async def careless(*_args: Any) -> None:
        await Season.raw("INSERT INTO season (slug, title_ru, title_en) VALUES ({}, {}, NULL)", "x", who)

    monkeypatch.setattr("incubator.showcase.pages.newest", careless)
    response = await Browser().http.get("/")
    assert response.status_code == 500
    fault, request = said()
    assert (fault["level"], request["status"]) == ("error", 500)
    assert fault["request_id"] == request["request_id"] == response.headers["x-request-id"]
    assert "Traceback" in fault["exception"]
    assert "title_en" in fault["exception"]  # enough to locate the fault
    assert who not in fault["exception"]  # PostgreSQL quotes the whole row


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("testserver", 200), ("testserver:8000", 200), ("127.0.0.1", 200), ("[::1]:8000", 200),
        ("testserver:8000/mail/", 400), ("a b", 400), ("x:99999999", 400), ("x:y", 400), ("<script>", 400),
    ],
)  # fmt: skip
async def test_a_host_that_is_no_address_is_refused(sqlite: object, host: str, status: int) -> None:
    answer = await Browser().http.get("/sign-in", headers={"host": host})
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert ("<" in answer.text) is (status == 200)
