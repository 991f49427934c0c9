"""Reading many rows in portions from SQLite."""

import sqlite3
from types import TracebackType
from typing import Any, Self

from piccolo.engine.sqlite import AsyncBatch

from incubator.db.counting import note
from incubator.db.sqlite_pool import Row


class SQLiteBatch(AsyncBatch):
    """``async with await Table.select().batch() as batch: async for rows in batch: …``

    Piccolo's swallows every error of its body and takes no parameters. This one reads in threads.
    """

    connection: Any  # sqlite_pool.Connection

    async def __aenter__(self) -> Self:
        sql, args = self.query.querystrings[0].compile_string(engine_type="sqlite")
        note(sql)
        try:
            self._rows: sqlite3.Cursor = await self.connection.in_thread(self.connection.raw.execute, sql, args)
        except BaseException:
            self.connection.raw.close()
            raise
        self._names = [column[0] for column in self._rows.description]
        return self

    async def next(self) -> Any:
        portion = await self.connection.in_thread(self._fetch)
        return await self.query._process_results(portion)

    def _fetch(self) -> list[Row]:
        return [dict(zip(self._names, row, strict=True)) for row in self._rows.fetchmany(self.batch_size)]

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.connection.raw.close()
