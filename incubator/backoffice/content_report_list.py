"""What visitors reported, for organisers: the open ones first, each part newest first."""

from dataclasses import dataclass

from piccolo.custom_types import Combinable

from incubator.http.keyset import After, after_row
from incubator.people.tables import Person
from incubator.projects.tables import Member
from incubator.publication.tables import ContentReport

PER_PAGE = 50
_CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Reports:
    rows: list[ContentReport]
    next: After | None


def of_others(reader: Person) -> Combinable:
    """Return the condition that a report is not about a team of the reader's."""
    return ContentReport.project.not_in(Member.select(Member.project).where(Member.person == reader.id))


async def page_of_reports(after: After | None, *, reader: Person) -> Reports:
    """Return the page that follows ``after``, without what is reported about teams of the reader's."""
    rows: list[ContentReport] = []
    if after is None or after.value != _CLOSED:
        rows = await _part(after, PER_PAGE + 1, of_others(reader), is_open=True)
    if len(rows) <= PER_PAGE:
        begun = after if after is not None and after.value == _CLOSED else None
        rows += await _part(begun, PER_PAGE + 1 - len(rows), of_others(reader), is_open=False)
    shown = rows[:PER_PAGE]
    if len(rows) <= PER_PAGE:
        return Reports(shown, None)
    return Reports(shown, after_row(shown[-1].id, _CLOSED if shown[-1].closed_at else ""))


async def _part(after: After | None, most: int, which: Combinable, *, is_open: bool) -> list[ContentReport]:
    where = which & (ContentReport.open() if is_open else ContentReport.closed_at.is_not_null())
    if after is not None:
        where &= ContentReport.id < after.id
    query = ContentReport.objects(ContentReport.project).where(where)
    found: list[ContentReport] = await query.order_by(ContentReport.id, ascending=False).limit(most)
    return found


async def open_reports() -> int:
    """Return how many wait for an organiser."""
    number: int = await ContentReport.count().where(ContentReport.open())
    return number
