"""Every form with a text field, sent after the session has ended: the text comes back at its place, to its author alone."""

import re
from typing import Any

import pytest

from incubator.core.limits import POST
from incubator.http.refill import _Page
from incubator.people.hashing import hash_password
from incubator.people.tables import Person, Session
from incubator.projects.tables import Answer
from incubator.reviews.tables import Post
from tests.browser import Browser, signed_in
from tests.cast import Cast, reviewed, submitted
from tests.stories.test_every_form_twice import Scene, sqlite_scene  # noqa: F401 - a fixture
from tests.test_permissions import PUBLIC, ROUTES, WHO

PASSWORD = "синий чайник поёт"
WORDS = "Слова, которых жалко"
_LINES = {"text", "textarea", "search"}
PEOPLE = ("captain", "teacher", "coach", "mentor", "organiser")


async def _with_password(person: Person) -> None:
    hashed = await hash_password(PASSWORD)
    await Person.update({Person.password: hashed, Person.email_confirmed_at: person.created_at}).where(
        Person.id == person.id
    )


async def _end_session(browser: Browser, person: Person) -> None:
    await Session.delete().where(Session.person == person.id)


async def _sign_in(browser: Browser, person: Person, **more: Any) -> Any:
    return await browser.send("/sign-in", email=person.email, password=PASSWORD, **more)


@pytest.mark.parametrize("who", PEOPLE)
async def test_every_text_comes_back_at_its_place(sqlite_scene: Scene, tmp_path: Any, who: str) -> None:  # noqa: F811
    """Opens every page, types into every form, loses the session, signs in again."""
    letter = WHO.index(who)
    paths = [path for (method, path), letters in ROUTES.items() if method == "GET" and letters[letter] == "o"]
    values = sqlite_scene.values
    needs_nobody = {
        p.format(**values) for (method, p), who_may in ROUTES.items() if (method, who_may) == ("POST", PUBLIC)
    }
    seen = set[str]()
    async with sqlite_scene.copy(tmp_path):
        person = getattr(sqlite_scene.cast, who)
        await _with_password(person)
        for path in paths:
            browser = await signed_in(person)
            place = path.format(**sqlite_scene.values)
            await browser.open(place)
            if browser.path != place or not browser.page.headers["content-type"].startswith("text/html"):
                continue
            for form in _Page(browser.page.text).forms.values():
                names = sorted({c.name for c in form.controls if c.kind in _LINES})
                if names and form.action not in seen:
                    seen.add(form.action)
                    # Guessing is counted: a mistyped password on every form would be one too many.
                    await _comes_back(
                        person, place, form.action, names, mistypes=len(seen) <= 3, needs_nobody=needs_nobody
                    )
    assert seen or who not in {"captain", "mentor", "organiser"}


async def _comes_back(
    person: Person, place: str, action: str, names: list[str], *, mistypes: bool, needs_nobody: set[str]
) -> None:
    browser = await signed_in(person)
    await browser.open(place)
    typed = {name: f"{WORDS}: {name}" for name in names}
    values = [(name, value) for name, value in browser.form(action) if name not in names]
    await _end_session(browser, person)
    await browser.post(action, [*values, *typed.items()])
    if action.partition("?")[0] in needs_nobody:  # no session is needed: it is answered as it is
        assert all(value in browser.text for value in typed.values()), (place, action)
        return
    assert browser.page.status_code == 401, (place, action)
    assert "текст цел" in browser.text
    if mistypes:
        await browser.send("/sign-in", email=person.email, password="не тот пароль")
        assert "не подошли" in browser.text
    await _sign_in(browser, person)
    assert browser.page.status_code == 200, (place, action)
    shown = browser.form(action)
    for name, value in typed.items():
        assert (name, value) in shown, (place, action, name)
    assert "ещё не отправлен" in browser.text


async def _typed_and_ended(cast: Cast) -> Browser:
    """Return the browser of somebody whose session ended while they wrote."""
    for person in (cast.captain, cast.teammate):
        await _with_password(person)
    browser = await signed_in(cast.captain)
    talk = f"/projects/{cast.project.id}/talk"
    await browser.open(talk)
    form = dict(browser.form(talk))
    await _end_session(browser, cast.captain)
    await browser.post(talk, {**form, "post": WORDS})
    return browser


async def test_what_came_back_is_sent_by_the_button_and_not_before(cast: Cast) -> None:
    browser = await _typed_and_ended(cast)
    await _sign_in(browser, cast.captain)
    assert await Post.count() == 0
    await browser.send(f"/projects/{cast.project.id}/talk")
    assert [row["text"] for row in await Post.select(Post.text)] == [WORDS]


async def test_somebody_else_who_signs_in_there_does_not_read_it(cast: Cast) -> None:
    browser = await _typed_and_ended(cast)
    await _sign_in(browser, cast.teammate)
    assert WORDS not in browser.text
    assert "Здесь писал кто-то другой" in browser.text
    assert browser.path == f"/projects/{cast.project.id}/talk"


async def test_signing_in_in_another_tab_brings_it_back(cast: Cast) -> None:
    """By a link in a mail, for example."""
    browser = await _typed_and_ended(cast)
    form = dict(browser.form("/sign-in"))
    other = await signed_in(cast.captain)
    browser.http.cookies = other.http.cookies
    await browser.post("/sign-in", form)
    assert ("post", WORDS) in browser.form(f"/projects/{cast.project.id}/talk")
    browser.http.cookies = (await signed_in(cast.teammate)).http.cookies
    await browser.post("/sign-in", form)
    assert WORDS not in browser.text


async def test_a_page_from_before_signing_in_anew_keeps_its_text(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    talk = f"/projects/{cast.project.id}/talk"
    await browser.open(talk)
    form = {**dict(browser.form(talk)), "post": WORDS}
    browser.http.cookies = (await signed_in(cast.captain)).http.cookies
    await browser.post(talk, form)
    assert (browser.page.status_code, await Post.count()) == (403, 0)
    assert ("post", WORDS) in browser.form(talk)
    await browser.send(talk)
    assert await Post.count() == 1
    browser.http.cookies = (await signed_in(cast.teammate)).http.cookies
    await browser.post(talk, form)
    assert (browser.page.status_code, WORDS in browser.text) == (403, False)


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"referer": ""}]
)
async def test_another_site_gets_nothing_shown(cast: Cast, headers: dict[str, str]) -> None:
    browser = await signed_in(cast.captain)
    talk = f"/projects/{cast.project.id}/talk"
    await browser.open(talk)
    await browser.post(talk, {"post": WORDS, "csrf": "0" * 80}, headers=headers)
    assert (browser.page.status_code, WORDS in browser.text) == (403, False)
    await _end_session(browser, cast.captain)
    await browser.post(talk, {"post": WORDS}, headers=headers)
    assert browser.path == "/sign-in"
    assert WORDS not in browser.page.text


async def test_a_form_that_is_gone_leaves_the_words(cast: Cast) -> None:
    browser = await _typed_and_ended(cast)
    await cast.project.update({"title": "x"}).where(cast.project.__class__.id == -1)
    form = {**dict(browser.form("/sign-in")), "email": cast.captain.email, "password": PASSWORD}
    form["kept"] = form["kept"].replace(f"/projects/{cast.project.id}/talk", "/nowhere/at/all")
    await browser.post("/sign-in", form)
    assert "Скопируйте слова отсюда" in browser.text
    assert WORDS in browser.text


@pytest.mark.parametrize(
    "kept", ["", "[]", "{", '["//evil.example", "", "", []]', '["/x", "/y", "", [1]]', "[1, 2, 3, 4]"]
)
async def test_nonsense_that_was_kept_is_ignored(cast: Cast, kept: str) -> None:
    await _with_password(cast.captain)
    browser = Browser()
    await browser.open("/sign-in")
    form = {**dict(browser.form("/sign-in")), "email": cast.captain.email, "password": PASSWORD, "kept": kept}
    await browser.post("/sign-in", form)
    assert browser.path == "/projects"


async def test_the_version_that_was_read_comes_back_too(cast: Cast) -> None:
    """So that what a team mate saved in the meantime is not overwritten."""
    await _with_password(cast.captain)
    browser, mate = await signed_in(cast.captain), await signed_in(cast.teammate)
    here = f"/projects/{cast.project.id}/answers/problem"
    await browser.open(here)
    form = {**dict(browser.form(here)), "text": WORDS}
    await mate.open(here)
    await mate.send(here, text="Слова Ивана")
    await _end_session(browser, cast.captain)
    await browser.post(here, form)
    await _sign_in(browser, cast.captain)
    await browser.send(here)
    assert browser.page.status_code == 409
    assert "Слова Ивана" in browser.text
    assert WORDS in browser.text
    assert [row["text"] for row in await Answer.select(Answer.text).where(Answer.key == "problem")] == ["Слова Ивана"]


@pytest.mark.parametrize(("who", "home"), [("captain", "/projects"), ("mentor", "/desk"), ("organiser", "/organiser")])
async def test_signing_in_leads_to_where_one_was_going_else_to_ones_work(cast: Cast, who: str, home: str) -> None:
    person = getattr(cast, who)
    await _with_password(person)
    for start, end in (
        ("/sign-in", home),
        ("/profile?a=1&b=%D0%B9", "/profile"),
        ("/sign-in?next=//evil.example", home),
    ):
        browser = Browser()
        await browser.open(start)
        await _sign_in(browser, person)
        assert browser.path == end
        await browser.open("/sign-in?next=/privacy")
        assert browser.path == "/privacy"
        await browser.open("/sign-up")
        assert browser.path == home
    assert "a=1&b=" in str((await Browser().open("/profile?a=1&b=%D0%B9")).url.params.get("next"))


async def test_a_button_without_text_leads_back_to_its_page(cast: Cast) -> None:
    await _with_password(cast.captain)
    browser = await signed_in(cast.captain)
    team = f"/projects/{cast.project.id}/team"
    await browser.open(team)
    form = dict(browser.form("/sign-out"))
    await _end_session(browser, cast.captain)
    await browser.post(f"/projects/{cast.project.id}/submission", form)
    assert browser.path == "/sign-in"
    await _sign_in(browser, cast.captain)
    assert browser.path == team


async def test_a_counter_counts_what_came_back(cast: Cast) -> None:
    """Both ways: a form with an error, and one that is filled in again."""
    browser, page = await signed_in(cast.captain), f"/projects/{cast.project.id}/talk"
    await browser.open(page)
    await browser.send(page, post="Кто\r\nедет? " + "а" * POST)
    assert browser.page.status_code == 422
    assert f'<span data-counter="f-post">{POST + 10}</span>' in browser.page.text
    await browser.open(page)
    await Session.delete(force=True)
    browser.http.cookies = (await signed_in(cast.captain)).http.cookies
    await browser.send(page, post="Кто\r\nедет? ")
    assert browser.page.status_code == 403
    assert '<span data-counter="f-post">9</span>' in browser.page.text


LONG = 'Подробно и вежливо объяснено, почему мы так решили: <b>«всё»</b> & ещё "раз"'


async def test_a_decision_that_somebody_else_took_meanwhile_costs_no_word(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    office, to = await signed_in(cast.organiser), f"/organiser/submissions/{submission.id}/decision"
    await office.open("/organiser/decisions")
    shown = office.page
    await office.send(to, outcome="advance", reason="Хорошо, продолжайте")
    for outcome in ("return", "", "advance"):
        office.page = shown
        await office.send(to, reason=LONG, outcome=outcome)
        assert office.page.status_code == 422
        assert not office.has_form(to)
        assert f"\n{LONG}</textarea>" in office.text
        assert "Для этих слов на странице больше нет поля" in office.text
        assert ("Проект уже в другом состоянии" in office.text) is bool(outcome)


async def test_the_reason_of_a_form_that_is_gone_is_said(cast: Cast) -> None:
    """The team was taken off in another tab, with a reason of its own."""
    office, page = await signed_in(cast.organiser), f"/projects/{cast.project.id}/office"
    await office.open(page)
    shown = office.page
    for said in ("Так решила комиссия", LONG):
        office.page = shown
        await office.send(f"{page}/withdrawal", leave_reason=said)
    assert office.page.status_code == 422
    assert not office.has_form(f"{page}/withdrawal")
    assert "Проект уже в другом состоянии" in office.text
    assert f"\n{LONG}</textarea>" in office.text


async def test_what_waits_for_its_author_is_not_read_by_whoever_mistypes_a_password(cast: Cast) -> None:
    await _with_password(cast.captain)
    browser, page = await signed_in(cast.captain), f"/projects/{cast.project.id}/talk"
    await browser.open(page)
    await Session.delete(force=True)
    await browser.send(page, post='Строка "первая" подлиннее, чтобы было что терять\r\n\r\nи вторая, с\tтабуляцией')
    await _sign_in(browser, cast.captain)
    assert ("post", 'Строка "первая" подлиннее, чтобы было что терять\r\n\r\nи вторая, с\tтабуляцией') in browser.form(
        page
    )
    await Session.delete(force=True)
    await browser.send(page)
    await browser.send("/sign-in", email=cast.captain.email, password="не тот пароль")
    assert browser.page.status_code == 422
    assert not re.search(r"<textarea[^>]*>[^<]*подлиннее", browser.page.text)
    assert "больше нет поля" not in browser.text
