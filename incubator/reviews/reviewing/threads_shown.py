"""Threads as one reader may see them: the team without the mentors' names, mentors without the team's."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from incubator.core.languages import _
from incubator.db.references import id_of
from incubator.http.prose import prose_of
from incubator.people.tables import Person
from incubator.projects.access import Access
from incubator.projects.audiences import office_of
from incubator.projects.permissions import Action
from incubator.projects.tables import Comment, Submission
from incubator.reviews.access.masking import Mask
from incubator.reviews.access.visibility import Field, ReviewAccess
from incubator.reviews.reviewing.discussion import ShownPost, Voice
from incubator.reviews.reviewing.mentions import callable_in_team, mentioned_in, with_mentions
from incubator.reviews.tables import Post, Remark


@dataclass(frozen=True, slots=True)
class Threads:
    """What was said below the comments and remarks of a page, oldest first, by their ids."""

    comments: dict[int, list[ShownPost]] = field(default_factory=dict)
    remarks: dict[int, list[ShownPost]] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    """Names of those whom the reader can call in them."""


@dataclass(frozen=True, slots=True)
class _Said:
    """How one reader sees who wrote a post, and whom it calls."""

    voice: Voice
    name: str
    called: Callable[[Person], str]


async def threads_in(way: Access, comments: Iterable[Comment], remarks: Iterable[Remark]) -> Threads:
    """Return the threads as the team and the organisers read them. None without comments or remarks; else at most six queries."""
    comment_ids, remark_ids = [each.id for each in comments], [each.id for each in remarks]
    if not comment_ids and not remark_ids:
        return Threads()

    def said(post: Post) -> _Said:
        name = way.name_of(post.author) if id_of(post.author) else _("Участник")
        if id_of(post.author) == way.person.id:
            return _Said(Voice.OWN, "", way.name_of)
        if not post.is_from_reviewer:
            return _Said(Voice.NAMED, name, way.name_of)
        return _Said(Voice.NAMED if way.is_from_office else Voice.MENTOR, name, lambda person: person.name)

    rows = await _posts_below(comment_ids, remark_ids)
    shown = await _shown(rows, way.person, said, lambda html: html, is_office=way.is_from_office)
    people = await callable_in_team(way.project.id, way.person) if way.may(Action.SEE_NAMES) else []
    return Threads(
        comments=_by(rows, shown, lambda post: id_of(post.comment)),
        remarks=_by(rows, shown, lambda post: id_of(post.remark)),
        people=[person.name for person in people],
    )


async def threads_for_mentor(
    submission: Submission, reader: Person, access: ReviewAccess, hide: Mask, remarks: Iterable[Remark]
) -> Threads:
    """Return the threads below ``remarks`` as their mentor reads them. At most five queries.

    The team is the team, whoever writes. Another reviewer's words are shown only after one's own review.
    """
    remark_ids = [each.id for each in remarks]
    if not remark_ids:
        return Threads()
    found = await _posts_below([], remark_ids)
    rows = [
        post
        for post in found
        if not post.is_from_reviewer or id_of(post.author) == reader.id or access.sees(Field.ADVICE)
    ]
    office = await office_of(submission.project)
    office_ids = {person.id for person in office}

    def mate(person: Person) -> str:
        return (person.first_name if access.sees(Field.TEAM) else "") or _("Участник")

    def said(post: Post) -> _Said:
        author = id_of(post.author)
        if post.is_from_reviewer:
            is_named = author is not None and access.sees(Field.REVIEWERS)
            voice = Voice.OWN if author == reader.id else Voice.NAMED if is_named else Voice.MENTOR
            return _Said(voice, post.author.name if is_named else "", lambda person: person.name)
        return _Said(Voice.OFFICE if author in office_ids else Voice.TEAM, "", mate)

    shown = await _shown(rows, reader, said, hide.html, is_office=False)
    return Threads(
        remarks=_by(rows, shown, lambda post: id_of(post.remark)),
        people=[person.name for person in office if person.id != reader.id],
    )


async def _posts_below(comment_ids: list[int], remark_ids: list[int]) -> list[Post]:
    below = Post.comment.is_in(comment_ids or [0]) | Post.remark.is_in(remark_ids or [0])
    rows: list[Post] = await Post.objects(Post.author, Post.removed_by).where(below).order_by(Post.id)
    return rows


async def _shown(
    rows: Sequence[Post], reader: Person, said: Callable[[Post], _Said], hide: Callable[[str], str], *, is_office: bool
) -> list[ShownPost]:
    """Return the posts as ``said`` and ``hide`` let the reader see them; removed ones keep their place, without their text."""
    prose = await prose_of(row.text for row in rows if row.removed_at is None)
    calling = [row.id for row in rows if "@" in row.text and row.removed_at is None]
    mentions = await mentioned_in(calling) if calling else {}

    def html_of(row: Post, called: Callable[[Person], str]) -> str:
        return hide(with_mentions(prose(row.text), row.text, mentions.get(row.id, []), called))

    def one(row: Post) -> ShownPost:
        how = said(row)
        is_removed = row.removed_at is not None
        return ShownPost(
            id=row.id, at=row.at, voice=how.voice, name=how.name, html="" if is_removed else html_of(row, how.called),
            removed_at=row.removed_at, removed_by="",
            may_remove=not is_removed and (how.voice is Voice.OWN or is_office),
        )  # fmt: skip

    return [one(row) for row in rows]


def _by(
    rows: Sequence[Post], shown: Sequence[ShownPost], root: Callable[[Post], int | None]
) -> dict[int, list[ShownPost]]:
    found: dict[int, list[ShownPost]] = {}
    for row, post in zip(rows, shown, strict=True):
        if (key := root(row)) is not None:
            found.setdefault(key, []).append(post)
    return found
