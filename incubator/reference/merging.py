"""Renaming and merging reference rows: schools merge, districts are renamed, and past references stay as they were.

A merge changes no references: a reference to the ended row still states what was true then.
``present_ids`` returns the row that replaces it today. These verbs check no permissions:
only organisers' pages call them.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from incubator.core.clock import today
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.locking import locked_row
from incubator.history.record import Actor, Happened, record
from incubator.reference.name_forms import municipality_form, organisation_form
from incubator.reference.tables import Municipality, MunicipalityName, Organisation, OrganisationName

Merged = type[Organisation] | type[Municipality]

_NAMES: dict[Any, tuple[Any, Any, Callable[[str], str]]] = {
    Organisation: (OrganisationName, OrganisationName.organisation, organisation_form),
    Municipality: (MunicipalityName, MunicipalityName.municipality, municipality_form),
}


async def add_name(table: Merged, row_id: int, name: str, *, by: Actor | None, until: date | None = None) -> None:
    """Make the row findable under ``name`` too; ``until``: the last day of a former name. Existing names are kept."""
    async with writing():
        await lock(table, row_id)
        if await _add_name(table, row_id, name, until):
            await record(Happened.REFERENCE_CHANGED, by=by, table=table._meta.tablename, row=row_id)


async def rename(organisation_id: int, name: str, *, by: Actor | None, on: date | None = None) -> None:
    """Rename an organisation; the former name is kept with its last day, so searches still find it."""
    async with writing():
        row = await lock(Organisation, organisation_id)
        if row.name == name:
            return
        await _add_name(Organisation, organisation_id, row.name, on or today())
        await Organisation.update({Organisation.name: name, Organisation.form: organisation_form(name)}).where(
            Organisation.id == organisation_id
        )
        await record(Happened.REFERENCE_CHANGED, by=by, table="organisation", row=organisation_id)


async def merge(table: Merged, ended: int, into: int, *, by: Actor | None, on: date | None = None) -> None:
    """Replace ``ended`` by ``into`` from ``on`` (today by default); the old name then finds ``into``.

    Raises Refusal for merging a row with itself, or with one that was merged away.
    """
    async with writing():
        rows = {row_id: await lock(table, row_id) for row_id in sorted({ended, into})}
        if ended == into or any(row.merged_into is not None for row in rows.values()):
            raise Refusal(_("Объединить можно две разные записи, и только действующие"))
        end = on or today()
        any_table: Any = table
        await any_table.update({any_table.merged_into: into, any_table.ended_on: end}).where(any_table.id == ended)
        await any_table.update({any_table.merged_into: into}).where(any_table.merged_into == ended)
        await _add_name(table, into, _name_of(rows[ended]), end)
        await record(Happened.REFERENCE_CHANGED, by=by, table=table._meta.tablename, row=ended, merged_into=into)


async def correct_name(organisation_id: int, name: str) -> None:
    """Correct a name that was never right; the wrong spelling still finds the organisation. Call inside a transaction."""
    row = await lock(Organisation, organisation_id)
    await learn_name(Organisation, organisation_id, row.name)
    await Organisation.update({Organisation.name: name, Organisation.form: organisation_form(name)}).where(
        Organisation.id == organisation_id
    )


async def learn_name(table: Merged, row_id: int, name: str) -> None:
    """Make the row findable under ``name`` too. Call inside a transaction that records why."""
    await _add_name(table, row_id, name, None)


async def forget_name(organisation_id: int, name_id: int, *, by: Actor | None) -> None:
    """Remove another name of an organisation; repeating it changes nothing."""
    async with writing():
        await lock(Organisation, organisation_id)
        gone = (
            await OrganisationName.delete()
            .where((OrganisationName.id == name_id) & (OrganisationName.organisation == organisation_id))
            .returning(OrganisationName.id)
        )
        if gone:
            await record(Happened.REFERENCE_CHANGED, by=by, table="organisation", row=organisation_id)


async def present_ids(table: Merged, ids: Iterable[int | None]) -> dict[int, int]:
    """Return for each of ``ids`` the id of the row that replaces it today. One query."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    any_table: Any = table
    rows = await any_table.select(any_table.id, any_table.merged_into).where(any_table.id.is_in(list(wanted)))
    return {row["id"]: row["merged_into"] or row["id"] for row in rows}


async def lock(table: Merged, row_id: int) -> Any:
    """Return the current row, locked until the end of the transaction. Raises Refusal if it does not exist."""
    row = await locked_row(table, row_id)
    if row is None:
        raise Refusal(_("Этой записи уже нет"))
    return row


async def _add_name(table: Merged, row_id: int, name: str, until: date | None) -> bool:
    """Return whether the name is new."""
    names, owner, form = _NAMES[table]
    if await names.exists().where((owner == row_id) & (names.name == name)):
        return False
    await names(**{owner._meta.name: row_id, "name": name, "form": form(name), "until": until}).save()
    return True


def _name_of(row: Organisation | Municipality) -> str:
    return row.name if isinstance(row, Organisation) else row.title_ru
