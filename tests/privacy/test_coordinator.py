"""A school's coordinator: the documents of all its teams and classes, and nothing else."""

import pytest

from incubator.core.refusals import NotAllowed, Refusal
from incubator.db.counting import counting
from incubator.mail.tables import Message
from incubator.people.affiliations import affiliations_of, end_affiliation
from incubator.people.coordinators import (
    coordinators_of,
    dismiss_coordinator,
    name_coordinator,
    schools_coordinated_by,
)
from incubator.people.grants import roles_of
from incubator.people.second_factor import may_have_factor
from incubator.people.tables import Consent, Person
from incubator.privacy.recorders import require_may_record, where_may_record
from incubator.privacy.sheets import WantedSheet, make_sheets
from incubator.projects.access import access_to, role_of
from incubator.projects.consents import PARTICIPATION, give_consent
from incubator.projects.orphaned_consents import orphaned_consents
from incubator.projects.permissions import ProjectRole
from incubator.projects.tables import Project
from incubator.publication.organisations import merge_duplicates
from incubator.reference.organisations import organisation_named
from incubator.reference.tables import Organisation
from tests.browser import signed_in
from tests.cast import Cast, fresh, in_days
from tests.classroom.classes import colleague_of, confirmed_teacher, enrolled


async def of_school(cast: Cast) -> tuple[Person, int]:
    """Return the coordinator of the school in which the cast's team and class are, and the school."""
    await enrolled(cast)
    school = await confirmed_teacher(cast)
    await Project.update({Project.organisation: school}).where(Project.id == cast.project.id)
    colleague = await colleague_of(cast, school)
    await name_coordinator(colleague.id, school, by=cast.organiser)
    return await fresh(colleague), school


async def test_children_of_all_teams_and_classes_are_theirs_and_no_others(cast: Cast) -> None:
    coordinator, school = await of_school(cast)
    other = await Person.objects().get(Person.family_name == "Щукина")
    assert other
    assert [each.id for each in await schools_coordinated_by(coordinator)] == [school]
    assert (await require_may_record(coordinator, cast.captain.id)).project == cast.project.id
    assert (await require_may_record(coordinator, other.id)).address == f"/consents?school={school}"
    assert await where_may_record(coordinator, cast.outsider.id) is None
    assert await role_of(coordinator, cast.project.id) == ProjectRole.COORDINATOR
    assert await access_to(cast.project.id, coordinator) is None
    assert await roles_of(coordinator.id) == frozenset()
    await make_sheets([WantedSheet(cast.captain.id, cast.project.id, PARTICIPATION), WantedSheet(other.id, None, PARTICIPATION)], locale="ru", by=coordinator)  # fmt: skip
    await give_consent(cast.project, cast.captain, PARTICIPATION, by=coordinator)
    assert await orphaned_consents() == []
    await Project.update({Project.organisation: await organisation_named("Школа № 8")}).where(Project.id == cast.project.id)  # fmt: skip
    assert await where_may_record(coordinator, cast.captain.id) is None


async def test_the_role_ends_with_the_place_of_work_and_by_an_organiser(cast: Cast) -> None:
    coordinator, school = await of_school(cast)
    twin = await organisation_named("Школа семь")
    rows = {row.id: row for row in await Organisation.objects().where(Organisation.id.is_in([school, twin]))}
    await merge_duplicates(rows[school], rows[twin], by=cast.organiser)
    assert [each.id for each in await schools_coordinated_by(coordinator)] == [twin]
    assert await where_may_record(coordinator, cast.captain.id)
    for place in await affiliations_of(coordinator.id):
        await end_affiliation(place.id, by=cast.organiser, on=in_days(-1))
    assert await schools_coordinated_by(coordinator) == []
    assert await where_may_record(coordinator, cast.captain.id) is None


async def test_only_an_organiser_names_a_confirmed_teacher(cast: Cast) -> None:
    coordinator, school = await of_school(cast)
    assert [grant.person.id for grant in await coordinators_of(school)] == [coordinator.id]
    mail = await Message.objects().where(Message.to == coordinator.email).order_by(Message.id, ascending=False).first()
    assert mail
    assert mail.subject == "Вы координатор школы"
    for person in (cast.teacher, coordinator, cast.mentor):
        with pytest.raises(NotAllowed):
            await name_coordinator(cast.teacher.id, school, by=person)
        with pytest.raises(NotAllowed):
            await dismiss_coordinator(coordinator, school, by=person)
    with pytest.raises(Refusal, match="педагог"):
        await name_coordinator(cast.mentor.id, school, by=cast.organiser)
    assert await may_have_factor(coordinator)
    await dismiss_coordinator(coordinator, school, by=cast.organiser)
    assert await schools_coordinated_by(coordinator) == []
    assert await coordinators_of(school) == []


async def test_the_pages_without_scripts(cast: Cast) -> None:
    await enrolled(cast)
    school = await confirmed_teacher(cast)
    await Project.update({Project.organisation: school}).where(Project.id == cast.project.id)
    colleague = await colleague_of(cast, school)
    office = await signed_in(cast.organiser)
    await office.open(f"/organiser/organisations/{school}")
    await office.send(f"/organiser/organisations/{school}/coordinators", coordinator=colleague.id)
    assert "Нина Замещалова" in office.text
    browser = await signed_in(colleague)
    await browser.open("/consents")
    assert "Согласия: Школа № 7" in browser.text
    assert all(name in browser.text for name in ("Мария Кузнецова", "Ольга Щукина", "Пётр Иванов"))
    assert f'href="/projects/{cast.project.id}/team"' not in browser.text
    await browser.send("/consents/sheets", purpose=[PARTICIPATION])
    assert "Бланки готовы: 4" in browser.text
    await browser.open(f"/consents?school={school}")
    with counting() as queries:
        await browser.open(f"/consents?school={school}")
    assert len(queries) <= 25
    assert (await browser.open("/consents?school=999")).status_code == 404
    teacher = await signed_in(cast.teacher)
    assert (await teacher.open(f"/consents?school={school}")).status_code == 404
    assert not await Consent.exists()
    await office.open(f"/organiser/organisations/{school}")
    await office.send(f"/organiser/organisations/{school}/coordinators/{colleague.id}/dismissal")
    assert (await browser.open(f"/consents?school={school}")).status_code == 404 or "Вход" in browser.text
