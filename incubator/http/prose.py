"""People's Markdown as HTML: rendered once, stored by the text's digest.

Rows hold only the text, so saving renders nothing. A page requests all its texts at once;
those not yet rendered are rendered in the child process and stored for the next reader.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta

from markupsafe import Markup

from incubator.core.clock import now
from incubator.db import TryAgain, current_engine, run_sql, writing
from incubator.http.markdown.renderer import memory, render_all
from incubator.http.markdown.version import GRAMMAR
from incubator.http.tables import RenderedText

#: Older renderings are deleted, so that no trace of a deleted text remains for ever.
KEPT = timedelta(days=30)

_KEEP = (
    "INSERT INTO rendered_text (digest, grammar, html, rendered_at) VALUES ({}, {}, {}, {}) "
    "ON CONFLICT (digest) DO UPDATE SET grammar = excluded.grammar, html = excluded.html, rendered_at = excluded.rendered_at"
)


class Prose:
    """HTML by its source text. Raises KeyError for a text that was not requested."""

    def __init__(self, html: Mapping[str, str]) -> None:
        self._html = html

    def __call__(self, text: str) -> Markup:
        return Markup(self._html[text] if text.strip() else "")  # noqa: S704 - clean HTML from our own renderer

    def __contains__(self, text: str) -> bool:
        return not text.strip() or text in self._html


async def prose_of(texts: Iterable[str | None]) -> Prose:
    """Return the HTML of ``texts``, skipping None and blank ones. One query for what this process has not cached.

    Call outside transactions, because texts not yet rendered are rendered here.
    """
    wanted = {text for text in texts if text and text.strip()}
    found = {text: html for text in wanted if (html := memory.get(text)) is not None}
    found |= await _kept(wanted - found.keys())
    missing = sorted(wanted - found.keys())
    if missing:
        rendered = dict(zip(missing, await render_all(missing), strict=True))
        await _keep(rendered)
        found |= rendered
    return Prose(found)


async def _kept(texts: set[str]) -> dict[str, str]:
    by_digest = {_digest(text): text for text in texts}
    if not by_digest:
        return {}
    rows = await RenderedText.select(RenderedText.digest, RenderedText.html).where(
        RenderedText.digest.is_in(list(by_digest)) & (RenderedText.grammar == GRAMMAR)
    )
    for row in rows:
        memory.put(by_digest[row["digest"]], row["html"])
    return {by_digest[row["digest"]]: row["html"] for row in rows}


async def _keep(rendered: Mapping[str, str]) -> None:
    """Store renderings for the next reader; if others are writing, they will simply be rendered again."""
    if current_engine().transaction_exists():
        return
    try:
        async with writing(is_cache=True):
            for text, html in rendered.items():
                await run_sql(_KEEP, _digest(text), GRAMMAR, html, now())
    except TryAgain:
        return


async def forget_rendered() -> int:
    """Delete renderings of other grammar versions and old ones; return how many. A periodic job."""
    gone = (
        await RenderedText.delete()
        .where((RenderedText.grammar != GRAMMAR) | (RenderedText.rendered_at < now() - KEPT))
        .returning(RenderedText.id)
    )
    return len(gone)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
