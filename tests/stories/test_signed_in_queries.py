"""Signed-in pages need as many queries as docs/performance.md says, in a small season and in one twice as large."""

import re

import pytest

from incubator.config import ROOT
from tests.benchmarks.signed_in import cases_of, queries_of
from tests.crowd import make_crowd

DOCUMENTED = {
    name: int(queries)
    for name, queries in re.findall(
        r"^\| ([^|]+) \| [\d.–]+ \| [\d.–]+ (?:\| [\d.–]+ )+\| (\d+) \| [\d.]+ kB \|",
        (ROOT / "docs/performance.md").read_text("utf-8"),
        re.MULTILINE,
    )
}


@pytest.mark.parametrize("size", [40, 80])
async def test_each_page_needs_as_many_as_documented(database: object, size: int) -> None:
    crowd = await make_crowd(size, 10, reviews=3, waiting=1, required=3)
    cases, people = await cases_of(crowd)
    assert {case.name: await queries_of(case, people[case.who]) for case in cases} == DOCUMENTED
