"""Generator of docs/data-model.md: ``python -m tests.data_model``."""

import os
from collections.abc import Iterator
from inspect import getdoc
from itertools import groupby

from piccolo.columns import Column, ForeignKey
from piccolo.table import Table

from incubator.config import ROOT
from incubator.piccolo_app import APP_CONFIG
from incubator.search import posting_table

FILE = ROOT / "docs" / "data-model.md"

_HEAD = """\
# The data model

Written from the tables by `python -m tests.data_model`; a test fails where this page and the tables differ. Do not edit it.

Each room of the package has a diagram of its tables and of the tables in lower rooms that they refer to. A line ends in a fork
where there may be many rows, in a circle where there may be none; it bears the name of the column. References to `person` are
drawn in the room of accounts alone, for nearly every table has one; the lists below the diagrams have them all (`column → table`).

How tables are declared and migrated: [migrations.md](migrations.md).
"""

_BY_HAND = f"""
## search

The index of the showcase is made by hand (`incubator/search/posting_table.py`, [ADR 8](adr/0008-the-index-of-the-showcase.md)):

```sql
{posting_table.TABLE}
```
"""


def text() -> str:
    """Return the page for the current tables."""
    rooms = groupby(reversed(APP_CONFIG.table_classes), key=_room)
    return _HEAD + "".join(_section(room, list(tables)[::-1]) for room, tables in rooms) + _BY_HAND


def _room(table: type[Table]) -> str:
    return table.__module__.split(".")[1]


def _section(room: str, tables: list[type[Table]]) -> str:
    lines = [f"\n## {room}\n"]
    if references := sorted({line for table in tables for line in _references(table)}):
        lines += ["```mermaid", "erDiagram", "    direction LR", *(f"    {line}" for line in references), "```\n"]
    lines += ["| Table | What it is | Columns |", "|---|---|---|"]
    lines += [f"| `{table._meta.tablename}` | {_described(table)} | {_columns(table)} |" for table in tables]
    return "\n".join(lines) + "\n"


def _described(table: type[Table]) -> str:
    """Return the first paragraph of the table's docstring."""
    lines = (getdoc(table) or "").partition("\n\n")[0].splitlines()
    return " ".join(lines).replace("``", "`").replace("|", "\\|")


def _columns(table: type[Table]) -> str:
    return ", ".join(_named(column) for column in table._meta.columns if column._meta.name != "id")


def _named(column: Column) -> str:
    name = str(column._meta.name)
    return f"{name} → {_target(column)}" if isinstance(column, ForeignKey) else name


def _references(table: type[Table]) -> Iterator[str]:
    """Return one line of Mermaid for each table that it refers to."""
    drawn = [column for column in table._meta.columns if isinstance(column, ForeignKey) and _is_drawn(column)]
    for target in sorted({_target(column) for column in drawn}):
        columns = [column for column in drawn if _target(column) == target]
        many = "o|" if all(column._meta.unique for column in columns) else "}o"
        one = "o|" if any(column._meta.null for column in columns) else "||"
        names = ", ".join(column._meta.name for column in columns)
        yield f'{table._meta.tablename} {many}--{one} {target} : "{names}"'


def _is_drawn(column: Column) -> bool:
    """Return whether the diagram shows a reference; of those to ``person``, only required ones from account tables."""
    return _target(column) != "person" or (_room(column._meta.table) == "people" and not column._meta.null)


def _target(column: Column) -> str:
    assert isinstance(column, ForeignKey)
    return column._foreign_key_meta.resolved_references._meta.tablename


if __name__ == "__main__":
    os.environ.setdefault("PICCOLO_CONF", "incubator.piccolo_conf")
    FILE.write_text(text(), "utf-8")
