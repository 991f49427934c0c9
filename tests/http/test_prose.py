"""HTML of people's Markdown: rendered for its first reader, stored by the text, discarded with the grammar."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from incubator.core.clock import clock_at, now
from incubator.db import counting, writing
from incubator.http import prose as prose_module
from incubator.http.markdown import renderer
from incubator.http.markdown.version import GRAMMAR
from incubator.http.prose import KEPT, forget_rendered, prose_of
from incubator.http.tables import RenderedText
from incubator.projects.answers import save_answer
from tests.browser import signed_in
from tests.cast import Cast, fresh_project


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    renderer.memory.clear()
    yield
    renderer.memory.clear()


async def test_the_first_reader_renders_and_the_next_process_reads(database: object) -> None:
    texts = ["**Улей**", "Шмели", "", "  ", None, "**Улей**"]
    prose = await prose_of(texts)
    assert (prose("**Улей**"), prose("Шмели"), prose(""), prose("  ")) == (
        "<p><strong>Улей</strong></p>", "<p>Шмели</p>", "", "",
    )  # fmt: skip
    assert await RenderedText.count() == 2
    renderer.memory.clear()  # simulates another process
    with counting() as queries:
        again = await prose_of(texts)
    assert (again("**Улей**"), len(queries)) == (prose("**Улей**"), 1)
    with counting() as queries:
        await prose_of(texts)
    assert queries == []


async def test_a_save_renders_nothing(cast: Cast) -> None:
    await save_answer(await fresh_project(cast.project), "problem", "**Улей** гудит", version=0, by=cast.captain)
    assert await RenderedText.count() == 0
    reader = await signed_in(cast.teacher)
    await reader.open(f"/projects/{cast.project.id}")
    assert "<strong>Улей</strong> гудит" in reader.page.text
    kept = [row["html"] for row in await RenderedText.select(RenderedText.html)]
    assert "<p><strong>Улей</strong> гудит</p>" in kept


async def test_what_nobody_asked_for_is_not_shown_raw(database: object) -> None:
    prose = await prose_of(["Улей"])
    assert ("Улей" in prose, "<b>Шмели" in prose, "" in prose) == (True, False, True)
    with pytest.raises(KeyError):
        prose("<b>Шмели")


async def test_inside_a_transaction_nothing_is_kept(database: object) -> None:
    async with writing():
        assert (await prose_of(["Улей"]))("Улей") == "<p>Улей</p>"
    assert await RenderedText.count() == 0


async def test_another_grammar_renders_anew(database: object, monkeypatch: pytest.MonkeyPatch) -> None:
    await prose_of(["Улей"])
    renderer.memory.clear()
    await RenderedText.update({RenderedText.html: "<p>Как раньше</p>"}).where(RenderedText.id > 0)
    assert (await prose_of(["Улей"]))("Улей") == "<p>Как раньше</p>"
    renderer.memory.clear()
    monkeypatch.setattr(prose_module, "GRAMMAR", GRAMMAR + 1)
    assert (await prose_of(["Улей"]))("Улей") == "<p>Улей</p>"
    assert await RenderedText.count() == 1


async def test_old_ones_are_forgotten(database: object) -> None:
    with clock_at(now() - KEPT - timedelta(days=1)):
        await prose_of(["Улей"])
    await prose_of(["Шмели"])
    assert await forget_rendered() == 1
    assert await RenderedText.count() == 1
    await RenderedText.update({RenderedText.grammar: 0}).where(RenderedText.id > 0)
    assert await forget_rendered() == 1
