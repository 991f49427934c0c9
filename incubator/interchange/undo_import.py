"""Undoing an import: what it made is deleted as far as nobody has gone on working with it."""

from dataclasses import dataclass
from typing import Any

from incubator.core.clock import now
from incubator.db import writing
from incubator.db.locking import locked_row
from incubator.gates.delete_project import erase_rows
from incubator.history.record import Happened, record
from incubator.interchange.batch_states import BatchState
from incubator.interchange.import_report import Step
from incubator.interchange.imported_rubrics import former_rubrics, put_back
from incubator.interchange.project_changes import worked_on
from incubator.interchange.tables import ImportBatch, ImportedRow
from incubator.people.tables import Person
from incubator.projects.locking import lock_project
from incubator.reviews.review_statistics import store_summaries
from incubator.reviews.tables import Assignment, Decision, Review
from incubator.search.postings import hold

#: Projects or reviews that are deleted in one transaction.
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing an import would do: to projects, or to assignments with their reviews."""

    deleted: list[int]
    """What it made and nobody has touched since."""
    kept: list[int]
    """What it made, and people have gone on working with: in the project, or by a decision on what was reviewed."""
    changed: int
    """Rows that it changed: they stay as they are."""


async def undoing_of(batch_id: int) -> Undoing:
    """Return what undoing would do. Six queries."""
    rows = await ImportedRow.select(ImportedRow.project, ImportedRow.assignment, ImportedRow.is_new).where(
        ImportedRow.batch == batch_id
    ).order_by(ImportedRow.id)  # fmt: skip
    reviews = list(filter(None, (row["assignment"] for row in rows)))
    made = reviews or list(filter(None, (row["project"] for row in rows if row["is_new"])))
    busy = await _built_on(made) if reviews else await worked_on(made)
    changed = len([row for row in rows if not row["is_new"]])
    return Undoing([each for each in made if each not in busy], [each for each in made if each in busy], changed)


async def _built_on(assignments: list[int]) -> set[int]:
    """Return those of the assignments on whose submission a decision was made, or whose review somebody has changed since."""
    rows = await Assignment.select(Assignment.id, Assignment.submission).where(Assignment.id.is_in(assignments))
    submissions = {row["submission"] for row in rows}
    decided = await Decision.select(Decision.submission).where(Decision.submission.is_in(list(submissions) or [0]))
    judged = {row["submission"] for row in decided}
    rewritten = await Review.select(Review.assignment).where(
        Review.assignment.is_in(assignments) & (Review.version > 1)
    )
    return {row["id"] for row in rows if row["submission"] in judged} | {row["assignment"] for row in rewritten}


async def undo_all(batch_id: int, *, step: Step) -> int:
    """Delete what the import made and nobody has touched since, a portion in a transaction; return how many."""
    batch = await ImportBatch.objects().get(ImportBatch.id == batch_id)
    assert batch is not None
    portion_of = _undo_reviews if batch.kind == "reviews" else _undo_projects
    done = 0
    while True:
        async with writing():
            batch = await locked_row(ImportBatch, batch_id)
            if batch is None or batch.state != BatchState.UNDOING:
                return done
            await hold()
            portion = await portion_of(batch_id, (await undoing_of(batch_id)).deleted[:_AT_ONCE])
            done += portion
            await step(done)
        if not portion:
            break
    async with writing():
        await ImportBatch.update(
            {ImportBatch.state: BatchState.UNDONE.value, ImportBatch.undone_at: now(), ImportBatch.file: None}
        ).where((ImportBatch.id == batch_id) & (ImportBatch.state == BatchState.UNDOING.value))
        await record(Happened.IMPORT_UNDONE, by=None, batch=batch_id, deleted=done)
    return done


async def _undo_projects(batch_id: int, projects: list[int]) -> int:
    """Delete these projects unless somebody was faster; return how many. Call inside a transaction."""
    done = 0
    for project_id in projects:
        project = await lock_project(project_id)
        if await worked_on([project.id]):
            continue
        await record(Happened.PROJECT_DELETED, by=None, project=project.id, title=project.title, batch=batch_id)
        await erase_rows(project.id)
        done += 1
    return done


async def _undo_reviews(batch_id: int, assignments: list[int]) -> int:
    """Delete these reviews unless somebody was faster, and reviewers of whom nothing is left; return how many. Call inside a transaction."""
    if not assignments:
        return 0
    of: Any = Assignment.submission
    for each in (
        await Assignment.select(of.project.as_alias("project"))
        .where(Assignment.id.is_in(assignments))
        .order_by(of.project)
    ):
        await lock_project(each["project"])
    assignments = sorted({*assignments} - await _built_on(assignments))
    rows = await Assignment.select(Assignment.id, Assignment.submission, Assignment.mentor).where(
        Assignment.id.is_in(assignments or [0])
    )
    formers = await former_rubrics({row["submission"] for row in rows})
    await Assignment.delete().where(Assignment.id.is_in(assignments or [0]))
    await put_back(formers)
    await store_summaries(sorted({row["submission"] for row in rows}))
    mentors = {row["mentor"] for row in rows}
    left = await Assignment.select(Assignment.mentor).where(Assignment.mentor.is_in(list(mentors) or [0]))
    idle = mentors - {row["mentor"] for row in left}
    if idle:
        await Person.delete().where(Person.id.is_in(list(idle)) & Person.email.like("%.invalid"))
    if rows:
        await record(Happened.IMPORT_UNDONE, by=None, batch=batch_id, reviews=len(rows))
    return len(rows)
