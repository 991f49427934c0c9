"""Hand-written SQL."""

from typing import Any

import pytest

from incubator.db import any_of, run_sql


@pytest.mark.parametrize(("count", "marks"), [(1, 1), (2, 2), (3, 4), (5, 8), (300, 512), (512, 512)])
def test_lists_have_few_lengths(count: int, marks: int) -> None:
    brackets, values = any_of(list(range(count)))
    assert brackets.count("{}") == len(values) == marks
    assert set(values) == set(range(count))


async def test_a_repeated_value_finds_no_row_twice(database: Any) -> None:
    brackets, values = any_of(["idea", "project", "plan"])
    rows = await run_sql(
        f"SELECT s AS s FROM (SELECT 'idea' AS s UNION ALL SELECT 'plan') x WHERE s IN ({brackets})", *values
    )
    assert sorted(row["s"] for row in rows) == ["idea", "plan"]
