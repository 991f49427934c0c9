"""Whom posts in discussions, doubts about remarks and replies to decisions concern."""

from collections.abc import Sequence

from incubator.core.languages import _
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, Reader, data_of, readers
from incubator.people.tables import Person
from incubator.projects.audiences import project_of, whole_team
from incubator.projects.tables import Submission
from incubator.reviews.access.masks import title_for_mentors
from incubator.reviews.access.review_access import review_access_of
from incubator.reviews.reviewing.discussion import people_of_room, room_of
from incubator.reviews.reviewing.mentions import mentioned_in
from incubator.reviews.tables import Post, Remark


async def who_is_mentioned(event: Event) -> Sequence[Reader]:
    """Those whom the post calls by name, and who read the room; nobody once it is removed."""
    post = await _post_of(event)
    mentions = (await mentioned_in([post.id])).get(post.id, []) if post else []
    called = {mention.person.id for mention in mentions}
    return [reader for reader in await room_of_post(event) if reader.person.id in called]


async def room_of_post(event: Event) -> Sequence[Reader]:
    """Those who read the room; nobody once the post is removed."""
    post = await _post_of(event)
    if post is None:
        return []
    people = await people_of_room(post)
    if post.submission is None:
        project = await project_of(event)
        return readers(people, f"/projects/{project.id}/talk", title=project.title, name=post.author.name)
    return [reader for person in people for reader in await _reviewer(person, post)]


async def _post_of(event: Event) -> Post | None:
    post = await Post.objects(Post.author).get(Post.id == data_of(event).get("post"))
    return post if post and post.removed_at is None else None


async def _reviewer(person: Person, post: Post) -> list[Reader]:
    """Return the reader of a post among reviewers, who learns the author's name only where the season shows it."""
    link = await room_of(post, person)
    if not link:
        return []
    submission = await Submission.objects().get(Submission.id == post.submission)
    assert submission is not None
    theirs = await review_access_of(person, submission)
    author = await review_access_of(post.author, submission)
    is_known = theirs.knows_author(author.role)
    return readers(
        [person], link, title=await title_for_mentors(submission),
        name=post.author.name if is_known else (lambda: _("Рецензент")),
    )  # fmt: skip


async def team_with_doubted_remark(event: Event) -> Sequence[Reader]:
    """The team, as long as the doubt stands."""
    remark = await Remark.objects().get(Remark.id == data_of(event).get("remark"))
    if remark is None or not remark.doubt or remark.confirmed_at is not None:
        return []
    return await whole_team(event)


AUDIENCES = (
    Audience(Happened.POSTED, who_is_mentioned, "mention", "discussion", is_urgent=True),
    Audience(Happened.POSTED, room_of_post, "posted", "posts"),
    Audience(Happened.REMARK_DOUBTED, team_with_doubted_remark, "remark_doubted", "comments"),
)
