"""Stored figures that follow from other rows: found where they differ, and mended."""

from typing import Any

from incubator.core.clock import as_day, as_moment
from incubator.db import run_sql, writing
from incubator.reviews.queue_triggers import COLUMNS, ROWS
from incubator.reviews.review_statistics import differing_summaries, store_summaries

#: Whatever is stored of the queue, and what should be. S608: the SQL contains only our own text.
_STORED = f'SELECT {COLUMNS} FROM "queued_submission"'  # noqa: S608
_RIGHT = ROWS.format(which="TRUE")


async def mend_figures() -> list[int]:
    """Store right figures where they differ from what they follow from, and return the submissions concerned.

    Without a fault, or a change of the database by hand, there are none. In one transaction.
    """
    async with writing():
        summaries = await differing_summaries()
        await store_summaries(summaries)
        queued = await differing_entries()
        if queued:
            await run_sql('DELETE FROM "queued_submission"')
            await run_sql(f'INSERT INTO "queued_submission" ({COLUMNS}) {_RIGHT}')
    return sorted({*summaries, *queued})


async def differing_entries() -> list[int]:
    """Return the submissions whose row in the queue is missing, too many, or wrong."""
    stored, right = [{_values(row) for row in await run_sql(sql)} for sql in (_STORED, _RIGHT)]
    return sorted({row[0] for row in stored ^ right})


def _values(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return the values of a row, the submission first, alike whether they were stored or computed."""
    same = row | {"submitted_at": as_moment(row["submitted_at"]), "due_on": as_day(row["due_on"])}
    return row["submission"], *same.values()
