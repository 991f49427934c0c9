"""A lock on one project.

What may happen to a project depends on its other rows: a decision on the submission, a
review on the decision, a seventh member on the other six. On SQLite writers take turns
anyway; on PostgreSQL they work side by side, each seeing the state before the others'
changes. So a verb that reads before it writes locks the project first.
"""

from incubator.core.languages import _
from incubator.core.refusals import Stale
from incubator.db import run_sql
from incubator.db.table import row_of
from incubator.projects.tables import Project, Submission

_LOCK = 'UPDATE "project" SET "id" = {} WHERE "id" = {} RETURNING *'


class ProjectGone(Stale):
    """An organiser has deleted the project since it was read."""

    def __init__(self) -> None:
        super().__init__(_("Этого проекта уже нет: организатор его удалил"))


async def lock_project(project_id: int) -> Project:
    """Lock a project until the end of this transaction and return its current row.

    Call inside a transaction, before reading anything. Raises ProjectGone. Readers and rows that merely refer
    to the project are not blocked.
    """
    # An UPDATE that changes nothing takes the row lock on either engine, and returns what it then reads.
    rows = await run_sql(_LOCK, project_id, project_id)
    if not rows:
        raise ProjectGone
    return row_of(Project, rows[0])


async def lock_project_of(submission_id: int) -> tuple[Project, Submission]:
    """Lock the project of a submission; return it and the current submission."""
    of = await Submission.select(Submission.project).where(Submission.id == submission_id)
    if not of:
        raise ProjectGone
    project = await lock_project(of[0]["project"])
    submission = await Submission.objects().get(Submission.id == submission_id)
    assert submission is not None
    return project, submission
