"""Everything that a visitor can get, to look for words that must not be in it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from incubator.tabular.live_sheets import LiveSheet
from incubator.typesetting.blocks import Paper
from tests.browser import Browser
from tests.http.test_public_tables import MORE, public_routes


async def everything_public(slug: str, monkeypatch: pytest.MonkeyPatch, *words: str, app: Any = None) -> dict[str, str]:
    """Return the text of every public page, feed, drawing and API answer by address, in both languages, and searches for ``words``.

    Of drawings (the poster, the preview picture) it returns the data from which they are drawn.
    """

    async def typeset(_template: str, data: dict[str, Any], **_more: Any) -> bytes:
        return msgspec.json.encode(data)

    for drawing in ("poster", "installable_pages"):
        monkeypatch.setattr(f"incubator.showcase.{drawing}.typeset", typeset)
    for name in ("as_pdf", "as_word"):
        monkeypatch.setattr(f"incubator.projects.paper_files.{name}", _as_data)
    monkeypatch.setattr("incubator.projects.paper_files.as_workbook", _cells_of)
    values = {"slug": slug, "name": "1.xml", "path": "nothing"}
    searches = {f"/showcase?q={quote(word)}" for word in words} | {
        f"/api/v1/projects?q={quote(word)}" for word in words
    }
    papers = ("document.pdf", "document.docx", "finance.xlsx")
    plain = {
        path.format(**values, paper=paper)
        for path in {*public_routes(), *MORE, "/api/v1/projects/{slug}"}
        for paper in papers
    }
    addresses = plain | searches | {f"{each}{'&' if '?' in each else '?'}lang=en" for each in plain}
    browser = Browser(app)
    answers = {address: await browser.http.get(address) for address in sorted(addresses)}
    assert {answer.status_code for answer in answers.values()} <= {200, 301, 404}
    return {address: answer.content.decode() for address, answer in answers.items()}


async def _as_data(paper: Paper) -> bytes:
    return msgspec.json.encode(paper)


def _cells_of(sheets: Sequence[LiveSheet], **_more: str) -> bytes:
    return msgspec.json.encode([[str(cell.value) for cell in sheet.cells.values()] for sheet in sheets])


def places_of(word: str, answers: dict[str, str]) -> list[str]:
    """Return the addresses whose answer has ``word``, apart from a search that repeats what was asked."""
    return [
        address
        for address, text in answers.items()
        if word.casefold() in text.casefold() and quote(word) not in address
    ]
