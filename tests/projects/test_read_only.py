"""Whoever may not write sees texts, never a form that would be refused."""

import pytest

from incubator.gates.submit import leave
from incubator.projects.document import parts_of
from tests.browser import signed_in
from tests.cast import Cast, fill_details, fresh_project, rewrite

READERS = ("teacher", "coach", "organiser")


async def _forms(cast: Cast, who: str) -> dict[str, bool]:
    """Return for each page whether it has a form that changes the document."""
    browser = await signed_in(getattr(cast, who))
    base, found = f"/projects/{cast.project.id}", {}
    keys = [part.key for part in await parts_of(await fresh_project(cast.project))]
    await browser.open(base)
    found["document"] = any(
        browser.has_form(to) for to in (f"{base}/answers", *(f"{base}/answers/{key}" for key in keys))
    )
    await browser.open(f"{base}/details")
    found["details"] = browser.has_form(f"{base}/details")
    assert "Школа № 1" in browser.text
    await browser.open(f"{base}/answers/problem")
    found["section"] = browser.has_form(f"{base}/answers/problem")
    assert "Пчёлы гибнут" in browser.text
    return found


@pytest.mark.parametrize("who", READERS)
async def test_readers_get_texts_instead_of_forms(cast: Cast, who: str) -> None:
    await fill_details(cast)
    await rewrite(cast, "problem", "Пчёлы гибнут")
    assert set((await _forms(cast, who)).values()) == {False}
    assert set((await _forms(cast, "captain")).values()) == {True}


@pytest.mark.parametrize("who", ["captain", "teammate", *READERS])
async def test_a_closed_document_has_no_form_for_anybody(cast: Cast, who: str) -> None:
    await fill_details(cast)
    await rewrite(cast, "problem", "Пчёлы гибнут")
    await leave(await fresh_project(cast.project), by=cast.captain)
    assert set((await _forms(cast, who)).values()) == {False}
    browser = await signed_in(getattr(cast, who))
    await browser.open(f"/projects/{cast.project.id}/answers/problem")
    assert "Документ закрыт" in browser.text
