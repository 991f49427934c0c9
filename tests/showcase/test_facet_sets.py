"""In-memory sets follow the index, even with concurrent requests."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from incubator.search.postings import facets_since
from incubator.showcase.facet_sets import FacetSets
from tests.showcase.test_catalogue import TOLD, show


async def test_a_slow_answer_never_replaces_a_newer_one(
    database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await show(tmp_path, TOLD)
    sets = FacetSets()
    first = asyncio.Event()

    async def slowly(number: int) -> Any:
        rows = await facets_since(number)
        if not first.is_set():
            first.set()
            await show(tmp_path, [{"id": "9", "title": "Новый"}], season="2027")
        return rows

    monkeypatch.setattr("incubator.showcase.facet_sets.facets_since", slowly)
    slow = asyncio.create_task(sets.refresh())
    await first.wait()
    await asyncio.gather(slow, sets.refresh())
    await sets.refresh()
    assert len(sets.everything) == 4
