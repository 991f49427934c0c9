"""Whom vouching, ages and one's own consents concern: their rows of the table of audiences."""

from collections.abc import Sequence

from incubator.core.formatting import day
from incubator.db.references import id_of
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, Reader, data_of, readers
from incubator.people.ages import comes_of_age_on
from incubator.people.enrolments import keepers_of
from incubator.people.grants import people_who_may
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.people.vouching import confirmed_teachers_at
from incubator.projects.access import unvouched_among
from incubator.projects.audiences import name_of, project_of
from incubator.projects.permissions import ProjectRole
from incubator.projects.tables import Member
from incubator.projects.team import team_of, unvouched_in


async def who_may_vouch(event: Event) -> Sequence[Reader]:
    """Organisers and, for a teacher, colleagues of the school, while the adult who joined waits for them."""
    project = await project_of(event)
    mates = await team_of(project.id)
    mate = next((m for m in mates if m.person.id == event.actor_id), None)
    if mate is None or mate.member.id not in await unvouched_in(mates):
        return []
    people = await people_who_may(StaffAction.VOUCH)
    if mate.role == ProjectRole.TEACHER:
        people += await confirmed_teachers_at(id_of(project.organisation))
    return readers(people, "/vouching", title=project.title, name=mate.person.name)


async def who_was_vouched_for(event: Event) -> Sequence[Reader]:
    project = await project_of(event)
    person = await Person.objects().get(Person.id == event.subject_id)
    return readers([person] if person else [], f"/projects/{project.id}", title=project.title)


async def who_was_refused(event: Event) -> Sequence[Reader]:
    person = await Person.objects().get(Person.id == event.subject_id)
    if person is None:
        return []
    return readers([person], "", title=(await project_of(event)).title, reason=str(data_of(event).get("reason", "")))


async def team_and_office(event: Event) -> Sequence[Reader]:
    """The team that an adult was sent away from, and the organisers; a student reads the given name alone."""
    project = await project_of(event)
    person = await Person.objects().get(Person.id == event.subject_id)
    team = [mate.person for mate in await team_of(project.id)]
    people = {each.id: each for each in (*team, *await people_who_may(StaffAction.VOUCH))}
    return readers(
        people.values(), f"/projects/{project.id}/team", title=project.title,
        name=(person.first_name or person.name) if person else "", count=data_of(event).get("voided", 0),
    )  # fmt: skip


async def whose_confirmation_ended(event: Event) -> Sequence[Reader]:
    person = await Person.objects().get(Person.id == event.subject_id)
    return readers([person] if person else [], "", reason=str(data_of(event).get("reason", "")))


async def office_told_of_a_confirmation(event: Event) -> Sequence[Reader]:
    """The other organisers, of whom nothing rests on any more, who said so and why."""
    data = data_of(event)
    return readers(
        await people_who_may(StaffAction.VOUCH), f"/organiser/accounts/{event.subject_id}",
        name=await name_of(event.subject_id), who=await name_of(event.actor_id), reason=str(data.get("reason", "")),
        count=data.get("voided", 0),
    )  # fmt: skip


async def office_told_of_a_date(event: Event) -> Sequence[Reader]:
    """Organisers, when somebody else than the person changed a date of birth and said why."""
    data = data_of(event)
    if event.subject_id is None or not data.get("reason"):
        return []
    link = f"/projects/{event.project_id}/team/members/{event.subject_id}/age" if event.project_id else "/organiser"
    return readers(
        await people_who_may(StaffAction.ORGANISE), link, name=await name_of(event.subject_id),
        who=await name_of(event.actor_id), reason=str(data["reason"]),
    )  # fmt: skip


async def who_comes_of_age(event: Event) -> Sequence[Reader]:
    """The person, until the birthday."""
    person = await Person.objects().get(Person.id == event.subject_id)
    if person is None or person.born_on is None or person.is_adult:
        return []
    birthday = comes_of_age_on(person.born_on)
    return readers([person], "/profile/consents", day=lambda: day(birthday))


async def teachers_of_who_comes_of_age(event: Event) -> Sequence[Reader]:
    """Who teaches the team or keeps the class of somebody without a mailbox, until the birthday."""
    person = await Person.objects().get(Person.id == event.subject_id)
    if person is None or person.born_on is None or person.is_adult or person.has_mailbox:
        return []
    teams = Member.select(Member.project).where(Member.person == person.id)
    rows = await Member.objects(Member.person).where(
        Member.project.is_in(teams) & (Member.role == ProjectRole.TEACHER.value)
    )
    unvouched = await unvouched_among(rows)
    keepers = (await keepers_of([person.id])).get(person.id, set())
    wanted = {row.person.id for row in rows if row.id not in unvouched} | keepers
    teachers = await Person.objects().where(Person.id.is_in(sorted(wanted) or [0])).order_by(Person.id)
    birthday = comes_of_age_on(person.born_on)
    return readers(teachers, "/consents", name=person.name, day=lambda: day(birthday))


AUDIENCES = (
    Audience(Happened.JOINED, who_may_vouch, "vouch_asked"),
    Audience(Happened.VOUCHED, who_was_vouched_for, "vouched"),
    Audience(Happened.VOUCHING_REFUSED, who_was_refused, "vouch_refused"),
    Audience(Happened.VOUCHING_REFUSED, team_and_office, "adult_refused"),
    Audience(Happened.CONFIRMATION_ENDED, whose_confirmation_ended, "confirmation_ended"),
    Audience(Happened.CONFIRMATION_ENDED, office_told_of_a_confirmation, "confirmation_ended_office"),
    Audience(Happened.BIRTH_DATE_CHANGED, office_told_of_a_date, "birth_date_changed"),
    Audience(Happened.OWN_CONSENTS_ASKED, who_comes_of_age, "coming_of_age"),
    Audience(Happened.OWN_CONSENTS_ASKED, teachers_of_who_comes_of_age, "pupil_comes_of_age"),
)
