"""Conditions of queries: their type, as accepted by a table's ``where``, and lists of ids."""

from collections.abc import Iterable
from typing import Any, cast

from piccolo.columns.combination import And, Or, Where

Condition = Where | And | Or


def among(column: Any, ids: Iterable[int]) -> Where:
    """Return the condition that a column is one of ``ids``, of which there must be one at least. Piccolo's ``is_in`` looks at each."""
    condition: Any = column.is_in([0])
    condition.values = list(ids)
    return cast(Where, condition)
