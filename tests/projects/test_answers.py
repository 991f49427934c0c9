"""Saving answers: two team members never lose a word."""

import pytest

from incubator.core.refusals import NotAllowed, Refusal, Stale
from incubator.db import counting
from incubator.history.tables import Event
from incubator.projects.answers import Written, answer_of, save_answer, save_answers
from incubator.projects.tables import Answer, Project
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, rewrite


async def test_a_save_is_a_row_an_event_and_a_page(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    base = f"/projects/{cast.project.id}"
    await browser.open(base)
    await browser.send(f"{base}/answers", text__problem="Рои **улетают**")
    assert browser.path == base
    assert "Рои **улетают**" in browser.text
    row = await answer_of(cast.project.id, "problem")
    assert row
    assert (row.text, row.version, row.changed_by) == (
        "Рои **улетают**",
        1,
        cast.captain.id,
    )
    event = await Event.objects().order_by(Event.id, ascending=False).first()
    assert event
    assert (event.happened, event.actor_id) == ("answered", cast.captain.id)


async def test_the_second_save_is_told_sees_both_and_chooses(cast: Cast) -> None:
    base = f"/projects/{cast.project.id}"
    first, second = await signed_in(cast.captain), await signed_in(cast.teammate)
    await first.open(f"{base}/answers/problem")
    await second.open(f"{base}/answers/problem")
    await first.send(f"{base}/answers/problem", text="Текст Марии")
    await second.send(f"{base}/answers/problem", text="Текст Ивана")
    assert second.page.status_code == 409
    assert "Текст Марии" in second.text
    assert "Текст Ивана" in second.text
    assert "Мария Кузнецова" in second.text
    row = await answer_of(cast.project.id, "problem")
    assert row
    assert row.text == "Текст Марии"
    assert "Текст Марии\n\nТекст Ивана" in second.text  # both, which the first form offers
    await second.send(f"{base}/answers/problem", text="Текст Ивана")
    row = await answer_of(cast.project.id, "problem")
    assert row
    assert (row.text, row.version) == ("Текст Ивана", 2)


async def test_what_two_wrote_in_different_places_is_offered_together_first(cast: Cast) -> None:
    await rewrite(cast, "problem", "Пасеки теряют пчёл зимой. Никто не считает.")
    page = f"/projects/{cast.project.id}/answers/problem"
    first, second = await signed_in(cast.teammate), await signed_in(cast.captain)
    await first.open(page)
    await second.open(page)
    await first.send(page, text="Все пасеки теряют пчёл зимой. Никто не считает.")
    await second.send(page, text="Пасеки теряют пчёл зимой. Никто не считает, мы спросили.")
    assert second.page.status_code == 409
    assert "Вы писали в разных местах" in second.text
    await second.send(page)  # the first form of the page
    row = await answer_of(cast.project.id, "problem")
    assert row
    assert row.text.lower() == "все пасеки теряют пчёл зимой. никто не считает, мы спросили."


async def test_where_two_changed_the_same_words_both_stand_there(cast: Cast) -> None:
    await rewrite(cast, "problem", "Пасеки теряют пчёл зимой.")
    page = f"/projects/{cast.project.id}/answers/problem"
    first, second = await signed_in(cast.teammate), await signed_in(cast.captain)
    await first.open(page)
    await second.open(page)
    await first.send(page, text="Пасеки теряют рои зимой.")
    await second.send(page, text="Пасеки теряют семьи зимой.")
    assert "В 1 месте вы оба изменили" in second.text
    assert "Пасеки теряют рои семьи зимой." in second.text


async def test_a_script_gets_the_version_or_both_texts(cast: Cast) -> None:
    base = f"/projects/{cast.project.id}"
    browser = await signed_in(cast.captain)
    await browser.open(base)
    csrf, json = browser.csrf(), {"accept": "application/json"}
    response = await browser.post(
        f"{base}/answers/problem", {"csrf": csrf, "version": "0", "text": "Раз"}, headers=json
    )
    assert response.json()["version"] == 1
    response = await browser.post(
        f"{base}/answers/problem", {"csrf": csrf, "version": "0", "text": "Два"}, headers=json
    )
    assert response.status_code == 409
    assert response.json()["theirs"] == "Раз"
    assert "Два" in response.json()["html"]


async def test_saving_what_stands_there_is_no_conflict_and_no_event(cast: Cast) -> None:
    await rewrite(cast, "problem", "Одно")
    events = await Event.count()
    answer = await save_answer(cast.project, "problem", "Одно", version=0, by=cast.teammate)
    assert answer.version == 1
    assert await Event.count() == events


async def test_a_forged_version_is_a_conflict(cast: Cast) -> None:
    await rewrite(cast, "problem", "Одно")
    for version in (0, 2, 999):
        with pytest.raises(Stale):
            await save_answer(cast.project, "problem", "Другое", version=version, by=cast.captain)


@pytest.mark.parametrize("who", ["teacher", "coach", "organiser", "mentor", "outsider"])
async def test_only_students_of_the_team_write(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        await save_answer(cast.project, "problem", "Чужое", version=0, by=getattr(cast, who))
    assert await answer_of(cast.project.id, "problem") is None


async def test_a_closed_document_is_not_written(cast: Cast) -> None:
    await Project.update({Project.state: "stopped"}).where(Project.id == cast.project.id)
    with pytest.raises(Refusal):
        await save_answer(await fresh_project(cast.project), "problem", "Поздно", version=0, by=cast.captain)


async def test_too_long_comes_back_whole(cast: Cast) -> None:
    base = f"/projects/{cast.project.id}"
    browser = await signed_in(cast.captain)
    await browser.open(f"{base}/answers/problem")
    text = "я" * 3001
    await browser.send(f"{base}/answers/problem", text=text)
    assert browser.page.status_code == 422
    assert text in browser.page.text
    assert "Сократите на 1 знак" in browser.text


async def test_a_little_too_long_is_kept_and_the_gate_says_so(cast: Cast) -> None:
    base = f"/projects/{cast.project.id}"
    await rewrite(cast, "pitch", "я" * 143)
    browser = await signed_in(cast.captain)
    await browser.open(base)
    assert "Сократите раздел «Суть» на 3 знака" in browser.text


async def test_an_unknown_section_is_not_found(cast: Cast) -> None:
    base = f"/projects/{cast.project.id}"
    browser = await signed_in(cast.captain)
    await browser.open(base)
    await browser.post(f"{base}/answers/nonsense", {"csrf": browser.csrf(), "text": "x"})
    assert browser.page.status_code == 404
    assert await Answer.count() == 1


async def test_the_document_takes_as_many_queries_with_all_sections_as_with_one(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    await browser.open(f"/projects/{cast.project.id}")
    counts: list[int] = []
    for key in ("problem", "audience", "solution"):
        await rewrite(cast, key, "Слова")
        await browser.open(f"/projects/{cast.project.id}")  # the first reader renders and stores a text
        with counting() as queries:
            await browser.open(f"/projects/{cast.project.id}")
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


async def test_without_scripts_every_section_is_saved_together(cast: Cast) -> None:
    base = f"/projects/{cast.project.id}"
    browser = await signed_in(cast.captain)
    await browser.open(base)
    events = await Event.count()
    await browser.send(f"{base}/answers", text__problem="Рои улетают", text__audience="Пасечники", save="audience")
    assert str(browser.page.url).endswith(f"{base}#s-audience")
    stored = await Answer.select(Answer.key, Answer.text).where(Answer.text.is_in(["Рои улетают", "Пасечники"]))
    assert {row["key"] for row in stored} == {"problem", "audience"}
    assert await Event.count() == events + 2  # nothing about sections that nobody wrote
    assert all(row["version"] == 1 for row in await Answer.select(Answer.version).where(Answer.key == "problem"))


async def test_of_many_sections_those_in_dispute_are_shown_and_the_rest_is_saved(cast: Cast) -> None:
    base = f"/projects/{cast.project.id}"
    browser = await signed_in(cast.captain)
    await browser.open(base)
    await rewrite(cast, "problem", "Слова Ивана")
    long = "я" * 2600
    await browser.send(f"{base}/answers", text__problem="Слова Марии", text__audience=long, text__solution="Улей")
    assert browser.page.status_code == 409
    assert "Слова Ивана" in browser.text
    assert ("text-problem", "Слова Марии") in browser.form(f"{base}/answers")
    assert ("text-audience", long) in browser.form(f"{base}/answers")
    assert "Сократите на" in browser.text
    solution = await answer_of(cast.project.id, "solution")
    assert solution
    assert solution.text == "Улей"
    await browser.send(f"{base}/answers", text__audience="Пасечники")
    for key, text in (("problem", "Слова Марии"), ("audience", "Пасечники")):
        answer = await answer_of(cast.project.id, key)
        assert answer
        assert answer.text == text


@pytest.mark.parametrize("who", ["teacher", "coach", "organiser"])
async def test_only_students_have_the_form_of_the_whole(cast: Cast, who: str) -> None:
    browser = await signed_in(getattr(cast, who))
    base = f"/projects/{cast.project.id}"
    await browser.open(base)
    assert not browser.has_form(f"{base}/answers")
    with pytest.raises(NotAllowed):
        await save_answers(cast.project, {"problem": Written("Чужое", 0)}, by=getattr(cast, who))
