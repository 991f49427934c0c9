"""Clusters and municipalities by any name that people write: the key, the title, an official, short or town name."""

from collections.abc import Callable, Sequence
from typing import Any

from incubator.reference.name_forms import cluster_form, municipality_form
from incubator.reference.tables import Cluster, ClusterName, Municipality, MunicipalityName

#: For each table: its other names, their owner's column, and the form in which names are compared.
_NAMES: dict[Any, tuple[Any, Any, Callable[[str], str]]] = {
    Cluster: (ClusterName, ClusterName.cluster, cluster_form),
    Municipality: (MunicipalityName, MunicipalityName.municipality, municipality_form),
}


class KnownNames:
    """The rows of one list by every name that they are known by. A title counts before another row's alias."""

    def __init__(self, by_form: dict[str, int], form: Callable[[str], str]) -> None:
        self._by_form = by_form
        self._form = form

    def find(self, name: str) -> int | None:
        """Return the id of the row with this name, as it stands today; None if no row is known by it."""
        return self._by_form.get(self._form(name)) or self._by_form.get(name.strip().casefold())


async def known_names(table: type[Cluster] | type[Municipality]) -> KnownNames:
    """Return the names of all rows of ``table``. Two queries."""
    names, owner, form = _NAMES[table]
    rows = await _rows(table)
    present = {row["id"]: row.get("merged_into") or row["id"] for row in rows}
    by_form: dict[str, int] = {}
    for row in rows:
        for name in (row["key"], form(row["title_ru"]), form(row["title_en"])):
            by_form.setdefault(name, present[row["id"]])
    for row in await names.select(owner.as_alias("owner"), names.form).order_by(names.id):
        by_form.setdefault(row["form"], present[row["owner"]])
    return KnownNames(by_form, form)


async def _rows(table: Any) -> Sequence[dict[str, Any]]:
    columns = [table.id, table.key, table.title_ru, table.title_en]
    if table is Municipality:
        columns.append(table.merged_into)
    rows: Sequence[dict[str, Any]] = await table.select(*columns).order_by(table.id)
    return rows


async def other_names_of(table: type[Cluster] | type[Municipality], row_id: int | None) -> list[str]:
    """Return the names that the row is known by besides its title."""
    names, owner, _form = _NAMES[table]
    return [row["name"] for row in await names.select(names.name).where(owner == row_id).order_by(names.id)]
