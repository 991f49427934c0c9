"""Choice of the database engine by its address."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from piccolo.engine.finder import engine_finder

from incubator.db.postgres import Postgres
from incubator.db.sqlite import SQLite

AnyEngine = SQLite | Postgres


def engine_for(address: str) -> AnyEngine:
    """Return the engine for ``postgres://…``, ``sqlite:///path`` or a plain path, without connecting.

    Raises ValueError for an unsupported kind of database.
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
    """Return the ``DB`` of the module named by ``PICCOLO_CONF``; Piccolo would import it again for every query."""
    module = sys.modules.get(os.environ.get("PICCOLO_CONF", ""))
    return cast(AnyEngine, getattr(module, "DB", None) or engine_finder())


@asynccontextmanager
async def connected() -> AsyncIterator[AnyEngine]:
    """Keep connections open inside the block: for the lifetime of a server or of one command."""
    engine = current_engine()
    await engine.start_connection_pool()
    try:
        yield engine
    finally:
        await engine.close_connection_pool()
