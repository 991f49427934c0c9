"""A project that has ended begins again in the next season: its texts come along, its people and pictures do not."""

from dataclasses import replace
from typing import Any

import pytest

from incubator.core.refusals import NotAllowed, Refusal, Repeated
from incubator.db import writing
from incubator.gates.begin_again import begin_again, season_for_another_try
from incubator.gates.delete_project import erase_rows
from incubator.gates.submit import leave, reopen, submit
from incubator.history.tables import Event
from incubator.programme.changes import add_section
from incubator.programme.seasons import open_season
from incubator.programme.tables import Season
from incubator.projects.answers import answer_of
from incubator.projects.consents import give_consent
from incubator.projects.details import Details, change_details, competency_ids
from incubator.projects.former_members import ever_in_teams, teams_ever_of
from incubator.projects.tables import Member, Project
from incubator.projects.team import join
from incubator.projects.vouching import vouch
from incubator.publication.examination import basis_of, examine
from incubator.reviews.access.masks import masks_for
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.candidates import candidate_for
from incubator.reviews.assignment.declared_conflicts import declare_conflict
from tests.attachments.uploads import KEY, attached
from tests.browser import signed_in
from tests.cast import Cast, fill_details, fill_sections, fresh_project, in_days, rewrite, submitted


async def next_season(cast: Cast) -> Season:
    """Open a season after the cast's own; both are open today."""
    return await open_season(
        "next", title_ru="Следующий", title_en="Next", opens_on=in_days(0), closes_on=in_days(200), by=cast.organiser
    )


async def ended(cast: Cast) -> Project:
    await fill_details(cast)
    await attached(cast)
    await fill_sections(cast, text="Рои гибнут зимой")
    await leave(await fresh_project(cast.project), by=cast.captain)
    return await fresh_project(cast.project)


async def test_texts_and_details_come_along_and_people_and_pictures_do_not(cast: Cast) -> None:
    old, season = await ended(cast), await next_season(cast)
    another = await fresh_project(await begin_again(old, by=cast.teammate))
    assert (another.season, another.stage, another.state, another.round) == (season.id, "idea", "draft", 1)
    assert (another.title, another.cluster, another.municipality, another.organisation) == (
        old.title, old.cluster, old.municipality, old.organisation
    )  # fmt: skip
    assert another.slug != old.slug
    assert await competency_ids(another.id) == await competency_ids(old.id)
    answer = await answer_of(another.id, "problem")
    assert answer
    assert (answer.text, answer.version, answer.changed_by) == ("Рои гибнут зимой: problem", 1, cast.teammate.id)
    assert await answer_of(old.id, KEY)
    assert await answer_of(another.id, KEY) is None
    members = await Member.objects().where(Member.project == another.id)
    assert [(member.person, member.role) for member in members] == [(cast.teammate.id, "captain")]
    (event,) = await Event.objects().where(Event.project_id == another.id)
    assert (event.happened, event.actor_id) == ("started", cast.teammate.id)
    assert (await fresh_project(old)).state == "withdrawn"


async def test_the_page_offers_it_once_there_is_another_season(cast: Cast) -> None:
    old = await ended(cast)
    here = f"/projects/{old.id}"
    captain = await signed_in(cast.captain)
    assert "/another-try" not in (await captain.open(here)).text
    await next_season(cast)
    assert "«Следующий» уже идёт." in (await captain.open(here)).text
    await captain.send(f"{here}/another-try")
    assert "Начали заново" in captain.text
    assert "Рои гибнут зимой" in captain.text
    teacher = await signed_in(cast.teacher)
    assert "/another-try" not in (await teacher.open(here)).text


async def test_a_second_press_leads_to_what_the_first_made(cast: Cast) -> None:
    old = await ended(cast)
    await next_season(cast)
    another = await begin_again(old, by=cast.captain)
    with pytest.raises(Repeated) as refused:
        await begin_again(old, by=cast.captain)
    assert refused.value.link == f"/projects/{another.id}"


async def test_a_project_that_goes_on_has_one_try(cast: Cast) -> None:
    await next_season(cast)
    assert await season_for_another_try(cast.project) is None
    with pytest.raises(Refusal):
        await begin_again(cast.project, by=cast.captain)


async def test_a_project_that_was_reopened_meanwhile_goes_on(cast: Cast) -> None:
    old, season = await ended(cast), await next_season(cast)
    await reopen(old, by=cast.organiser)
    with pytest.raises(Refusal, match="когда проект закончился"):
        await begin_again(old, by=cast.captain)  # from a page that still says that it has ended
    assert not await Project.exists().where(Project.season == season.id)


async def test_only_who_wrote_it_begins_it_again(cast: Cast) -> None:
    old = await ended(cast)
    await next_season(cast)
    for person in (cast.teacher, cast.coach, cast.outsider, cast.organiser):
        with pytest.raises(NotAllowed):
            await begin_again(old, by=person)


@pytest.mark.parametrize("is_deleted", [False, True])
async def test_who_is_named_in_the_texts_counts_as_one_of_the_team(cast: Cast, is_deleted: bool) -> None:
    """A former mate has not agreed to be named, and is no member of the new project: still nobody reads the name.

    Also once the project is deleted in which they were.
    """
    await rewrite(cast, "problem", "Датчик собрал Иван Соколов.")
    await submitted(cast)
    await leave(await fresh_project(cast.project), by=cast.captain)
    await declare_conflict(cast.project.id, cast.mentor, is_hard=True, kind="family", reason="Моя дочь", by=cast.mentor)
    season = await next_season(cast)
    await Season.update({Season.visibility: "double_blind"}).where(Season.id == season.id)
    another = await begin_again(await fresh_project(cast.project), by=cast.captain)
    if is_deleted:
        async with writing():
            await erase_rows(cast.project.id)
    else:
        assert cast.teammate.id in (await ever_in_teams([cast.project.id]))[cast.project.id]
    assert cast.teammate.id in (await ever_in_teams([another.id]))[another.id]
    assert another.id in await teams_ever_of(cast.teammate.id)
    assert cast.captain.id in (await ever_in_teams([another.id]))[another.id]

    again = replace(cast, project=another, season=season)
    async with writing():
        await join(another.id, cast.teacher, "teacher")
    await vouch(another, cast.teacher.id, by=cast.organiser)
    for person in (cast.captain, cast.teacher):
        await give_consent(another, person, "participation", by=cast.teacher)
    await fill_details(again)
    await fill_sections(again)
    submission = await submit(await fresh_project(another), by=cast.captain)
    found = await examine(await basis_of(await fresh_project(another), submission))
    assert [each.passage for each in found.forbidden] == ["Иван Соколов"]
    related = await candidate_for(submission, cast.mentor)
    assert related
    assert related.is_barred
    asked = await assign(submission, cast.second_mentor, by=cast.organiser)
    mentor = await signed_in(cast.second_mentor)
    await mentor.open(f"/reviews/{asked.id}")
    assert mentor.page.status_code == 200
    assert "Соколов" not in mentor.text


async def test_an_answer_to_a_question_of_our_own_comes_along_only_to_the_same_question(cast: Cast) -> None:
    """Keys of sections that organisers add are numbers: in another season the same one may be another question."""
    words: dict[str, Any] = {"title_en": "Own", "limit": 500, "is_required": True, "kind": "text", "by": cast.organiser}
    own = await add_section(cast.season, "idea", title_ru="Кто помогает дома", **words)
    await rewrite(cast, own.key, "Папа и бабушка")
    await leave(await fresh_project(cast.project), by=cast.captain)
    season = await next_season(cast)
    other = await add_section(season, "idea", title_ru="С кем вы говорили", **words)
    again = await begin_again(await fresh_project(cast.project), by=cast.captain)
    assert own.key == other.key
    assert await answer_of(again.id, other.key) is None


async def test_what_a_team_was_called_is_masked_in_what_comes_along(cast: Cast) -> None:
    for school, team in (("Лицей «Вектор»", "Бобры"), ("Школа № 77", "Выдры")):
        project = await fresh_project(cast.project)
        details = Details(project.title, team, "", None, None, school, ())
        await change_details(project, details, version=project.details_version, by=cast.captain)
    await leave(await fresh_project(cast.project), by=cast.captain)
    season = await next_season(cast)
    await Season.update({Season.visibility: "double_blind"}).where(Season.id == season.id)
    again = await begin_again(await fresh_project(cast.project), by=cast.captain)
    said = (await masks_for([again.id]))[again.id]("Мы, Бобры из лицея «Вектор», теперь Выдры")
    assert [word for word in ("Бобры", "Вектор", "Выдры") if word in said] == []
