"""Roles in the programme: granted once, for a scope, withdrawn at a moment, checked at the present moment."""

from datetime import timedelta

import pytest

from incubator.core.clock import now
from incubator.core.refusals import NotAllowed
from incubator.mail.tables import Message
from incubator.people.grants import (
    LastOrganiser,
    grant_role,
    may_in_programme,
    people_who_may,
    require_staff,
    roles_of,
    take_role,
)
from incubator.people.permissions import ALLOWED, Scope, StaffAction, StaffRole, allowed_to
from incubator.people.tables import Grant, Person
from incubator.programme.changes import add_section
from tests.browser import signed_in
from tests.cast import Cast, fresh
from tests.mail.sent import subjects, tell


async def test_a_role_is_given_once(cast: Cast) -> None:
    await grant_role(cast.teacher, StaffRole.ORGANISER, by=cast.organiser)
    await grant_role(cast.teacher, StaffRole.ORGANISER, by=cast.organiser)
    (grant,) = await Grant.objects().where(Grant.person == cast.teacher.id)
    assert (grant.role, grant.scope, grant.granted_by) == (
        "organiser", "everything", cast.organiser.id,
    )  # fmt: skip
    assert (await fresh(cast.teacher)).is_adult


async def test_a_role_that_was_taken_away_opens_nothing_more(cast: Cast) -> None:
    await grant_role(cast.teacher, StaffRole.ORGANISER, by=None)
    office = await signed_in(cast.organiser)
    await office.open("/organiser")
    assert office.page.status_code == 200
    await take_role(cast.organiser, StaffRole.ORGANISER, by=None)
    await office.open("/organiser")
    assert office.path == "/sign-in"  # its sessions ended
    assert (await (await signed_in(cast.organiser)).open("/organiser")).status_code == 403
    with pytest.raises(NotAllowed):
        await add_section(cast.season, "idea", by=cast.organiser, title_ru="Ещё", title_en="More", limit=100)
    (grant,) = await Grant.objects().where(Grant.person == cast.organiser.id)
    assert grant.until is not None, "that it was there stays on record"
    await grant_role(cast.organiser, StaffRole.ORGANISER, by=None)
    assert (await (await signed_in(cast.organiser)).open("/organiser")).status_code == 200


async def test_the_last_organiser_stays(cast: Cast) -> None:
    """Another one who is only one for a time, or never opened their mailbox, could not go on alone."""
    with pytest.raises(LastOrganiser):
        await take_role(cast.organiser, StaffRole.ORGANISER, by=None)
    await Grant(person=cast.coach.id, role="organiser", since=now(), until=now() + timedelta(days=1)).save()
    await grant_role(cast.teacher, StaffRole.ORGANISER, by=None)
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == cast.teacher.id)
    with pytest.raises(LastOrganiser):
        await take_role(cast.organiser, StaffRole.ORGANISER, by=cast.organiser)
    await take_role(cast.teacher, StaffRole.ORGANISER, by=cast.organiser)  # not the last one
    await Person.update({Person.email_confirmed_at: now()}).where(Person.id == cast.coach.id)
    await Grant.update({Grant.until: None}).where(Grant.person == cast.coach.id)
    await take_role(cast.organiser, StaffRole.ORGANISER, by=cast.organiser)
    assert await roles_of(cast.organiser.id) == frozenset()


async def test_every_organiser_but_the_doer_is_told(cast: Cast) -> None:
    await tell()
    await Message.delete(force=True)  # what the team was told
    await grant_role(cast.coach, StaffRole.ORGANISER, by=None)
    assert await subjects(cast.organiser) == ["Дана роль: организатор"]
    assert "Дана роль: организатор" not in await subjects(cast.coach)
    await grant_role(cast.teacher, StaffRole.MENTOR, by=cast.coach)
    await grant_role(cast.teacher, StaffRole.MENTOR, by=cast.coach)
    assert await subjects(cast.organiser) == ["Дана роль: организатор", "Дана роль: наставник"]
    assert await subjects(cast.coach) == []
    mail = (
        await Message.objects().where(Message.to == cast.organiser.email).order_by(Message.id, ascending=False).first()
    )
    assert mail
    assert "Ольга Петровна, teacher@example.org" in mail.body
    assert "Кто дал: Пётр Консультантов" in mail.body
    await take_role(cast.teacher, StaffRole.MENTOR, by=cast.organiser)
    assert await subjects(cast.coach) == ["Снята роль: наставник"]
    assert await subjects(cast.teacher) == ["Снята роль: наставник"]
    assert len(await subjects(cast.organiser)) == 2


async def test_a_role_over_one_season_is_none_over_everything(cast: Cast) -> None:
    await grant_role(cast.teacher, StaffRole.ORGANISER, by=cast.organiser, scope=Scope.SEASON, scope_id=cast.season.id)
    assert await roles_of(cast.teacher.id) == frozenset()
    assert not await may_in_programme(cast.teacher, StaffAction.ORGANISE)
    assert cast.teacher.id not in {person.id for person in await people_who_may(StaffAction.ORGANISE)}
    assert (await (await signed_in(cast.teacher)).open("/organiser")).status_code == 403
    await take_role(cast.teacher, StaffRole.ORGANISER, by=cast.organiser)  # over everything, which they do not have
    assert await Grant.exists().where((Grant.person == cast.teacher.id) & Grant.until.is_null())


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [(-2, None, True), (-2, 1, True), (-2, -1, False), (1, None, False)],
    ids=["for good", "until tomorrow", "until yesterday", "from tomorrow"],
)
async def test_a_grant_counts_while_it_lasts(cast: Cast, since: int, until: int | None, holds: bool) -> None:
    day = timedelta(days=1)
    await Grant(
        person=cast.teacher.id, role="organiser", since=now() + since * day, until=None if until is None else now() + until * day
    ).save()  # fmt: skip
    assert (await roles_of(cast.teacher.id) == {"organiser"}) is holds
    assert (cast.teacher.id in {p.id for p in await people_who_may(StaffAction.ORGANISE)}) is holds
    assert ((await (await signed_in(cast.teacher)).open("/organiser")).status_code == 200) is holds


async def test_who_may_not_is_refused(cast: Cast) -> None:
    await require_staff(cast.organiser, StaffAction.ASSIGN)
    for person in (cast.mentor, cast.captain):
        with pytest.raises(NotAllowed):
            await require_staff(person, StaffAction.ASSIGN)


def test_roles_add_up() -> None:
    assert set(ALLOWED) == set(StaffAction)
    assert allowed_to([]) == frozenset()
    assert allowed_to(["mentor"]) == {StaffAction.REVIEW}
    assert allowed_to(["mentor", "organiser", "coordinator"]) == frozenset(StaffAction)
    assert allowed_to(["organiser"]) == frozenset(StaffAction) - {StaffAction.REVIEW, StaffAction.KEEP_CONSENTS}
    assert allowed_to(["a role of another version"]) == frozenset()
