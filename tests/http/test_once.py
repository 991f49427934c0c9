"""One form, one change, one answer: whoever asks again, whatever happened in between."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from incubator.core.clock import clock_at, now
from incubator.core.refusals import AGAIN
from incubator.db import run_sql, writing
from incubator.db.writing import at_first
from incubator.http import once
from incubator.http.inside import page_as_seen
from incubator.http.reply import Reply
from incubator.http.tables import FormAnswer
from incubator.jobs.periodic import run_once
from incubator.people.sessions import end_sessions_of
from incubator.people.tables import Person, Session
from incubator.projects.tables import Project
from incubator.reviews.tables import Post
from tests.browser import Browser, signed_in
from tests.cast import Cast


async def _talk(browser: Browser, cast: Cast) -> str:
    await browser.open(f"/projects/{cast.project.id}/talk")
    return f"/projects/{cast.project.id}/talk"


async def test_the_first_idea_pressed_twice_makes_one_account_and_leads_to_it(cast: Cast) -> None:
    browser, other = Browser(), Browser()
    await browser.open("/start")
    other.http.cookies = browser.http.cookies
    other.page = browser.page
    form = {
        **dict(browser.form("/start")),
        "email": "new@example.org",
        "password": "синий чайник поёт",
        "title": "Улей",
    }
    first, second = await asyncio.gather(
        browser.post("/start", form, follow=False), other.post("/start", form, follow=False)
    )
    assert (first.status_code, first.headers["location"]) == (second.status_code, second.headers["location"])
    assert first.cookies["session"] == second.cookies["session"]
    assert await Person.count().where(Person.email == "new@example.org") == 1
    assert await Project.count().where(Project.title == "Улей") == 1
    await browser.open(first.headers["location"])
    assert "Улей" in browser.text


async def test_a_text_changed_after_going_back_is_another_form(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    talk = await _talk(browser, cast)
    form = dict(browser.form(talk))
    for text in ("Раз", "Раз", "Два", "Раз"):
        await browser.post(talk, {**form, "post": text})
    assert [row["text"] for row in await Post.select(Post.text).order_by(Post.id)] == ["Раз", "Два"]
    await browser.open(talk)
    await browser.send(talk, post="Раз")  # a new page of the same words: they went back (test_back_and_again.py)
    assert await Post.count() == 2
    with clock_at(now() + AGAIN + timedelta(seconds=1)):
        await browser.open(talk)
        await browser.send(talk, post="Раз")  # somebody means it
    assert await Post.count() == 3


async def test_nobody_else_gets_the_answer(cast: Cast) -> None:
    captain, teammate = await signed_in(cast.captain), await signed_in(cast.teammate)
    talk = await _talk(captain, cast)
    form = {**dict(captain.form(talk)), "post": "Привет"}
    assert (await captain.post(talk, form, follow=False)).status_code == 303
    await teammate.open(talk)
    assert (await teammate.post(talk, form, follow=False)).status_code == 403
    stranger = Browser()
    await stranger.open("/sign-in")
    assert (await stranger.post(talk, form, follow=False)).status_code == 401
    assert await Post.count() == 1


async def test_an_ended_session_is_told_where_to_go_and_shown_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await signed_in(cast.captain)
    talk = await _talk(browser, cast)
    form = {**dict(browser.form(talk)), "post": "Привет"}
    await browser.post(talk, form, follow=False)
    _forge(monkeypatch, b"<p>secret</p>", status=200)
    await end_sessions_of(cast.captain)
    assert "secret" not in (await browser.post(talk, form, follow=False)).text
    assert await Post.count() == 1


def _forge(monkeypatch: pytest.MonkeyPatch, body: bytes, *, status: int) -> None:
    """Let the stored answer be another one."""
    real = once.Marked.decrypted

    def other(self: once.Marked, text: str) -> Reply:
        return Reply(status, real(self, text).headers, body)

    monkeypatch.setattr(once.Marked, "decrypted", other)


async def test_a_change_without_its_answer_is_not_made_again(cast: Cast) -> None:
    """The process died after the commit: the next one does not know what it would have said."""
    browser = await signed_in(cast.captain)
    talk = await _talk(browser, cast)
    form = {**dict(browser.form(talk)), "post": "Привет"}
    await browser.post(talk, form, follow=False)
    await FormAnswer.update({FormAnswer.answer: ""}, force=True)
    with clock_at(now() + once.PATIENCE * 2):
        answer = await browser.post(talk, form, follow=False)
    assert (answer.status_code, answer.headers["location"]) == (303, talk)
    await browser.open(talk)
    assert "Это уже отправлено раньше" in browser.text
    assert await Post.count() == 1


async def test_whoever_pressed_on_the_answer_to_a_form_is_led_to_a_page(cast: Cast) -> None:
    """Its address takes nothing but a form."""
    browser, base = await signed_in(cast.captain), f"/projects/{cast.project.id}"
    await browser.open(f"{base}/talk")
    await browser.send(f"{base}/conflicts", mentor_name="", reason="")
    assert (browser.page.status_code, browser.path) == (422, f"{base}/conflicts")
    form = {**dict(browser.form(f"{base}/talk")), "post": "Привет"}
    answered = browser.page
    await browser.post(f"{base}/talk", form, follow=False)
    await FormAnswer.update({FormAnswer.answer: ""}, force=True)
    browser.page = answered
    with clock_at(now() + once.PATIENCE * 2):
        answer = await browser.post(f"{base}/talk", form, follow=False)
    assert answer.status_code == 303
    assert (await browser.open(answer.headers["location"])).status_code == 200
    assert "Это уже отправлено раньше" in browser.text


async def test_what_was_refused_may_be_asked_again(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    talk = await _talk(browser, cast)
    form = dict(browser.form(talk))
    for _time in range(2):
        assert (await browser.post(talk, form)).status_code == 422
    assert await FormAnswer.count() == 0


async def test_a_mark_goes_with_its_change(cast: Cast) -> None:
    """A transaction that is rolled back leaves no mark; the second one of a request makes no other."""
    request = once.marked({"path": "/x", "query_string": b"", "headers": []}, "secret", b"a=1")
    token = at_first.set(request.mark)
    try:
        with pytest.raises(ZeroDivisionError):
            async with writing():
                _ = 1 / 0
        assert (request.is_done, await FormAnswer.count()) == (False, 0)
        for _time in range(2):
            async with writing():
                await run_sql("SELECT 1")
        assert (request.is_done, await FormAnswer.count()) == (True, 1)
        again = once.marked({"path": "/x", "query_string": b"", "headers": []}, "secret", b"a=1")
        at_first.set(again.mark)
        with pytest.raises(once.AnsweredElsewhere):
            async with writing():
                raise AssertionError("must not get here")
    finally:
        at_first.reset(token)


async def test_nobody_can_read_the_answers_in_the_database(cast: Cast) -> None:
    browser = Browser()
    await browser.open("/sign-up")
    answer = await browser.send("/sign-up", email="new@example.org", password="синий чайник поёт", follow=False)
    (row,) = await FormAnswer.select()
    assert answer.cookies["session"] not in str(row)
    assert "new@example.org" not in str(row)
    form = dict(browser.form("/sign-up")) if browser.has_form("/sign-up") else {}
    assert form == {}  # the answer is a redirect


async def test_the_same_file_sent_twice_has_two_boundaries_and_is_one(cast: Cast) -> None:
    def request(boundary: bytes, word: bytes) -> once.Marked:
        kind = b"multipart/form-data; boundary=" + boundary
        body = (
            b"--"
            + boundary
            + b'\r\ncontent-disposition: form-data; name="file"\r\n\r\n'
            + word
            + b"\r\n--"
            + boundary
            + b"--"
        )
        return once.marked({"path": "/x", "query_string": b"", "headers": [(b"content-type", kind)]}, "s", body)

    assert request(b"----a1", b"word").digest == request(b"----b2", b"word").digest
    assert request(b"----a1", b"word").digest != request(b"----b2", b"other").digest
    assert request(b"----a1", b"word").key != request(b"----a1", b"other").key


async def test_what_is_given_up_is_made_by_who_waits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that is pressed twice ends the first request: the second must not wait for ever."""
    browser = await signed_in(cast.captain)
    talk = await _talk(browser, cast)
    form = {**dict(browser.form(talk)), "post": "Привет"}
    has_begun, may_go_on, real = asyncio.Event(), asyncio.Event(), once.Once._made

    async def made(*args: Any) -> Reply:
        has_begun.set()
        await may_go_on.wait()
        return await real(*args)

    monkeypatch.setattr(once.Once, "_made", made)
    first = asyncio.create_task(browser.http.post(talk, data=form, follow_redirects=False))
    await has_begun.wait()
    second = asyncio.create_task(browser.http.post(talk, data=form, follow_redirects=False))
    first.cancel()
    may_go_on.set()
    assert (await second).status_code == 303
    assert await Post.count() == 1


async def test_old_answers_are_forgotten(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    await browser.open("/projects/new")
    await browser.send("/projects/new", title="Улей")
    assert await run_once([once.forget_answers]) == {"forget_answers": 0}
    with clock_at(now() + once.KEPT * 2):
        assert await run_once([once.forget_answers]) == {"forget_answers": 1}
        assert await run_once([once.forget_answers]) == {"forget_answers": 0}


async def test_signing_out_twice_leads_out(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    await browser.open("/profile")
    form, cookies = dict(browser.form("/sign-out")), dict(browser.http.cookies)
    for _time in range(2):
        fresh = httpx.AsyncClient(transport=browser.http._transport, base_url="http://testserver", cookies=cookies)
        answer = await fresh.post("/sign-out", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert await Session.count().where(Session.person == cast.captain.id) == 0


async def test_looking_at_a_page_does_not_mark_a_form_as_answered() -> None:
    """A page may note that it was opened; a form that is refused afterwards has changed nothing."""
    marks = []

    async def site(_scope: Any, _receive: Any, send: Any) -> None:
        marks.append(at_first.get())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    request = once.marked({"path": "/x", "query_string": b"", "headers": []}, "secret", b"a=1")
    token = at_first.set(request.mark)
    try:
        await page_as_seen(site, {"type": "http", "headers": [], "state": {}}, "/projects")
        assert at_first.get() == request.mark
    finally:
        at_first.reset(token)
    assert marks == [None]
