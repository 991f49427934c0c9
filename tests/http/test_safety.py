"""Forged requests, headers, redirects, ids that no row can have."""

import tempfile
from typing import Any

import pytest

from incubator.config import load
from incubator.core import disk
from incubator.http.middleware import security_headers
from incubator.http.templating import safe_path
from tests.browser import Browser, signed_in
from tests.cast import Cast


async def test_a_form_without_its_token_is_refused(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    await browser.open("/profile")
    for values in ({}, {"csrf": ""}, {"csrf": "0" * 40}, {"csrf": "é\x00"}):
        await browser.post("/profile", {"given_name": "Взлом", **values})
        assert browser.page.status_code == 403
    other = await signed_in(cast.teammate)
    await other.open("/profile")
    await browser.post("/profile", {"given_name": "Взлом", "csrf": other.csrf()})
    assert browser.page.status_code == 403


async def test_a_form_sent_from_another_site_is_refused(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    await browser.open("/profile")
    await browser.post(
        "/profile", {"given_name": "Взлом", "csrf": browser.csrf()}, headers={"sec-fetch-site": "cross-site"}
    )
    assert browser.page.status_code == 403


async def test_every_answer_carries_the_headers(database: Any) -> None:
    browser = Browser()
    for path in ("/", "/nowhere", "/health", "/projects"):
        headers = (await browser.http.get(path)).headers
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert len(headers["x-request-id"]) == 12


def test_https_brings_hsts(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [k for k, _v in security_headers(load())]
    assert b"strict-transport-security" not in names
    monkeypatch.setenv("INCUBATOR_BASE_URL", "https://incubator.example")
    assert b"strict-transport-security" in [k for k, _v in security_headers(load())]


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "", "/a\nb", "/\tb", "/é"],
)
def test_nothing_leads_off_the_site(path: str) -> None:
    assert safe_path(path, "/home") == "/home"


async def test_signing_in_leads_back_but_never_away(database: Any) -> None:
    browser = Browser()
    await browser.open("/sign-in?next=//evil.example/x")
    assert dict(browser.form("/sign-in"))["next"] == "/"
    response = await browser.http.get("/language/en?back=https://evil.example")
    assert response.headers["location"] == "/"


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "2147483648", "-1", "٣", "1e3"])
async def test_ids_that_no_row_can_have_are_not_found(cast: Cast, number: str) -> None:
    browser = await signed_in(cast.organiser)
    for path in ("/projects/{}", "/organiser/submissions/{}", "/organiser/seasons/{}"):
        await browser.open(path.format(number))
        assert browser.page.status_code == 404


async def test_head_is_get_without_a_body(database: Any) -> None:
    browser = Browser()
    response = await browser.http.head("/")
    assert response.status_code == 200
    assert response.content == b""


async def test_a_fault_shows_its_number_and_nothing_else(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_person: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("incubator.gates.document_pages.projects_of", broken)
    browser = await signed_in(cast.captain)
    for language, words in (("ru", "Что-то сломалось у нас"), ("en", "Something broke on our side")):
        await browser.open(f"/language/{language}?back=/privacy")
        await browser.open("/projects")
        assert browser.page.status_code == 500
        assert words in browser.text
        assert browser.page.headers["x-request-id"] in browser.page.text
        assert "secret detail" not in browser.page.text


async def test_health_and_ready(database: Any) -> None:
    browser = Browser()
    assert (await browser.http.get("/health")).json() == {"status": "ok"}
    assert (await browser.http.get("/ready")).json() == {"status": "ready"}


async def test_not_ready_without_room_for_uploads(sqlite: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", "/proc")  # where nobody can write, whatever their rights
        answer = await Browser().http.get("/ready")
        assert (answer.status_code, answer.json()["status"]) == (503, "temporary folder not writable")
    monkeypatch.setattr(disk, "LEAST_FREE", 2**62)  # health.py has its own for the data folder
    answer = await Browser().http.get("/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "temporary folder full")


async def test_not_ready_without_migrations(sqlite: Any) -> None:
    from piccolo.apps.migrations.tables import Migration

    await Migration.delete(force=True)
    response = await Browser().http.get("/ready")
    assert response.status_code == 503
    assert response.json()["status"] == "migrations pending"
