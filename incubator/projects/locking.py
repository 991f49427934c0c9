"""A lock on one project.

What may happen to a project depends on its other rows: a decision on the submission, a
review on the decision, a seventh member on the other six. On SQLite writers take turns
anyway; on PostgreSQL they work side by side, each seeing the state before the others'
changes. So a verb that reads before it writes locks the project first.
"""

from incubator.core.languages import _
from incubator.core.refusals import Stale
from incubator.db.locking import locked_row
from incubator.projects.tables import Project, Submission


class ProjectGone(Stale):
    """An organiser has deleted the project since it was read."""

    def __init__(self) -> None:
        super().__init__(_("Этого проекта уже нет: организатор его удалил"))


async def lock_project(project_id: int) -> Project:
    """Lock a project until the end of this transaction and return its current row.

    Call inside a transaction, before reading anything. Raises ProjectGone. Readers and rows that merely refer
    to the project are not blocked.
    """
    project = await locked_row(Project, project_id)
    if project is None:
        raise ProjectGone
    return project


async def lock_project_of(submission_id: int) -> tuple[Project, Submission]:
    """Lock the project of a submission; return it and the current submission."""
    of = await Submission.select(Submission.project).where(Submission.id == submission_id)
    if not of:
        raise ProjectGone
    project = await lock_project(of[0]["project"])
    submission = await Submission.objects().get(Submission.id == submission_id)
    assert submission is not None
    return project, submission
