"""Mentions: who can be called by "@" in a discussion, who was, and how their names are shown."""

import re
from collections.abc import Callable, Iterable, Sequence

from markupsafe import escape

from incubator.core.languages import _
from incubator.db.conditions import Condition
from incubator.names.calls import Call, calls_in
from incubator.names.inside_html import marked_in_html
from incubator.names.matcher import PersonName
from incubator.names.mentions import FoundName, NameKind
from incubator.people.grants import ids_by_grant
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.access import unvouched_among
from incubator.projects.tables import Member, Submission
from incubator.reviews.access.visibility import ReviewAccess, ReviewRole
from incubator.reviews.tables import Assignment, Post, PostMention, Review


async def people_of_team(project_id: int) -> list[Person]:
    """Return those who read the team's room: its members, without adults for whom nobody has vouched yet."""
    rows = await Member.objects(Member.person).where(Member.project == project_id).order_by(Member.id)
    unvouched = await unvouched_among(rows)
    return [row.person for row in rows if row.id not in unvouched]


async def callable_in_team(project_id: int, caller: Person) -> list[Person]:
    """Return the people whom ``caller`` can call in the team's own room."""
    return [person for person in await people_of_team(project_id) if person.id != caller.id]


async def callable_among_reviewers(submission: Submission, caller: Person, access: ReviewAccess) -> list[Person]:
    """Return the people whom ``caller`` can call among the reviewers: those who read the room and whose names
    ``access`` shows. Nobody learns by a mention who else reviews. One query."""
    wanted: Condition = Person.id.is_in(ids_by_grant(StaffAction.JOIN_DISCUSSIONS))
    if access.knows_author(ReviewRole.REVIEWED):
        asked = Assignment.select(Assignment.id).where((Assignment.submission == submission.id) & Assignment.open())
        wanted = wanted | Person.id.is_in(
            Review.select(Review.mentor).where(
                Review.assignment.is_in(asked) & Review.sent() & Review.mentor.is_in(ids_by_grant(StaffAction.REVIEW))
            )
        )
    team = Member.select(Member.person).where(Member.project == submission.project)
    others = (Person.id != caller.id) & Person.id.not_in(team)
    return await Person.objects().where(wanted & others).order_by(Person.family_name, Person.given_name, Person.id)


def _calls(text: str, people: Sequence[Person]) -> list[Call]:
    names = [PersonName(person.given_name, person.family_name, person.patronymic) for person in people]
    return calls_in(text, names, [person.email.partition("@")[0] for person in people])


def about_unknown(text: str, people: Sequence[Person]) -> list[str]:
    """Return a sentence for each call that reaches nobody."""
    unknown = dict.fromkeys(text[call.start + 1 : call.end] for call in _calls(text, people) if not call.who)
    return [
        _("Никого с именем «%(name)s» в этом обсуждении нет, поэтому письмо не ушло.", name=name) for name in unknown
    ]


async def store_mentions(post: Post, people: Sequence[Person]) -> None:
    """Store whom the post calls. Call inside the post's transaction."""
    called = [(call, number) for call in _calls(post.text, people) for number in sorted(call.who)]
    if called:
        await PostMention.insert(
            *(
                PostMention(post=post.id, person=people[number].id, start=call.start, end=call.end)
                for call, number in called
            )
        )


async def mentioned_in(post_ids: Iterable[int]) -> dict[int, list[PostMention]]:
    """Return the mentions with their people, by post. One query."""
    rows = (
        await PostMention.objects(PostMention.person)
        .where(PostMention.post.is_in(list(post_ids) or [0]))
        .order_by(PostMention.id)
    )
    found: dict[int, list[PostMention]] = {}
    for row in rows:
        found.setdefault(row.post, []).append(row)
    return found


def with_mentions(html: str, text: str, mentions: Sequence[PostMention], name_of: Callable[[Person], str]) -> str:
    """Return the post's ``html`` with today's name of everybody who was called, as ``name_of`` tells it to the reader."""
    people: dict[str, list[str]] = {}
    for mention in mentions:
        people.setdefault(text[mention.start : mention.end], []).append(name_of(mention.person))
    if not people:
        return html
    # Longest first: «@Орлова» before «@Орлов».
    written = "|".join(re.escape(each).replace(r"\ ", r"\s+") for each in sorted(people, key=len, reverse=True))
    pattern = re.compile(rf"(?:{written})(?!\w)")

    def find(shown: str) -> list[FoundName]:
        return [FoundName(m.start(), m.end(), NameKind.PERSON) for m in pattern.finditer(shown)]

    def mark(found: str) -> str:
        names = people.get(" ".join(found.split())) or people.get(found) or [found[1:]]
        return ", ".join(f'<span class="mention">{escape(name)}</span>' for name in dict.fromkeys(names))

    return marked_in_html(html, find, mark)
