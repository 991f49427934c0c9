"""Comments of a teacher, a coach or an organiser on a section; the team reads, answers and resolves them."""

from typing import Any

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import AGAIN, Repeated
from incubator.db import writing
from incubator.db.frozen import frozen_with
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.projects.access import require_may
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action
from incubator.projects.tables import Comment, Project


async def comment(project: Project, key: str, text: str, *, by: Person) -> Comment:
    """Add a comment on section ``key`` (empty: on the whole document). Raises NotAllowed, Repeated."""
    async with writing():
        await lock_project(project.id)
        await require_may(by, Action.COMMENT, project.id)
        mine = (Comment.author == by.id) & (Comment.key == key) & (Comment.text == text)
        just_now = Comment.open() & (Comment.at > now() - AGAIN)
        if await Comment.exists().where((Comment.project == project.id) & mine & just_now):
            raise Repeated(
                _("Это вы уже написали: вот оно. Чтобы сказать ещё раз, измените текст."),
                f"/projects/{project.id}#s-{key}" if key else f"/projects/{project.id}",
            )
        row = Comment(project=project.id, key=key, text=text, author=by.id, at=now())
        await row.save()
        await record(Happened.COMMENTED, by=by, project=project.id, key=key, comment=row.id)
        return row


async def resolve_comment(project: Project, comment_id: int, *, by: Person) -> None:
    """Close a comment with its thread; repeating it changes nothing."""
    await _mark(project, comment_id, Happened.COMMENT_RESOLVED, is_resolved=True, by=by)


async def reopen_comment(project: Project, comment_id: int, *, by: Person) -> None:
    """Open a closed comment again; repeating it changes nothing."""
    await _mark(project, comment_id, Happened.COMMENT_REOPENED, is_resolved=False, by=by)


async def _mark(project: Project, comment_id: int, happened: Happened, *, is_resolved: bool, by: Person) -> None:
    async with writing():
        await lock_project(project.id)
        await require_may(by, Action.RESOLVE_COMMENT, project.id)
        this = (Comment.id == comment_id) & (Comment.project == project.id)
        done = (
            await Comment.update({Comment.is_resolved: is_resolved})
            .where(this & Comment.is_resolved.eq(not is_resolved))
            .returning(Comment.id)
        )
        if done:
            await record(happened, by=by, project=project.id, comment=comment_id)


@frozen_with
def _open_comments(project: int) -> Any:
    return Comment.objects(Comment.author).where((Comment.project == project) & Comment.open()).order_by(Comment.id)


async def comments_on(project_id: int) -> dict[str, list[Comment]]:
    """Return open comments by section key, oldest first."""
    by_key: dict[str, list[Comment]] = {}
    for row in await _open_comments(project_id):
        by_key.setdefault(row.key, []).append(row)
    return by_key


async def resolved_on(project_id: int, key: str) -> list[Comment]:
    """Return the closed comments on a section, newest first."""
    this = (Comment.project == project_id) & (Comment.key == key) & Comment.is_resolved.eq(True)
    return await Comment.objects(Comment.author).where(this).order_by(Comment.id, ascending=False)
