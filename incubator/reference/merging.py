"""Renaming and merging reference rows: schools merge, districts are renamed, and past references stay as they were.

A merge changes no references: a reference to the ended row still states what was true then.
``present_ids`` returns the row that replaces it today. These verbs check no permissions:
only organisers' pages call them.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from incubator.core.clock import today
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Actor, Happened, record
from incubator.reference.tables import Municipality, MunicipalityName, Organisation, OrganisationName

Merged = type[Organisation] | type[Municipality]

_NAMES: dict[Any, tuple[Any, Any]] = {
    Organisation: (OrganisationName, OrganisationName.organisation),
    Municipality: (MunicipalityName, MunicipalityName.municipality),
}


async def add_name(table: Merged, row_id: int, name: str, *, by: Actor | None, until: date | None = None) -> None:
    """Make the row findable under ``name`` too; ``until``: the last day of a former name. Existing names are kept."""
    async with writing():
        await _lock(table, row_id)
        if await _add_name(table, row_id, name, until):
            await record(Happened.REFERENCE_CHANGED, by=by, table=table._meta.tablename, row=row_id)


async def rename(organisation_id: int, name: str, *, by: Actor | None, on: date | None = None) -> None:
    """Rename an organisation; the former name is kept with its last day, so searches still find it."""
    async with writing():
        row = await _lock(Organisation, organisation_id)
        if row.name == name:
            return
        await _add_name(Organisation, organisation_id, row.name, on or today())
        await Organisation.update({Organisation.name: name}).where(Organisation.id == organisation_id)
        await record(Happened.REFERENCE_CHANGED, by=by, table="organisation", row=organisation_id)


async def merge(table: Merged, ended: int, into: int, *, by: Actor | None, on: date | None = None) -> None:
    """Replace ``ended`` by ``into`` from ``on`` (today by default); the old name then finds ``into``.

    Raises Refusal for merging a row with itself, or with one that was merged away.
    """
    async with writing():
        rows = {row_id: await _lock(table, row_id) for row_id in sorted({ended, into})}
        if ended == into or any(row.merged_into is not None for row in rows.values()):
            raise Refusal(_("Объединить можно две разные записи, и только действующие"))
        end = on or today()
        any_table: Any = table
        await any_table.update({any_table.merged_into: into, any_table.ended_on: end}).where(any_table.id == ended)
        await any_table.update({any_table.merged_into: into}).where(any_table.merged_into == ended)
        await _add_name(table, into, _name_of(rows[ended]), end)
        await record(Happened.REFERENCE_CHANGED, by=by, table=table._meta.tablename, row=ended, merged_into=into)


async def present_ids(table: Merged, ids: Iterable[int | None]) -> dict[int, int]:
    """Return for each of ``ids`` the id of the row that replaces it today. One query."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    any_table: Any = table
    rows = await any_table.select(any_table.id, any_table.merged_into).where(any_table.id.is_in(list(wanted)))
    return {row["id"]: row["merged_into"] or row["id"] for row in rows}


async def _lock(table: Merged, row_id: int) -> Any:
    """Return the current row, locked until the end of the transaction. Raises Refusal if it does not exist."""
    any_table: Any = table
    await any_table.update({any_table.id: row_id}).where(any_table.id == row_id)
    row = await any_table.objects().get(any_table.id == row_id)
    if row is None:
        raise Refusal(_("Этой записи уже нет"))
    return row


async def _add_name(table: Merged, row_id: int, name: str, until: date | None) -> bool:
    """Return whether the name is new."""
    names, owner = _NAMES[table]
    if await names.exists().where((owner == row_id) & (names.name == name)):
        return False
    await names(**{owner._meta.name: row_id, "name": name, "until": until}).save()
    return True


def _name_of(row: Organisation | Municipality) -> str:
    return row.name if isinstance(row, Organisation) else row.title_ru
