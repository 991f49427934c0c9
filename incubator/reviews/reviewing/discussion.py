"""Talking about a submission (its reviewers and the office) or in a team's own room. Nothing vanishes without a trace."""

import re
from typing import Any

from incubator.core.clock import now
from incubator.core.languages import _, override_locale
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.http.markdown.renderer import render
from incubator.notifications.send import write_to
from incubator.people.grants import ids_by_grant, may_in_programme
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.access import require, role_of
from incubator.projects.locking import lock_project
from incubator.projects.tables import Member, Project, Submission
from incubator.reviews.access.masks import title_for_mentors
from incubator.reviews.access.review_access import review_access_of
from incubator.reviews.access.visibility import Field, ReviewRole
from incubator.reviews.tables import Assignment, Post

LONGEST_POST = 2000
_MENTION = re.compile(r"@([\w-]+)")


async def posts_of_submission(submission_id: int) -> list[Post]:
    """Oldest first; removed ones keep their place, without their words."""
    return await _posts(Post.submission == submission_id)


async def posts_of_team(project_id: int) -> list[Post]:
    return await _posts((Post.project == project_id) & Post.submission.is_null())


async def _posts(where: Any) -> list[Post]:
    rows: list[Post] = await Post.objects(Post.author, Post.removed_by).where(where).order_by(Post.id)
    return rows


async def post_to_reviewers(submission: Submission, text: str, *, by: Person) -> Post:
    """For those who sent their own review, and organisers. Raises NotAllowed for everybody else."""
    async with writing():
        await lock_project(submission.project)
        access = await review_access_of(by, submission)
        require(access.sees(Field.DISCUSSION))
        title = await title_for_mentors(submission)
        post = await _post(submission.project, submission.id, text, by)
        for person in await reviewers_and_office(submission.id):
            if person.id != by.id and _is_mentioned(person, text):
                theirs = await review_access_of(person, submission)
                if not theirs.sees(Field.DISCUSSION):
                    continue
                is_anonymous = access.role is not ReviewRole.ORGANISER and not theirs.sees(Field.REVIEWERS)
                link = await _room(submission, person, theirs.role)
                await _tell(person, by, title, link, is_anonymous=is_anonymous)
        return post


async def post_to_team(project: Project, text: str, *, by: Person) -> Post:
    """For members of the team (its coach among them) and organisers. Raises NotAllowed for everybody else."""
    async with writing():
        require(bool(await role_of(by, project.id)))
        post = await _post(project.id, None, text, by)
        for person in await people_of_team(project.id):
            if person.id != by.id and _is_mentioned(person, text):
                await _tell(person, by, project.title, f"/projects/{project.id}/talk")
        return post


async def _post(project_id: int, submission_id: int | None, text: str, by: Person) -> Post:
    post = Post(project=project_id, submission=submission_id, author=by.id, text=text, html=render(text), at=now())
    await post.save()
    await record(Happened.POSTED, by=by, project=project_id, submission=submission_id, post=post.id)
    return post


async def _tell(person: Person, by: Person, title: str, link: str, *, is_anonymous: bool = False) -> None:
    with override_locale(person.locale):
        name = _("Рецензент") if is_anonymous else by.name
    await write_to(person, "mention", kind="discussion", title=title, name=name, link=link)


async def reviewers_and_office(submission_id: int) -> list[Person]:
    """Whom a mention in the reviewers' room can reach."""
    asked = await Assignment.select(Assignment.mentor).where(
        (Assignment.submission == submission_id) & Assignment.declined_at.is_null() & Assignment.cancelled_at.is_null()
    )
    return await Person.objects().where(
        Person.id.is_in(ids_by_grant(StaffAction.JOIN_DISCUSSIONS))
        | Person.id.is_in([row["mentor"] for row in asked] or [0])
    )


async def people_of_team(project_id: int) -> list[Person]:
    rows = await Member.objects(Member.person).where(Member.project == project_id)
    return [row.person for row in rows]


def _is_mentioned(person: Person, text: str) -> bool:
    """«@Орлова» and «@АннаОрлова» both mean Anna Orlova."""
    called = {name.casefold() for name in _MENTION.findall(text)}
    own = {person.family_name, person.given_name + person.family_name, person.email.partition("@")[0]}
    return bool(called & {name.casefold() for name in own if name})


async def room_of(post: Post, person: Person) -> str:
    """Where ``person`` reads the room in which ``post`` stands; empty for who may not read it."""
    if post.submission is None:
        return f"/projects/{post.project}/talk" if await role_of(person, post.project) else ""
    submission = await Submission.objects().get(Submission.id == post.submission)
    assert submission is not None
    access = await review_access_of(person, submission)
    return await _room(submission, person, access.role) if access.sees(Field.DISCUSSION) else ""


async def _room(submission: Submission, person: Person, role: ReviewRole) -> str:
    if role is ReviewRole.ORGANISER:
        return f"/organiser/submissions/{submission.id}#posts"
    row = await Assignment.select(Assignment.id).where(
        (Assignment.submission == submission.id) & (Assignment.mentor == person.id)
    )
    return f"/reviews/{row[0]['id']}#posts"


async def remove_post(post: Post, *, by: Person) -> None:
    """Its author or an organiser takes the words away; that it was there, and who removed it, stays."""
    async with writing():
        require(post.author == by.id or await may_in_programme(by, StaffAction.JOIN_DISCUSSIONS))
        removed = (
            await Post.update({Post.removed_at: now(), Post.removed_by: by.id})
            .where((Post.id == post.id) & Post.removed_at.is_null())
            .returning(Post.id)
        )
        if removed:
            await record(Happened.POST_REMOVED, by=by, project=post.project, submission=post.submission, post=post.id)
