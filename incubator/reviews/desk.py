"""A mentor's desk: what waits, how old, how long it should take; what was sent."""

from dataclasses import dataclass
from datetime import date

from incubator.people.tables import Person
from incubator.programme.tables import StageRule
from incubator.projects.tables import Project
from incubator.reviews.tables import Assignment, Decision, Review
from incubator.web.dates import today


@dataclass(frozen=True, slots=True)
class Item:
    assignment: Assignment
    title: str
    stage: str
    round: int
    minutes: int
    """How long the season expects a review of this stage to take."""
    due_on: date | None
    review: Review | None
    is_decided: bool

    @property
    def is_sent(self) -> bool:
        return self.review is not None and self.review.sent_at is not None

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
        """Of everything that waits."""
        return sum(item.minutes for item in self.waiting)


async def desk_of(mentor: Person) -> Desk:
    """Everything assigned to ``mentor`` that was not declined or taken away. Five queries."""
    assignments = (
        await Assignment.objects(Assignment.submission)
        .where((Assignment.mentor == mentor.id) & Assignment.declined_at.is_null() & Assignment.cancelled_at.is_null())
        .order_by(Assignment.assigned_at)
    )
    if not assignments:
        return Desk([], [])
    reviews = {r.assignment: r for r in await Review.objects().where(Review.mentor == mentor.id)}
    submissions = [a.submission for a in assignments]
    decided = {
        r["submission"]
        for r in await Decision.select(Decision.submission).where(
            Decision.submission.is_in([s.id for s in submissions])
        )
    }
    seasons = {
        r["id"]: r["season"]
        for r in await Project.select(Project.id, Project.season).where(
            Project.id.is_in([s.project for s in submissions])
        )
    }
    minutes = {(r.season, r.stage): r.review_minutes for r in await StageRule.objects()}
    items = [
        Item(
            assignment=a,
            title=a.submission.title,
            stage=a.submission.stage,
            round=a.submission.round,
            minutes=minutes[seasons[a.submission.project], a.submission.stage],
            due_on=a.due_on,
            review=reviews.get(a.id),
            is_decided=a.submission.id in decided,
        )
        for a in assignments
    ]
    return Desk(
        waiting=[i for i in items if not i.is_sent and not i.is_decided],
        sent=[i for i in reversed(items) if i.is_sent],
    )
