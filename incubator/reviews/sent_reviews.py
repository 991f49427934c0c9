"""Sent reviews with their marks, as read by pages, decisions and statistics."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from incubator.db.frozen import frozen_for_one
from incubator.people.tables import Person
from incubator.programme.presets import Confidence
from incubator.programme.tables import Criterion
from incubator.projects.document import rubric_ids_in
from incubator.projects.tables import Submission
from incubator.reviews.scoring.scores import GivenScore, Mark, ScoreSummary, coverage, mean_level, percent
from incubator.reviews.tables import Review, ReviewScore


@dataclass(frozen=True, slots=True)
class Sent:
    """A sent review with its marks by criterion id, of the whole rubric."""

    review: Review
    mentor: Person
    marks: dict[int, Mark]
    is_weighed: bool
    """The season weighs reviews by confidence."""

    @property
    def percent(self) -> float | None:
        return percent(self.marks.values())

    @property
    def coverage(self) -> float:
        return coverage(self.marks.values())

    @property
    def given(self) -> GivenScore:
        return GivenScore(
            self.percent, self.coverage, self.review.recommendation, self.review.confidence, self.is_weighed,
            mean_level(self.marks.values()),
        )  # fmt: skip


async def sent_reviews(submission_ids: list[int]) -> dict[int, list[Sent]]:
    """Return the sent reviews of each submission, in order of arrival. Four queries."""
    reviews = await _reviews_of(submission_ids) if submission_ids else []
    if not reviews:
        return {}
    marks = await _marks([r.id for r in reviews])
    rubrics, weighed = await _rubrics(sorted({r.submission for r in reviews}))
    found: dict[int, list[Sent]] = {}
    for review in reviews:
        of = review.submission
        whole = {**rubrics.get(of, {}), **marks.get(review.id, {})}
        found.setdefault(of, []).append(Sent(review, review.mentor, whole, of in weighed))
    return found


async def sent_reviews_by(rubric: Sequence[Criterion], submission_id: int, confidence: str) -> list[Sent]:
    """Return the sent reviews of one submission, as ``sent_reviews``, where its rubric is known. Two queries.

    ``confidence``: what its season does with it.
    """
    reviews = await _reviews_of([submission_id])
    marks = await _marks([r.id for r in reviews]) if reviews else {}
    blank = {each.id: _blank(each) for each in rubric}
    is_weighed = confidence == Confidence.WEIGHED
    return [Sent(each, each.mentor, {**blank, **marks.get(each.id, {})}, is_weighed) for each in reviews]


@frozen_for_one
def _reviews_of(submission_ids: list[int]) -> Any:
    sent = Review.submission.is_in(submission_ids) & Review.sent()
    return Review.objects(Review.mentor).where(sent).order_by(Review.id)


def _blank(criterion: Criterion) -> Mark:
    return Mark(criterion.weight, criterion.highest, None, criterion.lowest)


async def _marks(review_ids: list[int]) -> dict[int, dict[int, Mark]]:
    criterion = cast(Any, ReviewScore.criterion)
    rows = await ReviewScore.select(
        ReviewScore.review, ReviewScore.level, ReviewScore.criterion, criterion.weight.as_alias("weight"),
        criterion.lowest.as_alias("lowest"), criterion.highest.as_alias("highest"),
    ).where(ReviewScore.review.is_in(review_ids))  # fmt: skip
    found: dict[int, dict[int, Mark]] = {}
    for row in rows:
        mark = Mark(row["weight"], row["highest"], row["level"], row["lowest"])
        found.setdefault(row["review"], {})[row["criterion"]] = mark
    return found


@dataclass(frozen=True, slots=True)
class Draft:
    """What a mentor wrote and did not send, with its marks by criterion id."""

    review: Review
    marks: dict[int, Mark]


async def drafts_of(assignments: list[int]) -> dict[int, Draft]:
    """Return the unsent reviews of these assignments, by assignment. Two queries at most."""
    if not assignments:
        return {}
    reviews = await Review.objects().where(Review.assignment.is_in(assignments) & Review.sent_at.is_null())
    marks = await _marks([r.id for r in reviews]) if reviews else {}
    return {r.assignment: Draft(r, marks.get(r.id, {})) for r in reviews}


async def _rubrics(submission_ids: list[int]) -> tuple[dict[int, dict[int, Mark]], set[int]]:
    """Return each submission's rubric as marks without levels, and the submissions whose season weighs confidence."""
    rows = await Submission.select(
        Submission.id, Submission.rubric, cast(Any, Submission.project).season.confidence.as_alias("confidence")
    ).where(Submission.id.is_in(submission_ids))
    ids = {row["id"]: rubric_ids_in(row["rubric"]) for row in rows}
    every = sorted({each for rubric in ids.values() for each in rubric})
    criteria = {c.id: c for c in await Criterion.objects().where(Criterion.id.is_in(every or [0]))}
    empty = {i: _blank(c) for i, c in criteria.items()}
    rubrics = {s: {i: empty[i] for i in rubric if i in empty} for s, rubric in ids.items()}
    return rubrics, {row["id"] for row in rows if row["confidence"] == Confidence.WEIGHED}


def summary_of(reviews: list[Sent]) -> ScoreSummary:
    return ScoreSummary(tuple(sent.given for sent in reviews))
