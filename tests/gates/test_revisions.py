"""What a section said before: which saves are kept, who reads them, and putting one back."""

from datetime import UTC, datetime, timedelta

import pytest

from incubator.core.clock import clock_at
from incubator.core.refusals import NotAllowed, Refusal, Stale
from incubator.db import counting
from incubator.gates.merge_projects import merge_projects
from incubator.gates.restore_revision import restore_revision
from incubator.gates.submit import submit, take_back
from incubator.people.tables import Person
from incubator.programme.tables import Section
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.revisions import revisions_of
from incubator.projects.tables import AnswerRevision, Project
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, make_ready, rewrite

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LONG = "Пасеки теряют пчёл каждую весну. " * 12


async def write(cast: Cast, text: str, minute: float, by: Person | None = None, key: str = "problem") -> None:
    known = await answer_of(cast.project.id, key)
    with clock_at(MONDAY + timedelta(minutes=minute)):
        await save_answer(
            await fresh_project(cast.project), key, text, version=known.version if known else 0, by=by or cast.captain
        )


async def texts(cast: Cast, key: str = "problem") -> list[str]:
    """Return what stands in the section and stood there before, newest first."""
    return [each.text for each in await revisions_of(cast.project.id, key, most=50)]


async def test_five_minutes_of_one_author_are_one_revision(cast: Cast) -> None:
    for minute, text in ((0, "Раз"), (1, "Раз, два"), (4.9, "Раз, два, три"), (5.1, "Четыре"), (9, "Четыре, пять")):
        await write(cast, text, minute)
    assert await texts(cast) == ["Четыре, пять", "Раз, два, три"]
    (kept,) = await AnswerRevision.objects()
    assert (kept.version, kept.saved_by, kept.saved_at) == (3, cast.captain.id, MONDAY + timedelta(minutes=4.9))


async def test_another_author_begins_another_revision(cast: Cast) -> None:
    await write(cast, "Раз", 0)
    await write(cast, "Раз, два", 1, cast.teammate)
    await write(cast, "Раз, два, три", 2, cast.captain)
    assert await texts(cast) == ["Раз, два, три", "Раз, два", "Раз"]


async def test_what_stood_there_before_much_was_deleted_is_kept(cast: Cast) -> None:
    await write(cast, LONG, 0)
    await write(cast, LONG[:250], 1)
    assert await texts(cast) == [LONG[:250]]
    await write(cast, "", 2)
    assert await texts(cast) == ["", LONG[:250]]
    await write(cast, "Снова", 3)
    assert await texts(cast) == ["Снова", LONG[:250]]  # an empty section is nothing to go back to


async def test_handing_in_keeps_a_revision(cast: Cast) -> None:
    await make_ready(cast)
    with clock_at(MONDAY):
        await rewrite(cast, "problem", "Так сдали, и это прочтут наставники")
        await submit(await fresh_project(cast.project), by=cast.captain)
        await take_back(await fresh_project(cast.project), by=cast.captain, is_sure=True)
        await rewrite(cast, "problem", "Так стало сразу после того, как забрали")
    assert (await texts(cast))[:2] == ["Так стало сразу после того, как забрали", "Так сдали, и это прочтут наставники"]


async def test_a_choice_between_two_texts_keeps_both(cast: Cast) -> None:
    await write(cast, "Из первой вкладки", 0)
    with clock_at(MONDAY + timedelta(minutes=1)):
        browser = await signed_in(cast.captain)
        page = f"/projects/{cast.project.id}/answers/problem"
        await browser.open(page)
        await write(cast, "Из второй вкладки", 1.1)
        await browser.send(page, text="Из третьей")
        assert browser.page.status_code == 409
        await browser.send(page)
    await write(cast, "Дальше", 2)
    assert await texts(cast) == ["Дальше", "Из третьей", "Из второй вкладки"]


async def test_a_kept_text_comes_back_and_what_stood_there_is_kept(cast: Cast) -> None:
    await write(cast, "Хорошее начало", 0)
    await write(cast, "Хуже", 10, cast.teammate)
    (kept,) = await AnswerRevision.objects()
    with clock_at(MONDAY + timedelta(minutes=11)):
        browser = await signed_in(cast.captain)
        await browser.open(f"/projects/{cast.project.id}/answers/problem/history")
        assert "Мария Кузнецова" in browser.text
        await browser.send(f"/projects/{cast.project.id}/answers/problem/restoration")
    assert browser.path == f"/projects/{cast.project.id}"
    assert "Вернули как было" in browser.text
    assert await texts(cast) == ["Хорошее начало", "Хуже", "Хорошее начало"]
    await write(cast, "Хорошее начало и конец", 12)
    assert await texts(cast) == ["Хорошее начало и конец", "Хорошее начало", "Хуже", "Хорошее начало"]
    with pytest.raises(Stale):
        await restore_revision(cast.project, "problem", kept.id, version=2, by=cast.captain)
    with pytest.raises(Refusal):
        await restore_revision(cast.project, "pitch", kept.id, version=0, by=cast.captain)
    with pytest.raises(NotAllowed):
        await restore_revision(cast.project, "problem", kept.id, version=4, by=cast.teacher)


async def test_a_revision_of_another_project_is_not_found(cast: Cast) -> None:
    await write(cast, "Раз", 0)
    await write(cast, "Два", 10)
    (kept,) = await AnswerRevision.objects()
    await AnswerRevision.update({AnswerRevision.project: (await other_project(cast)).id}).where(
        AnswerRevision.id == kept.id
    )
    browser = await signed_in(cast.captain)
    here = f"/projects/{cast.project.id}/answers/problem/history"
    assert (await browser.open(f"{here}?from={kept.id}&to=now")).status_code == 404
    for place in ("0", "-1", "9" * 30, "now2", "١"):
        assert (await browser.open(f"{here}?from={place}&to=now")).status_code == 404, place
    with pytest.raises(Refusal):
        await restore_revision(cast.project, "problem", kept.id, version=2, by=cast.captain)


async def other_project(cast: Cast) -> Project:
    at = MONDAY
    project = Project(season=cast.season.id, slug="other", title="Другой", stage="idea", created_at=at, changed_at=at)
    await project.save()
    return project


async def test_the_list_says_who_when_how_much_and_what_was_handed_in(cast: Cast) -> None:
    await make_ready(cast)
    with clock_at(MONDAY):
        await rewrite(cast, "problem", LONG)
        await submit(await fresh_project(cast.project), by=cast.captain)
        await take_back(await fresh_project(cast.project), by=cast.captain, is_sure=True)
    await write(cast, LONG + "Ещё.", 6, cast.teammate)
    browser = await signed_in(cast.teacher)
    page = await browser.open(f"/projects/{cast.project.id}/answers/problem/history")
    assert "сдано, версия 1" in browser.text
    assert "на 4 знака больше" in browser.text
    assert "Иван Соколов" in browser.text
    assert "/restoration" not in page.text  # a teacher does not write


async def test_a_long_history_goes_on_where_the_page_ends(cast: Cast) -> None:
    for n in range(45):
        await write(cast, f"Текст номер {n}", 10 * n)
    browser = await signed_in(cast.captain)
    here = f"/projects/{cast.project.id}/answers/problem/history"
    with counting() as seen:
        first = await browser.open(here)
    assert first.text.count('<li class="revision') == 40
    more = next(part.partition('"')[0] for part in first.text.split(f'href="{here}?beyond=')[1:])
    second = await browser.open(f"{here}?beyond={more}")
    assert second.text.count('<li class="revision') == 5
    assert second.text.count("сравнить с тем, что сейчас") == 5
    assert len(seen) <= 15


async def test_what_was_handed_in_is_said_once_however_long_the_list(cast: Cast) -> None:
    with clock_at(MONDAY - timedelta(days=1)):
        await make_ready(cast)
    for n in range(45):
        await write(cast, f"Текст номер {n}", 10 * n)
        if n == 30:
            with clock_at(MONDAY + timedelta(minutes=301)):
                await submit(await fresh_project(cast.project), by=cast.captain)
                await take_back(await fresh_project(cast.project), by=cast.captain, is_sure=True)
    browser = await signed_in(cast.captain)
    here = f"/projects/{cast.project.id}/answers/problem/history"
    first = await browser.open(here)
    assert first.text.count("сдано, версия 1") == 1
    more = first.text.split(f'href="{here}?beyond=')[1].partition('"')[0]
    second = await browser.open(f"{here}?beyond={more}")
    assert "сдано, версия 1" not in second.text


async def test_a_sheet_tells_the_cells_that_changed(cast: Cast) -> None:
    await Section.update({Section.kind: "budget"}).where(
        (Section.season == cast.season.id) & (Section.key == "problem")
    )
    before = '{"rows":[{"what":"Доски","count":"4","price":"150"}]}'
    await write(cast, before, 0)
    await write(cast, before.replace("150", "170"), 10)
    browser = await signed_in(cast.captain)
    page = await browser.open(f"/projects/{cast.project.id}/answers/problem/history")
    assert "изменена 1 ячейка" in browser.text
    assert "170" in page.text
    await browser.send(f"/projects/{cast.project.id}/answers/problem/restoration")
    row = await answer_of(cast.project.id, "problem")
    assert row
    assert "150" in row.text


async def test_merging_two_projects_takes_the_history_along(cast: Cast) -> None:
    into = await other_project(cast)
    await write(cast, "Раз", 0)
    await write(cast, "Два", 10)
    await merge_projects(cast.project, into, by=cast.organiser, reason="Одна и та же команда")
    assert [each.text for each in await revisions_of(into.id, "problem", most=9)] == ["Два", "Раз"]


async def test_a_save_asks_no_question_more(cast: Cast) -> None:
    await write(cast, "Раз", 0)
    with counting() as within:
        await write(cast, "Раз, два", 1)
    with counting() as beyond:
        await write(cast, "Раз, два, три", 20)
    assert len(within) == len(beyond)
    assert await AnswerRevision.count() == 1
