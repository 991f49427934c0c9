"""Discussions: of a submission (reviewers and office), and in a team's own room; threads are in ``threads.py``. Removals leave a trace."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import AGAIN, Repeated
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.db.references import id_of
from incubator.history.record import Happened, record
from incubator.http.prose import prose_of
from incubator.people.grants import ids_by_grant, may_in_programme
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.access import require, require_may, role_of
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action, may
from incubator.projects.tables import Project, Submission
from incubator.reviews.access.masking import NO_MASK, Mask
from incubator.reviews.access.review_access import review_access_of
from incubator.reviews.access.visibility import Field, ReviewAccess, ReviewRole
from incubator.reviews.reviewing.mentions import (
    about_unknown,
    callable_among_reviewers,
    callable_in_team,
    mentioned_in,
    people_of_team,
    store_mentions,
    with_mentions,
)
from incubator.reviews.tables import Assignment, Post


class Voice(StrEnum):
    """How a post's author is shown to one reader."""

    OWN = "own"
    OFFICE = "office"
    NAMED = "named"
    REVIEWER = "reviewer"
    MENTOR = "mentor"
    """A reviewer, in a thread that the team reads."""
    TEAM = "team"
    """Somebody of the team, or its adult, to a mentor."""


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A post as its reader may see it."""

    id: int
    at: datetime
    voice: Voice
    name: str
    """The author's name, if the voice is NAMED."""
    html: str
    removed_at: datetime | None
    removed_by: str
    may_remove: bool


async def posts_of_submission(
    submission_id: int, reader: Person, *, names: bool = True, hide: Mask = NO_MASK
) -> list[ShownPost]:
    """Return the posts, oldest first; removed ones keep their place, without their text.

    ``names``: whether the reader may see who wrote; ``hide`` masks in the text what they may not know.
    """
    return await _shown(Post.submission == submission_id, reader, names=names, hide=hide)


async def posts_of_team(project_id: int, reader: Person) -> list[ShownPost]:
    """Return the posts, oldest first, as ``posts_of_submission``; here everybody sees everybody's name."""
    return await _shown((Post.project == project_id) & Post.in_team_room(), reader, names=True, hide=NO_MASK)


async def _shown(where: Any, reader: Person, *, names: bool, hide: Mask) -> list[ShownPost]:
    """Return the posts as the reader sees them. Four queries."""
    rows: list[Post] = await Post.objects(Post.author, Post.removed_by).where(where).order_by(Post.id)
    return await _shown_posts(rows, reader, names=names, hide=hide) if rows else []


async def _shown_posts(rows: Sequence[Post], reader: Person, *, names: bool, hide: Mask) -> list[ShownPost]:
    office = {row["person"] for row in await ids_by_grant(StaffAction.JOIN_DISCUSSIONS)}
    prose = await prose_of(row.text for row in rows if row.removed_at is None)
    mentions = await mentioned_in(row.id for row in rows)

    def name_of(person: Person) -> str:
        return person.name if names or person.id in office or person.id == reader.id else _("Рецензент")

    def html_of(row: Post) -> str:
        # Before the mask, which would take «@Орлова» for a name in a network.
        return hide.html(with_mentions(prose(row.text), row.text, mentions.get(row.id, []), name_of))

    return [
        ShownPost(
            id=row.id,
            at=row.at,
            voice=(voice := _voice(row, reader, office, names=names)),
            name=row.author.name if voice is Voice.NAMED else "",
            html="" if row.removed_at else html_of(row),
            removed_at=row.removed_at,
            removed_by=row.removed_by.name if names and id_of(row.removed_by) else "",
            may_remove=row.removed_at is None and (voice is Voice.OWN or reader.id in office),
        )
        for row in rows
    ]


def _voice(post: Post, reader: Person, office: set[int], *, names: bool) -> Voice:
    author = id_of(post.author)
    if author == reader.id:
        return Voice.OWN
    if author is not None and names:
        return Voice.NAMED
    return Voice.OFFICE if author in office else Voice.REVIEWER


async def post_to_reviewers(submission: Submission, text: str, *, by: Person) -> Post:
    """Post to the reviewers' room: those who sent their own review, and organisers. Raises NotAllowed for others."""
    async with writing():
        await lock_project(submission.project)
        access = await review_access_of(by, submission)
        require(access.sees(Field.DISCUSSION))
        there = Post.submission == submission.id
        await require_news(there, text, by, lambda: _room(submission, by, access.role))
        post = await _post(submission.project, submission.id, text, by)
        await store_mentions(post, await callable_among_reviewers(submission, by, access))
        return post


async def about_unknown_reviewers(submission: Submission, text: str, by: Person) -> list[str]:
    """Return a sentence for each "@" of ``by`` in the reviewers' room that reaches nobody."""
    return about_unknown(text, await people_to_call(submission, by)) if "@" in text else []


async def people_to_call(submission: Submission, by: Person, access: ReviewAccess | None = None) -> list[Person]:
    """Return the people whom ``by`` can call in the reviewers' room; nobody for those who do not read it.

    ``access``: that of ``by``, if it is known already.
    """
    access = access or await review_access_of(by, submission)
    return await callable_among_reviewers(submission, by, access) if access.sees(Field.DISCUSSION) else []


async def post_to_team(project: Project, text: str, *, by: Person) -> Post:
    """Post to the team's room: its members (including the coach) and organisers. Raises NotAllowed for others."""
    async with writing():
        await lock_project(project.id)
        await require_may(by, Action.TALK, project.id)
        there = (Post.project == project.id) & Post.in_team_room()
        await require_news(there, text, by, lambda: _team_room(project.id))
        post = await _post(project.id, None, text, by)
        await store_mentions(post, await callable_in_team(project.id, by))
        return post


async def require_news(there: Condition, text: str, by: Person, room: Callable[[], Awaitable[str]]) -> None:
    """Raise Repeated if ``by`` has just written the same there, and nobody has answered: «да» may answer two questions.

    Call inside a transaction that has locked the project.
    """
    mine = (Post.author == by.id) & (Post.text == text) & Post.removed_at.is_null() & (Post.at > now() - AGAIN)
    first = await Post.objects().where(there & mine).order_by(Post.id, ascending=False).first()
    if first is not None and not await Post.exists().where(there & (Post.id > first.id) & (Post.author != by.id)):
        link = (await room()).partition("#")[0] + f"#post-{first.id}"
        raise Repeated(_("Это вы уже написали: вот оно. Чтобы сказать ещё раз, измените текст."), link)


async def _team_room(project_id: int) -> str:
    return f"/projects/{project_id}/talk"


async def _post(project_id: int, submission_id: int | None, text: str, by: Person) -> Post:
    post = Post(project=project_id, submission=submission_id, author=by.id, text=text, at=now())
    await post.save()
    await record(Happened.POSTED, by=by, project=project_id, submission=submission_id, post=post.id)
    return post


async def reviewers_and_office(submission_id: int) -> list[Person]:
    """Return everybody who was asked to review and still is a mentor, and the office."""
    asked = await Assignment.select(Assignment.mentor).where(
        (Assignment.submission == submission_id)
        & Assignment.open()
        & Assignment.mentor.is_in(ids_by_grant(StaffAction.REVIEW))
    )
    return await Person.objects().where(
        Person.id.is_in(ids_by_grant(StaffAction.JOIN_DISCUSSIONS))
        | Person.id.is_in([row["mentor"] for row in asked] or [0])
    )


async def people_of_room(post: Post) -> list[Person]:
    """Return everybody who may be in the post's room."""
    if post.submission is None:
        return await people_of_team(post.project)
    return await reviewers_and_office(post.submission)


async def room_of(post: Post, person: Person) -> str:
    """Return the page where ``person`` reads the post's room; empty if they may not read it."""
    if post.submission is None:
        return f"/projects/{post.project}/talk" if may(await role_of(person, post.project), Action.TALK) else ""
    submission = await Submission.objects().get(Submission.id == post.submission)
    assert submission is not None
    access = await review_access_of(person, submission)
    return await _room(submission, person, access.role) if access.sees(Field.DISCUSSION) else ""


async def _room(submission: Submission, person: Person, role: ReviewRole) -> str:
    if role is ReviewRole.ORGANISER:
        return f"/organiser/submissions/{submission.id}#posts"
    row = await Assignment.select(Assignment.id).where(
        (Assignment.submission == submission.id) & (Assignment.mentor == person.id) & Assignment.open()
    )
    return f"/reviews/{row[0]['id']}#posts"


async def remove_post(post: Post, *, by: Person) -> None:
    """Remove the text of a post, as its author or an organiser; the post, and who removed it, stay recorded."""
    async with writing():
        require(post.author == by.id or await may_in_programme(by, StaffAction.JOIN_DISCUSSIONS))
        removed = (
            await Post.update({Post.removed_at: now(), Post.removed_by: by.id})
            .where((Post.id == post.id) & Post.removed_at.is_null())
            .returning(Post.id)
        )
        if removed:
            await record(Happened.POST_REMOVED, by=by, project=post.project, submission=post.submission, post=post.id)
