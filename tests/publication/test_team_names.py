"""The names beside a public text: only those that an organiser has seen."""

import pytest

from incubator.app import PERIODIC, create_app
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.jobs.periodic import run_once
from incubator.people.accounts import change_profile, create_person
from incubator.people.tables import Person
from incubator.projects.consents import give_consent, withdraw_consent
from incubator.projects.details import Details, change_details
from incubator.projects.tables import Member
from incubator.projects.team import join
from incubator.publication.entry import publication_of
from incubator.publication.publish import publish, refuse
from incubator.publication.team_names import ask_about_new_names
from incubator.publication.versions import offered_versions
from incubator.showcase.story import public_team
from tests.browser import signed_in
from tests.cast import Cast, fresh, fresh_project
from tests.http.test_page_cache import no_delivery, running
from tests.mail.sent import subjects
from tests.publication.test_names_in_texts import published
from tests.publication.visitor import everything_public, places_of


async def named(cast: Cast) -> list[str]:
    return [mate.name for mate in await public_team(cast.project.id)]


async def rename(person: Person, given: str, family: str) -> None:
    browser = await signed_in(person)
    await browser.open("/profile")
    await browser.send("/profile", given_name=given, family_name=family)


async def is_waiting(cast: Cast) -> bool:
    return any(row.is_waiting for row in (await offered_versions(cast.project.id)).values())


async def test_a_new_name_waits_for_an_organiser(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    await published(cast, "Нас двое.", cast.captain)
    async with no_delivery(), running(create_app()) as site:

        async def seen(word: str) -> list[str]:
            return places_of(word, await everything_public(cast.project.slug, monkeypatch, word, app=site))

        await rename(cast.captain, "Дубина", "Стоеросовая")
        assert await seen("Стоеросовая") == await seen("Дубина") == []
        assert await seen("Кузнецова") != []
        assert await is_waiting(cast)
        office = await signed_in(cast.organiser)
        page = await office.open(f"/organiser/publications/{cast.project.id}")
        assert "Дубина Стоеросовая" in page.text
        assert "Сейчас: Мария Кузнецова" in page.text
        await publish(await fresh_project(cast.project), by=cast.organiser)
        assert await seen("Дубина Стоеросовая") != []
        assert await seen("Кузнецова") == []


async def test_those_who_must_look_are_told_once(cast: Cast) -> None:
    await published(cast, "Нас двое.", cast.captain)
    await rename(cast.captain, "Дубина", "Стоеросовая")
    await rename(cast.captain, "Дубина", "Осиновая")
    assert (await subjects(cast.organiser)).count("«Тихий улей»: посмотрите новое имя") == 1
    assert (await subjects(cast.teacher)).count("«Тихий улей»: новое имя ждёт организатора") == 1


async def test_a_refused_name_is_not_asked_about_again(cast: Cast) -> None:
    await published(cast, "Нас двое.", cast.captain)
    await rename(cast.captain, "Дубина", "Стоеросовая")
    await refuse(await fresh_project(cast.project), number=1, reason="Это не имя", by=cast.organiser)
    assert "Мария Кузнецова" in await named(cast)
    assert await ask_about_new_names() == 0
    assert not await is_waiting(cast)
    await rename(cast.captain, "Мария", "Ким")
    assert await is_waiting(cast)


async def test_back_to_the_approved_name_nothing_is_left_to_see(cast: Cast) -> None:
    await published(cast, "Нас двое.", cast.captain)
    await rename(cast.captain, "Дубина", "Стоеросовая")
    await rename(cast.captain, "Мария", "Кузнецова")
    assert "Мария Кузнецова" in await named(cast)
    assert "«Тихий улей»: посмотрите новое имя" not in await subjects(cast.organiser)


async def test_a_teammates_name_is_not_taken(cast: Cast) -> None:
    """«Иван Соколов» did not consent, whoever else calls themselves so."""
    await published(cast, "Нас двое.", cast.captain)
    await rename(cast.captain, "Иван", "Соколов")
    assert await named(cast) == ["Мария Кузнецова"]


async def test_an_approval_covers_the_names_that_were_seen(cast: Cast) -> None:
    await published(cast, "Нас двое.", cast.captain)
    await rename(cast.captain, "Мария", "Ким")
    office = await signed_in(cast.organiser)
    here = f"/organiser/publications/{cast.project.id}"
    await office.open(here)
    mark = dict(office.form(here))["mark"]
    await change_profile(await fresh(cast.captain), given_name="Дубина", family_name="Стоеросовая", locale="ru")
    await office.send(here, number="1", mark=mark)
    assert "Мария Кузнецова" in await named(cast)


async def test_who_joins_later_is_shown_once_an_organiser_has_looked(cast: Cast) -> None:
    await published(cast, "Нас двое.")
    async with writing():
        await join(cast.project.id, cast.outsider, "student")
    assert await ask_about_new_names() == 0  # without consent nobody would be shown
    await give_consent(cast.project, await fresh(cast.outsider), "participation", by=cast.teacher)
    assert await ask_about_new_names() == 0
    await give_consent(cast.project, await fresh(cast.outsider), "public_name", by=cast.teacher)
    assert await named(cast) == []
    assert ask_about_new_names in PERIODIC
    await run_once([ask_about_new_names])
    assert await is_waiting(cast)
    await publish(await fresh_project(cast.project), by=cast.organiser)
    assert await named(cast) == ["Лев Чужой"]


async def test_a_consent_that_comes_later_needs_no_other_look(cast: Cast) -> None:
    await published(cast, "Нас двое.")
    assert await named(cast) == []
    await give_consent(cast.project, await fresh(cast.captain), "public_name", by=cast.teacher)
    assert "Мария Кузнецова" in await named(cast)
    assert await ask_about_new_names() == 0


async def test_without_consent_no_approved_name_is_shown(cast: Cast) -> None:
    await published(cast, "Нас двое.", cast.captain)
    await withdraw_consent(cast.project, cast.captain, "participation", by=cast.captain)
    assert not any("Мария" in name for name in await named(cast))


async def test_who_comes_back_is_looked_at_again(cast: Cast) -> None:
    await published(cast, "Нас двое.")
    await Member.delete().where((Member.project == cast.project.id) & (Member.person == cast.teammate.id))
    async with writing():
        await join(cast.project.id, await fresh(cast.teammate), "student")
    assert not any("Иван" in name for name in await named(cast))


async def test_nothing_waits_before_anything_is_public(cast: Cast) -> None:
    await rename(cast.captain, "Мария", "Ким")
    assert await ask_about_new_names() == 0
    with pytest.raises(Refusal):
        await publish(await fresh_project(cast.project), by=cast.organiser)


async def changed(cast: Cast, team_name: str) -> None:
    project = await fresh_project(cast.project)
    details = Details("Тихий улей", team_name, "", project.cluster, project.municipality, "Школа № 1", ())
    await change_details(project, details, version=project.details_version, by=cast.captain)


async def test_approving_a_name_shows_no_details_that_nobody_offered(cast: Cast) -> None:
    await published(cast, "Нас двое.", cast.captain)
    await changed(cast, "Пчелиный рой")
    await rename(cast.captain, "Мария", "Ким")
    office = await signed_in(cast.organiser)
    here = f"/organiser/publications/{cast.project.id}"
    assert "Пчелиный рой" not in (await office.open(here)).text
    await office.send(here)
    entry = await publication_of(cast.project.id)
    assert entry is not None
    assert entry.team_name == ""
    assert "Мария Ким" in await named(cast)


async def test_details_can_be_offered_while_a_name_waits(cast: Cast) -> None:
    await published(cast, "Нас двое.", cast.captain)
    await changed(cast, "Пчелиный рой")
    await rename(cast.captain, "Мария", "Ким")
    team = await signed_in(cast.captain)
    await team.open(f"/projects/{cast.project.id}/showcase")
    await team.send(f"/projects/{cast.project.id}/publication")
    await publish(await fresh_project(cast.project), by=cast.organiser)
    entry = await publication_of(cast.project.id)
    assert entry is not None
    assert entry.team_name == "Пчелиный рой"
    assert "Мария Ким" in await named(cast)


async def test_a_refusal_of_a_name_does_not_say_that_the_version_is_not_shown(cast: Cast) -> None:
    await published(cast, "Нас двое.", cast.captain)
    await rename(cast.captain, "Дубина", "Стоеросовая")
    await refuse(await fresh_project(cast.project), number=1, reason="Это не имя", by=cast.organiser)
    told = await subjects(cast.teacher)
    assert "«Тихий улей»: новое пока не показываем на витрине" in told
    assert not any("версию 1 пока не показываем" in each for each in told)
    team = await signed_in(cast.captain)
    assert "Организатор пока не показывает новое" in (await team.open(f"/projects/{cast.project.id}/showcase")).text


async def test_an_adult_for_whom_nobody_has_vouched_reads_no_names_beside_the_text(cast: Cast) -> None:
    await published(cast, "Нас двое.")
    await rename(cast.captain, "Мария", "Тайная")
    async with writing():
        stranger = await create_person(
            "stranger@example.org", given_name="Пришлый", family_name="Чужак", is_adult=True, confirmed=True
        )
        await join(cast.project.id, stranger, "coach")
    for person, reads in ((stranger, False), (cast.teammate, True)):
        page = await (await signed_in(person)).open(f"/projects/{cast.project.id}/showcase")
        assert page.status_code == 200
        assert ("Имена на витрине" in page.text) is reads
        assert ("Соколов" in page.text) is reads


async def test_a_name_that_changes_there_and_back_and_there_is_asked_about_again(cast: Cast) -> None:
    await published(cast, "Умный улей.", cast.captain)

    async def called(given: str) -> None:
        captain = await fresh(cast.captain)
        await change_profile(captain, given_name=given, family_name=captain.family_name, locale="")

    await called("Марья")
    await called("Мария")
    await publish(await fresh_project(cast.project), by=cast.organiser)
    assert not await is_waiting(cast)
    await called("Марья")
    assert await is_waiting(cast)
