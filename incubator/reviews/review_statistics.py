"""What reviews add up to, for many submissions: stored with each change of a sent review, and read from there."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from incubator.core.clock import now
from incubator.db import writing
from incubator.programme.presets import Confidence
from incubator.programme.tables import Criterion
from incubator.projects.document import rubric_ids_in
from incubator.reviews.scoring.calibration import Calibration, Score, calibrate
from incubator.reviews.scoring.scores import GivenScore, ScoreSummary
from incubator.reviews.tables import SENT_REVIEW, Review, ReviewSummary

#: The sums of each review, as ``scores.py`` defines them. Arguments: the submissions inserted for ``{}``.
#: S608: the SQL contains only our own text.
_SUMS = f'''SELECT r."submission" AS submission, r."mentor" AS mentor, r."recommendation" AS recommendation,
r."confidence" AS confidence, s."rubric" AS rubric, s."stage" AS stage, p."season" AS season,
sum(CASE WHEN x."level" IS NOT NULL THEN c."weight" * (x."level" - c."lowest") END) AS above,
sum(CASE WHEN x."level" IS NOT NULL THEN c."weight" * (c."highest" - c."lowest") END) AS most,
coalesce(sum(CASE WHEN x."level" IS NOT NULL THEN c."weight" END), 0) AS answered,
coalesce(sum(c."weight"), 0) AS listed
FROM "review" r JOIN "submission" s ON s."id" = r."submission" JOIN "project" p ON p."id" = s."project"
LEFT JOIN "review_score" x ON x."review" = r."id" LEFT JOIN "criterion" c ON c."id" = x."criterion"
WHERE {SENT_REVIEW} AND r."submission" IN ({{}}) GROUP BY r."id", s."id", p."id" ORDER BY r."id"'''  # noqa: S608
#: Submissions of which the sums are stored in one step.
_AT_ONCE = 500


class StoredReview(msgspec.Struct, array_like=True, frozen=True):
    """One sent review in ``ReviewSummary.reviews``."""

    mentor: int
    percent: float | None
    coverage: float
    recommendation: str
    confidence: int | None

    def given(self, *, is_weighed: bool) -> GivenScore:
        return GivenScore(self.percent, self.coverage, self.recommendation, self.confidence, is_weighed)


_decode = msgspec.json.Decoder(list[StoredReview]).decode


@dataclass
class ReviewStatistics(ScoreSummary):
    """Summary of the reviews of one submission, and its calibrated score."""

    calibrated: float | None = None
    """The score corrected for the mentors' severity; advisory."""
    error: float | None = None
    """Standard error of ``calibrated``."""


def statistics_from(reviews: str, *, is_weighed: bool) -> ReviewStatistics:
    """Return the statistics of a stored summary. ``is_weighed``: the season weighs reviews by confidence."""
    return ReviewStatistics(tuple(each.given(is_weighed=is_weighed) for each in _decode(reviews)))


async def statistics_of(submissions: list[int]) -> dict[int, ReviewStatistics]:
    """Return the statistics of these submissions, where there are reviews. One query."""
    season: Any = ReviewSummary.season
    rows = await ReviewSummary.select(
        ReviewSummary.submission, ReviewSummary.reviews, season.confidence.as_alias("confidence")
    ).where(ReviewSummary.submission.is_in(submissions or [0]))
    return {
        row["submission"]: statistics_from(row["reviews"], is_weighed=row["confidence"] == Confidence.WEIGHED)
        for row in rows
    }


async def store_summaries(submissions: Sequence[int]) -> None:
    """Store what the sent reviews of these submissions add up to. Call inside the transaction that changed them."""
    for start in range(0, len(submissions), _AT_ONCE):
        part = list(submissions[start : start + _AT_ONCE])
        rows = await _summaries(part)
        async with writing():
            await ReviewSummary.delete().where(ReviewSummary.submission.is_in(part))
            if rows:
                await ReviewSummary.insert(*rows)


async def differing_summaries() -> list[int]:
    """Return the submissions whose stored summary is not what their reviews add up to: none, unless there is a fault."""
    sent = {row["submission"] for row in await Review.select(Review.submission).where(Review.sent())}
    stored = {row.submission: row for row in await ReviewSummary.objects()}
    every = sorted(sent | stored.keys())
    right = {
        row.submission: row
        for start in range(0, len(every), _AT_ONCE)
        for row in await _summaries(every[start : start + _AT_ONCE])
    }
    return [each for each in every if _values(right.get(each)) != _values(stored.get(each))]


def _values(row: ReviewSummary | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        column._meta.name: getattr(row, column._meta.name)
        for column in ReviewSummary._meta.columns
        if column._meta.name not in ("id", "changed_at")
    }


async def _summaries(submissions: list[int]) -> list[ReviewSummary]:
    """Add up the sent reviews of each submission that has some. Two queries."""
    rows: list[dict[str, Any]] = await Review.raw(
        _SUMS.replace("{}", ", ".join(["{}"] * len(submissions)), 1), *submissions
    )
    weights = await _rubric_weights({row["rubric"] for row in rows})
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["submission"], []).append(row)
    at = now()
    return [
        ReviewSummary(
            submission=submission, season=of[0]["season"], stage=of[0]["stage"], changed_at=at,
            **_sums([_stored(row, weights[row["rubric"]]) for row in of]),
        )
        for submission, of in found.items()
    ]  # fmt: skip


def _sums(reviews: list[StoredReview]) -> dict[str, Any]:
    summary = ScoreSummary(tuple(each.given(is_weighed=False) for each in reviews))
    weighed = ScoreSummary(tuple(each.given(is_weighed=True) for each in reviews))
    return {
        "reviews": msgspec.json.encode(reviews).decode(), "sent": summary.count, "partial": summary.partial,
        "coverage": summary.coverage, "mean": summary.mean, "weighed_mean": weighed.mean, "range": summary.scores.range,
        "covers_little": summary.covers_little, "is_divided": summary.is_divided, "is_unsure": summary.is_unsure,
    }  # fmt: skip


def _stored(row: dict[str, Any], rubric_weight: int) -> StoredReview:
    whole = max(rubric_weight, row["listed"])
    return StoredReview(
        row["mentor"],
        100 * int(row["above"]) / int(row["most"]) if row["most"] else None,
        row["answered"] / whole if whole else 0.0,
        row["recommendation"],
        row["confidence"],
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


#: The newest calibrations of this process, by season and stage, each with the stamp of the set that it was computed from.
_calibrations: dict[tuple[int, str], tuple[Any, Calibration]] = {}
#: An index has all that it reads.
_STAMP = """SELECT (SELECT "confidence" FROM "season" WHERE "id" = {}) AS confidence,
count(*) AS count, sum("sent") AS reviews, max("changed_at") AS changed FROM "review_summary" WHERE "season" = {} AND "stage" = {}"""


async def calibration_of(season: int, stage: str) -> Calibration:
    """Return the calibration of a season at one stage, computed again when a review of it changes. One query, or two then.

    It takes 70 ms for three thousand reviews and a second for thirty thousand; meanwhile others are served.
    """
    stamp = tuple((await ReviewSummary.raw(_STAMP, season, season, stage))[0].values())
    known = _calibrations.get((season, stage))
    if known is not None and known[0] == stamp:
        return known[1]
    found = await asyncio.to_thread(calibrate, await scores_of(season, stage))
    if len(_calibrations) >= 16:
        _calibrations.clear()
    _calibrations[season, stage] = stamp, found
    return found


async def scores_of(season: int, stage: str) -> tuple[Score, ...]:
    """Return every sent review of a season at one stage, as input to the calibration. One query."""
    of: Any = ReviewSummary.season
    rows = (
        await ReviewSummary.select(
            ReviewSummary.submission, ReviewSummary.reviews, of.confidence.as_alias("confidence")
        )
        .where((ReviewSummary.season == season) & (ReviewSummary.stage == stage))
        .order_by(ReviewSummary.submission)
    )
    return tuple(
        Score(row["submission"], each.mentor, each.percent, weight)
        for row in rows
        for each in _decode(row["reviews"])
        if each.percent is not None
        and (weight := each.given(is_weighed=row["confidence"] == Confidence.WEIGHED).weight) > 0
    )
