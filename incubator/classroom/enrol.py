"""Enrolling a class: accounts without a mailbox, opened by a teacher from a list."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from incubator.classroom.alike import ListedChild, may_be_the_same
from incubator.classroom.pupil_list import MOST, PupilLine
from incubator.core.clock import now
from incubator.core.formatting import day
from incubator.core.languages import _
from incubator.core.logins import address_of
from incubator.core.refusals import NotAllowed, Refusal
from incubator.db import writing
from incubator.db.locking import locked_row
from incubator.history.record import Happened, record
from incubator.people.accounts import create_person
from incubator.people.affiliations import AffiliationCapacity, affiliate, confirm_affiliation
from incubator.people.age_changes import set_known_age
from incubator.people.enrolments import at_school_of, classes_of, kept_by, pupils_kept_by, schools_of
from incubator.people.locking import lock_people, lock_person
from incubator.people.logins import free_login
from incubator.people.tables import AccessCard, Enrolment, Person
from incubator.reference.tables import Organisation


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A line of the list, and whether it names somebody who is in the class already or further up in the list."""

    pupil: PupilLine
    is_there: bool = False
    is_repeated: bool = False
    like: str = ""
    """Whom it may be, in another spelling: a name, with a date if it is here or in the list; empty: nobody."""
    keeper: str = ""
    """A colleague of the school in whose class that child is; empty: here or in the list."""
    is_other: bool = False
    """The teacher says that it is another child."""

    @property
    def is_new(self) -> bool:
        return self.is_known_new and (not self.is_asked or self.is_other)

    @property
    def is_asked(self) -> bool:
        """Return whether the teacher has to say that it is nobody whom the school has already."""
        return self.is_known_new and bool(self.like)

    @property
    def is_known_new(self) -> bool:
        return self.pupil.problem is None and not self.is_there and not self.is_repeated


@dataclass(frozen=True, slots=True)
class _Known:
    """Somebody with whom a line is compared."""

    entry: ListedChild
    keeper: str = ""

    def may_be(self, entry: ListedChild) -> bool:
        """Return whether somebody should be asked. Of a colleague's pupil only the year counts: no list of dates finds the day out."""
        known = self.entry
        if self.keeper:
            known = replace(known, born_on=entry.born_on if _year(known) == _year(entry) else None)
        return may_be_the_same(entry, known)

    @property
    def in_words(self) -> str:
        """Return the name, and the date of birth of a child of one's own: that of a colleague's pupil is not to be found out so."""
        when = day(self.entry.born_on, "short") if self.entry.born_on and not self.keeper else ""
        return " ".join(filter(None, (self.entry.family_name, self.entry.given_name, when)))


def _year(child: ListedChild) -> int | None:
    return child.born_on.year if child.born_on else None


async def check_list(lines: Sequence[PupilLine], *, others: Collection[str] = (), by: Person) -> list[CheckedLine]:
    """Return what the list would do; ``others``: the marks of lines that name another child than one like it. Six queries."""
    kept = await pupils_kept_by(by)
    there = {_key(row.person) for row in kept}
    known = [_Known(_entry(row.person)) for row in kept] + await _of_colleagues(by)
    seen: set[object] = set()
    checked = []
    for line in lines:
        if line.problem is not None:
            checked.append(CheckedLine(line))
            continue
        like = next((each for each in known if each.may_be(line.entry)), None)
        checked.append(
            CheckedLine(
                line, line.key in there, line.key in seen, like.in_words if like else "", like.keeper if like else "",
                line.mark in others,
            )
        )  # fmt: skip
        seen.add(line.key)
        known.append(_Known(line.entry))
    return checked


async def _of_colleagues(by: Person) -> list[_Known]:
    """Return the pupils whom colleagues of the person's schools have enrolled. Three queries."""
    here = await at_school_of(by)
    if here is None:
        return []
    rows = await Enrolment.objects(Enrolment.person, Enrolment.teacher).where(
        here & Enrolment.teacher.not_in(await classes_of(by) or [by.id])
    )
    return [_Known(_entry(row.person), row.teacher.name) for row in rows]


def _entry(person: Person) -> ListedChild:
    return ListedChild(person.family_name, person.given_name, person.born_on)


def _key(person: Person) -> object:
    return PupilLine("", person.family_name, person.given_name, "", person.born_on).key


async def enrol(
    lines: Sequence[PupilLine], *, organisation: int, course: str = "", others: Collection[str] = (), by: Person
) -> int:
    """Open an account for everybody in the list who is not in the class; return how many.

    Whoever may be a child whom the school has already is left out, unless the line's mark is among ``others``.
    Raises NotAllowed unless ``by`` is a confirmed teacher of the organisation, and Refusal for a list with mistakes.
    """
    async with writing():
        await lock_person(by.id)
        schools = sorted(school.id for school in await schools_of(by))
        if not by.is_known_adult or organisation not in schools:
            raise not_a_class_teacher()
        await _lock_schools(schools)
        checked = await check_list(lines, others=others, by=by)
        if any(each.pupil.problem for each in checked):
            raise Refusal(_("В списке есть ошибки: поправьте отмеченные строки"))
        if sum(each.is_known_new for each in checked) > MOST:
            raise Refusal(_("За один раз – не больше %(most)s учеников: разделите список", most=MOST))
        new = [each.pupil for each in checked if each.is_new]
        for pupil in new:
            await _open_account(pupil, organisation, course, by)
        return len(new)


async def _lock_schools(schools: Sequence[int]) -> None:
    """Lock them, since a colleague may be enrolling the same child. Raises Refusal if one is gone."""
    for school in schools:
        if await locked_row(Organisation, school) is None:
            raise Refusal(_("Школу только что объединили с другой записью. Откройте страницу ещё раз."))


async def _open_account(pupil: PupilLine, organisation: int, course: str, by: Person) -> None:
    assert pupil.born_on
    email = address_of(await free_login(pupil.given_name, pupil.family_name))
    person = await create_person(
        email, given_name=pupil.given_name, family_name=pupil.family_name, born_on=pupil.born_on
    )
    person.patronymic = pupil.patronymic
    await person.save([Person.patronymic])
    await set_known_age(person, pupil.born_on, by=by)
    place = await affiliate(person, organisation, AffiliationCapacity.STUDENT, by=by, course=course)
    await confirm_affiliation(place.id, by=by)
    await Enrolment(person=person.id, teacher=by.id, organisation=organisation, course=course, made_at=now()).save()
    await record(Happened.ENROLLED, by=by, subject=person.id, organisation=organisation)


def not_a_class_teacher() -> NotAllowed:
    return NotAllowed(_("Класс ведёт педагог, чьё место работы подтвердили"))


async def require_kept(people: Iterable[int], *, by: Person) -> list[Enrolment]:
    """Return the enrolments of ``people``, whom it locks together with ``by``; raise NotAllowed unless ``by`` keeps the class of each. Call inside a transaction."""
    wanted = sorted(set(people))
    if not wanted:
        raise Refusal(_("Отметьте хотя бы одного ученика"))
    await lock_person(by.id)
    mine = await kept_by(by)
    if mine is None:
        raise not_a_class_teacher()
    await lock_people(wanted)
    rows: list[Enrolment] = await Enrolment.objects(Enrolment.person, Enrolment.organisation).where(
        mine & Enrolment.person.is_in(wanted)
    ).order_by(Enrolment.id)  # fmt: skip
    found = {row.person.id: row for row in rows}
    if set(found) != set(wanted):
        raise NotAllowed(_("Этого ученика в вашем классе нет: обновите страницу"))
    return sorted(found.values(), key=lambda row: (row.person.family_name, row.person.given_name, row.person.id))


async def end_enrolments(people: Iterable[int], *, by: Person) -> None:
    """Remove pupils from the class; their accounts and teams stay, cards that nobody has used end. Raises NotAllowed."""
    async with writing():
        rows = await require_kept(people, by=by)
        at, ids = now(), [row.person.id for row in rows]
        await Enrolment.update({Enrolment.ended_at: at}).where(
            Enrolment.id.is_in([row.id for row in rows]) & Enrolment.holding()
        )
        await AccessCard.update({AccessCard.ended_at: at}).where(AccessCard.person.is_in(ids) & AccessCard.working())
        for row in rows:
            await record(Happened.ENROLMENT_ENDED, by=by, subject=row.person.id)
