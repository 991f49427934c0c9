"""What a section held before: what one person saved within five minutes is one revision.

What was handed in, merged or restored stays a revision of its own, and so does what stood there before much of it was deleted.
A living answer is its section's newest revision; earlier ones are rows of ``AnswerRevision``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from incubator.projects.tables import Answer, AnswerRevision

WITHIN = timedelta(minutes=5)
#: A save that leaves less than this part of a text begins another revision, whoever wrote it and when.
LEAST_LEFT = 0.5


@dataclass(frozen=True, slots=True)
class Saved:
    """One revision of a section. ``id``: None for the one that stands there now."""

    id: int | None
    version: int
    text: str
    at: datetime
    by: int | None
    """The id of the person who saved it."""


async def revisions_of(project_id: int, key: str, *, before: int | None = None, most: int) -> list[Saved]:
    """Return up to ``most`` revisions of a section, newest first; ``before``: only kept ones older than the one with this id. Two queries."""
    found: list[Saved] = []
    if before is None:
        living = await Answer.objects().where((Answer.project == project_id) & (Answer.key == key)).first()
        found += [Saved(None, living.version, living.text, living.changed_at, living.changed_by)] if living else []
    of_section = (AnswerRevision.project == project_id) & (AnswerRevision.key == key)
    rows = (
        await AnswerRevision.objects()
        .where(of_section & (AnswerRevision.id < before) if before is not None else of_section)
        .order_by(AnswerRevision.id, ascending=False)
        .limit(most - len(found))
    )
    return [*found, *(Saved(row.id, row.version, row.text, row.saved_at, row.saved_by) for row in rows)]


async def revision_of(project_id: int, key: str, revision_id: int) -> Saved | None:
    row = await AnswerRevision.objects().get(
        (AnswerRevision.id == revision_id) & (AnswerRevision.project == project_id) & (AnswerRevision.key == key)
    )
    return Saved(row.id, row.version, row.text, row.saved_at, row.saved_by) if row else None


async def text_at(project_id: int, key: str, version: int) -> str | None:
    """Return what a section said at an earlier version, if that was kept: it was if somebody else went on from there."""
    row = await AnswerRevision.select(AnswerRevision.text).where(
        (AnswerRevision.project == project_id) & (AnswerRevision.key == key) & (AnswerRevision.version == version)
    ).order_by(AnswerRevision.id, ascending=False).first()  # fmt: skip
    return row["text"] if row else None


async def complete_revisions(project_id: int) -> None:
    """Let what stands in the sections stay as it is: the next save of each begins another revision."""
    await Answer.update({Answer.begun_at: None}).where(Answer.project == project_id)
