"""The database: one way to read and write, on SQLite and PostgreSQL alike."""

from incubator.db.counting import counting
from incubator.db.engines import connected, current_engine, engine_for
from incubator.db.errors import AlreadyThere, StorageFull, TryAgain, Unavailable
from incubator.db.frozen import frozen
from incubator.db.raw import any_of, containing, run_sql
from incubator.db.sqlite import in_thread
from incubator.db.writing import on_commit, writing

__all__ = [
    "AlreadyThere",
    "StorageFull",
    "TryAgain",
    "Unavailable",
    "any_of",
    "connected",
    "containing",
    "counting",
    "current_engine",
    "engine_for",
    "frozen",
    "in_thread",
    "on_commit",
    "run_sql",
    "writing",
]
