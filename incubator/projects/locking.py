"""One at a time around one project.

What happens to a project depends on its other rows: a decision on the submission, a
review on the decision, a seventh member on the other six. SQLite lets writers take turns
anyway; PostgreSQL lets them work side by side, each seeing what was there before the
other. So a verb that reads before it writes holds the project first.
"""

from incubator.projects.tables import Project, Submission


async def lock_project(project_id: int) -> Project:
    """The project as it is now; whoever else wants to hold it waits for the end of this transaction.

    Call inside a transaction, before anything is read. Does not hinder readers, nor
    rows that merely refer to the project.
    """
    # Changes nothing but takes the row's lock, on either engine.
    await Project.update({Project.id: project_id}).where(Project.id == project_id)
    project = await Project.objects().get(Project.id == project_id)
    assert project is not None
    return project


async def lock_project_of(submission_id: int) -> tuple[Project, Submission]:
    """The project of a submission, held, and the submission as it is now."""
    of = await Submission.select(Submission.project).where(Submission.id == submission_id)
    project = await lock_project(of[0]["project"])
    submission = await Submission.objects().get(Submission.id == submission_id)
    assert submission is not None
    return project, submission
