"""Pages with several forms, where no script runs: what was typed into one is not lost when the button of another is pressed."""

import re
from html import unescape
from typing import Any

import pytest

from incubator.core import limits
from incubator.core.refusals import Refusal
from incubator.gates.decide import decide
from incubator.gates.release import release
from incubator.gates.submit import submit, take_back
from incubator.mail.tables import Message
from incubator.people.tables import Person, Session
from incubator.programme.tables import Season
from incubator.projects import start_pages
from incubator.projects.answers import answer_of
from incubator.projects.tables import Comment, Project
from incubator.reviews.assignment.assign import assign
from incubator.reviews.reviewing.remarks import address_remark
from incubator.reviews.tables import Decision, Post, Remark, Review
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, make_ready, rewrite, submitted
from tests.stories.test_nothing_typed_is_lost import PASSWORD, _with_password


def _key(browser: Browser, action: str, name: str) -> str:
    """Return the key under which the form to ``action`` with a field or button ``name`` is lent."""
    for form in re.findall(r"<form\b.*?</form>", browser.page.text, re.DOTALL):
        if f'action="{action}"' in form and (not name or f'data-own="{name}"' in form):
            found = re.search(r'name="([0-9a-f]{8})[._-]|value="([0-9a-f]{8}) ', form)
            assert found
            return found[1] or found[2]
    raise AssertionError(f"no form to {action}")


async def press(
    browser: Browser, main: str, action: str, typed: dict[str, str] | None = None, button: str = "", **text: str
) -> Any:
    """Press a button as a browser without scripts does: everything typed on the page is sent with the main form.

    ``typed``: into the form of the button. ``text``: into the main form.
    """
    given = typed or {}
    key = _key(browser, action, next(iter(given), button))
    pressed = re.search(rf'<button[^>]* value="({key} [^"]*{button}[^"]*)"', browser.page.text)
    assert pressed
    lent = {f"{key}.{name}": value for name, value in given.items()}
    changes = {**{name.replace("__", "-"): value for name, value in text.items()}, **lent}
    values = [(name, value) for name, value in browser.form(main) if name not in changes]
    return await browser.post(main, [*values, *changes.items(), ("then", unescape(pressed[1]))])


async def _text(cast: Cast, key: str) -> str:
    answer = await answer_of(cast.project.id, key)
    return answer.text if answer else ""


async def _document(cast: Cast, who: str = "captain") -> tuple[Browser, str]:
    browser, base = await signed_in(getattr(cast, who)), f"/projects/{cast.project.id}"
    await browser.open(base)
    return browser, base


async def test_handing_in_saves_the_sections_first(cast: Cast) -> None:
    await make_ready(cast)
    browser, base = await _document(cast)
    await press(browser, f"{base}/answers", f"{base}/submission", text__problem="Рои улетают")
    assert (await fresh_project(cast.project)).state == "in_review"
    assert await _text(cast, "problem") == "Рои улетают"
    await browser.open(f"{base}/submissions/1")
    assert "Рои улетают" in browser.text


async def test_nothing_is_handed_in_while_a_section_is_in_dispute(cast: Cast) -> None:
    await make_ready(cast)
    browser, base = await _document(cast)
    await rewrite(cast, "problem", "Слова Ивана")
    await press(
        browser, f"{base}/answers", f"{base}/submission", text__problem="Слова Марии", text__audience="Пасечники"
    )
    assert browser.page.status_code == 409
    assert ("text-problem", "Слова Марии") in browser.form(f"{base}/answers")
    assert await _text(cast, "audience") == "Пасечники"
    assert (await fresh_project(cast.project)).state == "draft"


async def test_what_a_mate_wrote_meanwhile_is_no_conflict_for_whoever_did_not_touch_it(cast: Cast) -> None:
    await make_ready(cast)
    browser, base = await _document(cast)
    await rewrite(cast, "problem", "Слова Ивана")
    await browser.send(f"{base}/answers", text__audience="Пасечники", save="audience")
    assert browser.page.status_code == 200
    assert await _text(cast, "problem") == "Слова Ивана"
    assert await _text(cast, "audience") == "Пасечники"


async def test_a_gate_that_is_closed_keeps_what_was_typed(cast: Cast) -> None:
    """The section that was emptied is saved, and the gate says what is missing."""
    await make_ready(cast)
    browser, base = await _document(cast)
    await press(browser, f"{base}/answers", f"{base}/submission", text__problem="", text__audience="Пасечники")
    assert (await fresh_project(cast.project)).state == "draft"
    assert await _text(cast, "problem") == ""
    assert await _text(cast, "audience") == "Пасечники"
    assert "Сдать можно, когда всё в списке готово" in browser.text


async def test_a_page_sent_twice_hands_in_once(cast: Cast) -> None:
    await make_ready(cast)
    browser, base = await _document(cast)
    key = _key(browser, f"{base}/submission", "")
    body = [*browser.form(f"{base}/answers"), ("then", f"{key} {base}/submission ")]
    first = await browser.post(f"{base}/answers", body, follow=False)
    again = await browser.post(f"{base}/answers", body, follow=False)
    assert (first.status_code, first.headers["location"]) == (again.status_code, again.headers["location"])
    assert again.headers["set-cookie"] == first.headers["set-cookie"]


async def test_comments_under_several_sections_come_along(cast: Cast) -> None:
    browser, base = await _document(cast, "teacher")
    main, to = f"{base}/comments?with=all", f"{base}/comments"
    forms = re.findall(rf'<form[^>]*action="{to}"[^>]*>.*?</form>', browser.page.text, re.DOTALL)
    key = {
        unescape(found[2]): found[1]
        for form in forms
        if (found := re.search(r'name="(\w{8})_key"[^>]* value="([^"]+)"', form))
    }
    body = [*browser.form(main), (f"{key['problem']}.text", "Первое"), (f"{key['audience']}.text", "Второе")]
    body = [pair for n, pair in enumerate(body) if pair[1] or pair[0] not in dict(body[n + 1 :])]
    await browser.post(main, [*body, ("then", f"{key['problem']} {to} ")])
    assert [(row["key"], row["text"]) for row in await Comment.select()] == [("problem", "Первое")]
    assert (f"{key['audience']}.text", "Второе") in browser.form(main)
    assert "ещё не отправлены" in browser.text


async def test_a_comment_that_says_nothing_keeps_the_others(cast: Cast) -> None:
    browser, base = await _document(cast, "teacher")
    main, to = f"{base}/comments?with=all", f"{base}/comments"
    await press(browser, main, to, {"text": "---"})
    assert browser.page.status_code == 422
    assert await Comment.count() == 0


async def test_ending_the_session_brings_everything_back(cast: Cast) -> None:
    await make_ready(cast)
    await _with_password(cast.captain)
    browser, base = await _document(cast)
    await Session.delete().where(Session.person == cast.captain.id)
    await press(browser, f"{base}/answers", f"{base}/submission", text__problem="Рои улетают")
    assert browser.page.status_code == 401
    await browser.send("/sign-in", email=cast.captain.email, password=PASSWORD)
    assert ("text-problem", "Рои улетают") in browser.form(f"{base}/answers")
    assert (await fresh_project(cast.project)).state == "draft"


async def test_a_document_that_closed_meanwhile_gives_the_words_back(cast: Cast) -> None:
    await make_ready(cast)
    browser, base = await _document(cast)
    await Project.update({Project.state: "stopped"}).where(Project.id == cast.project.id)
    words = "Долгие слова, которых жалко: их писали целый вечер"
    await press(browser, f"{base}/answers", f"{base}/submission", text__problem=words)
    assert words in browser.text
    assert await _text(cast, "problem") != words


async def _second_round(cast: Cast) -> tuple[Any, Remark]:
    """A returned team has addressed the remark and handed in again; the mentor reads."""
    submission = await submitted(cast)
    decision = await decide(
        submission, "return", reason="Почти", remarks=[("problem", "Сколько?")], override="Спешим", by=cast.organiser
    )
    await release(decision, by=cast.organiser)
    remark = await Remark.objects().first()
    assert remark
    await address_remark(cast.project, remark.id, "Переписали", by=cast.captain)
    again = await submit(await fresh_project(cast.project), by=cast.captain)
    return await assign(again, cast.mentor, by=cast.organiser), remark


async def test_addressing_a_remark_saves_the_sections(cast: Cast) -> None:
    await _second_round(cast)
    await take_back(await fresh_project(cast.project), by=cast.captain)
    browser, base = await _document(cast)
    to = f"{base}/remarks/1/addressed"
    await press(browser, f"{base}/answers", to, text__problem="Рои улетают")
    assert await _text(cast, "problem") == "Рои улетают"
    remark = await Remark.objects().first()
    assert remark
    assert remark.addressed_at is None


@pytest.mark.parametrize("button", ["", "not_yet"])
async def test_an_answer_to_a_remark_saves_the_review(cast: Cast, button: str) -> None:
    assignment, remark = await _second_round(cast)
    page = f"/reviews/{assignment.id}"
    browser = await signed_in(cast.mentor)
    await browser.open(page)
    to = f"{page}/remarks/{remark.id}/confirmation"
    typed = {"doubt": "Где расчёт?"} if button else {}
    await press(browser, page, to, typed, button, advice="Долгий совет", level__idea="1", recommendation="return")
    review = await Review.objects().first()
    assert review
    assert (review.advice, review.recommendation, review.is_sent) == ("Долгий совет", "return", False)
    found = await Remark.objects().get(Remark.id == remark.id)
    assert found
    assert (found.doubt, found.confirmed_at is not None) == (typed.get("doubt", ""), not button)


async def test_saving_the_draft_gives_the_doubt_back(cast: Cast) -> None:
    """Enter in a field presses the first button of the form, which saves."""
    assignment, remark = await _second_round(cast)
    page = f"/reviews/{assignment.id}"
    browser = await signed_in(cast.mentor)
    await browser.open(page)
    key = _key(browser, f"{page}/remarks/{remark.id}/confirmation", "doubt")
    values = [(n, v) for n, v in browser.form(page) if n not in {f"{key}.doubt", "advice"}]
    await browser.post(page, [*values, ("advice", "Совет"), (f"{key}.doubt", "Где расчёт?")])
    assert (f"{key}.doubt", "Где расчёт?") in browser.form(page)
    assert ("advice", "Совет") in browser.form(page)
    assert not await Remark.exists().where(Remark.doubt == "Где расчёт?")
    first = browser.page.text.index('form="review"')
    assert 'class="visually-hidden"' in browser.page.text[first : first + 80]


async def test_a_review_that_nobody_changed_gets_no_new_version(cast: Cast) -> None:
    assignment, remark = await _second_round(cast)
    page = f"/reviews/{assignment.id}"
    browser = await signed_in(cast.mentor)
    await browser.open(page)
    await browser.send(page, advice="Совет")
    await browser.send(page)
    await press(browser, page, f"{page}/remarks/{remark.id}/confirmation", button="")
    assert [row["version"] for row in await Review.select(Review.version)] == [1]


async def test_what_is_refused_is_given_back_in_its_form(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    await office.open("/organiser/people")
    to = f"/organiser/people/{cast.mentor.id}/capacity"
    await office.send(to, capacity="много")
    assert office.page.status_code == 409
    assert ("capacity", "много") in office.form(to)
    assert "Нужно число" in office.text
    await office.send(to, capacity="7")
    assert office.page.status_code == 200


async def test_words_for_a_form_that_is_gone_are_given_back(cast: Cast) -> None:
    """A mate was faster: there is only one reply to a decision."""
    await Season.update({Season.may_answer: True}).where(Season.id == cast.season.id)
    await _second_round(cast)
    first, second = await signed_in(cast.captain), await signed_in(cast.teammate)
    page = f"/projects/{cast.project.id}/submissions/1"
    for browser in (first, second):
        await browser.open(page)
    words = "Спасибо! Мы спросили ещё двенадцать пасечников, и вот что они сказали"
    await first.send(f"{page}/answer", answer="Спасибо!")
    await second.send(f"{page}/answer", answer=words)
    assert second.page.status_code == 409
    assert words in second.text
    await second.open(page)
    assert "Команда уже ответила" in second.text


async def test_an_account_without_its_first_idea_is_no_account(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_args: Any, **_named: Any) -> None:
        raise Refusal("Не вышло")

    monkeypatch.setattr(start_pages, "start", fails)
    browser = Browser()
    await browser.open("/start")
    people = await Person.count()
    born: dict[str, Any] = {"born_day": "4", "born_month": "5", "born_year": "2009"}
    await browser.send(
        "/start",
        title="Улей",
        email="new@example.org",
        password="кит поёт басом",
        given_name="Лена",
        family_name="О",
        **born,
    )
    assert browser.page.status_code == 422
    assert "Не вышло" in browser.text
    assert await Person.count() == people
    assert not await Message.exists().where(Message.to == "new@example.org")


async def test_a_decision_is_not_lost_by_writing_to_the_reviewers(cast: Cast) -> None:
    submission = await submitted(cast)
    office = await signed_in(cast.organiser)
    page = f"/organiser/submissions/{submission.id}"
    await office.open(page)
    key = _key(office, f"{page}/decision", "reason")
    given = {f"{key}.reason": "Почти готово", f"{key}-outcome": "return"}
    main = f"{page}/posts?with=all"
    post = _key(office, f"{page}/posts", "post")
    values = [(n, v) for n, v in office.form(main) if n not in {*given, f"{post}.post"}]
    body = [*values, *given.items(), (f"{post}.post", "Кто ещё посмотрит?")]
    await office.post(main, [*body, ("then", f"{post} {page}/posts ")])
    assert [row["text"] for row in await Post.select(Post.text)] == ["Кто ещё посмотрит?"]
    shown = office.form(f"{page}/decision")
    assert ("reason", "Почти готово") in shown
    assert ("outcome", "return") in shown
    assert not await Decision.exists()
    await office.post(main, body)  # Enter
    assert ("reason", "Почти готово") in office.form(f"{page}/decision")
    assert ("post", "Кто ещё посмотрит?") in office.form(f"{page}/posts")
    assert not await Decision.exists()
    assert await Post.count() == 1


async def test_choices_that_nobody_made_are_not_given_back(cast: Cast) -> None:
    submission = await submitted(cast)
    office = await signed_in(cast.organiser)
    page = f"/organiser/submissions/{submission.id}"
    await office.open(page)
    await press(office, f"{page}/posts?with=all", f"{page}/posts", {"post": "Кто ещё посмотрит?"})
    assert office.path == page
    assert "ещё не отправлены" not in office.text


async def test_no_field_of_another_form_holds_a_button_back(cast: Cast) -> None:
    """A browser would not send a form with an empty required field, even one of another form in a closed part of the page."""
    submission = await submitted(cast)
    for who, page in ((cast.organiser, f"/organiser/submissions/{submission.id}"), (cast.teacher, "/projects/1/talk")):
        browser = await signed_in(who)
        await browser.open(page)
        assert re.search(r'<form id="together"[^>]* novalidate', browser.page.text)
    for who in (cast.captain, cast.teacher):
        browser = await signed_in(who)
        await browser.open("/projects/1")
        assert re.search(r'<form id="document"[^>]* novalidate', browser.page.text)


async def test_too_much_in_another_form_does_not_set_the_mentor_against_themselves(cast: Cast) -> None:
    """The review is saved, so the page that comes back goes on from what stands there now."""
    assignment, remark = await _second_round(cast)
    page = f"/reviews/{assignment.id}"
    to = f"{page}/remarks/{remark.id}/confirmation"
    browser = await signed_in(cast.mentor)
    await browser.open(page)
    long = "я" * (limits.BODY // 5)
    await press(browser, page, to, {"doubt": long}, "not_yet", advice="Совет")
    assert browser.page.status_code == 413
    assert "Это не отправлено: за один раз страница принимает не больше 512 КБ" in browser.text
    assert (f"{_key(browser, to, 'doubt')}.doubt", long) in browser.form(page)
    assert ("advice", "Совет") in browser.form(page)
    await press(browser, page, to, {"doubt": "Где расчёт?"}, "not_yet", advice="Совет подлиннее")
    assert browser.page.status_code == 200
    assert [row["advice"] for row in await Review.select(Review.advice)] == ["Совет подлиннее"]
    found = await Remark.objects().get(Remark.id == remark.id)
    assert found
    assert found.doubt == "Где расчёт?"
