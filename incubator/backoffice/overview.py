"""The organiser's overview: what is late, what waits, where every team stands."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from piccolo.query import Objects
from piccolo.query.functions.aggregate import Count

from incubator.backoffice.team_deadlines import TeamDeadline, writing_teams
from incubator.core.clock import as_day, as_moment, today
from incubator.db import in_thread
from incubator.people.tables import Person
from incubator.programme.presets import Confidence
from incubator.programme.tables import Season
from incubator.projects.tables import SUBMISSIONS_IN_REVIEW, Project, Submission
from incubator.publication.tables import PublicVersion
from incubator.reviews.review_statistics import ReviewStatistics, statistics_from
from incubator.reviews.scoring.scores import LITTLE
from incubator.reviews.tables import OPEN_ASSIGNMENT, SENT_REVIEW


@dataclass(eq=False)
class InReview:
    """A submission waiting for reviews, a decision or its release.

    A page counts a thousand of them and shows a few, so only what filters and orders need is made at once.
    """

    id: int
    project_id: int
    title: str
    stage: str
    round: int
    number: int
    submitted: datetime | str
    """As the database has it."""
    season: int
    required: int
    assigned: int
    count: int
    """Sent reviews; with the fields down to ``coverage``, as ``ReviewSummary`` stores them."""
    mean: float | None
    range: float
    is_divided: bool
    is_unsure: bool
    partial: int
    coverage: float
    reviews: str
    is_weighed: bool
    """The season weighs reviews by confidence."""
    outcome: str
    """Outcome of the pending decision; empty if there is none."""
    due: date | str | None
    """The first day on which a review is due, as the database has it."""
    reminders: int
    """The highest number of reminders sent to a mentor who still owes a review."""
    calibrated: float | None = None
    """The mean corrected for the mentors' severity; advisory."""
    error: float | None = None

    @property
    def submitted_at(self) -> datetime:
        return as_moment(self.submitted)

    @property
    def due_on(self) -> date | None:
        return as_day(self.due)

    @cached_property
    def needs(self) -> str:
        """Return what the organiser has to do next."""
        if self.outcome:
            return "release"
        if self.count >= self.required:
            return "another" if self.needs_another and self.count < self.required + 1 else "decide"
        return "wait" if self.assigned >= self.required else "assign"

    @property
    def covers_little(self) -> bool:
        """Return whether the reviews together answered too little to be compared with others."""
        return bool(self.count) and self.coverage < LITTLE

    @property
    def needs_another(self) -> bool:
        """Return whether one more review is needed: they differ widely, or answered little of the rubric."""
        return self.is_divided or self.covers_little

    @cached_property
    def statistics(self) -> ReviewStatistics:
        """Return everything about its reviews; for the few that a page shows."""
        found = statistics_from(self.reviews, is_weighed=self.is_weighed)
        found.calibrated, found.error = self.calibrated, self.error
        return found

    @property
    def is_late(self) -> bool:
        return self.needs == "wait" and (due := self.due_on) is not None and due < today()


_ROWS = f'''SELECT s."id" AS id, s."project" AS project_id, s."title" AS title, s."stage" AS stage, s."round" AS round,
s."number" AS number, s."submitted_at" AS submitted, p."season" AS season, coalesce(d."outcome", '') AS outcome,
t."reviews_required" AS required, coalesce(m."sent", 0) AS count, m."mean" AS mean, m."weighed_mean" AS weighed_mean,
coalesce(m."range", 0) AS range, m."is_divided" AS is_divided, m."is_unsure" AS is_unsure, coalesce(m."partial", 0) AS partial,
coalesce(m."coverage", 0) AS coverage, coalesce(m."reviews", '[]') AS reviews, n."confidence" AS confidence
FROM {SUBMISSIONS_IN_REVIEW} JOIN "season" n ON n."id" = p."season"
JOIN "stage_rule" t ON t."season" = p."season" AND t."stage" = s."stage"
LEFT JOIN "review_summary" m ON m."submission" = s."id"
LEFT JOIN "decision" d ON d."submission" = s."id" AND d."superseded_at" IS NULL ORDER BY s."submitted_at", s."id"'''  # noqa: S608 - our own words

_ASSIGNED = f'''SELECT a."submission" AS submission, count(*) AS n, min(CASE WHEN r."id" IS NULL THEN a."due_on" END) AS due,
max(CASE WHEN r."id" IS NULL THEN a."reminders" ELSE 0 END) AS reminders FROM "assignment" a
LEFT JOIN "review" r ON r."assignment" = a."id" AND {SENT_REVIEW}
WHERE {OPEN_ASSIGNMENT} AND a."submission" IN (SELECT s."id" FROM {SUBMISSIONS_IN_REVIEW})
GROUP BY a."submission"'''  # noqa: S608 - our own words


async def in_review() -> list[InReview]:
    """Return all submissions in review, oldest first. Two queries, whatever their number."""
    with in_thread():
        rows = await Submission.raw(_ROWS)
        assigned = {row["submission"]: row for row in await Submission.raw(_ASSIGNED)}
    none: dict[str, Any] = {"n": 0, "due": None, "reminders": 0}
    return [_in_review(row, assigned.get(row["id"], none)) for row in rows]


def _in_review(row: dict[str, Any], asked: dict[str, Any]) -> InReview:
    is_weighed = row.pop("confidence") == Confidence.WEIGHED
    weighed = row.pop("weighed_mean")
    row["mean"] = weighed if is_weighed else row["mean"]
    row["is_divided"], row["is_unsure"] = bool(row["is_divided"]), bool(row["is_unsure"])
    return InReview(**row, is_weighed=is_weighed, assigned=asked["n"], due=asked["due"], reminders=asked["reminders"])


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
        rows = (
            await Project.select(Project.stage, Project.state, Count())
            .where((Project.season == season.id) & Project.own())
            .group_by(Project.stage, Project.state)
        )
        counts = {(row["stage"], row["state"]): row["count"] for row in rows}
    late_teams = [row for row in await writing_teams(reader) if row.is_late]
    return Overview(await in_review(), await publications_asked(), late_teams, counts)


def publications_asked() -> Objects[PublicVersion]:
    """Return the query for versions that wait for an organiser's approval, with their projects, oldest first."""
    return (
        PublicVersion.objects(PublicVersion.project).where(PublicVersion.waiting()).order_by(PublicVersion.offered_at)
    )
