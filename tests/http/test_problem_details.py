"""Errors for scripts: problem details where a person gets a page."""

from typing import Any

import pytest

from tests.browser import Browser, signed_in
from tests.cast import Cast

JSON = {"accept": "application/json"}


async def test_a_script_and_a_person_are_told_the_same_each_in_their_way(database: Any) -> None:
    page = await Browser().open("/nowhere")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    answer = await Browser().open("/nowhere", **JSON)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank", "title": "Такой страницы нет", "status": 404, "detail": "", "problems": [],
        "request_id": answer.headers["x-request-id"],
    }  # fmt: skip


async def test_who_must_sign_in_is_told_so(database: Any) -> None:
    answer = await Browser().open("/projects", **JSON)
    assert answer.status_code == 401
    assert answer.json() == {
        "type": "about:blank", "title": "Войдите, чтобы продолжить", "status": 401, "detail": "",
    }  # fmt: skip


async def test_a_refusal_of_the_domain_has_its_reasons(cast: Cast) -> None:
    team = await signed_in(cast.captain)
    answer = await team.open("/organiser", **JSON)
    assert answer.status_code == 403
    assert answer.json() == {
        "type": "about:blank", "title": "Эта страница – для организаторов", "status": 403, "detail": "", "problems": [],
    }  # fmt: skip


async def test_a_fault_keeps_its_details_to_itself(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("incubator.gates.document_pages.projects_of", broken)
    team = await signed_in(cast.captain)
    answer = await team.open("/projects", **JSON)
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert answer.json()["title"] == "Что-то сломалось у нас"
    assert answer.json()["detail"] == ""
