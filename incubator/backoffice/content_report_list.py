"""What visitors reported, for organisers: the open ones first, each part newest first."""

from dataclasses import dataclass

from incubator.http.keyset import After, after_row
from incubator.publication.tables import ContentReport

PER_PAGE = 50
_CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Reports:
    rows: list[ContentReport]
    next: After | None


async def page_of_reports(after: After | None) -> Reports:
    """Return the page that follows ``after``."""
    rows: list[ContentReport] = []
    if after is None or after.value != _CLOSED:
        rows = await _part(after, PER_PAGE + 1, is_open=True)
    if len(rows) <= PER_PAGE:
        begun = after if after is not None and after.value == _CLOSED else None
        rows += await _part(begun, PER_PAGE + 1 - len(rows), is_open=False)
    shown = rows[:PER_PAGE]
    if len(rows) <= PER_PAGE:
        return Reports(shown, None)
    return Reports(shown, after_row(shown[-1].id, _CLOSED if shown[-1].closed_at else ""))


async def _part(after: After | None, most: int, *, is_open: bool) -> list[ContentReport]:
    where = ContentReport.open() if is_open else ContentReport.closed_at.is_not_null()
    if after is not None:
        where &= ContentReport.id < after.id
    query = ContentReport.objects(ContentReport.project).where(where)
    found: list[ContentReport] = await query.order_by(ContentReport.id, ascending=False).limit(most)
    return found


async def open_reports() -> int:
    """Return how many wait for an organiser."""
    number: int = await ContentReport.count().where(ContentReport.open())
    return number
