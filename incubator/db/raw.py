"""Hand-written SQL for what no feature's table covers."""

from collections.abc import Sequence
from typing import Any

from piccolo.querystring import QueryString

from incubator.db.engines import current_engine


async def run_sql(text: str, *values: Any) -> list[dict[str, Any]]:
    """Run ``text`` and return its rows; each ``{}`` in it takes the next of ``values``."""
    engine = current_engine()
    return [dict(row) for row in await engine.run_querystring(numbered(text, list(values), engine.engine_type))]


def numbered(text: str, values: list[Any], engine: str) -> QueryString:
    """Return a statement in which ``{}`` stands for each value, as the engine numbers them. No value is a part of a statement itself.

    Piccolo looks at each value for that, which takes longer than to find some hundred words in an index.
    """
    statement = QueryString(text)
    statement.args = values
    pieces = text.split("{}")
    if engine == "sqlite":
        sql = "?".join(pieces)
    else:
        sql = "".join(f"{piece}${n}" for n, piece in enumerate(pieces[:-1], start=1)) + pieces[-1]
    statement._frozen_compiled_strings = sql, values
    return statement


def any_of(values: Sequence[Any]) -> tuple[str, list[Any]]:
    """Return what stands in the brackets of ``IN (…)``, and its values; there must be one at least.

    The last value is repeated until their number is a power of two: each connection remembers every statement that it has
    compiled, and lists of five hundred different lengths would be five hundred statements.
    """
    length = 1 << (len(values) - 1).bit_length()
    return ", ".join(["{}"] * length), [*values, *[values[-1]] * (length - len(values))]


def containing(column: str) -> str:
    """Return the condition that a text column contains the next value, letter by letter: on SQLite a third of the work of ``LIKE``."""
    position = "strpos" if current_engine().engine_type == "postgres" else "instr"
    return f"{position}({column}, {{}}) > 0"
