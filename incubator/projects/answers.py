"""Saving an answer so that no word is ever lost: a stale save is reported, with both texts."""

from collections.abc import Mapping
from dataclasses import dataclass

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Stale
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.projects.access import require_may, require_open_document
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action
from incubator.projects.tables import Answer, Project


@dataclass(frozen=True, slots=True)
class Written:
    """A section as somebody wrote it, on top of what they had read."""

    text: str
    version: int


async def answer_of(project_id: int, key: str) -> Answer | None:
    return await Answer.objects().where((Answer.project == project_id) & (Answer.key == key)).first()


async def save_answer(project: Project, key: str, text: str, *, version: int, by: Person) -> Answer:
    """Store ``text`` if the section is still at ``version`` (0: never written).

    Saving an unchanged text does nothing. Raises Stale when somebody else has saved another
    text in the meantime, NotAllowed and Refusal according to the person's access.
    """
    async with writing():
        project = await _open_document(project, by)
        answer = await _save(project, key, Written(text, version), by)
        if isinstance(answer, Stale):
            raise answer
        return answer


async def save_answers(project: Project, written: Mapping[str, Written], *, by: Person) -> dict[str, Stale]:
    """Store several sections by key, all in one transaction; return those that somebody else has saved in the meantime.

    Raises NotAllowed and Refusal like ``save_answer``.
    """
    async with writing():
        project = await _open_document(project, by)
        saved = {key: await _save(project, key, each, by) for key, each in written.items()}
        return {key: each for key, each in saved.items() if isinstance(each, Stale)}


async def _open_document(project: Project, by: Person) -> Project:
    project = await lock_project(project.id)
    await require_may(by, Action.WRITE, project.id)
    require_open_document(project)
    return project


async def _save(project: Project, key: str, written: Written, by: Person) -> Answer | Stale:
    """Store one section of the locked project, or return why not."""
    current = await answer_of(project.id, key)
    if current and current.text == written.text:
        return current
    if (current.version if current else 0) != written.version:
        theirs = current or Answer(project=project.id, key=key, text="", version=0)
        message = _("Пока вы писали, этот раздел сохранил кто-то ещё из команды")
        return Stale(message, theirs=theirs, version=theirs.version)
    if current is None and not written.text:
        return Answer(project=project.id, key=key, text="", version=0)
    answer = await _store(project.id, key, written.text, current, by)
    await Project.update({Project.changed_at: answer.changed_at}).where(Project.id == project.id)
    await record(
        Happened.ANSWERED, by=by, project=project.id, key=key, version=answer.version, length=len(written.text)
    )
    return answer


async def _store(project_id: int, key: str, text: str, current: Answer | None, by: Person) -> Answer:
    """Store the text; the project is locked, so nobody else saves one of its answers now."""
    answer = current or Answer(project=project_id, key=key, version=0)
    answer.text, answer.version = text, answer.version + 1
    answer.changed_at, answer.changed_by = now(), by.id
    if current:
        await answer.save([Answer.text, Answer.version, Answer.changed_at, Answer.changed_by])
    else:
        await answer.save()
    return answer
