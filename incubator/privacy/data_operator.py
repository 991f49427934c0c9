"""The office that answers for the data: one row, filled in by an organiser, named in every document."""

from typing import Any

from incubator.core.clock import now
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.privacy.tables import Operator

FIELDS = ("name_ru", "name_en", "address", "inn", "ogrn", "email", "phone", "hosting")
#: Without these a document does not say to whom the consent is given.
NEEDED = ("name_ru", "address", "inn", "ogrn", "email")


async def the_operator() -> Operator:
    """Return the row, or an empty one that is not stored."""
    return await Operator.objects().first() or Operator(changed_at=now())


def lacks(operator: Operator) -> list[str]:
    """Return the needed fields that are empty."""
    return [name for name in NEEDED if not getattr(operator, name)]


async def change_operator(values: dict[str, Any], *, by: Person) -> None:
    """Store who answers for the data. Raises NotAllowed."""
    async with writing():
        await require_staff(by, StaffAction.ORGANISE)
        row = await Operator.objects().first() or Operator()
        for name in FIELDS:
            setattr(row, name, values[name])
        row.changed_at, row.changed_by = now(), by.id
        await row.save()
        await record(Happened.OPERATOR_CHANGED, by=by)
