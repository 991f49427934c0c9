"""Indexes of several columns or of some rows only, for which Piccolo's tables have no word."""

from dataclasses import dataclass

from piccolo.columns import Column


@dataclass(frozen=True, eq=False)
class Index:
    """An index beside its table. A rule without a condition is no index but a ``Unique`` in the table itself."""

    name: str
    """Indexes share their names with tables: one of each in the whole database."""
    columns: tuple[Column, ...]
    where: str = ""
    """SQL that both engines read: only rows for which it holds are in the index."""
    is_unique: bool = False

    @property
    def sql(self) -> str:
        """The statement that makes it, on both engines."""
        kind = "UNIQUE INDEX" if self.is_unique else "INDEX"
        table = self.columns[0]._meta.table._meta.tablename
        columns = ", ".join(f'"{column._meta.db_column_name}"' for column in self.columns)
        condition = f" WHERE {self.where}" if self.where else ""
        return f'CREATE {kind} "{self.name}" ON "{table}" ({columns}){condition}'
