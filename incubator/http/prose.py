"""What people wrote in Markdown, as HTML for their readers: rendered once, kept by the text's digest.

Rows hold the text alone, so that a save renders nothing. A page asks for all its texts at
once; what nobody has read yet is rendered in the child process and kept for the next reader.
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

#: What was rendered longer ago is forgotten: nothing of a text that was taken away stays for ever.
KEPT = timedelta(days=30)

_KEEP = (
    "INSERT INTO rendered_text (digest, grammar, html, rendered_at) VALUES ({}, {}, {}, {}) "
    "ON CONFLICT (digest) DO UPDATE SET grammar = excluded.grammar, html = excluded.html, rendered_at = excluded.rendered_at"
)


class Prose:
    """HTML by the text that it was made of. Called with a text that was not asked for, it raises KeyError."""

    def __init__(self, html: Mapping[str, str]) -> None:
        self._html = html

    def __call__(self, text: str) -> Markup:
        return Markup(self._html[text] if text.strip() else "")  # noqa: S704 - clean HTML from our own renderer

    def __contains__(self, text: str) -> bool:
        return not text.strip() or text in self._html


async def prose_of(texts: Iterable[str | None]) -> Prose:
    """The HTML of ``texts``, None and blank ones aside. One query for what this process does not remember.

    Call outside of transactions: what nobody has read yet is rendered.
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
    """For the next reader, whoever answers them; where others are writing, they will render it again."""
    if current_engine().transaction_exists():
        return
    try:
        async with writing():
            for text, html in rendered.items():
                await run_sql(_KEEP, _digest(text), GRAMMAR, html, now())
    except TryAgain:
        return


async def forget_rendered() -> int:
    """Throw away what another grammar made, and what was rendered long ago; returns how many. A periodic job."""
    gone = (
        await RenderedText.delete()
        .where((RenderedText.grammar != GRAMMAR) | (RenderedText.rendered_at < now() - KEPT))
        .returning(RenderedText.id)
    )
    return len(gone)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
