"""A mentor's desk: waiting reviews with their age and expected duration, and sent ones."""

from dataclasses import dataclass
from datetime import date, datetime

from incubator.core.clock import today
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.people.tables import Person
from incubator.programme.presets import Preset
from incubator.programme.tables import StageRule
from incubator.projects.document import frozen_texts, rubric_ids
from incubator.projects.tables import Project, Submission
from incubator.reviews.access.masking import NO_MASK, Mask
from incubator.reviews.access.masks import masks_for
from incubator.reviews.access.review_access import phases_of
from incubator.reviews.access.visibility import Field, Phase, ReviewAccess, ReviewRole
from incubator.reviews.reviewing.review_duration import usual_minutes
from incubator.reviews.tables import Assignment, Review, ReviewScore

#: How many recent reviews are used to estimate the duration.
_LOOKED_AT = 400


@dataclass(frozen=True, slots=True)
class Item:
    assignment: Assignment
    title: str
    stage: str
    round: int
    minutes: int
    """Expected duration: the median of this mentor's own reviews, else the season's estimate."""
    due_on: date | None
    review: Review | None
    is_decided: bool
    """A decision was taken, released or not: the review can no longer change."""
    is_told: bool
    """The decision is released; until then the mentor does not learn of it."""
    scored: int
    """Criteria with a level, or marked as not applicable."""
    criteria: int
    changed: int | None
    """Sections that differ from the version that this mentor reviewed before; None if there is none."""

    @property
    def is_sent(self) -> bool:
        return self.review is not None and self.review.is_sent

    @property
    def is_late(self) -> bool:
        return not self.is_sent and self.due_on is not None and self.due_on < today()


@dataclass(frozen=True, slots=True)
class Desk:
    waiting: list[Item]
    """Oldest first."""
    sent: list[Item]
    """Newest first."""

    @property
    def minutes(self) -> int:
        """Return the expected minutes for everything that waits."""
        return sum(item.minutes for item in self.waiting)


@dataclass(frozen=True, slots=True)
class _DeskFacts:
    """The facts about all assignments of the desk, loaded at once."""

    reviews: dict[int, Review]
    """By assignment."""
    phases: dict[int, Phase]
    """By submission."""
    seasons: dict[int, tuple[int, Preset]]
    """Id and preset of each project's season."""
    expected: dict[tuple[int, str], int]
    """Minutes per review that a season expects at a stage."""
    usual: int | None
    masks: dict[int, Mask]
    """By project."""
    scored: dict[int, int]
    """Answered criteria, by review."""
    before: dict[int, Submission]
    """The version that this mentor reviewed before, by assignment."""


async def desk_of(mentor: Person) -> Desk:
    """Return everything assigned to ``mentor`` and not declined or withdrawn. Nine queries, however much it is."""
    assignments = (
        await Assignment.objects(Assignment.submission)
        .where((Assignment.mentor == mentor.id) & Assignment.open())
        .order_by(Assignment.assigned_at, Assignment.id)
    )
    if not assignments:
        return Desk([], [])
    facts = await _facts(mentor, assignments)
    items = [_item(a, facts) for a in assignments]
    return Desk(
        waiting=[i for i in items if not i.is_sent and not i.is_told],
        sent=[i for i in reversed(items) if i.is_sent],
    )


async def _facts(mentor: Person, assignments: list[Assignment]) -> _DeskFacts:
    reviews = {r.assignment: r for r in await Review.objects().where(Review.mentor == mentor.id)}
    drafts = [a for a in assignments if not _is_sent(reviews.get(a.id))]
    projects = sorted({a.submission.project for a in assignments})
    return _DeskFacts(
        reviews=reviews,
        phases=await phases_of([a.submission.id for a in assignments]),
        seasons=await _seasons(projects),
        expected={(r.season, r.stage): r.review_minutes for r in await StageRule.objects()},
        usual=await usual_for(mentor),
        masks=await masks_for(projects),
        scored=await _scored([reviews[a.id].id for a in drafts if a.id in reviews]),
        before=_before(drafts, reviews, assignments),
    )


def _item(assignment: Assignment, facts: _DeskFacts) -> Item:
    submission, review = assignment.submission, facts.reviews.get(assignment.id)
    season, preset = facts.seasons[submission.project]
    role = ReviewRole.REVIEWED if _is_sent(review) else ReviewRole.READING
    access = ReviewAccess(preset, role, facts.phases[submission.id])
    hide = facts.masks.get(submission.project, NO_MASK)
    return Item(
        assignment=assignment,
        title=hide(submission.title),
        stage=submission.stage,
        round=submission.round,
        minutes=facts.usual or facts.expected[season, submission.stage],
        due_on=assignment.due_on,
        review=review,
        is_decided=access.phase >= Phase.DECIDED,
        is_told=access.sees(Field.DECISION),
        scored=facts.scored.get(review.id, 0) if review else 0,
        criteria=len(rubric_ids(submission)),
        changed=_changed(submission, facts.before.get(assignment.id)),
    )


async def _seasons(project_ids: list[int]) -> dict[int, tuple[int, Preset]]:
    rows = await Project.select(Project.id, Project.season, Project.season.visibility.as_alias("preset")).where(
        Project.id.is_in(project_ids)
    )
    return {row["id"]: (row["season"], Preset(row["preset"])) for row in rows}


def _is_sent(review: Review | None) -> bool:
    return review is not None and review.is_sent


async def _scored(review_ids: list[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for row in await ReviewScore.select(ReviewScore.review).where(ReviewScore.review.is_in(review_ids or [0])):
        counts[row["review"]] = counts.get(row["review"], 0) + 1
    return counts


def _before(
    waiting: list[Assignment], reviews: dict[int, Review], assignments: list[Assignment]
) -> dict[int, Submission]:
    """Return the version of the same project that this mentor reviewed last, by assignment."""
    seen = [a.submission for a in assignments if _is_sent(reviews.get(a.id))]
    found: dict[int, Submission] = {}
    for a in waiting:
        earlier = [s for s in seen if (s.project, s.number < a.submission.number) == (a.submission.project, True)]
        if earlier:
            found[a.id] = max(earlier, key=lambda s: s.number)
    return found


def _changed(submission: Submission, before: Submission | None) -> int | None:
    if before is None:
        return None
    old = frozen_texts(before)
    return sum(old.get(key) != text for key, text in frozen_texts(submission).items())


async def usual_for(mentor: Person) -> int | None:
    """Return the minutes that a review usually takes them; None if they have sent too few. One query."""
    saves: dict[int, list[datetime]] = {}
    sent: set[int] = set()
    rows = (
        await Event.select(Event.submission_id, Event.happened, Event.at)
        .where(
            (Event.actor_id == mentor.id)
            & Event.happened.is_in([Happened.REVIEW_SAVED.value, Happened.REVIEW_SENT.value])
        )
        .order_by(Event.id, ascending=False)
        .limit(_LOOKED_AT)
    )
    for row in reversed(rows):
        saves.setdefault(row["submission_id"], []).append(row["at"])
        if row["happened"] == Happened.REVIEW_SENT.value:
            sent.add(row["submission_id"])
    return usual_minutes([moments for submission, moments in saves.items() if submission in sent])
