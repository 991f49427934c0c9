"""Multi-column and partial indexes, which Piccolo's tables cannot declare."""

from dataclasses import dataclass

from piccolo.columns import Column


@dataclass(frozen=True, eq=False)
class Index:
    """An index declared beside its table. For a unique rule without a condition, use ``Unique`` in the table."""

    name: str
    """Unique in the whole database: indexes and tables share one namespace."""
    columns: tuple[Column, ...]
    where: str = ""
    """SQL condition that both engines understand: only rows that satisfy it are indexed."""
    is_unique: bool = False

    @property
    def sql(self) -> str:
        """Return the CREATE INDEX statement, valid on both engines."""
        kind = "UNIQUE INDEX" if self.is_unique else "INDEX"
        table = self.columns[0]._meta.table._meta.tablename
        columns = ", ".join(f'"{column._meta.db_column_name}"' for column in self.columns)
        condition = f" WHERE {self.where}" if self.where else ""
        return f'CREATE {kind} "{self.name}" ON "{table}" ({columns}){condition}'
