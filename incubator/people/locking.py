"""A lock on one person, for changes that depend on their other rows in any project."""

from collections.abc import Iterable

from incubator.core.languages import _
from incubator.core.refusals import Refusal, Stale
from incubator.db.locking import locked_row
from incubator.people.tables import Person


async def lock_person(person_id: int, *, ends: bool = False) -> Person:
    """Lock a person until the end of this transaction and return their current row.

    Call inside a transaction; where both are locked, lock the project first. Readers and rows that
    merely refer to the person are not blocked, unless the account ``ends``. Raises Refusal for an account that has been merged since a page was read.
    """
    person = await locked_row(Person, person_id, ends=ends)
    if person is None:
        raise Refusal(_("Этой учётной записи больше нет: возможно, её объединили с другой. Обновите страницу."))
    return person


async def lock_as_proved(person: Person) -> Person:
    """Lock a person who has proved the account as ``person`` was read, and return the current row.

    Raises Stale if password or address changed meanwhile, or the account was merged: the proof is worth nothing then.
    """
    if await Person.exists().where(Person.id == person.id):
        fresh = await lock_person(person.id)
        if (fresh.password, fresh.email) == (person.password, person.email):
            return fresh
    raise Stale(_("Учётную запись только что изменили. Войдите ещё раз."))


async def lock_people(person_ids: Iterable[int]) -> None:
    """Lock several people, always in the same order, so that two transactions that lock the same ones never wait in a ring."""
    for person_id in sorted(set(person_ids)):
        await lock_person(person_id)
