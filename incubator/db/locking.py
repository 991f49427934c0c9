"""A lock on one row, for whatever depends on rows that refer to it."""

from incubator.db.engines import current_engine
from incubator.db.raw import run_sql
from incubator.db.table import Row, row_of


async def locked_row(table: type[Row], row_id: int, *, ends: bool = False) -> Row | None:
    """Return the current row, locked until the end of this transaction; None if there is none. One query.

    Readers, and rows that merely refer to it, are not blocked, unless the row ``ends``: then none that refers to it may come. On SQLite the whole transaction has the lock already. (An
    UPDATE that changes nothing would be right on both, but SQLite then looks through every table that refers to the row.)
    """
    lock = (" FOR UPDATE" if ends else " FOR NO KEY UPDATE") if current_engine().engine_type == "postgres" else ""
    rows = await run_sql(f'SELECT * FROM "{table._meta.tablename}" WHERE "id" = {{}}{lock}', row_id)  # noqa: S608 - our own words
    return row_of(table, rows[0]) if rows else None
