"""Going back in the browser and pressing again: the form comes anew, with a token of its own and the words still in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from incubator.core.clock import clock_at, now
from incubator.core.refusals import AGAIN
from incubator.people.tables import Person
from incubator.programme.tables import Criterion, Section
from incubator.projects.comments import comment, resolve_comment
from incubator.projects.tables import Comment, Project
from incubator.reviews.assignment.assign import assign
from incubator.reviews.reviewing.discussion import remove_post
from incubator.reviews.tables import Away, Post
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, in_days, send, submitted

SCALE = "Нет\nНазвано\nОбосновано\nДоказано"


@dataclass(frozen=True, slots=True)
class Form:
    """A form that makes something new."""

    table: Any
    who: Callable[[Cast], Person]
    page: str
    """Where the form is."""
    action: str
    words: dict[str, str]
    other: dict[str, str]
    """What makes it another thing."""
    shows: str
    """Of the place to which the second press leads."""


FORMS = {
    "talk": Form(
        Post, lambda c: c.captain, "/projects/{project}/talk", "/projects/{project}/talk", {"post": "Кто едет?"},
        {"post": "Кто едет в среду?"}, "Кто едет?",
    ),
    "reviewers": Form(
        Post, lambda c: c.mentor, "/reviews/{assignment}", "/reviews/{assignment}/posts", {"post": "Что скажете?"},
        {"post": "Что скажете о рисках?"}, "Что скажете?",
    ),
    "office": Form(
        Post, lambda c: c.organiser, "/organiser/submissions/{submission}", "/organiser/submissions/{submission}/posts",
        {"post": "Что скажете?"}, {"post": "Что скажете о рисках?"}, "Что скажете?",
    ),
    "comment": Form(
        Comment, lambda c: c.teacher, "/projects/{project}", "/projects/{project}/comments",
        {"text": "А кто заплатит?", "key": "problem"}, {"text": "А кто?", "key": "problem"}, "А кто заплатит?",
    ),
    "answer": Form(
        Post, lambda c: c.captain, "/projects/{project}/answers/pitch", "/projects/{project}/comments/{comment}/posts",
        {"post": "Бабушка"}, {"post": "Дедушка"}, "Бабушка",
    ),
    "project": Form(
        Project, lambda c: c.outsider, "/projects/new", "/projects/new", {"title": "Улей", "pitch": "Датчики"},
        {"title": "Улей", "pitch": "Весы"}, "Датчики",
    ),
    "section": Form(
        Section, lambda c: c.organiser, "/organiser/seasons/{season}/idea/sections/new",
        "/organiser/seasons/{season}/idea/sections/new", {"title_ru": "Ещё одно", "title_en": "More", "limit": "100"},
        {"title_ru": "Ещё другое", "title_en": "Another", "limit": "100"}, "Ещё одно",
    ),
    "criterion": Form(
        Criterion, lambda c: c.organiser, "/organiser/seasons/{season}/idea/criteria/new",
        "/organiser/seasons/{season}/idea/criteria/new",
        {"title_ru": "Смелость", "title_en": "Courage", "weight": "5", "anchors_ru": SCALE, "anchors_en": SCALE},
        {"title_ru": "Юмор", "title_en": "Humour", "weight": "5", "anchors_ru": SCALE, "anchors_en": SCALE}, "Смелость",
    ),
    "away": Form(
        Away, lambda c: c.mentor, "/desk/offer", "/desk/offer/away",
        {"starts_on": in_days(20).isoformat(), "ends_on": in_days(25).isoformat()},
        {"starts_on": in_days(30).isoformat(), "ends_on": in_days(31).isoformat()}, "",
    ),
}  # fmt: skip


async def _at(form: Form, cast: Cast) -> tuple[Browser, str, str]:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    await send(assignment, submission, cast.mentor)
    ids = {
        "project": cast.project.id, "season": cast.season.id, "submission": submission.id, "assignment": assignment.id,
    }  # fmt: skip
    if form.action.count("{comment}"):
        said = await comment(await fresh_project(cast.project), "pitch", "Кому это нужно?", by=cast.teacher)
        ids["comment"] = said.id
    return await signed_in(form.who(cast)), form.page.format(**ids), form.action.format(**ids)


async def _press(browser: Browser, page: str, action: str, words: dict[str, str]) -> None:
    await browser.open(page)
    values = dict(browser.form(action)) if browser.has_form(action) else {"csrf": browser.csrf()}
    await browser.post(action, values | words)
    assert browser.page.status_code == 200


@pytest.mark.parametrize("name", FORMS)
async def test_the_same_words_once_more_lead_to_what_stands_already(cast: Cast, name: str) -> None:
    form = FORMS[name]
    browser, page, action = await _at(form, cast)
    before = await form.table.count()
    await _press(browser, page, action, form.words)
    assert await form.table.count() == before + 1
    first = browser.path
    await _press(browser, page, action, form.words)
    assert await form.table.count() == before + 1
    assert browser.path == first
    assert form.shows in browser.text
    if form.shows:
        assert "вот он" in browser.text
    await _press(browser, page, action, form.words | form.other)
    assert await form.table.count() == before + 2


@pytest.mark.parametrize("name", ["talk", "reviewers", "comment", "answer", "project"])
async def test_the_same_words_may_be_said_again_later(cast: Cast, name: str) -> None:
    form = FORMS[name]
    browser, page, action = await _at(form, cast)
    before = await form.table.count()
    await _press(browser, page, action, form.words)
    with clock_at(now() + AGAIN + timedelta(seconds=1)):
        await _press(browser, page, action, form.words)
    assert await form.table.count() == before + 2


async def test_what_was_taken_away_may_be_said_again_at_once(cast: Cast) -> None:
    talk, comment = FORMS["talk"], FORMS["comment"]
    browser, page, action = await _at(talk, cast)
    await _press(browser, page, action, talk.words)
    (post,) = await Post.objects()
    await remove_post(post, by=cast.captain)
    await _press(browser, page, action, talk.words)
    assert await Post.count() == 2
    teacher = await signed_in(cast.teacher)
    page, action = f"/projects/{cast.project.id}", f"/projects/{cast.project.id}/comments"
    await _press(teacher, page, action, comment.words)
    (row,) = await Comment.objects()
    await resolve_comment(await fresh_project(cast.project), row.id, by=cast.captain)
    await _press(teacher, page, action, comment.words)
    assert await Comment.count() == 2


async def test_the_same_word_may_answer_two_questions(cast: Cast) -> None:
    browser, page, action = await _at(FORMS["talk"], cast)
    teacher = await signed_in(cast.teacher)
    for question in ("Всё готово?", "И плакат?"):
        await _press(teacher, page, action, {"post": question})
        for _time in range(2):
            await _press(browser, page, action, {"post": "Да"})
    assert [row["text"] for row in await Post.select(Post.text).order_by(Post.id)] == [
        "Всё готово?", "Да", "И плакат?", "Да"
    ]  # fmt: skip


async def test_two_people_may_say_the_same(cast: Cast) -> None:
    talk = FORMS["talk"]
    browser, page, action = await _at(talk, cast)
    await _press(browser, page, action, talk.words)
    await _press(await signed_in(cast.teammate), page, action, talk.words)
    assert await Post.count() == 2


async def test_a_script_is_told_as_well(cast: Cast) -> None:
    talk = FORMS["talk"]
    browser, page, action = await _at(talk, cast)
    await _press(browser, page, action, talk.words)
    await browser.open(page)
    body = {"csrf": browser.csrf(), **talk.words}
    answer = await browser.post(action, body, headers={"accept": "application/json", "x-requested-with": "fetch"})
    assert answer.status_code == 409
    assert "вот оно" in answer.json()["detail"] + answer.json()["title"]
