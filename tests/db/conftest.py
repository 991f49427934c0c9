"""Fixtures with the tables of ``tests.db.tables``."""

import pytest

from incubator.db.engines import AnyEngine
from tests.db.tables import Tally, create_leaf


@pytest.fixture
async def tallies(database: AnyEngine) -> AnyEngine:
    """Provide ``database`` with the tables of ``tests.db.tables``."""
    await Tally.create_table()
    await create_leaf()
    return database


@pytest.fixture
async def sqlite_tallies(sqlite: AnyEngine) -> AnyEngine:
    await Tally.create_table()
    return sqlite


@pytest.fixture
async def postgres_tallies(postgres: AnyEngine) -> AnyEngine:
    await Tally.create_table()
    await create_leaf()
    return postgres
