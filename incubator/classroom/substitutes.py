"""A substitute: a colleague who keeps a teacher's class until a day."""

from datetime import date, timedelta

from incubator.classroom.enrol import not_a_class_teacher
from incubator.core.clock import now, today
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.enrolments import may_keep_class, schools_of
from incubator.people.locking import lock_person
from incubator.people.tables import Person, Substitution
from incubator.people.vouching import confirmed_teachers_at

#: A class that needs somebody else for longer has another teacher.
LONGEST = timedelta(days=366)


async def colleagues_of(teacher: Person) -> list[Person]:
    """Return the confirmed teachers of the person's schools, by name."""
    found = {each.id: each for school in await schools_of(teacher) for each in await confirmed_teachers_at(school.id)}
    found.pop(teacher.id, None)
    return sorted((each for each in found.values() if each.is_known_adult), key=lambda each: (each.name, each.id))


async def substitutes_of(teacher: Person) -> list[Substitution]:
    """Return who stands in for the person today, with their accounts. One query."""
    rows: list[Substitution] = (
        await Substitution.objects(Substitution.substitute)
        .where((Substitution.teacher == teacher.id) & Substitution.holding())
        .order_by(Substitution.until)
    )
    return rows


async def name_substitute(substitute_id: int, until: date, *, by: Person) -> None:
    """Let a colleague keep the class until a day; naming one again changes the day. Raises NotAllowed, Refusal."""
    async with writing():
        await lock_person(by.id)
        if not await may_keep_class(by):
            raise not_a_class_teacher()
        if not today() <= until <= today() + LONGEST:
            raise Refusal(_("Выберите день от сегодняшнего и не дальше года"))
        if substitute_id not in {each.id for each in await colleagues_of(by)}:
            raise Refusal(_("Замещать может педагог вашей школы, которого подтвердили"))
        same = (Substitution.teacher == by.id) & (Substitution.substitute == substitute_id) & Substitution.holding()
        if await Substitution.exists().where(same & (Substitution.until == until)):
            return
        await Substitution.update({Substitution.ended_at: now()}).where(same)
        await Substitution(teacher=by.id, substitute=substitute_id, until=until, made_at=now()).save()
        await record(Happened.SUBSTITUTE_NAMED, by=by, subject=substitute_id, until=until.isoformat())


async def substitution_of(substitution_id: int, by: Person) -> Substitution | None:
    """Return a substitution, over or not, in which the person is the teacher or the substitute."""
    mine = (Substitution.teacher == by.id) | (Substitution.substitute == by.id)
    return await Substitution.objects().where((Substitution.id == substitution_id) & mine).first()


async def end_substitution(substitution_id: int, *, by: Person) -> None:
    """End a substitution before its day, as the teacher or as the substitute. Repeating it does nothing."""
    async with writing():
        mine = (Substitution.teacher == by.id) | (Substitution.substitute == by.id)
        ended = (
            await Substitution.update({Substitution.ended_at: now()})
            .where((Substitution.id == substitution_id) & mine & Substitution.holding())
            .returning(Substitution.substitute)
        )
        for row in ended:
            await record(Happened.SUBSTITUTE_ENDED, by=by, subject=row["substitute"])
