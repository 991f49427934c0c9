"""The organiser's overview: what is late, what waits, where every team stands."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from piccolo.query import Objects

from incubator.backoffice.team_deadlines import TeamDeadline, writing_teams
from incubator.core.clock import as_day, as_moment, today
from incubator.db import in_thread
from incubator.people.tables import Person
from incubator.programme.tables import Season
from incubator.projects.tables import SUBMISSIONS_IN_REVIEW, Project, Submission
from incubator.publication.tables import PublicVersion
from incubator.reviews.review_statistics import ReviewStatistics, statistics_in_review
from incubator.reviews.tables import OPEN_ASSIGNMENT, SENT_REVIEW


@dataclass(frozen=True, slots=True)
class InReview:
    """A submission waiting for reviews, a decision or its release."""

    id: int
    project_id: int
    title: str
    stage: str
    round: int
    number: int
    submitted_at: datetime
    season: int
    required: int
    assigned: int
    statistics: ReviewStatistics
    outcome: str
    """Outcome of the pending decision; empty if there is none."""
    due_on: date | None
    reminders: int
    """The highest number of reminders sent to a mentor who still owes a review."""

    @property
    def needs(self) -> str:
        """Return what the organiser has to do next."""
        if self.outcome:
            return "release"
        if self.statistics.count >= self.required:
            return (
                "another" if self.statistics.needs_another and self.statistics.count < self.required + 1 else "decide"
            )
        return "wait" if self.assigned >= self.required else "assign"

    @property
    def is_late(self) -> bool:
        return self.needs == "wait" and self.due_on is not None and self.due_on < today()


_ROWS = f'''SELECT s."id" AS id, s."project" AS project_id, s."title" AS title, s."stage" AS stage, s."round" AS round,
s."number" AS number, s."submitted_at" AS submitted_at, p."season" AS season, coalesce(d."outcome", '') AS outcome,
t."reviews_required" AS required FROM {SUBMISSIONS_IN_REVIEW}
JOIN "stage_rule" t ON t."season" = p."season" AND t."stage" = s."stage"
LEFT JOIN "decision" d ON d."submission" = s."id" AND d."superseded_at" IS NULL ORDER BY s."submitted_at", s."id"'''  # noqa: S608 - our own words

_ASSIGNED = f'''SELECT a."submission" AS submission, count(*) AS n, min(CASE WHEN r."id" IS NULL THEN a."due_on" END) AS due,
max(CASE WHEN r."id" IS NULL THEN a."reminders" ELSE 0 END) AS reminders FROM "assignment" a
LEFT JOIN "review" r ON r."assignment" = a."id" AND {SENT_REVIEW}
WHERE {OPEN_ASSIGNMENT} AND a."submission" IN (SELECT s."id" FROM {SUBMISSIONS_IN_REVIEW})
GROUP BY a."submission"'''  # noqa: S608 - our own words


async def in_review() -> list[InReview]:
    """Return all submissions in review, oldest first. Four queries, whatever their number."""
    statistics = await statistics_in_review()
    with in_thread():
        rows = await Submission.raw(_ROWS)
        assigned = {row["submission"]: row for row in await Submission.raw(_ASSIGNED)}
    none: dict[str, Any] = {"n": 0, "due": None, "reminders": 0}
    return [
        InReview(
            **{**row, "submitted_at": as_moment(row["submitted_at"])},
            assigned=asked["n"], due_on=as_day(asked["due"]), reminders=asked["reminders"],
            statistics=statistics.get(row["id"]) or ReviewStatistics(),
        )
        for row in rows for asked in (assigned.get(row["id"], none),)
    ]  # fmt: skip


@dataclass(slots=True)
class Overview:
    items: list[InReview]
    asked: list[PublicVersion]
    """Versions that teams asked to publish."""
    late_teams: list[TeamDeadline]
    """Teams whose date is over and who have not submitted, as on the page of deadlines."""
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    """Projects of the season by (stage, state)."""

    def needing(self, what: str) -> list[InReview]:
        return [item for item in self.items if item.needs == what]

    @property
    def late(self) -> list[InReview]:
        """Return late submissions, those with the most reminders first."""
        return sorted((item for item in self.items if item.is_late), key=lambda item: -item.reminders)


async def overview(season: Season | None, reader: Person) -> Overview:
    counts: dict[tuple[str, str], int] = {}
    if season:
        for row in await Project.select(Project.stage, Project.state).where(
            (Project.season == season.id) & Project.own()
        ):
            counts[row["stage"], row["state"]] = counts.get((row["stage"], row["state"]), 0) + 1
    late_teams = [row for row in await writing_teams(reader) if row.is_late]
    return Overview(await in_review(), await publications_asked(), late_teams, counts)


def publications_asked() -> Objects[PublicVersion]:
    """Return the query for versions that wait for an organiser's approval, with their projects, oldest first."""
    return (
        PublicVersion.objects(PublicVersion.project).where(PublicVersion.waiting()).order_by(PublicVersion.offered_at)
    )
