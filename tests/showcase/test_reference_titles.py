"""The reference lists are read once, and again after every change."""

import pytest

from incubator.core.languages import override_locale
from incubator.db import counting, writing
from incubator.reference.tables import Cluster
from incubator.showcase.reference_titles import reference_lists, titles_of
from tests.cast import Cast


async def title() -> str:
    return titles_of("cluster", await reference_lists())["agro"]


async def rename(text: str) -> None:
    await Cluster.update({Cluster.title_ru: text}).where(Cluster.key == "agro")


async def test_they_are_read_again_after_a_change(cast: Cast) -> None:
    assert await title() != "Поля"
    await rename("Поля")
    assert await title() == "Поля"
    with counting() as queries:
        assert await title() == "Поля"
        with override_locale("en"):
            assert await title() != "Поля"
    assert len(queries) == 2


async def test_what_was_taken_back_is_not_remembered(cast: Cast) -> None:
    before = await title()
    with pytest.raises(ZeroDivisionError):
        async with writing():
            await rename("Взято назад")
            assert await title() == "Взято назад"
            raise ZeroDivisionError
    await rename(before)  # as many changes as those that were taken back
    assert await title() == before
