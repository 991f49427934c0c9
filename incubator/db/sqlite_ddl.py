"""Translation of migrations, which are written for PostgreSQL, to SQLite.

Types that SQLite or Piccolo's converters do not know become those that Piccolo uses on SQLite.
Every UNIQUE becomes a unique index with the name that PostgreSQL gives the constraint, so that a
later migration can drop it. Changes of default, NULL, type and check rewrite the text of the table;
as on PostgreSQL, they fail if existing rows violate the new rule. Not translated: a changed
ON DELETE of an existing foreign key, and UNIQUE NULLS NOT DISTINCT.
"""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace

from incubator.db import sqlite_schema as schema

DB = sqlite3.Connection
Change = Callable[[DB, str, re.Match[str]], None]

_CREATE_TABLE = re.compile(r"\s*CREATE TABLE\b", re.I)
#: A number that rows get; it is never given twice, as on PostgreSQL: the next row would inherit what still names the deleted one.
_NUMBER = re.compile(r"(?:SERIAL|INTEGER) PRIMARY KEY(?! AUTOINCREMENT)", re.I)
_UNIQUE_RULE = re.compile(r'CONSTRAINT "?(\w+)"? UNIQUE \((.*)\)', re.I | re.S)
_DROP_CASCADE = re.compile(r"\s*(DROP TABLE\b.*?)\s+CASCADE\s*", re.I | re.S)
_CREATE_INDEX = re.compile(r"\s*CREATE (UNIQUE )?INDEX\b", re.I)
_CREATE_TRIGGER = re.compile(r"\s*CREATE TRIGGER\b", re.I)
_ALTER_TABLE = re.compile(r'\s*ALTER TABLE "?([^"\s]+)"?\s+(.*?)\s*', re.I | re.S)


def run(db: DB, ddl: str) -> None:
    """Run one statement that changes the schema, translating it if necessary."""
    if _CREATE_TABLE.match(ddl):
        _create_table(db, ddl)
    elif _CREATE_INDEX.match(ddl):
        db.execute(ddl.replace(" USING btree ", " "))
    elif _CREATE_TRIGGER.match(ddl):
        db.execute(ddl.replace(" IS DISTINCT FROM ", " IS NOT "))
    elif drop := _DROP_CASCADE.fullmatch(ddl):
        db.execute(drop[1])
    elif alter := _ALTER_TABLE.fullmatch(ddl):
        _alter_table(db, alter[1], alter[2], ddl)
    else:
        db.execute(ddl)


def _create_table(db: DB, ddl: str) -> None:
    table = schema.parse(ddl)
    rules = [match for each in table.definitions if (match := _UNIQUE_RULE.fullmatch(each))]
    definitions, uniques = [], []
    for definition in table.definitions:
        if definition.startswith('"'):
            column, is_unique = schema.without_unique(schema.with_own_type(definition))
            column = _NUMBER.sub("INTEGER PRIMARY KEY AUTOINCREMENT", column)
            definitions.append(column)
            uniques += [definition.split('"')[1]] if is_unique else []
        elif not _UNIQUE_RULE.fullmatch(definition):
            definitions.append(definition)
    db.execute(str(replace(table, definitions=definitions)))
    for column in uniques:
        _unique_index(db, table.name, column)
    for rule in rules:
        _unique_rule(db, table.name, rule)


def _alter_table(db: DB, table: str, change: str, ddl: str) -> None:
    for pattern, apply in _CHANGES.items():
        if match := pattern.fullmatch(change):
            apply(db, table, match)
            return
    db.execute(ddl)


def _unique_index(db: DB, table: str, column: str) -> None:
    db.execute(f'CREATE UNIQUE INDEX IF NOT EXISTS "{table}_{column}_key" ON "{table}" ("{column}")')


def _unique_rule(db: DB, table: str, rule: re.Match[str]) -> None:
    db.execute(f'CREATE UNIQUE INDEX "{rule[1]}" ON "{table}" ({rule[2]})')


def _refuse_rows(db: DB, table: str, condition: str, rule: str) -> None:
    if db.execute(f'SELECT 1 FROM "{table}" WHERE {condition} LIMIT 1').fetchone():
        raise sqlite3.IntegrityError(f"{table}: there are rows that break {rule}")


def _rewrite_column(db: DB, table: str, column: str, change: Callable[[str], str]) -> None:
    start = f'"{column}" '
    schema.rewrite(db, table, lambda all_: [change(each) if each.startswith(start) else each for each in all_])


def _add_unique(db: DB, table: str, change: re.Match[str]) -> None:
    _unique_index(db, table, change[1])


def _add_check(db: DB, table: str, change: re.Match[str]) -> None:
    name, condition = change.groups()
    _refuse_rows(db, table, f"NOT ({condition})", name)
    schema.rewrite(db, table, lambda all_: [*all_, f'CONSTRAINT "{name}" CHECK ({condition})'])


def _drop_constraint(db: DB, table: str, change: re.Match[str]) -> None:
    start = f'CONSTRAINT "{change[1]}" '
    db.execute(f'DROP INDEX IF EXISTS "{change[1]}"')
    schema.rewrite(db, table, lambda all_: [each for each in all_ if not each.startswith(start)])


def _set_default(db: DB, table: str, change: re.Match[str]) -> None:
    _rewrite_column(db, table, change[1], lambda column: schema.with_default(column, change[2]))


def _drop_default(db: DB, table: str, change: re.Match[str]) -> None:
    _rewrite_column(db, table, change[1], lambda column: schema.with_default(column, None))


def _set_not_null(db: DB, table: str, change: re.Match[str]) -> None:
    _refuse_rows(db, table, f'"{change[1]}" IS NULL', f"NOT NULL of {change[1]}")
    _rewrite_column(db, table, change[1], lambda column: schema.with_null(column, allowed=False))


def _drop_not_null(db: DB, table: str, change: re.Match[str]) -> None:
    _rewrite_column(db, table, change[1], lambda column: schema.with_null(column, allowed=True))


def _set_type(db: DB, table: str, change: re.Match[str]) -> None:
    """Set the type of a column; values are cast where SQLite's CAST agrees with PostgreSQL's: to text and to numbers."""
    column, kind = f'"{change[1]}"', change[2]
    if re.match(r"(BIG|SMALL)?INT|NUMERIC|REAL|DOUBLE", kind, re.I):
        _refuse_rows(db, table, f"typeof({column}) = 'text' AND {column} GLOB '*[^0-9.-]*'", f"type {kind}")
    _rewrite_column(db, table, change[1], lambda text: schema.with_own_type(schema.with_type(text, kind)))
    if re.match(r"(BIG|SMALL)?INT|NUMERIC|REAL|DOUBLE|VARCHAR|TEXT|CHAR", kind, re.I):
        db.execute(f'UPDATE "{table}" SET {column} = CAST({column} AS {kind}) WHERE {column} IS NOT NULL')


def _add_column(db: DB, table: str, change: re.Match[str]) -> None:
    """Add a column; SQLite allows neither UNIQUE nor a computed default here, so rows get the default by UPDATE."""
    name = change[2]
    column, is_unique = schema.without_unique(schema.with_own_type(change[1]))
    default = schema.default_of(column)
    if default and re.match(r"current_|\(", default, re.I):
        plain = schema.with_null(schema.with_default(column, None), allowed=True)
        db.execute(f'ALTER TABLE "{table}" ADD COLUMN {plain}')
        db.execute(f'UPDATE "{table}" SET "{name}" = {default}')
        _rewrite_column(db, table, name, lambda _: column)
    else:
        db.execute(f'ALTER TABLE "{table}" ADD COLUMN {column}')
    if is_unique:
        _unique_index(db, table, name)


def _drop_column(db: DB, table: str, change: re.Match[str]) -> None:
    """Drop a column together with its indexes, as PostgreSQL does."""
    indexes = db.execute(
        "SELECT DISTINCT i.name FROM pragma_index_list(?) AS i, pragma_index_info(i.name) AS c WHERE c.name = ?",
        (table, change[1]),
    ).fetchall()
    for (index,) in indexes:
        db.execute(f'DROP INDEX "{index}"')
    db.execute(f'ALTER TABLE "{table}" DROP COLUMN "{change[1]}"')


def _changes(*pairs: tuple[str, Change]) -> dict[re.Pattern[str], Change]:
    return {re.compile(pattern, re.S): change for pattern, change in pairs}


_CHANGES = _changes(
    (r'ADD UNIQUE \("([^"]+)"\)', _add_unique),
    (r'ADD CONSTRAINT "?(\w+)"? UNIQUE \((.*)\)', _unique_rule),
    (r'ADD CONSTRAINT "?(\w+)"? CHECK \((.*)\)', _add_check),
    (r'DROP CONSTRAINT (?:IF EXISTS )?"?(\w+)"?', _drop_constraint),
    (r'ALTER COLUMN "([^"]+)" SET DEFAULT (.*)', _set_default),
    (r'ALTER COLUMN "([^"]+)" DROP DEFAULT', _drop_default),
    (r'ALTER COLUMN "([^"]+)" SET NOT NULL', _set_not_null),
    (r'ALTER COLUMN "([^"]+)" DROP NOT NULL', _drop_not_null),
    (r'ALTER COLUMN "([^"]+)" TYPE (.*?)(?: USING .*)?', _set_type),
    (r'ADD COLUMN ("([^"]+)" .*)', _add_column),
    (r'DROP COLUMN "([^"]+)"', _drop_column),
)
