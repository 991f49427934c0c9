"""Correcting what was typed when a pupil was enrolled, while nobody else vouches for it; and taking a mistaken enrolment back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from incubator.classroom.enrol import require_kept
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.core.three_way import three_way
from incubator.db import run_sql, writing
from incubator.history.record import Happened, record
from incubator.history.tables import Event
from incubator.people.accounts import follow_new_name
from incubator.people.age_changes import set_known_age
from incubator.people.enrolments import named_for_class_of
from incubator.people.tables import AccessCard, Affiliation, Enrolment, Person
from incubator.privacy.references import PLAIN, references
from incubator.privacy.tables import ConsentSheet, FamilyCode, SheetBatch

NAMES = ("family_name", "given_name", "patronymic")


@dataclass(frozen=True, slots=True)
class PupilCorrection:
    """What a pupil is called and when they were born, as it should be."""

    family_name: str
    given_name: str
    patronymic: str
    born_on: date
    reason: str = ""
    """Why the date changes."""

    @property
    def names(self) -> list[str]:
        return [self.given_name, self.family_name, self.patronymic]

    def beside(self, person: Person, read: Mapping[str, str]) -> "PupilCorrection":
        """Return it without what was not touched: this stays as it is now. Raises Stale where somebody else was faster."""
        typed, stored = ({name: getattr(each, name) for name in NAMES} for each in (self, person))
        return replace(self, **three_way(read, typed, stored, texts=NAMES))


async def correct_pupil(
    person_id: int, correction: PupilCorrection, *, by: Person, read: Mapping[str, str] | None = None
) -> None:
    """Correct name and date of birth of a pupil of one's class; ``read``: the names that ``by`` saw before. Raises NotAllowed, Refusal.

    Whoever has added a mailbox changes the name themselves; a date that somebody else has confirmed is not the class's any more.
    """
    async with writing():
        (row,) = await require_kept([person_id], by=by)
        person: Person = row.person
        correction = correction.beside(person, read or {})
        former = [person.given_name, person.family_name, person.patronymic]
        is_renamed = former != correction.names
        if is_renamed:
            await _rename(person, correction, former, by)
        if person.born_on != correction.born_on:
            if not await is_date_of_class(person):
                raise Refusal(_("Дату рождения подтвердил кто-то другой: исправить её может организатор"))
            await set_known_age(person, correction.born_on, reason=correction.reason, by=by)
    if is_renamed:
        await follow_new_name(person)


async def _rename(person: Person, correction: PupilCorrection, former: list[str], by: Person) -> None:
    if person.has_mailbox:
        raise Refusal(_("У ученика уже своя почта: имя он меняет сам, в профиле"))
    person.given_name, person.family_name, person.patronymic = correction.names
    await person.save([Person.given_name, Person.family_name, Person.patronymic])
    await record(Happened.NAME_CORRECTED, by=by, subject=person.id, former=former)


async def is_date_of_class(person: Person) -> bool:
    """Return whether nobody but those who keep the pupil's class vouches for the date of birth. Two queries."""
    return person.age_known_by in await named_for_class_of(person.id)


#: What an account has from the enrolment itself, and goes with it.
_OWN = (
    Affiliation.person, Enrolment.person, AccessCard.person, ConsentSheet.person, FamilyCode.person,
)  # fmt: skip


async def was_used(person: Person) -> bool:
    """Return whether anything hangs on the account but what its enrolment made: a password, a team, a consent, a scan. One query."""
    own = {f"{column._meta.table._meta.tablename}.{column._meta.name}" for column in _OWN}
    events = {each.name for each in PLAIN if each.table is Event}
    where = [
        f'SELECT 1 FROM "{each.table._meta.tablename}" WHERE "{each.column._meta.name}" = {{}}'  # noqa: S608 - the schema's names
        for each in references()
        if each.name not in own | events
    ]
    where += [
        """SELECT 1 FROM "event" WHERE "actor_id" = {} AND "happened" <> 'signed_up'""",
        'SELECT 1 FROM "access_card" WHERE "person" = {} AND "used_at" IS NOT NULL',
        'SELECT 1 FROM "sheet_scan" s JOIN "consent_sheet" c ON c."id" = s."sheet" WHERE c."person" = {}',
        """SELECT 1 FROM "person" WHERE "id" = {} AND "password" <> ''""",
    ]
    sql = " UNION ALL ".join(where)
    return bool(await run_sql(f"{sql} LIMIT 1", *[person.id] * len(where)))


async def take_back_enrolment(person_id: int, *, by: Person) -> None:
    """Delete the account of a pupil who was enrolled by mistake, with the journal's words about them.

    Raises NotAllowed, and Refusal once the account was used: then the pupil leaves the class and keeps it.
    """
    async with writing():
        (row,) = await require_kept([person_id], by=by)
        person: Person = row.person
        if person.has_mailbox or await was_used(person):
            raise Refusal(_("Этой записью уже пользовались: ученика можно только убрать из класса"))
        batches = [each["batch"] for each in await ConsentSheet.select(ConsentSheet.batch).where(ConsentSheet.person == person_id)]  # fmt: skip
        about = (Event.subject_id == person_id) | (Event.actor_id == person_id)
        await record(Happened.ENROLMENT_TAKEN_BACK, by=by, organisation=row.organisation.id)
        await Event.update({Event.data: "{}"}).where(about)
        await Event.update({Event.actor_id: None}).where(Event.actor_id == person_id)
        await Event.update({Event.subject_id: None}).where(Event.subject_id == person_id)
        await Person.delete().where(Person.id == person_id)
        left = ConsentSheet.select(ConsentSheet.batch).where(ConsentSheet.batch.is_in(batches or [0]))
        await SheetBatch.delete().where(SheetBatch.id.is_in(batches or [0]) & SheetBatch.id.not_in(left))
