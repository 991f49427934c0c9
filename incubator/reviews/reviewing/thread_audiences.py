"""Whom an answer below a comment or a remark concerns: those who wrote there, and the team when it is asked."""

from collections.abc import Sequence

from incubator.core.languages import _, localized
from incubator.db.references import id_of
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, Reader, data_of, readers
from incubator.people.tables import Person
from incubator.programme.tables import Section
from incubator.projects.access import access_to
from incubator.projects.audiences import project_of
from incubator.projects.document import parts_of
from incubator.projects.permissions import Action, may
from incubator.projects.tables import Comment, Project, Submission
from incubator.projects.team import team_of
from incubator.reviews.access.masks import title_for_mentors
from incubator.reviews.access.review_access import review_access_of
from incubator.reviews.access.visibility import Field
from incubator.reviews.reviewing.mentions import mentioned_in
from incubator.reviews.reviewing.threads import place_of, reviewed_by
from incubator.reviews.tables import Decision, Post, Remark


async def who_is_called(event: Event) -> Sequence[Reader]:
    """Those whom the answer calls by name, and who read the thread; nobody once it is removed or the thread is closed."""
    post = await _post_of(event)
    called = [mention.person for mention in (await mentioned_in([post.id])).get(post.id, [])] if post else []
    return await _readers(post, called, event) if post else []


async def who_talks(event: Event) -> Sequence[Reader]:
    """Those who began the thread or wrote in it, and those who write the document, if they did not write this themselves."""
    post = await _post_of(event)
    return await _readers(post, await _talking(post), event) if post else []


async def _post_of(event: Event) -> Post | None:
    post = await Post.objects().get(Post.id == data_of(event).get("post"))
    if post is None or post.removed_at is not None:
        return None
    is_closed = Comment.exists().where((Comment.id == post.comment) & Comment.is_resolved.eq(True))
    return post if post.comment is None or not await is_closed else None


async def _talking(post: Post) -> list[Person]:
    there = Post.comment == post.comment if post.comment is not None else Post.remark == post.remark
    rows = await Post.select(Post.author).where(there & Post.removed_at.is_null() & Post.author.is_not_null())
    ids = {row["author"] for row in rows} | await _began(post)
    writers = {mate.person.id for mate in await team_of(post.project) if may(mate.role, Action.WRITE)}
    if post.author not in writers:
        ids |= writers
    return await Person.objects().where(Person.id.is_in(sorted(ids) or [0])).order_by(Person.id)


async def _began(post: Post) -> set[int]:
    """Return who wrote the comment; of a remark, who decided and the mentor who said what is still missing."""
    if post.comment is not None:
        comment = await Comment.objects().get(Comment.id == post.comment)
        return {id_of(comment.author) or 0} if comment else set()
    remark = await Remark.objects().get(Remark.id == post.remark)
    decision = await Decision.objects().get(Decision.id == remark.decision) if remark else None
    return {id_of(each) or 0 for each in (remark and remark.doubted_by, decision and decision.decided_by)} - {0}


async def _readers(post: Post, people: Sequence[Person], event: Event) -> list[Reader]:
    project, author = await project_of(event), await Person.objects().get(Person.id == post.author)
    key = await _key_of(post)
    section = next((part.section for part in await parts_of(project) if part.key == key), None)
    return [reader for person in people for reader in await _reader(post, project, section, person, author)]


async def _reader(
    post: Post, project: Project, section: Section | None, person: Person, author: Person | None
) -> list[Reader]:
    """Return the person with what they may know of author and project; nobody if they do not read the post."""
    place = await place_of(post, person)
    if not place:
        return []
    if place.startswith("/reviews/"):
        return await _mentor(post, person, author, f"{place}#post-{post.id}")
    way = await access_to(project.id, person)
    is_hidden = post.is_from_reviewer and not (way and way.is_from_office)
    named = way.name_of(author) if way and author and not is_hidden else ""
    return readers(
        [person], f"{place}#post-{post.id}", title=project.title,
        name=named or (lambda: _("Наставник") if is_hidden else _("Участник")),
        section=lambda: localized(section, "title") if section else project.title,
    )  # fmt: skip


async def _mentor(post: Post, person: Person, author: Person | None, link: str) -> list[Reader]:
    """Return a mentor, to whom the team is the team, and other mentors are named where the season shows them."""
    remark = await Remark.objects().get(Remark.id == post.remark)
    assignment = await reviewed_by(person, remark) if remark else None
    if assignment is None:
        return []
    submission: Submission = assignment.submission
    access = await review_access_of(person, submission)
    by_mentor = author.name if author and access.sees(Field.REVIEWERS) else ""
    return readers(
        [person], link, title=await title_for_mentors(submission),
        name=(by_mentor or (lambda: _("Наставник"))) if post.is_from_reviewer else (lambda: _("Команда")),
        section=lambda: _("Замечания"),
    )  # fmt: skip


async def _key_of(post: Post) -> str:
    comment = await Comment.objects().get(Comment.id == post.comment) if post.comment is not None else None
    remark = await Remark.objects().get(Remark.id == post.remark) if post.remark is not None else None
    return comment.key if comment else remark.key if remark else ""


AUDIENCES = (
    Audience(Happened.REPLIED, who_is_called, "mention", "discussion", is_urgent=True),
    Audience(Happened.REPLIED, who_talks, "replied", "comments"),
)
