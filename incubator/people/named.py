"""Finding people by their names, however they are spelt."""

from incubator.core.email_address import readable
from incubator.core.folding import folded
from incubator.people.tables import Person

_COLUMNS = (Person.id, Person.given_name, Person.family_name, Person.patronymic, Person.email)


async def people_named(words: str, *, or_with_address: bool = False) -> list[int]:
    """Return the ids of people in whose name, in either order, ``words`` stand; nobody for no words. One query.

    ``or_with_address``: also those in whose address they stand.
    """
    wanted, typed = folded(words), words.strip().casefold()
    rows = await Person.select(*_COLUMNS).order_by(Person.id) if wanted else []
    return [
        row["id"]
        for row in rows
        if wanted in _spelt(row) or (or_with_address and (typed in row["email"] or typed in readable(row["email"])))
    ]


def _spelt(row: dict[str, str]) -> str:
    given, patronymic, family = row["given_name"], row["patronymic"], row["family_name"]
    return folded(f"{given} {patronymic} {family} {given} {patronymic} / {given} {family} {given}")
