"""Snippets of text with a visitor's words, where the card itself does not show them.

Captions are none: they go with their pictures, which a consent that ends may hide.
"""

from typing import Any

from incubator.projects.document import frozen_parts, plain_of
from incubator.projects.version_files import without_files
from incubator.publication.tables import PublicVersion
from incubator.search.query import Query
from incubator.search.snippet import Marked, has_all, snippet


async def quotes(rows: list[dict[str, Any]], query: Query) -> dict[int, Marked]:
    """Return a snippet by place. At most one query."""
    dark = {r["project"]: r for r in rows if query.wanted and not has_all((r["title"], r["pitch"]), query)}
    if not dark:
        return {}
    frozen = await PublicVersion.objects().where(
        PublicVersion.project.is_in(list(dark))
        & PublicVersion.number.is_in(list({r["number"] for r in dark.values()}))
        & PublicVersion.public()
    )
    shown = {s.project: s for s in frozen if s.number == dark[s.project]["number"]}
    texts = {project: [plain_of(p) for p in without_files(frozen_parts(s)) if p.text] for project, s in shown.items()}
    return {dark[project]["place"]: snippet(parts, query) for project, parts in texts.items()}
