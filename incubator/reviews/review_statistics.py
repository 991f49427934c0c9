"""Statistics of the reviews of many submissions, added up by the database in two queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from incubator.db import in_thread
from incubator.programme.presets import Confidence
from incubator.programme.tables import Criterion
from incubator.projects.document import rubric_ids_in
from incubator.projects.tables import SUBMISSIONS_IN_REVIEW
from incubator.reviews.scoring.calibration import Calibration, Score, calibrate
from incubator.reviews.scoring.scores import GivenScore, ScoreSummary, rank_of
from incubator.reviews.tables import SENT_REVIEW, Review

#: The sums of each review, as ``scores.py`` defines them. Arguments: those of the query inserted for ``{}``.
#: S608: the SQL contains only our own text.
_SUMS = f'''SELECT r."submission" AS submission, r."mentor" AS mentor, r."recommendation" AS recommendation,
r."confidence" AS confidence, s."rubric" AS rubric, n."confidence" AS season_confidence,
sum(CASE WHEN x."level" IS NOT NULL THEN c."weight" * (x."level" - c."lowest") END) AS above,
sum(CASE WHEN x."level" IS NOT NULL THEN c."weight" * (c."highest" - c."lowest") END) AS most,
coalesce(sum(CASE WHEN x."level" IS NOT NULL THEN c."weight" END), 0) AS answered,
coalesce(sum(c."weight"), 0) AS listed
FROM "review" r JOIN "submission" s ON s."id" = r."submission" JOIN "project" p ON p."id" = s."project"
JOIN "season" n ON n."id" = p."season" LEFT JOIN "review_score" x ON x."review" = r."id"
LEFT JOIN "criterion" c ON c."id" = x."criterion" WHERE {SENT_REVIEW} AND r."submission" IN ({{}})
GROUP BY r."id", s."id", n."id" ORDER BY r."id"'''  # noqa: S608
_IN_REVIEW = f'SELECT s."id" FROM {SUBMISSIONS_IN_REVIEW}'  # noqa: S608
_OF_SEASON = (
    'SELECT s."id" FROM "submission" s JOIN "project" p ON p."id" = s."project" '
    'WHERE p."season" = {} AND s."stage" = {}'
)


@dataclass
class ReviewStatistics(ScoreSummary):
    """Summary of the reviews of one submission, and its calibrated score."""

    calibrated: float | None = None
    """The score corrected for the mentors' severity; advisory."""
    error: float | None = None
    """Standard error of ``calibrated``."""

    @property
    def calibrated_rank(self) -> tuple[bool, float]:
        """Return the sort key of the calibrated ranking, as ``rank``."""
        return rank_of(self.calibrated, covers_little=self.covers_little)


async def statistics_in_review() -> dict[int, ReviewStatistics]:
    """Return the statistics of everything in review, by submission, where there are reviews. Two queries."""
    return await _statistics(_IN_REVIEW)


async def statistics_of(submissions: list[int]) -> dict[int, ReviewStatistics]:
    """Return the statistics of these submissions, where there are reviews. Two queries."""
    if not submissions:
        return {}
    return await _statistics(", ".join(["{}"] * len(submissions)), *submissions)


async def _statistics(inner: str, *arguments: int) -> dict[int, ReviewStatistics]:
    found: dict[int, list[GivenScore]] = {}
    for row, given in await _given(inner, *arguments):
        found.setdefault(row["submission"], []).append(given)
    return {submission: ReviewStatistics(tuple(reviews)) for submission, reviews in found.items()}


async def _given(inner: str, *arguments: Any) -> list[tuple[dict[str, Any], GivenScore]]:
    """Return each sent review's row and score. Two queries."""
    with in_thread():
        rows: list[dict[str, Any]] = await Review.raw(_SUMS.replace("{}", inner, 1), *arguments)
    weights = await _rubric_weights({row["rubric"] for row in rows})
    return [(row, _score(row, weights[row["rubric"]])) for row in rows]


def _score(row: dict[str, Any], rubric_weight: int) -> GivenScore:
    whole = max(rubric_weight, row["listed"])
    return GivenScore(
        percent=100 * int(row["above"]) / int(row["most"]) if row["most"] else None,
        coverage=row["answered"] / whole if whole else 0.0,
        recommendation=row["recommendation"],
        confidence=row["confidence"],
        is_weighed=row["season_confidence"] == Confidence.WEIGHED,
    )


async def _rubric_weights(rubrics: Iterable[str]) -> dict[str, int]:
    """Return the whole weight of each rubric, written as in ``Submission.rubric``."""
    ids = {rubric: rubric_ids_in(rubric) for rubric in rubrics}
    every = sorted({each for rubric in ids.values() for each in rubric})
    if not every:
        return dict.fromkeys(ids, 0)
    rows = await Criterion.select(Criterion.id, Criterion.weight).where(Criterion.id.is_in(every))
    weights = {row["id"]: row["weight"] for row in rows}
    return {rubric: sum(weights.get(each, 0) for each in of) for rubric, of in ids.items()}


async def scores_of(season: int, stage: str) -> tuple[Score, ...]:
    """Return every sent review of a season at one stage, as input to the calibration. Two queries."""
    return tuple(
        Score(row["submission"], row["mentor"], given.percent, given.weight)
        for row, given in await _given(_OF_SEASON, season, stage)
        if given.percent is not None and given.weight > 0
    )


@lru_cache(8)
def calibration_of(scores: tuple[Score, ...]) -> Calibration:
    """Return the calibration, cached until a review is sent or changed: it takes 70 ms for three thousand."""
    return calibrate(scores)
