"""Hand-written SQL for what no feature's table covers."""

from typing import Any

from piccolo.querystring import QueryString

from incubator.db.engines import current_engine


async def run_sql(text: str, *values: Any) -> list[dict[str, Any]]:
    """Run ``text`` and return its rows; each ``{}`` in it takes the next of ``values``."""
    return [dict(row) for row in await current_engine().run_querystring(QueryString(text, *values))]
