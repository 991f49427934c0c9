"""A season and its rules: opened, changed, and never changed under a submission that refers to them."""

from datetime import timedelta
from typing import Any

import pytest

from incubator.core.clock import end_of_day
from incubator.core.formatting import deadline as formatted
from incubator.core.refusals import NotAllowed, Refusal, Stale
from incubator.gates.submit import submit
from incubator.programme.changes import add_section, change, change_season, remove
from incubator.programme.seasons import (
    criteria_at,
    current_season,
    open_season,
    rules_of,
    sections_at,
    sections_of_criterion,
)
from incubator.programme.stages import Stage
from incubator.programme.tables import Criterion, Season, Section, StageRule
from incubator.projects.document import frozen_parts
from incubator.reviews.rubric import rubric_of
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, in_days, make_ready


async def a_section(season: Season, key: str = "pitch") -> Section:
    return next(row for row in await sections_at(season.id, "plan") if row.key == key)


async def test_a_new_season_asks_what_the_programme_asks(cast: Cast) -> None:
    season = await open_season(
        "next", title_ru="Следующий", title_en="Next", opens_on=in_days(0), closes_on=in_days(90), by=cast.organiser
    )
    rules = await rules_of(season.id)
    assert [rules[stage].submit_by for stage in Stage] == [
        end_of_day(in_days(30)),
        end_of_day(in_days(60)),
        end_of_day(in_days(90)),
    ]
    asked = [len(await sections_at(season.id, stage)) for stage in Stage]
    assert asked == sorted(asked)
    assert asked[0] < asked[2]  # sections are carried over into the next stage
    for stage in Stage:
        criteria, keys = await criteria_at(season.id, stage), {row.key for row in await sections_at(season.id, stage)}
        assert sum(row.weight for row in criteria) == 100
        assert all(sections_of_criterion(row) and set(sections_of_criterion(row)) <= keys for row in criteria)
    found = await current_season()
    assert found
    assert found.id == season.id  # the newer of two open ones


async def test_what_nobody_refers_to_is_changed_in_place(cast: Cast) -> None:
    section = await a_section(cast.season)
    changed = await change(section, revision=1, by=cast.organiser, title_ru="Главное", limit=200)
    assert (changed.id, changed.title_ru, changed.limit, changed.revision) == (section.id, "Главное", 200, 2)
    assert await Section.count().where(Section.key == section.key) == 1


async def test_a_submission_keeps_the_wording_it_answered(cast: Cast) -> None:
    await make_ready(cast)
    before = await a_section(cast.season)
    submission = await submit(await fresh_project(cast.project), by=cast.captain)
    judged_by = [row.id for row in await rubric_of(submission)]

    changed = await change(before, revision=1, by=cast.organiser, title_ru="Совсем другое")
    criterion = (await criteria_at(cast.season.id, "idea"))[0]
    await change(criterion, revision=1, by=cast.organiser, weight=99)

    assert changed.id != before.id
    assert not changed.is_in_use
    assert (await a_section(cast.season)).title_ru == "Совсем другое"
    titles = {part.key: part.title_ru for part in frozen_parts(submission)}
    assert titles[before.key] == before.title_ru
    rubric = await rubric_of(submission)
    assert [row.id for row in rubric] == judged_by
    assert 99 not in {row.weight for row in rubric}
    assert (await criteria_at(cast.season.id, "idea"))[0].weight == 99


async def test_a_removed_item_stays_with_what_refers_to_it(cast: Cast) -> None:
    await make_ready(cast)
    section, criterion = await a_section(cast.season), (await criteria_at(cast.season.id, "idea"))[0]
    submission = await submit(await fresh_project(cast.project), by=cast.captain)
    await remove(section, by=cast.organiser)
    await remove(criterion, by=cast.organiser)
    assert section.key not in {row.key for row in await sections_at(cast.season.id, "plan")}
    assert section.key in {part.key for part in frozen_parts(submission)}
    assert criterion.id in {row.id for row in await rubric_of(submission)}
    again = await add_section(cast.season, "idea", by=cast.organiser, title_ru="Новый", title_en="New", limit=100)
    assert again.key not in {section.key, criterion.key}


@pytest.mark.parametrize("in_use", [False, True])
async def test_two_organisers_do_not_overwrite_each_other(cast: Cast, in_use: bool) -> None:
    section = await a_section(cast.season)
    await Section.update({Section.is_in_use: in_use}).where(Section.id == section.id)
    first = await change(section, revision=1, by=cast.organiser, title_ru="Раз")
    with pytest.raises(Stale):
        await change(section, revision=1, by=cast.organiser, title_ru="Два")
    second = await change(first, revision=2, by=cast.organiser, title_ru="Два")
    assert (second.title_ru, second.revision) == ("Два", 3)
    values = season_values(cast)
    await change_season(cast.season, version=1, **values, by=cast.organiser)
    with pytest.raises(Stale):
        await change_season(cast.season, version=1, **values, by=cast.organiser)


def season_values(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "title_ru": "Сезон", "title_en": "Season", "opens_on": cast.season.opens_on,
        "closes_on": cast.season.closes_on, "visibility": "names_hidden", "may_answer": False,
        "confidence": "shown", "electronic_consent": False, "stages": {}, **changes,
    }  # fmt: skip


async def test_dates_that_cannot_be(cast: Cast) -> None:
    backwards = season_values(cast, closes_on=cast.season.opens_on)
    with pytest.raises(Refusal, match="позже, чем"):
        await change_season(cast.season, version=1, **backwards, by=cast.organiser)
    late = season_values(cast, stages={"idea": {"submit_by": end_of_day(cast.season.closes_on + timedelta(days=1))}})
    with pytest.raises(Refusal, match="не попадает в сезон"):
        await change_season(cast.season, version=1, **late, by=cast.organiser)
    assert await Season.exists().where((Season.id == cast.season.id) & (Season.version == 1))


async def test_only_organisers_change_a_season(cast: Cast) -> None:
    section = await a_section(cast.season)
    for verb in (
        change(section, revision=1, by=cast.mentor, title_ru="Моё"),
        remove(section, by=cast.teacher),
        add_section(cast.season, "idea", by=cast.captain, title_ru="Моё"),
        change_season(cast.season, version=1, **season_values(cast), by=cast.coach),
        open_season("my", title_ru="Мой", title_en="My", opens_on=in_days(0), closes_on=in_days(9), by=cast.mentor),
    ):
        with pytest.raises(NotAllowed):
            await verb


async def organiser_at(cast: Cast, path: str) -> Browser:
    browser = await signed_in(cast.organiser)
    response = await browser.open(path)
    assert response.status_code == 200
    return browser


async def test_the_page_of_a_season(cast: Cast) -> None:
    path = f"/organiser/seasons/{cast.season.id}"
    browser, other = await organiser_at(cast, path), await organiser_at(cast, path)
    await browser.send(path, title_ru="Весна в области", reviews_required__idea=3, submit_by__idea=in_days(20))
    assert "Сохранено" in browser.text
    rule = await StageRule.objects().where(StageRule.season == cast.season.id, StageRule.stage == "idea").first()
    assert rule
    assert (rule.reviews_required, rule.submit_by) == (3, end_of_day(in_days(20)))

    await other.send(path, title_ru="Мой заголовок")
    assert other.page.status_code == 422
    assert "изменил кто-то другой" in other.text
    assert "Весна в области" in other.text  # the stored text, for comparison
    assert formatted(rule.submit_by) in other.text
    assert ("title_ru", "Мой заголовок") in other.form(path)  # what was typed
    await other.send(path)
    assert other.page.status_code == 200
    assert (await Season.select(Season.title_ru).where(Season.id == cast.season.id))[0]["title_ru"] == "Мой заголовок"

    await other.send(path, submit_by__idea=cast.season.closes_on + timedelta(days=3), title_ru="")
    assert other.page.status_code == 422
    assert "Заполните это поле" in other.text


async def test_the_page_of_a_section(cast: Cast) -> None:
    section = await a_section(cast.season)
    await Section.update({Section.is_in_use: True}).where(Section.id == section.id)
    path = f"/organiser/seasons/{cast.season.id}/idea/sections/{section.id}"
    browser, other = await organiser_at(cast, path), await organiser_at(cast, path)
    assert "новой редакцией" in browser.text
    await browser.send(path, title_ru="Раз")
    assert "Раздел сохранён" in browser.text
    assert "редакция 2" in browser.text

    await other.send(path, title_ru="Два")  # the address of a superseded row
    assert other.page.status_code == 422
    now = f"/organiser/seasons/{cast.season.id}/idea/sections/{(await a_section(cast.season)).id}"
    assert ("title_ru", "Два") in other.form(now)
    await browser.open(now)
    await browser.send(now, remove="1", follow=True)
    assert "Раздел убран" in browser.text
    await other.send(now)
    assert "уже убрали" in other.text
    await other.send(f"/organiser/seasons/{cast.season.id}/idea/sections/new")
    assert "Раздел добавлен" in other.text
    assert "Два" in other.text


async def test_the_page_of_a_criterion(cast: Cast) -> None:
    criterion = (await criteria_at(cast.season.id, "idea"))[0]
    path = f"/organiser/seasons/{cast.season.id}/idea/criteria/{criterion.id}"
    browser, other = await organiser_at(cast, path), await organiser_at(cast, path)
    await browser.send(path, anchors_ru="одна строка", weight="много")
    assert browser.page.status_code == 422
    assert "Нужно строк ровно 4" in browser.text
    assert "Нужно число от 1 до 100" in browser.text
    await browser.send(path, anchors_ru="нет\nслабо\nхорошо\nотлично", weight=15)
    assert "Критерий сохранён" in browser.text
    await other.send(path, weight=40)
    assert other.page.status_code == 422
    assert "нет\nслабо\nхорошо\nотлично" in other.text
    await other.send(path)
    changed = await Criterion.objects().get(Criterion.id == criterion.id)
    assert changed
    assert (changed.weight, changed.revision) == (40, 3)


async def test_a_season_is_opened_from_its_page(cast: Cast) -> None:
    browser = await organiser_at(cast, "/organiser/seasons/new")
    values: dict[str, Any] = {"title_ru": "Лето", "title_en": "Summer", "opens_on": in_days(9), "closes_on": in_days(3)}
    await browser.send("/organiser/seasons/new", **values)
    assert "позже, чем начнётся" in browser.text
    await browser.send("/organiser/seasons/new", closes_on=in_days(99))
    assert browser.page.status_code == 200
    assert "Сезон открыт" in browser.text
    await browser.open("/organiser/seasons/new")
    await browser.send("/organiser/seasons/new", **values, slug="summer")
    assert "уже занят" in browser.text
