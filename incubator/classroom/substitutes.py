"""A substitute: a colleague who keeps a teacher's class until a day."""

from collections.abc import Iterable
from datetime import date, timedelta

from incubator.classroom.enrol import not_a_class_teacher
from incubator.core.clock import now, today
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.enrolments import may_keep_class, schools_of
from incubator.people.grants import may_in_programme, require_staff
from incubator.people.locking import lock_person
from incubator.people.permissions import StaffAction
from incubator.people.tables import Enrolment, Person, Substitution
from incubator.people.vouching import confirmed_teachers_at
from incubator.projects.access import require_reason

#: A class that needs somebody else for longer has another teacher.
LONGEST = timedelta(days=366)


async def colleagues_of(teacher: Person) -> list[Person]:
    """Return the confirmed teachers of the person's schools, by name."""
    return await _teachers_at((school.id for school in await schools_of(teacher)), without=teacher.id)


async def substitutes_of(teacher: Person) -> list[Substitution]:
    """Return who stands in for the person today, with their accounts. One query."""
    rows: list[Substitution] = (
        await Substitution.objects(Substitution.substitute)
        .where((Substitution.teacher == teacher.id) & Substitution.holding())
        .order_by(Substitution.until)
    )
    return rows


async def colleagues_for_class(teacher_id: int) -> list[Person]:
    """Return the confirmed teachers of the schools of a class, by name, wherever its own teacher is."""
    rows = await Enrolment.select(Enrolment.organisation).where((Enrolment.teacher == teacher_id) & Enrolment.holding())
    return await _teachers_at({row["organisation"] for row in rows}, without=teacher_id)


async def _teachers_at(schools: Iterable[int], *, without: int) -> list[Person]:
    found = {each.id: each for school in schools for each in await confirmed_teachers_at(school)}
    found.pop(without, None)
    return sorted((each for each in found.values() if each.is_known_adult), key=lambda each: (each.name, each.id))


async def name_substitute(substitute_id: int, until: date, *, by: Person) -> None:
    """Let a colleague keep the class until a day; naming one again changes the day. Raises NotAllowed, Refusal."""
    async with writing():
        await lock_person(by.id)
        if not await may_keep_class(by):
            raise not_a_class_teacher()
        if substitute_id not in {each.id for each in await colleagues_of(by)}:
            raise Refusal(_("Замещать может педагог вашей школы, которого подтвердили"))
        await _let_stand_in(by.id, substitute_id, until, reason="", by=by)


async def appoint_substitute(teacher_id: int, substitute_id: int, until: date, *, reason: str, by: Person) -> None:
    """Do the same for a teacher who cannot, as an organiser, with a reason; both are told. Raises NotAllowed, Refusal."""
    async with writing():
        await require_staff(by, StaffAction.ORGANISE)
        await lock_person(teacher_id)
        require_reason(reason)
        if substitute_id not in {each.id for each in await colleagues_for_class(teacher_id)}:
            raise Refusal(_("Замещать может педагог этой школы, которого подтвердили"))
        await _let_stand_in(teacher_id, substitute_id, until, reason=reason, by=by)


async def _let_stand_in(teacher_id: int, substitute_id: int, until: date, *, reason: str, by: Person) -> None:
    if not today() <= until <= today() + LONGEST:
        raise Refusal(_("Выберите день от сегодняшнего и не дальше года"))
    same = (Substitution.teacher == teacher_id) & (Substitution.substitute == substitute_id) & Substitution.holding()
    if await Substitution.exists().where(same & (Substitution.until == until)):
        return
    await Substitution.update({Substitution.ended_at: now()}).where(same)
    await Substitution(teacher=teacher_id, substitute=substitute_id, until=until, made_at=now(), reason=reason).save()
    await record(
        Happened.SUBSTITUTE_NAMED,
        by=by,
        subject=substitute_id,
        until=until.isoformat(),
        teacher=teacher_id,
        reason=reason,
    )


async def substitution_of(substitution_id: int, by: Person) -> Substitution | None:
    """Return a substitution, over or not, in which the person is the teacher or the substitute."""
    mine = (Substitution.teacher == by.id) | (Substitution.substitute == by.id)
    return await Substitution.objects().where((Substitution.id == substitution_id) & mine).first()


async def end_substitution(substitution_id: int, *, by: Person) -> None:
    """End a substitution before its day, as the teacher, the substitute or an organiser. Repeating it does nothing."""
    async with writing():
        where = (Substitution.id == substitution_id) & Substitution.holding()
        if not await may_in_programme(by, StaffAction.ORGANISE):
            where &= (Substitution.teacher == by.id) | (Substitution.substitute == by.id)
        ended = (
            await Substitution.update({Substitution.ended_at: now()}).where(where).returning(Substitution.substitute)
        )
        for row in ended:
            await record(Happened.SUBSTITUTE_ENDED, by=by, subject=row["substitute"])
