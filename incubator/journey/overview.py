"""What an organiser sees at a glance: what is late, what waits, where every team stands."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from incubator.programme.seasons import rules_of
from incubator.programme.tables import Season
from incubator.projects.tables import Project, Submission
from incubator.reviews.review import sent_reviews, summary_of
from incubator.reviews.scores import Summary
from incubator.reviews.tables import Assignment, Decision
from incubator.showcase.tables import Publication
from incubator.web.dates import today


@dataclass(frozen=True, slots=True)
class InReview:
    """A submission that waits for reviews, a decision or its release."""

    project: Project
    submission: Submission
    required: int
    assigned: int
    summary: Summary
    decision: Decision | None
    due_on: date | None

    @property
    def needs(self) -> str:
        """What the organiser has to do next."""
        if self.decision:
            return "release"
        if self.summary.count >= self.required:
            return "another" if self.summary.needs_another and self.summary.count < self.required + 1 else "decide"
        return "wait" if self.assigned >= self.required else "assign"

    @property
    def is_late(self) -> bool:
        return self.needs == "wait" and self.due_on is not None and self.due_on < today()


async def in_review(season: Season | None = None) -> list[InReview]:
    """All submissions that lie in review, oldest first. Seven queries, whatever their number."""
    where: Any = Project.state == "in_review"
    if season:
        where &= Project.season == season.id
    projects = {p.id: p for p in await Project.objects(Project.organisation, Project.municipality).where(where)}
    rows = (
        await Submission.objects()
        .where(Submission.project.is_in(list(projects) or [0]) & Submission.taken_back_at.is_null())
        .order_by(Submission.submitted_at)
    )
    current = [s for s in rows if (s.stage, s.round) == (projects[s.project].stage, projects[s.project].round)]
    ids = [s.id for s in current]
    reviews = await sent_reviews(ids)
    decisions = {d.submission: d for d in await Decision.objects().where(Decision.submission.is_in(ids or [0]))}
    assignments: dict[int, list[Assignment]] = {}
    for a in await Assignment.objects().where(
        Assignment.submission.is_in(ids or [0]) & Assignment.declined_at.is_null() & Assignment.cancelled_at.is_null()
    ):
        assignments.setdefault(a.submission, []).append(a)
    rules = {s: await rules_of(s) for s in {p.season for p in projects.values()}}
    return [
        InReview(
            project=(project := projects[s.project]),
            submission=s,
            required=rules[project.season][s.stage].reviews_required,
            assigned=len(assignments.get(s.id, [])),
            summary=summary_of(reviews.get(s.id, [])),
            decision=decisions.get(s.id),
            due_on=min((a.due_on for a in assignments.get(s.id, []) if a.due_on), default=None),
        )
        for s in current
    ]


@dataclass(slots=True)
class Overview:
    items: list[InReview]
    asked: list[Publication]
    """Teams that asked for the showcase."""
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    """Projects of the season by (stage, state)."""

    def needing(self, what: str) -> list[InReview]:
        return [item for item in self.items if item.needs == what]

    @property
    def late(self) -> list[InReview]:
        return [item for item in self.items if item.is_late]


async def overview(season: Season | None) -> Overview:
    counts: dict[tuple[str, str], int] = {}
    if season:
        for row in await Project.select(Project.stage, Project.state).where(Project.season == season.id):
            counts[row["stage"], row["state"]] = counts.get((row["stage"], row["state"]), 0) + 1
    return Overview(await in_review(), await publications_asked(), counts)


async def publications_asked() -> list[Publication]:
    return (
        await Publication.objects(Publication.project)
        .where(Publication.asked_at.is_not_null() & Publication.published_at.is_null())
        .order_by(Publication.asked_at)
    )
