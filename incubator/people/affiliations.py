"""Where people study and work: stated by themselves, confirmed by somebody responsible, ended with a date."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from incubator.core.clock import now, today
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import any_of, run_sql, writing
from incubator.history.record import Actor, Happened, record
from incubator.people.locking import lock_person
from incubator.people.tables import Affiliation, Person


class AffiliationCapacity(StrEnum):
    """The capacity in which a person belongs to an organisation."""

    STUDENT = "student"
    TEACHER = "teacher"
    EMPLOYEE = "employee"


async def affiliate(
    person: Person, organisation: int, capacity: AffiliationCapacity, *, by: Actor | None, course: str = "",
    group: str = "", since: date | None = None,
) -> Affiliation:  # fmt: skip
    """Record where somebody studies or works; the same organisation and capacity are updated, not duplicated."""
    async with writing():
        await lock_person(person.id)
        row = (
            await Affiliation.objects()
            .where(
                (Affiliation.person == person.id)
                & (Affiliation.organisation == organisation)
                & (Affiliation.capacity == capacity.value)
                & Affiliation.holding()
            )
            .first()
        ) or Affiliation(person=person.id, organisation=organisation, capacity=capacity.value, since=since)
        row.course, row.group = course, group
        await row.save()
        await record(Happened.AFFILIATION_CHANGED, by=by, subject=person.id, organisation=organisation)
        return row


async def confirm_affiliation(affiliation_id: int, *, by: Person) -> None:
    """Confirm that an affiliation is true. Raises Refusal if it is gone or one's own."""
    async with writing():
        row = await _affiliation(affiliation_id)
        if row.person == by.id:
            raise Refusal(_("Своё место учёбы или работы подтверждает кто-то другой"))
        if row.confirmed_by == by.id:
            return
        row.confirmed_by, row.confirmed_at = by.id, now()
        await row.save([Affiliation.confirmed_by, Affiliation.confirmed_at])
        await record(Happened.AFFILIATION_CHANGED, by=by, subject=row.person, organisation=row.organisation)


async def end_affiliation(affiliation_id: int, *, by: Actor | None, on: date | None = None) -> None:
    """End an affiliation; ``on`` is its last day, today by default. Raises Refusal if it is gone."""
    async with writing():
        row = await _affiliation(affiliation_id)
        if row.until == (on or today()):
            return
        row.until = on or today()
        await row.save([Affiliation.until])
        await record(Happened.AFFILIATION_CHANGED, by=by, subject=row.person, organisation=row.organisation)


async def affiliations_by_person(people: Iterable[int]) -> dict[int, list[Affiliation]]:
    """Return where each of ``people`` studies and works today, with the organisations, oldest first. One query."""
    found: dict[int, list[Affiliation]] = {}
    wanted = sorted(people)
    if not wanted:
        return found
    for row in (
        await Affiliation.objects(Affiliation.organisation)
        .where(Affiliation.person.is_in(wanted) & Affiliation.holding())
        .order_by(Affiliation.id)
    ):
        found.setdefault(row.person, []).append(row)
    return found


_SCHOOLS = """SELECT "person", "organisation" FROM "affiliation" WHERE "person" IN (MARKS) AND "capacity" <> {}
UNION SELECT "person", "organisation" FROM "enrolment" WHERE "person" IN (MARKS)"""


async def schools_ever_of(people: Iterable[int]) -> dict[int, set[int]]:
    """Return the organisations at which each of ``people`` studies, teaches or is in a class, or did so before. One query."""
    found: dict[int, set[int]] = {}
    marks, ids = any_of(sorted(people) or [0])
    for row in await run_sql(_SCHOOLS.replace("MARKS", marks), *ids, AffiliationCapacity.EMPLOYEE.value, *ids):
        found.setdefault(row["person"], set()).add(row["organisation"])
    return found


async def affiliations_of(person_id: int) -> list[Affiliation]:
    """Return where the person studies and works today, with the organisations. One query."""
    return (await affiliations_by_person([person_id])).get(person_id, [])


async def _affiliation(affiliation_id: int) -> Affiliation:
    """Return the row, with its person locked."""
    row = await Affiliation.objects().get(Affiliation.id == affiliation_id)
    if row is None:
        raise Refusal(_("Этой записи уже нет"))
    await lock_person(row.person)
    fresh = await Affiliation.objects().get(Affiliation.id == affiliation_id)
    if fresh is None:
        raise Refusal(_("Этой записи уже нет"))
    return fresh
