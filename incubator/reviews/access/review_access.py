"""Access of one reader to reviews, according to the table of visibility."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from incubator.db.frozen import frozen_for_one, frozen_with
from incubator.http.prose import Prose, prose_of
from incubator.people.grants import roles_of
from incubator.people.permissions import StaffAction, may
from incubator.people.tables import Person
from incubator.programme.presets import Preset
from incubator.projects.tables import Member, Project, Submission
from incubator.reviews.access.visibility import ROLE_OF_MEMBER, Field, Phase, ReviewAccess, ReviewRole
from incubator.reviews.scoring.scores import LITTLE, Mark
from incubator.reviews.sent_reviews import Sent, sent_reviews
from incubator.reviews.tables import Assignment, Decision, Review, SectionNote


@frozen_with
def _preset_of(project: int) -> Any:
    return Project.select(cast(Any, Project.season).visibility.as_alias("preset")).where(Project.id == project)


@frozen_for_one
def _decisions_on(submissions: list[int]) -> Any:
    return Decision.select(Decision.submission, Decision.released_at).where(Decision.submission.is_in(submissions))


@frozen_with
def _role_in_team(project: int, person: int) -> Any:
    return Member.select(Member.role).where((Member.project == project) & (Member.person == person))


@frozen_with
def _is_asked(submission: int, mentor: int) -> Any:
    this = (Assignment.submission == submission) & (Assignment.mentor == mentor)
    return Assignment.exists().where(this & Assignment.open())


@frozen_with
def _has_sent(submission: int, mentor: int) -> Any:
    return Review.exists().where((Review.submission == submission) & (Review.mentor == mentor) & Review.sent())


async def review_access_of(reader: Person, submission: Submission) -> ReviewAccess:
    """Return the current access of ``reader`` to ``submission``. Five queries at most."""
    of = await _preset_of(submission.project)
    return ReviewAccess(Preset(of[0]["preset"]), await _role(reader, submission), await phase_of(submission))


async def phase_of(submission: Submission) -> Phase:
    return (await phases_of([submission.id]))[submission.id]


async def phases_of(submission_ids: list[int]) -> dict[int, Phase]:
    """Return the phase of the decision on each submission. One query."""
    decided = {row["submission"]: phase_after(row["released_at"]) for row in await _decisions_on(submission_ids)}
    return {each: decided.get(each, Phase.IN_REVIEW) for each in submission_ids}


def phase_after(released_at: datetime | None) -> Phase:
    """Return the phase in which a decided submission is. ``released_at``: when its decision was released, if it was."""
    return Phase.RELEASED if released_at else Phase.DECIDED


async def _role(reader: Person, submission: Submission) -> ReviewRole:
    """Return the reader's role; a member is always a member: nobody judges their own team."""
    member = await _role_in_team(submission.project, reader.id)
    if member:
        return ROLE_OF_MEMBER[member[0]["role"]]
    roles = await roles_of(reader.id)
    if may(roles, StaffAction.JOIN_DISCUSSIONS):
        return ReviewRole.ORGANISER
    # An assignment whose review was sent stays open, whatever became of the mentor's role.
    if not may(roles, StaffAction.REVIEW) or not await _is_asked(submission.id, reader.id):
        return ReviewRole.OUTSIDER
    return ReviewRole.REVIEWED if await _has_sent(submission.id, reader.id) else ReviewRole.READING


@dataclass(frozen=True, slots=True)
class Seen:
    """A sent review as its reader may see it: hidden fields are empty."""

    number: int
    """Its number among the submission's reviews, in order of arrival."""
    is_own: bool
    name: str
    percent: float | None
    coverage: float
    """Share of the rubric's weight that the score is about, 0–1; 0 if hidden."""
    marks: dict[int, Mark]
    advice_html: str
    notes: dict[str, str]
    """HTML of the notes on sections, by key."""
    recommendation: str
    note: str
    confidence: int | None

    @property
    def covers_little(self) -> bool:
        return self.coverage < LITTLE


async def seen_reviews(submission: Submission, access: ReviewAccess, reader: Person) -> list[Seen]:
    """Return the sent reviews as far as ``access`` allows; authors always see their own. Three queries."""
    sent = (await sent_reviews([submission.id])).get(submission.id, [])
    shown = [
        (number, each)
        for number, each in enumerate(sent, start=1)
        if each.mentor.id == reader.id or access.sees(Field.ADVICE)
    ]
    notes = await notes_of([each.review.id for _number, each in shown])
    prose = await prose_of(each.review.advice for _number, each in shown)
    return [
        _seen(number, each, prose, notes.get(each.review.id, {}), access, is_own=each.mentor.id == reader.id)
        for number, each in shown
    ]


def _seen(number: int, sent: Sent, prose: Prose, notes: dict[str, str], access: ReviewAccess, *, is_own: bool) -> Seen:
    def if_seen(field: Field, value: Any, otherwise: Any) -> Any:
        return value if is_own or access.sees(field) else otherwise

    return Seen(
        number=number,
        is_own=is_own,
        name=if_seen(Field.REVIEWERS, sent.mentor.name, ""),
        percent=if_seen(Field.SCORES, sent.percent, None),
        coverage=if_seen(Field.SCORES, sent.coverage, 0.0),
        marks=if_seen(Field.SCORES, sent.marks, {}),
        advice_html=prose(sent.review.advice),
        notes=if_seen(Field.SECTION_NOTES, notes, {}),
        recommendation=if_seen(Field.RECOMMENDATIONS, sent.review.recommendation, ""),
        note=if_seen(Field.NOTES, sent.review.note, ""),
        confidence=if_seen(Field.SCORES, sent.review.confidence, None),
    )


async def notes_of(review_ids: list[int]) -> dict[int, dict[str, str]]:
    """Return the HTML of the notes on sections, by review and key."""
    if not review_ids:
        return {}
    rows = await SectionNote.select().where(SectionNote.review.is_in(review_ids))
    prose = await prose_of(row["text"] for row in rows)
    found: dict[int, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row["review"], {})[row["key"]] = prose(row["text"])
    return found
