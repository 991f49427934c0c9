"""Threads: what is said below a comment, or below a remark of a return. One level: an answer to an answer joins the same thread."""

from typing import Any

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.projects.access import require_may, role_of
from incubator.projects.audiences import office_of
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action, may
from incubator.projects.tables import Comment, Project, Submission
from incubator.reviews.access.review_access import review_access_of
from incubator.reviews.access.visibility import Field
from incubator.reviews.reviewing.discussion import require_news
from incubator.reviews.reviewing.mentions import callable_in_team, store_mentions
from incubator.reviews.reviewing.remarks import open_remarks, remarks_on, require_on_it
from incubator.reviews.tables import Assignment, Post, Remark

#: Piccolo types the first join only.
_submission: Any = Assignment.submission


async def answer_comment(project: Project, comment_id: int, text: str, *, by: Person) -> Post:
    """Write below a comment; a closed one opens again. Raises NotAllowed, Repeated, and Refusal if it is gone."""
    async with writing():
        await lock_project(project.id)
        await require_may(by, Action.ANSWER_COMMENT, project.id)
        this = (Comment.id == comment_id) & (Comment.project == project.id)
        if await Comment.update({Comment.is_resolved: False}).where(this).returning(Comment.id):
            return await _add(Post(project=project.id, comment=comment_id), Post.comment == comment_id, text, by)
        raise Refusal(_("Этого комментария здесь больше нет"))


async def answer_remark(project: Project, remark_id: int, text: str, *, by: Person) -> Post:
    """Write below a remark of this round, for the team or as an organiser. Raises NotAllowed, Repeated, Refusal."""
    async with writing():
        await lock_project(project.id)
        await require_may(by, Action.ANSWER_COMMENT, project.id)
        if remark_id not in {remark.id for remark in await open_remarks(project.id)}:
            raise Refusal(_("Этого замечания здесь нет"))
        return await _add(Post(project=project.id, remark=remark_id), Post.remark == remark_id, text, by)


async def answer_remark_as_reviewer(assignment: Assignment, remark_id: int, text: str, *, by: Person) -> Post:
    """Write below a remark as a mentor who reviews the new round: the team reads it without a name. Raises Refusal, Repeated."""
    async with writing():
        submission = await require_on_it(assignment, remark_id, by)
        post = Post(project=submission.project, remark=remark_id, is_from_reviewer=True)
        return await _add(post, Post.remark == remark_id, text, by)


async def _add(post: Post, there: Condition, text: str, by: Person) -> Post:
    """Store the post and whom it calls. Call inside a transaction that has locked the project."""

    async def place() -> str:
        return await place_of(post, by)

    post.author, post.text, post.at = by.id, text, now()
    await require_news(there, text, by, place)
    await post.save()
    await store_mentions(post, await callable_below(post.project, by, is_reviewer=post.is_from_reviewer))
    await record(Happened.REPLIED, by=by, project=post.project, post=post.id, as_reviewer=post.is_from_reviewer)
    return post


async def callable_below(project_id: int, caller: Person, *, is_reviewer: bool = False) -> list[Person]:
    """Return the people whom ``caller`` can call in a thread: of the team if they may know its names; a reviewer, the office."""
    if is_reviewer:
        return await office_of(project_id)
    knows_names = may(await role_of(caller, project_id), Action.SEE_NAMES)
    return await callable_in_team(project_id, caller) if knows_names else []


async def place_of(post: Post, person: Person) -> str:
    """Return where ``person`` reads the post's thread, without its fragment; empty if they may not."""
    if post.comment is not None:
        comment = await Comment.objects().get(Comment.id == post.comment)
        return await _section_page(comment.project, comment.key, person) if comment else ""
    remark = await Remark.objects().get(Remark.id == post.remark)
    if remark is None:
        return ""
    if await _is_of_this_round(remark) and (own := await _section_page(remark.project, remark.key, person)):
        return own
    assignment = await reviewed_by(person, remark)
    return f"/reviews/{assignment.id}" if assignment is not None and await _is_seen(post, assignment, person) else ""


async def _is_of_this_round(remark: Remark) -> bool:
    return remark.id in {each.id for each in await open_remarks(remark.project)}


async def _section_page(project_id: int, key: str, person: Person) -> str:
    if not may(await role_of(person, project_id), Action.SEE):
        return ""
    return f"/projects/{project_id}/answers/{key}" if key else f"/projects/{project_id}"


async def reviewed_by(person: Person, remark: Remark) -> Assignment | None:
    """Return the open assignment by which ``person`` reads the remark: that of the version which had to address it."""
    rows = await Assignment.objects(Assignment.submission).where(
        (_submission.project == remark.project) & (Assignment.mentor == person.id) & Assignment.open()
    )
    for row in rows:
        if remark.id in {each.id for each in await remarks_on(row.submission)}:
            return row
    return None


async def _is_seen(post: Post, assignment: Assignment, person: Person) -> bool:
    """Return whether a mentor reads the post: another reviewer's only when they have sent their own review."""
    submission: Submission = assignment.submission
    access = await review_access_of(person, submission)
    is_free = not post.is_from_reviewer or post.author == person.id or access.sees(Field.ADVICE)
    return access.sees(Field.TEXT) and is_free
