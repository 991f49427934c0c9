"""A parser for CREATE TABLE statements, so that single definitions can be changed."""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\(|\)|,|[^\s'"(),]+|\s+""")
_NAME_AND_TYPE = re.compile(r'("[^"]+")\s+([^\s(]+(?: PRECISION)?(?:\s*\([^)]*\))?)')

#: PostgreSQL types that Piccolo, too, names differently on SQLite.
_OWN_TYPES = {
    "SERIAL": "INTEGER", "BIGSERIAL": "INTEGER", "SMALLINT": "INTEGER", "BIGINT": "INTEGER", "BYTEA": "BLOB",
}  # fmt: skip


def tokens(sql: str) -> list[str]:
    """Split SQL into words, strings, quoted names, brackets, commas and blanks; joining them restores it exactly."""
    return _TOKEN.findall(sql)


@dataclass(frozen=True)
class TableText:
    """``CREATE TABLE "a" (definitions) rest``."""

    head: str
    definitions: list[str]
    rest: str

    @property
    def name(self) -> str:
        return self.head.split()[-1].strip('"')

    def __str__(self) -> str:
        return f"{self.head} ({', '.join(self.definitions)}) {self.rest}".strip()


def parse(sql: str) -> TableText:
    """Split the statement at the commas of the outermost brackets."""
    words = tokens(sql)
    opening = words.index("(")
    closing = _closing(words, opening)
    parts, depth = [""], 0
    for word in words[opening + 1 : closing]:
        depth += (word == "(") - (word == ")")
        if word == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += word
    head, rest = "".join(words[:opening]), "".join(words[closing + 1 :])
    return TableText(head.strip(), [part.strip() for part in parts], rest.strip())


def _closing(words: list[str], opening: int) -> int:
    """Return the index of the bracket that closes the one at ``opening``."""
    depth = 0
    for index in range(opening, len(words)):
        depth += (words[index] == "(") - (words[index] == ")")
        if depth == 0:
            return index
    raise ValueError("a bracket is not closed")


def without_unique(definition: str) -> tuple[str, bool]:
    """Return the definition of a column without the word UNIQUE, and whether it was there."""
    words = tokens(definition)
    kept = [word for word in words if word.upper() != "UNIQUE"]
    return "".join(kept), len(kept) < len(words)


def default_of(definition: str) -> str | None:
    """Return the expression after DEFAULT, brackets included."""
    words = tokens(definition)
    span = _default_span(words)
    return "".join(words[span[0] + 1 : span[1]]).strip() if span else None


def with_default(definition: str, value: str | None) -> str:
    """Return the definition of a column with another default; None removes it."""
    words = tokens(definition)
    if span := _default_span(words):
        del words[span[0] : span[1]]
    bare = "".join(words).rstrip()
    return bare if value is None else f"{bare} DEFAULT {value}"


def _default_span(words: list[str]) -> tuple[int, int] | None:
    """Return the positions of DEFAULT and of the end of its value, which is one word or one pair of brackets."""
    start = next((i for i, word in enumerate(words) if word.upper() == "DEFAULT"), None)
    if start is None:
        return None
    value = next(i for i in range(start + 1, len(words)) if not words[i].isspace())
    return start, (_closing(words, value) if words[value] == "(" else value) + 1


def with_null(definition: str, *, allowed: bool) -> str:
    """Return the definition of a column that may or may not be NULL."""
    bare = re.sub(r"\s+NOT NULL\b", "", definition, count=1)
    return bare if allowed else _NAME_AND_TYPE.sub(r"\g<0> NOT NULL", bare, count=1)


def with_type(definition: str, kind: str) -> str:
    """Return the definition of a column with another type."""
    return _NAME_AND_TYPE.sub(lambda match: f"{match[1]} {kind}", definition, count=1)


def with_own_type(definition: str) -> str:
    """Return the definition of a column with SQLite's name for its type, without COLLATE "C" (SQLite's default anyway)."""
    kind = _NAME_AND_TYPE.match(definition)
    own = _OWN_TYPES.get(kind[2].upper()) if kind else None
    return (with_type(definition, own) if own else definition).replace(' COLLATE "C"', "")


def rewrite(db: sqlite3.Connection, table: str, change: Callable[[list[str]], list[str]]) -> None:
    """Change the definitions of a table in place, inside the open transaction.

    For changes that leave the stored rows as they are: the rows are not copied, so nothing
    cascades and no index is rebuilt. See https://sqlite.org/lang_altertable.html,
    "Making Other Kinds Of Table Schema Changes".
    """
    (sql,) = db.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
    text = parse(sql)
    changed = str(TableText(text.head, change(text.definitions), text.rest))
    _try_out(changed)
    (version,) = db.execute("PRAGMA schema_version").fetchone()
    db.execute("PRAGMA writable_schema = ON")
    try:
        db.execute("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (changed, table))
        db.execute(f"PRAGMA schema_version = {version + 1}")
    finally:
        db.execute("PRAGMA writable_schema = RESET")


def _try_out(sql: str) -> None:
    """Try the statement first: a table that SQLite cannot parse would make the whole file unreadable."""
    empty = sqlite3.connect(":memory:")
    try:
        empty.execute(sql)
    finally:
        empty.close()
