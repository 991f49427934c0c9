"""Threads below comments and remarks: who writes, who reads whose name, who hears of it, closing, and that no word is lost."""

import re
from typing import Any

import pytest

from incubator.app import AUDIENCES
from incubator.db import counting
from incubator.gates.decide import decide
from incubator.gates.merge_projects import merge_projects
from incubator.gates.release import release
from incubator.gates.submit import submit
from incubator.notifications.tables import Notification
from incubator.notifications.tell import tell_waiting
from incubator.people.accounts import create_person
from incubator.people.tables import Person, Session
from incubator.programme.presets import Preset
from incubator.programme.tables import Season
from incubator.projects.comments import comment, resolve_comment
from incubator.projects.start import start
from incubator.projects.tables import Comment
from incubator.projects.team import join
from incubator.reviews.assignment.assign import assign
from incubator.reviews.reviewing.discussion import remove_post
from incubator.reviews.reviewing.threads import answer_comment, answer_remark, answer_remark_as_reviewer
from incubator.reviews.tables import Assignment, Post, PostMention, Remark
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, send, submitted
from tests.db.writing_in import in_writing
from tests.stories.test_nothing_typed_is_lost import PASSWORD, _with_password
from tests.stories.test_without_scripts import _key, _text, press


async def commented(cast: Cast) -> tuple[Comment, str]:
    """Return the teacher's comment on a section, and that section's own page."""
    row = await comment(cast.project, "problem", "А как вы это проверили?", by=cast.teacher)
    return row, f"/projects/{cast.project.id}/answers/problem"


async def second_round(cast: Cast) -> tuple[Remark, Assignment, Assignment]:
    """A returned team has handed in again, and two mentors read."""
    remarks = [("problem", "Сколько роёв?")]
    first = await submitted(cast)
    await release(
        await decide(first, "return", reason="Почти", remarks=remarks, override="Некому", by=cast.organiser),
        by=cast.organiser,
    )
    await Remark.update({Remark.addressed_at: first.submitted_at, Remark.answer: "Посчитали"}).where(
        Remark.project == cast.project.id
    )
    again = await submit(await fresh_project(cast.project), by=cast.captain)
    asked = [await assign(again, mentor, by=cast.organiser) for mentor in (cast.mentor, cast.second_mentor)]
    remark = await Remark.objects().first()
    assert remark
    for each in asked:
        each.submission = again
    return remark, asked[0], asked[1]


async def heard(cast: Cast) -> dict[str, set[str]]:
    """Return whom what has just happened reached, by the key of its mail; then forget it."""
    await tell_waiting(AUDIENCES)
    names = {getattr(cast, name).id: name for name in cast.__slots__ if isinstance(getattr(cast, name), Person)}
    found: dict[str, set[str]] = {}
    for row in await Notification.select(Notification.person, Notification.mail):
        found.setdefault(row["mail"], set()).add(names.get(row["person"], "?"))
    await Notification.delete(force=True)
    return found


async def test_an_answer_to_an_answer_joins_the_thread_of_the_comment(cast: Cast) -> None:
    row, page = await commented(cast)
    captain, teacher = await signed_in(cast.captain), await signed_in(cast.teacher)
    await captain.open(page)
    await captain.send(f"/projects/{cast.project.id}/comments/{row.id}/posts", post="Спросили **семь** пасечников")
    assert captain.path == page
    assert str(captain.page.url).endswith(f"#post-{(await Post.objects())[0].id}")
    await teacher.open(f"/projects/{cast.project.id}")
    await teacher.send(f"/projects/{cast.project.id}/comments/{row.id}/posts", post="Семи мало")
    assert teacher.path == f"/projects/{cast.project.id}"
    for browser in (captain, teacher):
        for path in (page, f"/projects/{cast.project.id}"):
            await browser.open(path)
            places = [browser.page.text.index(words) for words in ("<strong>семь</strong>", "Семи мало")]
            assert places == sorted(places)


async def test_who_wrote_there_hears_of_the_answers_and_nobody_else(cast: Cast) -> None:
    row, _page = await commented(cast)
    await heard(cast)
    await answer_comment(cast.project, row.id, "Спросили семь", by=cast.captain)
    assert await heard(cast) == {"replied": {"teacher"}}
    await answer_comment(cast.project, row.id, "Семи мало", by=cast.teacher)
    assert await heard(cast) == {"replied": {"captain", "teammate"}}
    await answer_comment(cast.project, row.id, "Поищите ещё", by=cast.organiser)
    assert await heard(cast) == {"replied": {"captain", "teammate", "teacher"}}
    await answer_comment(cast.project, row.id, "Сходим в субботу, @Соколов", by=cast.captain)
    assert await heard(cast) == {"mention": {"teammate"}, "replied": {"teacher", "organiser"}}
    await answer_comment(cast.project, row.id, "@Консультантов, подскажете?", by=cast.teammate)
    assert await heard(cast) == {"mention": {"coach"}, "replied": {"captain", "teacher", "organiser"}}
    removed = await answer_comment(cast.project, row.id, "Ой", by=cast.captain)
    await remove_post(removed, by=cast.captain)
    assert await heard(cast) == {}
    await answer_comment(cast.project, row.id, "Всё", by=cast.captain)
    await resolve_comment(cast.project, row.id, by=cast.captain)
    assert await heard(cast) == {}


async def test_below_a_remark_the_office_the_mentor_and_the_team_hear_of_each_other(cast: Cast) -> None:
    remark, asked, other = await second_round(cast)
    await heard(cast)
    await answer_remark(cast.project, remark.id, "Двенадцать роёв", by=cast.captain)
    assert await heard(cast) == {"replied": {"organiser"}}
    await answer_remark_as_reviewer(asked, remark.id, "За какой год?", by=cast.mentor)
    assert await heard(cast) == {"replied": {"captain", "teammate", "organiser"}}
    await answer_remark(cast.project, remark.id, "За прошлый, @Соколов считал", by=cast.captain)
    assert await heard(cast) == {"mention": {"teammate"}, "replied": {"mentor", "organiser"}}
    await answer_remark_as_reviewer(other, remark.id, "А весной?", by=cast.second_mentor)
    # The first mentor has not sent a review: what the other says would influence it.
    assert await heard(cast) == {"replied": {"captain", "teammate", "organiser"}}
    await answer_remark_as_reviewer(asked, remark.id, "@Смирнова, так можно?", by=cast.mentor)
    assert await heard(cast) == {"mention": {"organiser"}, "replied": {"captain", "teammate"}}


@pytest.mark.parametrize("preset", list(Preset))
async def test_the_team_reads_no_mentor_by_name_and_a_mentor_no_team(cast: Cast, preset: Preset) -> None:
    await Season.update({Season.visibility: preset.value}).where(Season.id == cast.season.id)
    remark, asked, other = await second_round(cast)
    await Notification.delete(force=True)
    await answer_remark(cast.project, remark.id, "Двенадцать, считал @Соколов: Мария Кузнецова", by=cast.captain)
    await answer_remark_as_reviewer(asked, remark.id, "За какой год?", by=cast.mentor)
    await answer_remark_as_reviewer(other, remark.id, "А весной?", by=cast.second_mentor)
    await tell_waiting(AUDIENCES)
    own = f"/projects/{cast.project.id}/answers/problem"
    names = {"Орлова", "Волков"}
    for person in (cast.captain, cast.teacher, cast.coach):
        browser = await signed_in(person)
        for path in (own, f"/projects/{cast.project.id}", "/notifications", f"/projects/{cast.project.id}/history"):
            await browser.open(path)
            assert not any(name in browser.text for name in names), path
        await browser.open(own)
        assert "За какой год?" in browser.text
        assert "А весной?" in browser.text
        assert browser.page.text.count("Наставник<") >= 2
    office = await signed_in(cast.organiser)
    await office.open(own)
    assert all(name in office.text for name in names)
    for mentor, mine, theirs in ((cast.mentor, asked, "А весной?"), (cast.second_mentor, other, "За какой год?")):
        browser = await signed_in(mentor)
        await browser.open(f"/reviews/{mine.id}")
        assert "Двенадцать, считал" in browser.text
        assert "Соколов" not in browser.text
        assert ("Кузнецова" in browser.text) is (preset is not Preset.DOUBLE_BLIND)
        assert theirs not in browser.text  # their own review is not sent
        await browser.open("/notifications")
        assert "Кузнецова" not in browser.text
        assert "Соколов" not in browser.text
    await send(asked, asked.submission, cast.mentor)
    reviewed = await signed_in(cast.mentor)
    await reviewed.open(f"/reviews/{asked.id}")
    assert "А весной?" in reviewed.text
    assert ("Борис Волков" in reviewed.text) is (preset is not Preset.DOUBLE_BLIND)


async def test_a_mentor_answers_on_the_page_of_the_review_and_the_draft_is_kept(cast: Cast) -> None:
    remark, asked, _other = await second_round(cast)
    browser, page = await signed_in(cast.mentor), f"/reviews/{asked.id}"
    await browser.open(page)
    await press(browser, page, f"{page}/remarks/{remark.id}/posts", {"post": "За какой год?"}, advice="Долгий совет")
    assert browser.path == page
    assert "За какой год?" in browser.text
    assert "Долгий совет" in browser.text
    await browser.post(f"{page}/remarks/{remark.id}/posts", {"csrf": browser.csrf(), "post": " "})
    assert browser.page.status_code == 422
    assert "Сколько роёв?" in browser.text
    await browser.post(f"{page}/remarks/999/posts", {"csrf": browser.csrf(), "post": "Слова наставника, длинные"})
    assert await Post.count() == 1


async def test_a_thread_is_read_after_the_round_but_not_continued(cast: Cast) -> None:
    remark, asked, _other = await second_round(cast)
    await answer_remark_as_reviewer(asked, remark.id, "За какой год?", by=cast.mentor)
    again = asked.submission
    await send(asked, again, cast.mentor)
    await release(await decide(again, "advance", reason="Да", override="Некому", by=cast.organiser), by=cast.organiser)
    browser = await signed_in(cast.captain)
    await browser.open(f"/projects/{cast.project.id}/submissions/1")
    assert "За какой год?" in browser.text
    assert "Орлова" not in browser.text.split("За какой год?")[0].rsplit("Сколько роёв?", 1)[1]
    action = f"/projects/{cast.project.id}/remarks/{remark.id}/posts"
    answer = await browser.post(action, {"csrf": browser.csrf(), "post": "За прошлый"})
    assert answer.status_code == 404
    assert await Post.count() == 1


async def test_a_closed_comment_is_folded_and_opens_again_by_the_button_or_by_an_answer(cast: Cast) -> None:
    row, page = await commented(cast)
    base = f"/projects/{cast.project.id}/comments/{row.id}"
    captain = await signed_in(cast.captain)
    await captain.open(page)
    await captain.send(f"{base}/posts", post="Спросили семь")
    await captain.send(f"{base}/resolution")
    assert "Решено. Открыть снова" in captain.text
    assert "Решённые комментарии: 1" in captain.text
    assert "Спросили семь" in captain.text
    assert not captain.has_form(f"{base}/posts")
    await captain.open(f"/projects/{cast.project.id}")
    assert "А как вы это проверили" not in captain.text
    await captain.open(page)
    await captain.send(f"{base}/resolution")
    assert captain.has_form(f"{base}/posts")
    assert "Решённые" not in captain.text
    # Somebody closes it while another one is answering: no word is lost.
    await captain.open(page)
    await resolve_comment(cast.project, row.id, by=cast.teacher)
    await captain.send(f"{base}/posts", post="И ещё троих")
    assert "И ещё троих" in captain.text
    assert (await Comment.select(Comment.is_resolved))[0]["is_resolved"] is False


async def test_an_answer_that_says_nothing_or_too_much_is_asked_for_again(cast: Cast) -> None:
    row, page = await commented(cast)
    browser, action = await signed_in(cast.captain), f"/projects/{cast.project.id}/comments/{row.id}/posts"
    for words in ("---", "ы" * 2001):
        await browser.open(page)
        await browser.send(action, post=words)
        assert browser.page.status_code == 422
        assert "А как вы это проверили?" in browser.text
        assert ("post", words) in browser.form(action)
        assert f'<span class="mention">{cast.teacher.name}</span>' in browser.text
    assert await Post.count() == 0
    await browser.send(action, post="Коротко, @Нездешний")
    assert browser.path == page
    assert "Никого с именем «Нездешний»" in browser.text
    assert (await browser.post(action.replace(f"/{row.id}/", "/999/"), {"post": "Слова"})).status_code in {403, 404}


async def test_without_scripts_another_button_takes_no_answer_away(cast: Cast) -> None:
    row, _page = await commented(cast)
    browser, base = await signed_in(cast.captain), f"/projects/{cast.project.id}"
    action = f"{base}/comments/{row.id}/posts"
    await browser.open(base)
    key = _key(browser, action, "post")
    body = [pair for pair in browser.form(f"{base}/answers") if pair[0] not in {f"{key}.post", "text-problem"}]
    await browser.post(f"{base}/answers", [*body, ("text-problem", "Рои улетают"), (f"{key}.post", "Спросили семь")])
    assert await _text(cast, "problem") == "Рои улетают"
    assert (f"{key}.post", "Спросили семь") in browser.form(f"{base}/answers")
    await press(browser, f"{base}/answers", action, {"post": "Спросили семь"})
    assert [each.text for each in await Post.objects()] == ["Спросили семь"]


async def test_an_ended_session_brings_the_answer_back(cast: Cast) -> None:
    row, page = await commented(cast)
    await _with_password(cast.captain)
    browser, action = await signed_in(cast.captain), f"/projects/{cast.project.id}/comments/{row.id}/posts"
    await browser.open(page)
    await Session.delete().where(Session.person == cast.captain.id)
    await browser.send(action, post="Спросили семь пасечников")
    assert browser.page.status_code == 401
    await browser.send("/sign-in", email=cast.captain.email, password=PASSWORD)
    assert ("post", "Спросили семь пасечников") in browser.form(action)
    await browser.send(action)
    assert [each.text for each in await Post.objects()] == ["Спросили семь пасечников"]


async def test_the_same_words_are_said_once_until_somebody_answers(cast: Cast) -> None:
    row, page = await commented(cast)
    browser, action = await signed_in(cast.captain), f"/projects/{cast.project.id}/comments/{row.id}/posts"
    for _time in range(2):
        await browser.open(page)
        await browser.send(action, post="Да")
    assert browser.path == page
    assert await Post.count() == 1
    await answer_comment(cast.project, row.id, "Точно?", by=cast.teacher)
    await browser.open(page)
    await browser.send(action, post="Да")
    assert await Post.count() == 3


async def test_a_long_thread_shows_the_last_three_and_folds_the_rest(cast: Cast) -> None:
    row, page = await commented(cast)
    browser = await signed_in(cast.captain)
    for number in range(1, 8):
        await answer_comment(cast.project, row.id, f"Слово {number}", by=cast.teacher if number % 2 else cast.captain)
        if number == 4:
            await browser.open(page)
            assert "Раньше:" not in browser.text
    await browser.open(page)
    assert "Раньше: 4 ответа" in browser.text
    folded = re.search(r"Раньше: 4 ответа.*?</details>", browser.page.text, re.DOTALL)
    assert folded
    assert [f"Слово {n}" in folded[0] for n in range(1, 8)] == [True] * 4 + [False] * 3


async def test_a_removed_answer_keeps_its_place_and_no_word(cast: Cast) -> None:
    row, page = await commented(cast)
    mine = await answer_comment(cast.project, row.id, "Тайное", by=cast.captain)
    other = await signed_in(cast.teammate)
    await other.open(page)
    assert not other.has_form(f"/posts/{mine.id}/removal")
    browser = await signed_in(cast.captain)
    await browser.open(page)
    await browser.send(f"/posts/{mine.id}/removal")
    assert browser.path == page
    assert "Тайное" not in browser.text
    assert "Сообщение убрано" in browser.text


async def test_an_adult_for_whom_nobody_vouched_answers_and_learns_no_name(cast: Cast) -> None:
    row, page = await commented(cast)
    await answer_comment(cast.project, row.id, "Спросили семь", by=cast.captain)
    stranger = await in_writing(
        create_person("zoya@example.org", given_name="Зоя", family_name="Новая", is_adult=True, confirmed=True)
    )
    await in_writing(join(cast.project.id, stranger, "coach"))
    browser = await signed_in(stranger)
    await browser.open(page)
    assert "Спросили семь" in browser.text
    assert "Кузнецова" not in browser.page.text
    assert "Соколов" not in browser.page.text
    await browser.send(f"/projects/{cast.project.id}/comments/{row.id}/posts", post="Верно, @Соколов")
    assert "Верно" in browser.text
    assert await PostMention.count() == 0


async def test_a_thread_moves_with_its_comment_and_not_with_its_remark(cast: Cast) -> None:
    remark, *_asked = await second_round(cast)
    row, _page = await commented(cast)
    await answer_comment(cast.project, row.id, "Под комментарием", by=cast.captain)
    await answer_remark(cast.project, remark.id, "Под замечанием", by=cast.captain)
    other = await start("Улей", season=cast.season, by=cast.captain)
    project = await fresh_project(cast.project)
    await merge_projects(project, other, reason="Один и тот же", by=cast.organiser)
    rows: list[dict[str, Any]] = await Post.select(Post.text, Post.project)
    assert {each["text"]: each["project"] for each in rows} == {
        "Под комментарием": other.id, "Под замечанием": cast.project.id
    }  # fmt: skip


async def test_more_threads_ask_no_more_queries(cast: Cast) -> None:
    numbers = []
    browser = await signed_in(cast.captain)
    for count in (1, 3):
        for key in ("problem", "audience", "solution")[:count]:
            row = await comment(cast.project, key, f"Комментарий {count}", by=cast.teacher)
            await answer_comment(cast.project, row.id, f"Ответ {count} {key} @Соколов", by=cast.captain)
        await browser.open(f"/projects/{cast.project.id}")
        with counting() as seen:
            await browser.open(f"/projects/{cast.project.id}")
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]
