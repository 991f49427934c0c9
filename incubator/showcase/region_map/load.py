"""Loading and removing the districts' borders, from an organiser's file."""

import json

from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.reference.tables import Municipality
from incubator.showcase.region_map.borders import NotBorders, paths_of


async def load_borders(geojson: str, *, credit: str) -> int:
    """Store the borders of the districts named in it; return their number. Raises NotBorders."""
    try:
        data = json.loads(geojson)
    except (ValueError, RecursionError) as error:
        raise NotBorders(f"not JSON: {error}") from None
    rows = await Municipality.objects()
    keys = {name: row.key for row in rows for name in (row.oktmo, row.title_ru, row.title_en, row.key) if name}
    paths = paths_of(data, keys)
    async with writing():
        for key, border in paths.items():
            await Municipality.update({Municipality.border: border, Municipality.border_credit: credit}).where(
                Municipality.key == key
            )
        await record(Happened.REFERENCE_CHANGED, by=None, table="municipality", borders=len(paths))
    return len(paths)


async def forget_borders() -> None:
    """Remove the borders, so that outlines are made from the centres again."""
    async with writing():
        await Municipality.update({Municipality.border: "", Municipality.border_credit: ""}, force=True)
        await record(Happened.REFERENCE_CHANGED, by=None, table="municipality", borders=0)
