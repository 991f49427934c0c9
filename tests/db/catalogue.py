"""The schema as a database describes it, as facts that can be compared, on both engines."""

import re
from collections.abc import Iterator
from typing import Any

from incubator.db import current_engine, run_sql
from incubator.db.sqlite_schema import parse

#: Kind, table, name, and description.
Fact = tuple[str, str, str, str]

_POSTGRES = """
SELECT 'column' AS kind, c.relname::text AS "table", a.attname::text AS name,
       concat_ws(' ', format_type(a.atttypid, a.atttypmod), 'collate ' || nullif(l.collname, 'default'),
                 'storage ' || a.attstorage::text, CASE WHEN a.attnotnull THEN 'not null' END,
                 'default ' || pg_get_expr(d.adbin, d.adrelid)) AS said
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT CASE contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key' WHEN 'c' THEN 'check' ELSE contype::text END,
       conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL
SELECT 'index', tablename::text, indexname::text, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND NOT EXISTS (
    SELECT 1 FROM pg_constraint WHERE conname = indexname AND connamespace = 'public'::regnamespace)
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function', '', proname::text, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""

# Unique rules are indexes here (incubator/db/sqlite_ddl.py).
_SQLITE = """
SELECT 'column' AS kind, t.name AS "table", c.name,
       c.type || CASE WHEN c.pk THEN ' key ' || c.pk ELSE '' END || CASE WHEN c."notnull" THEN ' not null' ELSE '' END
       || coalesce(' default ' || c.dflt_value, '') AS said
FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
UNION ALL
SELECT 'foreign key', t.name, f."from", f."table" || ' ' || coalesce(f."to", '') || ' on delete ' || f.on_delete || ' on update ' || f.on_update
FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
UNION ALL
SELECT type, tbl_name, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL
UNION ALL
SELECT type, tbl_name, name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
"""


async def read_catalogue() -> set[Fact]:
    """Return columns, keys, unique rules, foreign keys, indexes, triggers and functions of the current database."""
    is_sqlite = current_engine().engine_type == "sqlite"
    rows = await run_sql(_SQLITE if is_sqlite else _POSTGRES)
    return {fact for row in rows for fact in _facts(row)}


def _facts(row: dict[str, Any]) -> Iterator[Fact]:
    if row["kind"] != "table":
        yield row["kind"], row["table"], row["name"], _plain(row["said"])
        return
    for rule in parse(row["said"]).definitions:  # SQLite exposes table rules only as text
        if rule.startswith("CONSTRAINT"):
            yield "check", row["table"], rule.split()[1], _plain(rule)


def _plain(text: str) -> str:
    """Remove insignificant differences: quotes around plain names, kinds of whitespace, a default of null."""
    words = " ".join(re.sub(r'"(\w+)"', r"\1", text).split())
    return re.sub(r" default null(::[a-z ]+)?$", "", words, flags=re.I)
