"""The office that answers for the data: one row, filled in by an organiser, named in every document."""

from collections.abc import Mapping
from typing import Any

from incubator.core.clock import now
from incubator.core.three_way import three_way
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.rate_limits import lock_key
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


async def change_operator(values: dict[str, Any], *, by: Person, read: Mapping[str, str] | None = None) -> None:
    """Store who answers for the data. Raises NotAllowed.

    ``read``: what ``by`` saw before; what they did not touch stays as it is now. Raises Stale where somebody else was faster.
    """
    async with writing():
        await require_staff(by, StaffAction.ORGANISE)
        await lock_key("operator")  # there is no row yet that two could wait for
        row = await the_operator()
        stored = {name: getattr(row, name) for name in FIELDS}
        for name, value in three_way(read or {}, values, stored, texts=FIELDS).items():
            setattr(row, name, value)
        row.changed_at, row.changed_by = now(), by.id
        await row.save()
        await record(Happened.OPERATOR_CHANGED, by=by)
