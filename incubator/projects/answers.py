"""Saving an answer so that no word is ever lost: a stale save is told, and keeps both texts."""

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import AlreadyThere, writing
from incubator.history.record import Happened, record
from incubator.http.markdown import render
from incubator.people.tables import Person
from incubator.projects.permissions import WRITERS, require, require_writable, role_of
from incubator.projects.tables import Answer, Project


class Stale(Refusal):
    """Somebody saved this section since it was read; ``theirs`` is what stands there now."""

    def __init__(self, theirs: Answer) -> None:
        super().__init__(_("Пока вы писали, этот раздел сохранил кто-то ещё из команды"))
        self.theirs = theirs


async def answer_of(project_id: int, key: str) -> Answer | None:
    return await Answer.objects().where((Answer.project == project_id) & (Answer.key == key)).first()


async def save_answer(project: Project, key: str, text: str, *, version: int, by: Person) -> Answer:
    """Store ``text`` if the section still is at ``version`` (0: never written).

    Saving what stands there already changes nothing. Raises Stale when somebody else
    saved another text meanwhile, NotAllowed and Refusal as the access says.
    """
    html = render(text)
    try:
        async with writing():
            require(await role_of(by, project.id) in WRITERS)
            fresh = await Project.objects().get(Project.id == project.id)
            assert fresh is not None
            require_writable(fresh)
            current = await answer_of(project.id, key)
            if current and current.text == text:
                return current
            if (current.version if current else 0) != version:
                raise Stale(current or Answer(project=project.id, key=key, text="", version=0))
            answer = await _store(project, key, text, html, current, by)
            await Project.update({Project.changed_at: answer.changed_at}).where(Project.id == project.id)
            await record(
                Happened.ANSWERED, by=by, project=project.id, key=key, version=answer.version, length=len(text)
            )
            return answer
    except AlreadyThere:
        theirs = await answer_of(project.id, key)
        assert theirs is not None
        raise Stale(theirs) from None


async def _store(project: Project, key: str, text: str, html: str, current: Answer | None, by: Person) -> Answer:
    at = now()
    if current is None:
        answer = Answer(project=project.id, key=key, text=text, html=html, changed_at=at, changed_by=by.id)
        await answer.save()
        return answer
    saved = (
        await Answer.update(
            {
                Answer.text: text,
                Answer.html: html,
                Answer.version: current.version + 1,
                Answer.changed_at: at,
                Answer.changed_by: by.id,
            }
        )
        .where((Answer.id == current.id) & (Answer.version == current.version))
        .returning(Answer.id)
    )
    fresh = await answer_of(project.id, key)
    assert fresh is not None
    if not saved:
        raise Stale(fresh)
    return fresh
