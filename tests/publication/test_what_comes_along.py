"""What was hidden or taken off stays so, whichever way the text goes: to another project, into a mail, onto a picture."""

from datetime import timedelta
from typing import Any

import pytest

from incubator.core.clock import clock_at, now, today
from incubator.core.refusals import NotAllowed
from incubator.db import writing
from incubator.gates import milestone
from incubator.gates.begin_again import begin_again
from incubator.gates.merge_projects import merge_projects
from incubator.mail.tables import Message
from incubator.people.accounts import create_person
from incubator.people.grants import grant_role
from incubator.people.permissions import StaffRole
from incubator.programme.seasons import open_season
from incubator.programme.stages import Stage
from incubator.projects.answers import save_answer
from incubator.projects.consents import give_consent
from incubator.projects.details import Details, change_details
from incubator.projects.lifecycle import State
from incubator.projects.start import start
from incubator.projects.tables import News
from incubator.projects.team import join
from incubator.projects.transition import put
from incubator.publication.examination import basis_of, examine
from incubator.publication.follower_mails import tell_followers
from incubator.publication.following import follow
from incubator.publication.news import NewsWording, offer_news, publish_news, take_news_off, write_news
from incubator.publication.passages import hide_passages, keep_passages, passages_of
from incubator.publication.publish import ask_publication, publish, unpublish
from incubator.publication.tables import Publication, Verdict
from incubator.publication.versions import public_versions_of
from incubator.publication.withdrawals import remove_member, withdraw_consent
from tests.browser import Browser, signed_in
from tests.cast import Cast, fill_details, fresh_project, rewrite, submitted
from tests.cast import fill_sections as fill
from tests.publication.test_following import shown as shown  # a fixture

NICK = "Машка-мёд"
FOOTNOTE = "Схему[^1] и макет делали Маша и Иван\n\n[^1]: Соколов нарисовал"


async def public_news(cast: Cast, text: str) -> News:
    row = await write_news(cast.project, NewsWording("Первый рой", text), by=cast.captain)
    await offer_news(cast.project, row.id, is_checked=True, by=cast.captain)
    await publish_news(row.id, by=cast.organiser)
    return row


async def test_what_is_hidden_stays_hidden_in_the_project_that_the_text_moves_to(cast: Cast) -> None:
    await fill_details(cast)
    duplicate = await start("Второй улей", season=cast.season, by=cast.captain)
    await save_answer(duplicate, "problem", f"Придумала {NICK}.", version=0, by=cast.captain)
    await hide_passages(duplicate, [NICK], sections=["motivation"], by=cast.captain)
    await merge_projects(duplicate, await fresh_project(cast.project), reason="Дубль", by=cast.organiser)
    hidden = [(row.text, row.key) for row in await passages_of(cast.project.id, Verdict.HIDDEN)]
    assert sorted(hidden) == [("", "motivation"), (NICK, "")]


async def test_what_is_hidden_stays_hidden_when_an_idea_begins_again(cast: Cast) -> None:
    await rewrite(cast, "problem", f"Придумала {NICK}.")
    await submitted(cast)
    await hide_passages(cast.project, [NICK], by=cast.captain)
    await put(await fresh_project(cast.project), State.STOPPED, stage=Stage.IDEA, round=1)
    with clock_at(now() + timedelta(days=320)):
        ends = today() + timedelta(days=200)
        await open_season("next", title_ru="Новый", title_en="New", opens_on=today(), closes_on=ends, by=None)
        another = await begin_again(await fresh_project(cast.project), by=cast.captain)
    assert [row.text for row in await passages_of(another.id, Verdict.HIDDEN)] == [NICK]


@pytest.mark.parametrize("how", ["taken off", "withdrawn", "hidden", "unpublished"])
async def test_a_mail_that_waits_says_nothing_that_was_taken_off(shown: Cast, how: str) -> None:
    cast = shown
    publication = await Publication.objects(Publication.project).get(Publication.project == cast.project.id)
    assert publication
    await follow(publication, by=cast.mentor)
    await give_consent(cast.project, cast.teammate, "public_name", by=cast.teacher)
    row = await public_news(cast, "Иван Соколов собрал датчик")
    await tell_followers()
    (mail,) = await Message.objects().where(Message.to == cast.mentor.email, Message.subject.like("%новое%"))
    assert "Соколов" in mail.body
    if how == "taken off":
        await take_news_off(cast.project.id, row.id, by=cast.organiser)
    elif how == "withdrawn":
        await withdraw_consent(cast.project, cast.teammate, "public_name", by=cast.teammate)
    elif how == "hidden":
        await hide_passages(cast.project, ["Иван Соколов"], by=cast.captain)
    else:
        await unpublish(await fresh_project(cast.project), by=cast.captain)
    await tell_followers()
    left = await Message.objects().where(Message.to == cast.mentor.email, Message.subject.like("%новое%"))
    assert not any("Соколов" in each.body for each in left)
    assert len(left) == (how in {"withdrawn", "hidden"})  # what is left of the news is told


async def test_a_mail_that_was_sent_is_not_sent_again(shown: Cast) -> None:
    cast = shown
    publication = await Publication.objects(Publication.project).get(Publication.project == cast.project.id)
    assert publication
    await follow(publication, by=cast.mentor)
    await public_news(cast, "Датчик работает, придумала Машка")
    await tell_followers()
    await Message.update({Message.sent_at: now()}, force=True)
    await hide_passages(cast.project, ["Машка"], by=cast.captain)
    with clock_at(now() + timedelta(days=2)):
        assert await tell_followers() == 0


async def test_a_name_across_a_footnote_can_be_hidden(cast: Cast) -> None:
    await rewrite(cast, "problem", FOOTNOTE)
    submission = await submitted(cast)
    found = await examine(await basis_of(await fresh_project(cast.project), submission))
    assert [each.passage for each in found.forbidden] == ["Иван Соколов"]
    await hide_passages(cast.project, ["Иван Соколов"], by=cast.captain)
    found = await examine(await basis_of(await fresh_project(cast.project), submission))
    assert not found.forbidden


async def test_news_end_with_the_project_that_a_withdrawal_sets_aside(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rewrite(cast, "problem", "Придумал Иван Соколов.")
    await submitted(cast)
    for person in (cast.captain, cast.teammate):
        await give_consent(cast.project, person, "public_name", by=cast.teacher)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    await public_news(cast, "Слова")
    with monkeypatch.context() as context:  # as if nothing could be masked for certain
        context.setattr("incubator.publication.public_copy.hidden", lambda text, _passages: text)
        await withdraw_consent(cast.project, cast.teammate, "public_name", by=cast.teammate)
    assert not await public_versions_of(cast.project.id)
    await hide_passages(cast.project, ["Иван Соколов"], by=cast.captain)
    await publish(await fresh_project(cast.project), by=cast.organiser)
    visitor = Browser()
    await visitor.open(f"/showcase/{(await fresh_project(cast.project)).slug}")
    assert visitor.page.status_code == 200
    assert "Первый рой" not in visitor.text


async def test_the_picture_of_a_milestone_says_nothing_that_is_hidden(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill_details(cast)
    project = await fresh_project(cast.project)
    details = Details("Улей Марии Кузнецовой", "", "", project.cluster, project.municipality, "Школа № 1", ())
    await change_details(project, details, version=project.details_version, by=cast.captain)
    await fill(cast)
    submission = await submitted(cast)
    await hide_passages(cast.project, ["Марии Кузнецовой"], by=cast.captain)
    seen: list[dict[str, Any]] = []

    async def typeset(_template: str, data: dict[str, Any], **_more: Any) -> bytes:
        seen.append(data)
        return b""

    monkeypatch.setattr(milestone, "typeset", typeset)
    team = await signed_in(cast.captain)
    await team.open(f"/projects/{cast.project.id}/submissions/{submission.number}/milestone.png")
    assert [each["title"] for each in seen] == ["Улей ▮▮▮"]


async def test_nobody_approves_what_their_own_team_shows(cast: Cast) -> None:
    async with writing():
        teacher = await create_person(
            "second@example.org", given_name="О", family_name="В", is_adult=True, confirmed=True
        )
        await grant_role(teacher, StaffRole.ORGANISER, by=cast.organiser)
    await submitted(cast)
    await remove_member(cast.project, cast.teacher.id, by=cast.captain)
    async with writing():
        await join(cast.project.id, teacher, "teacher")
    project = await fresh_project(cast.project)
    await ask_publication(project, by=teacher)
    with pytest.raises(NotAllowed, match="другой организатор"):
        await publish(project, by=teacher)
    with pytest.raises(NotAllowed, match="другой организатор"):
        await keep_passages(project, ["Иван Соколов"], by=teacher)
    await publish(project, by=cast.organiser)
    row = await write_news(project, NewsWording("Ура", "Победа"), by=teacher)
    await offer_news(project, row.id, by=teacher)
    with pytest.raises(NotAllowed, match="другой организатор"):
        await publish_news(row.id, by=teacher)


async def test_an_adult_whom_nobody_knows_reads_first_names_in_the_list_of_projects(cast: Cast) -> None:
    await remove_member(cast.project, cast.teacher.id, by=cast.captain)
    async with writing():
        stranger = await create_person(
            "stranger@example.net", given_name="Сергей", family_name="Чужаков", is_adult=True, confirmed=True
        )
        await join(cast.project.id, stranger, "teacher")
    await fill_details(cast)
    await fill(cast)
    page = await signed_in(stranger)
    await page.open("/projects")
    assert "Мария: нет согласия на участие" in page.text
    assert "Кузнецова" not in page.text
