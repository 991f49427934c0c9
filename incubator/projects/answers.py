"""Saving an answer so that no word is ever lost: a stale save is reported, with both texts."""

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


async def answer_of(project_id: int, key: str) -> Answer | None:
    return await Answer.objects().where((Answer.project == project_id) & (Answer.key == key)).first()


async def save_answer(project: Project, key: str, text: str, *, version: int, by: Person) -> Answer:
    """Store ``text`` if the section is still at ``version`` (0: never written).

    Saving an unchanged text does nothing. Raises Stale when somebody else has saved another
    text in the meantime, NotAllowed and Refusal according to the person's access.
    """
    async with writing():
        project = await lock_project(project.id)
        await require_may(by, Action.WRITE, project.id)
        require_open_document(project)
        current = await answer_of(project.id, key)
        if current and current.text == text:
            return current
        if (current.version if current else 0) != version:
            theirs = current or Answer(project=project.id, key=key, text="", version=0)
            raise Stale(
                _("Пока вы писали, этот раздел сохранил кто-то ещё из команды"), theirs=theirs, version=theirs.version
            )
        answer = await _store(project.id, key, text, current, by)
        await Project.update({Project.changed_at: answer.changed_at}).where(Project.id == project.id)
        await record(Happened.ANSWERED, by=by, project=project.id, key=key, version=answer.version, length=len(text))
        return answer


async def _store(project_id: int, key: str, text: str, current: Answer | None, by: Person) -> Answer:
    """Store the text; the project is locked, so nobody else saves one of its answers now."""
    answer = current or Answer(project=project_id, key=key, version=0)
    answer.text, answer.version = text, answer.version + 1
    answer.changed_at, answer.changed_by = now(), by.id
    await answer.save()
    return answer
