"""Two people have the same form open. The second is refused, sees the other's words among their own, and presses again: nothing is taken back."""

from typing import Any

import pytest

from incubator.core.clock import end_of_day
from incubator.notifications.mail_templates import mail_template_of
from incubator.people.tables import Person
from incubator.programme.seasons import criteria_at, rules_of, section_at
from incubator.projects.document import frozen_texts
from incubator.projects.errata import corrected
from incubator.projects.tables import News, Submission
from incubator.reviews.assignment.assign import assign
from incubator.reviews.tables import Review
from tests.browser import Browser, signed_in
from tests.cast import Cast, fill_details, fresh_project, in_days, submitted

Fields = dict[str, Any]


async def second_press(
    page: str, first: Person, second: Person, theirs: Fields, mine: Fields, action: str = ""
) -> Browser:
    """Let the second open the page, the first change it, and the second send twice."""
    slow, quick = await signed_in(second), await signed_in(first)
    await slow.open(page)
    await quick.open(page)
    await quick.send(action or page, **theirs)
    assert quick.page.status_code == 200
    await slow.send(action or page, **mine)
    assert slow.page.status_code in {409, 422}
    await slow.send(action or page)
    assert slow.page.status_code == 200
    return slow


async def test_details_of_a_project(cast: Cast) -> None:
    await fill_details(cast)
    page = f"/projects/{cast.project.id}/details"
    await second_press(page, cast.teammate, cast.captain, {"help_wanted": "Ищем пасечника"}, {"title": "Тихий улей 2"})
    project = await fresh_project(cast.project)
    assert (project.help_wanted, project.title) == ("Ищем пасечника", "Тихий улей 2")


async def test_a_season(cast: Cast) -> None:
    page, day = f"/organiser/seasons/{cast.season.id}", in_days(21)
    theirs = {"submit_by-idea": day.isoformat()}
    await second_press(page, cast.organiser, cast.organiser, theirs, {"title_en": "Bees"})
    season = await cast.season.objects().get(type(cast.season).id == cast.season.id)
    assert season
    assert ((await rules_of(cast.season.id))["idea"].submit_by, season.title_en) == (end_of_day(day), "Bees")


async def test_a_section_and_a_criterion_of_a_season(cast: Cast) -> None:
    section = await section_at(cast.season.id, "idea", "problem")
    assert section
    page = f"/organiser/seasons/{cast.season.id}/idea/sections/{section.id}"
    await second_press(page, cast.organiser, cast.organiser, {"guidance_ru": "Расскажите"}, {"title_ru": "Беда"})
    section = await section_at(cast.season.id, "idea", "problem")
    assert section
    assert (section.guidance_ru, section.title_ru) == ("Расскажите", "Беда")

    criterion = (await criteria_at(cast.season.id, "idea"))[0]
    page = f"/organiser/seasons/{cast.season.id}/idea/criteria/{criterion.id}"
    await second_press(page, cast.organiser, cast.organiser, {"weight": "25"}, {"hint_ru": "Видна ли беда"})
    criterion = (await criteria_at(cast.season.id, "idea"))[0]
    assert (criterion.weight, criterion.hint_ru) == (25, "Видна ли беда")


async def test_the_words_of_a_mail(cast: Cast) -> None:
    theirs = {"body_en": "Words of the second organiser."}
    await second_press("/organiser/mails/advance", cast.organiser, cast.organiser, theirs, {"subject_ru": "Ура"})
    row = await mail_template_of("advance")
    assert (row.subject_ru, row.body_en) == ("Ура", "Words of the second organiser.")


async def test_a_typo(cast: Cast) -> None:
    submission = await submitted(cast)
    page = f"/projects/{cast.project.id}/office/correction"
    theirs = {"text-problem": "Исправлено вторым", "reason": "Опечатка"}
    mine = {"text-audience": "Исправлено первым", "reason": "Опечатка"}
    await second_press(page, cast.organiser, cast.organiser, theirs, mine)
    now = await Submission.objects().get(Submission.id == submission.id)
    assert now
    texts = frozen_texts(await corrected(now))
    assert (texts["problem"], texts["audience"]) == ("Исправлено вторым", "Исправлено первым")


async def test_a_review_on_two_devices(cast: Cast) -> None:
    asked = await assign(await submitted(cast), cast.mentor, by=cast.organiser)
    theirs = {"advice": "Совет, который написан в дороге с телефона"}
    await second_press(f"/reviews/{asked.id}", cast.mentor, cast.mentor, theirs, {"note": "Заметка организатору"})
    row = await Review.objects().first()
    assert row
    assert (row.advice, row.note) == ("Совет, который написан в дороге с телефона", "Заметка организатору")


async def test_news_of_a_team(cast: Cast) -> None:
    writer = await signed_in(cast.captain)
    new = f"/projects/{cast.project.id}/news/new"
    await writer.open(new)
    await writer.send(new, headline="Первый мёд", text="Мы его попробовали")
    theirs, mine = {"text": "Мы его попробовали втроём"}, {"headline": "Первый мёд пасеки"}
    await second_press(writer.path, cast.teammate, cast.captain, theirs, mine)
    row = await News.objects().first()
    assert row
    assert (row.headline, row.text) == ("Первый мёд пасеки", "Мы его попробовали втроём")


async def test_what_both_have_changed_is_asked_about(cast: Cast) -> None:
    await fill_details(cast)
    page = f"/projects/{cast.project.id}/details"
    slow, quick = await signed_in(cast.captain), await signed_in(cast.teammate)
    await slow.open(page)
    await quick.open(page)
    await quick.send(page, help_wanted="Ищем пасечника")
    await slow.send(page, help_wanted="Ищем столяра")
    assert "кто-то другой исправил это на «Ищем пасечника»" in slow.text
    assert dict(slow.form(page))["help_wanted"] == "Ищем столяра"
    await slow.send(page)
    assert (await fresh_project(cast.project)).help_wanted == "Ищем столяра"


@pytest.mark.parametrize("mistake", [{"title": ""}])
async def test_a_mistake_does_not_make_an_old_page_new(cast: Cast, mistake: Fields) -> None:
    """A form that was refused for a mistake is still one of before the other's change."""
    await fill_details(cast)
    page = f"/projects/{cast.project.id}/details"
    slow, quick = await signed_in(cast.captain), await signed_in(cast.teammate)
    await slow.open(page)
    await quick.open(page)
    await quick.send(page, help_wanted="Ищем пасечника")
    await slow.send(page, **mistake)
    assert slow.page.status_code == 422
    await slow.send(page, title="Тихий улей 2")
    assert slow.page.status_code == 422
    await slow.send(page)
    project = await fresh_project(cast.project)
    assert (project.help_wanted, project.title) == ("Ищем пасечника", "Тихий улей 2")
