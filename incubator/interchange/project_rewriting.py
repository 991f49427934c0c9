"""Changing what an earlier import made, as long as nobody has gone on working there: in place, so that nothing else of it changes."""

from datetime import datetime
from typing import Any

import msgspec

from incubator.core.folding import folded
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.http.markdown.version import GRAMMAR
from incubator.http.prose import Prose
from incubator.interchange.project_changes import worked_on
from incubator.interchange.project_import import CheckedProject, Context
from incubator.interchange.tables import ImportedRow
from incubator.projects.details import set_competencies
from incubator.projects.document import content_of, freeze, parts_of
from incubator.projects.expected_members import expect
from incubator.projects.locking import lock_project
from incubator.projects.tables import Answer, Project, Submission
from incubator.publication.entry import forget_addresses, update_entry
from incubator.publication.public_copy import rendered, shown_parts
from incubator.publication.tables import Passage, Publication, PublicVersion, Verdict


async def rewrite(
    row: CheckedProject, project: Project, organisation: int | None, context: Context, prose: Prose, at: datetime
) -> None:
    """Give the project what the row says; its season, stage, state, address and invitations stay. Call inside a transaction.

    Nothing happens if somebody has gone on working there in the meantime.
    """
    project = await lock_project(project.id)
    if await worked_on([project.id]):
        return
    await _change_details(row, project, organisation, at)
    await _change_answers(row, project.id, at)
    await expect({project.id: row.names})
    fresh = await Project.objects().get(Project.id == project.id)
    assert fresh is not None
    submission = await Submission.objects().where(Submission.project == project.id).order_by(Submission.id).first()
    if submission is not None:
        submission.content = freeze(await parts_of(fresh), prose)
        submission.title, submission.folded, submission.grammar = row.title, folded(row.title)[:300], GRAMMAR
        await submission.save()
        await _change_public_version(row, fresh, submission, prose, former=project.title)
    await note_rows([(project.id, row)], context, at)


async def _change_details(row: CheckedProject, project: Project, organisation: int | None, at: datetime) -> None:
    await Project.update(
        {
            Project.title: row.title, Project.team_name: row.team, Project.folded: Project.folded_of(row.title, row.team),
            Project.help_wanted: row.help_wanted, Project.cluster: row.cluster and row.cluster.id,
            Project.municipality: row.municipality and row.municipality.id, Project.organisation: organisation,
            Project.details_version: project.details_version + 1, Project.changed_at: at,
        }
    ).where(Project.id == project.id)  # fmt: skip
    await set_competencies(project.id, tuple(each.id for each in row.competencies))


async def _change_answers(row: CheckedProject, project_id: int, at: datetime) -> None:
    own = {each.key: each for each in await Answer.objects().where(Answer.project == project_id)}
    for key in own.keys() | row.texts.keys():
        text, old = row.texts.get(key, ""), own.get(key)
        if old is None:
            await Answer(project=project_id, key=key, text=text, changed_at=at).save()
        elif old.text != text:
            values: dict[Any, Any] = {Answer.text: text, Answer.version: old.version + 1, Answer.changed_at: at}
            await Answer.update(values).where(Answer.id == old.id)


async def _change_public_version(
    row: CheckedProject, project: Project, submission: Submission, prose: Prose, *, former: str
) -> None:
    """Let the public read the new texts, if it read the old ones: what is hidden there was found in the new ones, too."""
    version = await PublicVersion.objects().where(PublicVersion.project == project.id).first()
    if version is None:
        return
    known = {each["text"] for each in await Passage.select(Passage.text).where(Passage.project == project.id)}
    for text in row.hidden.passages:
        if text not in known:
            await Passage(
                project=project.id, text=text, verdict=Verdict.HIDDEN.value, made_at=submission.submitted_at
            ).save()
    version.title = row.hidden.of(row.title)
    version.content = content_of(rendered(shown_parts(submission, row.hidden), prose))
    version.grammar = submission.grammar
    await version.save()
    await Publication.update(
        {
            Publication.team_name: row.hidden.of(row.team), Publication.help_wanted: row.hidden.of(row.help_wanted),
            Publication.organisation: row.hidden.of(row.organisation),
        }
    ).where(Publication.project == project.id)  # fmt: skip
    await update_entry(project)
    if row.hidden.of(former) != former:
        await forget_addresses(project.id, [former])


async def note_rows(made: list[tuple[int, CheckedProject]], context: Context, at: datetime) -> None:
    """Record from which row each project came. Call inside a transaction."""
    await ImportedRow.insert(
        *(
            ImportedRow(batch=context.batch, number=row.number, project=project_id, is_new=row.replaces is None)
            for project_id, row in made
        )
    )
    await Event.insert(
        *(
            Event(at=at, happened=Happened.IMPORTED.value, project_id=project_id, data=_whence(row, context))
            for project_id, row in made
        )
    )


def _whence(row: CheckedProject, context: Context) -> str:
    return msgspec.json.encode({"batch": context.batch, "row": row.number, "again": row.replaces is not None}).decode()
