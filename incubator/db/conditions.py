"""The type of named query conditions, as accepted by a table's ``where``."""

from piccolo.columns.combination import And, Or, Where

Condition = Where | And | Or
