"""Statistics of the reviews of many submissions, computed by the database in two queries."""

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import fmean, median

from incubator.db import in_thread
from incubator.projects.tables import SUBMISSIONS_IN_REVIEW
from incubator.reviews.scoring.calibration import Calibration, Score, calibrate
from incubator.reviews.scoring.scores import needs_another
from incubator.reviews.tables import SENT_REVIEW, Review

#: Arguments: those of the query inserted for ``{}``. S608: the SQL contains only our own text.
_PERCENTS = f'''SELECT r."submission" AS submission, r."mentor" AS mentor, r."recommendation" AS recommendation,
r."confidence" AS confidence,
sum(c."weight" * x."level") * 100.0 / nullif(sum(c."weight" * c."highest"), 0) AS percent
FROM "review" r LEFT JOIN "review_score" x ON x."review" = r."id" AND x."level" IS NOT NULL
LEFT JOIN "criterion" c ON c."id" = x."criterion" WHERE {SENT_REVIEW} AND r."submission" IN ({{}})
GROUP BY r."id" ORDER BY r."id"'''  # noqa: S608
_SPREADS = f"""SELECT submission, max(apart) AS apart FROM (
SELECT r."submission" AS submission, max(x."level") - min(x."level") AS apart
FROM "review" r JOIN "review_score" x ON x."review" = r."id"
WHERE {SENT_REVIEW} AND r."submission" IN ({{}}) GROUP BY r."submission", x."criterion") AS t
GROUP BY submission"""  # noqa: S608
_IN_REVIEW = f'SELECT s."id" FROM {SUBMISSIONS_IN_REVIEW}'  # noqa: S608
_OF_SEASON = (
    'SELECT s."id" FROM "submission" s JOIN "project" p ON p."id" = s."project" '
    'WHERE p."season" = {} AND s."stage" = {}'
)


@dataclass(slots=True)
class ReviewStatistics:
    """Statistics of one submission; scores in percent, spread in levels."""

    percents: list[float] = field(default_factory=list)
    count: int = 0
    spread: float = 0.0
    recommendations: Counter[str] = field(default_factory=Counter)
    least_confidence: int = 3
    calibrated: float | None = None
    """The score corrected for the mentors' severity; advisory."""
    error: float | None = None
    """Standard error of ``calibrated``."""

    @property
    def mean(self) -> float | None:
        return fmean(self.percents) if self.percents else None

    @property
    def median(self) -> float | None:
        return median(self.percents) if self.percents else None

    @property
    def needs_another(self) -> bool:
        return needs_another(self.spread, self.recommendations)


async def statistics_in_review() -> dict[int, ReviewStatistics]:
    """Return the statistics of everything in review, by submission, where there are reviews. Two queries."""
    return await _statistics(_IN_REVIEW)


async def statistics_of(submissions: list[int]) -> dict[int, ReviewStatistics]:
    """Return the statistics of these submissions, where there are reviews. Two queries."""
    if not submissions:
        return {}
    return await _statistics(", ".join(["{}"] * len(submissions)), *submissions)


async def _statistics(inner: str, *arguments: int) -> dict[int, ReviewStatistics]:
    with in_thread():
        rows = await Review.raw(_PERCENTS.replace("{}", inner, 1), *arguments)
        spreads = await Review.raw(_SPREADS.replace("{}", inner, 1), *arguments)
    found: dict[int, ReviewStatistics] = {}
    for row in rows:
        counted = found.setdefault(row["submission"], ReviewStatistics())
        counted.count += 1
        counted.recommendations[row["recommendation"]] += 1
        counted.least_confidence = min(counted.least_confidence, row["confidence"])
        if row["percent"] is not None:
            counted.percents.append(float(row["percent"]))
    for row in spreads:
        found[row["submission"]].spread = float(row["apart"] or 0)
    return found


async def scores_of(season: int, stage: str) -> tuple[Score, ...]:
    """Return every sent review of a season at one stage, as input to the calibration. One query."""
    with in_thread():
        rows = await Review.raw(_PERCENTS.replace("{}", _OF_SEASON, 1), season, stage)
    return tuple(Score(r["submission"], r["mentor"], float(r["percent"])) for r in rows if r["percent"] is not None)


@lru_cache(8)
def calibration_of(scores: tuple[Score, ...]) -> Calibration:
    """Return the calibration, cached until a review is sent or changed: it takes 70 ms for three thousand."""
    return calibrate(scores)
