"""Adding publications to the index and removing them, in the transaction that writes them."""

from collections.abc import Sequence

from incubator.core.portions import portions
from incubator.db import writing
from incubator.publication.tables import Publication, PublicRevision
from incubator.search.keys import keys_in
from incubator.search.postings import EVERYTHING, Change, change, clear, hold, new_places

TITLE = "t:"
#: Batch size of ``rebuild``: the larger it is, the fewer sets are written twice.
_AT_ONCE = 20_000


def terms_of(row: Publication) -> set[str]:
    """Return the terms of a publication in the index; none while it has no place."""
    if row.place is None:
        return set()
    return {
        EVERYTHING,
        *keys_in(row.words),
        *(TITLE + key for key in keys_in(row.title_words)),
        *(EVERYTHING + facet for facet in row.facets.split()),
    }


async def enter(rows: Sequence[Publication]) -> None:
    """Give ``rows`` places, in order, and index them; call before storing the rows."""
    await hold()
    for row, place in zip(rows, await new_places(len(rows)), strict=True):
        row.place = place
    await change(Change(row.place, gained=terms_of(row)) for row in rows if row.place is not None)


async def follow(row: Publication, before: set[str]) -> None:
    """Update the index after ``row`` changed; ``before``: its terms until now."""
    after = terms_of(row)
    assert row.place is not None
    await change([Change(row.place, gained=after - before, lost=before - after)])


async def leave(row: Publication) -> None:
    """Remove ``row`` from the index and clear its place."""
    if row.place is not None:
        await change([Change(row.place, lost=terms_of(row))])
        row.place = None


async def rebuild() -> int:
    """Rebuild the index from the publications; return their number. One transaction."""
    count = 0
    async with writing():
        await clear()
        rows = (
            await Publication.select(Publication.id)
            .where(Publication.published_at.is_not_null())
            .order_by(Publication.place, Publication.published_at, Publication.id)
        )
        for part in portions([row["id"] for row in rows], _AT_ONCE):
            found = {row.id: row for row in await Publication.objects().where(Publication.id.is_in(part))}
            known = [found[each] for each in part if found[each].place is not None]
            await change(Change(row.place, gained=terms_of(row)) for row in known if row.place is not None)
            fresh = [found[each] for each in part if found[each].place is None]
            if fresh:
                await enter(fresh)
                for row in fresh:
                    await row.save(columns=[Publication.place])
            count += len(part)
        # Cached pages show the previous state of the index.
        await PublicRevision.update({PublicRevision.number: PublicRevision.number + 1}, force=True)
    return count
