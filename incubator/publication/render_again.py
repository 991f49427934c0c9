"""Re-rendering of frozen and public versions after a change of the Markdown grammar: the texts stay, the HTML is replaced."""

from typing import Any

from incubator.db import writing
from incubator.http.markdown.renderer import render_all
from incubator.http.markdown.version import GRAMMAR
from incubator.projects.document import frozen_parts, with_html
from incubator.projects.tables import Erratum, News, Submission
from incubator.publication.tables import PublicVersion

_AT_ONCE = 50


async def render_frozen_again() -> int:
    """Re-render outdated HTML of all frozen versions; return how many were outdated. Safe at any time."""
    rendered = [await _render_again(table) for table in (Submission, PublicVersion, News)]
    return sum(rendered) + await _render_errata_again()


async def _render_again(table: Any) -> int:
    count = 0
    while rows := await table.objects().where(table.grammar != GRAMMAR).order_by(table.id).limit(_AT_ONCE):
        rendered = [
            with_html(row, await render_all([part.text for part in frozen_parts(row) if not part.is_sheet]))
            for row in rows
        ]
        async with writing():
            for row, content in zip(rows, rendered, strict=True):
                # Compare and set: what was hidden meanwhile must not come back.
                await table.update({table.content: content, table.grammar: GRAMMAR}).where(
                    (table.id == row.id) & (table.content == row.content)
                )
        count += len(rows)
    return count


async def _render_errata_again() -> int:
    rows = await Erratum.objects().where((Erratum.grammar != GRAMMAR) & (Erratum.key != ""))
    rendered = await render_all([row.after for row in rows])
    async with writing():
        for row, html in zip(rows, rendered, strict=True):
            await Erratum.update({Erratum.html: html, Erratum.grammar: GRAMMAR}).where(Erratum.id == row.id)
    return len(rows)
