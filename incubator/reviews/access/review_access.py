"""Asking the table of visibility for one reader, and reading reviews through it."""

from dataclasses import dataclass
from typing import Any

from incubator.people.tables import Person
from incubator.programme.presets import Preset
from incubator.projects.tables import Member, Project, Submission
from incubator.reviews.access.visibility import Moment, Role, Sight, Thing
from incubator.reviews.scoring.scores import Mark
from incubator.reviews.sent_reviews import Sent, sent_reviews
from incubator.reviews.tables import Assignment, Decision, Review, SectionNote


async def sight_of(reader: Person, submission: Submission) -> Sight:
    """How ``reader`` looks at ``submission`` now. Five queries at most."""
    of = await Project.select(Project.season.visibility.as_alias("preset")).where(Project.id == submission.project)
    return Sight(Preset(of[0]["preset"]), await _role(reader, submission), await moment_of(submission))


async def moment_of(submission: Submission) -> Moment:
    decision = await Decision.select(Decision.released_at).where(Decision.submission == submission.id).first()
    if decision is None:
        return Moment.IN_REVIEW
    return Moment.RELEASED if decision["released_at"] else Moment.DECIDED


async def _role(reader: Person, submission: Submission) -> Role:
    """A member is a member whatever else they are: nobody judges their own team."""
    member = await Member.select(Member.role).where(
        (Member.project == submission.project) & (Member.person == reader.id)
    )
    if member:
        return Role.COACH if member[0]["role"] == "coach" else Role.TEAM
    if reader.is_organiser:
        return Role.ORGANISER
    asked = await Assignment.exists().where(
        (Assignment.submission == submission.id)
        & (Assignment.mentor == reader.id)
        & Assignment.declined_at.is_null()
        & Assignment.cancelled_at.is_null()
    )
    if not asked:
        return Role.OUTSIDER
    sent = await Review.exists().where(
        (Review.submission == submission.id) & (Review.mentor == reader.id) & Review.sent_at.is_not_null()
    )
    return Role.REVIEWED if sent else Role.READING


@dataclass(frozen=True, slots=True)
class Seen:
    """A sent review as its reader may know it: what is hidden is empty."""

    number: int
    """Among the reviews of the submission, by the order in which they came."""
    is_own: bool
    name: str
    percent: float | None
    marks: dict[int, Mark]
    advice_html: str
    notes: dict[str, str]
    """HTML beside sections, by key."""
    recommendation: str
    note: str
    confidence: int


async def seen_reviews(submission: Submission, sight: Sight, reader: Person) -> list[Seen]:
    """The sent reviews, as far as ``sight`` goes; their authors always see their own. Three queries."""
    sent = (await sent_reviews([submission.id])).get(submission.id, [])
    notes = await notes_of([s.review.id for s in sent])
    return [
        _seen(number, each, notes.get(each.review.id, {}), sight, is_own=each.mentor.id == reader.id)
        for number, each in enumerate(sent, start=1)
        if each.mentor.id == reader.id or sight.sees(Thing.ADVICE)
    ]


def _seen(number: int, sent: Sent, notes: dict[str, str], sight: Sight, *, is_own: bool) -> Seen:
    def if_seen(thing: Thing, value: Any, otherwise: Any) -> Any:
        return value if is_own or sight.sees(thing) else otherwise

    return Seen(
        number=number,
        is_own=is_own,
        name=if_seen(Thing.REVIEWERS, sent.mentor.name, ""),
        percent=if_seen(Thing.SCORES, sent.percent, None),
        marks=if_seen(Thing.SCORES, sent.marks, {}),
        advice_html=sent.review.advice_html,
        notes=if_seen(Thing.SECTION_NOTES, notes, {}),
        recommendation=if_seen(Thing.RECOMMENDATIONS, sent.review.recommendation, ""),
        note=if_seen(Thing.NOTES, sent.review.note, ""),
        confidence=if_seen(Thing.SCORES, sent.review.confidence, 0),
    )


async def notes_of(review_ids: list[int]) -> dict[int, dict[str, str]]:
    """HTML of the notes beside sections, by review and key."""
    found: dict[int, dict[str, str]] = {}
    for row in await SectionNote.select().where(SectionNote.review.is_in(review_ids or [0])):
        found.setdefault(row["review"], {})[row["key"]] = row["html"]
    return found
