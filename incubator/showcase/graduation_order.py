"""The order "just graduated first", the only one that does not follow from places."""

from typing import Any

from pyroaring import BitMap

from incubator.publication.tables import Publication
from incubator.showcase.filters import Cursor
from incubator.showcase.paging import Page

#: Up to this many results are asked for by their places; with more, the index of graduations is walked until a page is full:
#: a few steps at first, which do if most graduates are results, then so many at once.
_FEW, _AT_FIRST = 1000, 100

_ORDER = (Publication.graduated_at, Publication.place)


async def graduation_page(found: BitMap, after: Cursor | None, size: int) -> Page:
    """Return the page of ``found``, all graduates, that follows the card at ``after``."""
    start = await _moment(after.place) if after else None
    following = await _walk(found, start, size, is_down=True)
    preceding = await _walk(found, start, size + 1, is_down=False) if start else []
    more = await _walk(found, await _moment(following[-1]), 1, is_down=True) if len(following) == size else []
    return Page(
        rows=[(1, place) for place in following],
        has_previous=bool(preceding),
        has_next=bool(more),
        previous=Cursor(1, preceding[size]) if len(preceding) > size else None,
        start=None if start else 0,
    )


async def _moment(place: int) -> tuple[Any, int] | None:
    """Return when the project at ``place`` graduated; None if it is gone: then start from the beginning."""
    row = await Publication.select(Publication.graduated_at).where(Publication.place == place).first()
    return (row["graduated_at"], place) if row and row["graduated_at"] else None


async def _walk(found: BitMap, start: tuple[Any, int] | None, size: int, *, is_down: bool) -> list[int]:
    """Return up to ``size`` places of ``found`` after ``start``; upwards, ``start`` itself comes first."""
    met: list[int] = []
    is_few = len(found) <= _FEW
    portion = size if is_few else max(_AT_FIRST, size)
    while True:
        query = Publication.select(*_ORDER).where(
            Publication.graduated_at.is_not_null() & Publication.place.is_not_null()
        )
        if is_few:
            query = query.where(Publication.place.is_in(list(found) or [0]))
        if start is not None:
            query = query.where(_beyond(*start, is_down=is_down))
        rows = await query.order_by(*_ORDER, ascending=not is_down).limit(portion)
        met += [row["place"] for row in rows if row["place"] in found]
        if len(met) >= size or len(rows) < portion:
            return met[:size]
        portion, last = _FEW, rows[-1]
        start = (last["graduated_at"], last["place"] if is_down else last["place"] + 1)


def _beyond(at: Any, place: int, *, is_down: bool) -> Any:
    """Return the condition for what comes after ``place``; upwards, it is among that itself."""
    beyond = Publication.graduated_at < at if is_down else Publication.graduated_at > at
    beside = Publication.place < place if is_down else Publication.place >= place
    return beyond | ((Publication.graduated_at == at) & beside)
