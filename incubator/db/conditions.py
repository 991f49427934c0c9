"""The type of named queries: what a table's ``where`` takes."""

from piccolo.columns.combination import And, Or, Where

Condition = Where | And | Or
