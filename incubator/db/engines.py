"""Which database: chosen once by its address, found again by everybody who writes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from piccolo.engine.finder import engine_finder

from incubator.db.postgres import Postgres
from incubator.db.sqlite import SQLite

AnyEngine = SQLite | Postgres


def engine_for(address: str) -> AnyEngine:
    """The engine of ``postgres://…``, of ``sqlite:///path`` or of a plain path; opens nothing yet.

    Raises ValueError for a database we do not know.
    """
    scheme, is_url, rest = address.partition("://")
    if not is_url:
        return SQLite(address)
    if scheme in ("postgres", "postgresql"):
        return Postgres(address)
    if scheme == "sqlite":
        return SQLite(rest.removeprefix("/"))
    raise ValueError(f"Unknown database {scheme}://: use postgres:// or the path of an SQLite file")


def current_engine() -> AnyEngine:
    """The ``DB`` of the module that ``PICCOLO_CONF`` names."""
    return cast(AnyEngine, engine_finder())


@asynccontextmanager
async def connected() -> AsyncIterator[AnyEngine]:
    """Keep connections open while the block runs: the life of a server, or of one command."""
    engine = current_engine()
    await engine.start_connection_pool()
    try:
        yield engine
    finally:
        await engine.close_connection_pool()
