"""Re-rendering of frozen versions after a change of the Markdown grammar: the texts stay, the HTML is replaced."""

from incubator.db import writing
from incubator.http.markdown.renderer import render_all
from incubator.http.markdown.version import GRAMMAR
from incubator.projects.document import frozen_parts, with_html
from incubator.projects.tables import Submission

_AT_ONCE = 50


async def render_frozen_again() -> int:
    """Re-render outdated HTML of all frozen versions; return how many were outdated. Safe at any time."""
    count = 0
    while (
        rows := await Submission.objects().where(Submission.grammar != GRAMMAR).order_by(Submission.id).limit(_AT_ONCE)
    ):
        rendered = [with_html(row, await render_all([part.text for part in frozen_parts(row)])) for row in rows]
        async with writing():
            for row, content in zip(rows, rendered, strict=True):
                await Submission.update({Submission.content: content, Submission.grammar: GRAMMAR}).where(
                    Submission.id == row.id
                )
        count += len(rows)
    return count
