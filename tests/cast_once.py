"""The cast on a database of each kind, made once a day and copied for each test: making it takes ten times as long as a copy."""

import asyncio
from abc import ABC, abstractmethod
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from incubator.core.clock import today
from incubator.db.engines import engine_for
from tests import engines
from tests.cast import Cast, make_cast
from tests.emptied import Databases

T = TypeVar("T")


@dataclass(frozen=True)
class Made(Generic[T]):
    """The cast, and where it can be copied from."""

    cast: Cast
    source: T

    def own_rows(self) -> Cast:
        """Return rows that one test may change."""
        return deepcopy(self.cast)


@dataclass
class Casts(ABC, Generic[T]):
    """One cast for each day: its season and its ages follow the calendar."""

    _by_day: dict[date, Made[T]] = field(default_factory=dict, init=False)

    def today(self) -> Made[T]:
        day = today()
        if day not in self._by_day:
            with asyncio.Runner() as runner:
                self._by_day[day] = runner.run(self._make(day))
        return self._by_day[day]

    @abstractmethod
    async def _make(self, day: date) -> Made[T]: ...


@dataclass
class CastsOnSqlite(Casts[Path]):
    template: Path
    folder: Path

    async def _make(self, day: date) -> Made[Path]:
        folder = self.folder / f"{day}"
        folder.mkdir()
        async with engines.sqlite_copy(self.template, folder):
            return Made(await make_cast(), folder / "test.sqlite")


@dataclass
class CastsOnPostgres(Casts[Databases]):
    server: engines.Server
    template: str

    async def _make(self, day: date) -> Made[Databases]:
        name = engines.new_name()
        await self.server.run(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}" STRATEGY FILE_COPY')
        async with engines.started(engine_for(self.server.database(name))):
            return Made(await make_cast(), Databases(self.server, name))

    async def close(self) -> None:
        for made in self._by_day.values():
            await made.source.close()
            await self.server.drop(made.source.template)
