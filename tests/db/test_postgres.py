"""The pool's connections."""

import re

import asyncpg

from incubator.config import ROOT
from incubator.db import run_sql
from incubator.db.engines import AnyEngine
from tests.engines import address_of


async def test_a_query_is_one_round_trip(postgres: AnyEngine) -> None:
    """What a connection was asked last is our query: nothing followed when it was given back."""
    await run_sql("SELECT 40 + 2 AS answer")
    own = await asyncpg.connect(address_of(postgres))
    asked = await own.fetch(
        "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "ORDER BY query_start DESC LIMIT 1"  # the pool may have others, which asked before
    )
    await own.close()
    assert [row["query"] for row in asked] == ["SELECT 40 + 2 AS answer"]


def test_nothing_outlives_its_transaction() -> None:
    """Otherwise whoever gets the connection next would have the lock, or the setting."""
    session = re.compile(
        r"pg_(?:try_)?advisory_(?:lock|unlock)|\bSET SESSION\b|set_config\([^)]*false\)|\bDISCARD ALL\b"
    )
    assert [path.name for path in (ROOT / "incubator").rglob("*.py") if session.search(path.read_text("utf-8"))] == []
