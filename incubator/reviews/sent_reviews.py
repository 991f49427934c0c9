"""Sent reviews with their marks, as read by pages, decisions and statistics."""

from dataclasses import dataclass

from incubator.people.tables import Person
from incubator.reviews.scoring.scores import Mark, Summary, percent, summarise
from incubator.reviews.tables import Review, ReviewScore


@dataclass(frozen=True, slots=True)
class Sent:
    """A sent review with its marks by criterion id."""

    review: Review
    mentor: Person
    marks: dict[int, Mark]

    @property
    def percent(self) -> float | None:
        return percent(self.marks.values())


async def sent_reviews(submission_ids: list[int]) -> dict[int, list[Sent]]:
    """Return the sent reviews of each submission, in order of arrival. Two queries."""
    if not submission_ids:
        return {}
    reviews = (
        await Review.objects(Review.mentor)
        .where(Review.submission.is_in(submission_ids) & Review.sent())
        .order_by(Review.id)
    )
    marks = await _marks([r.id for r in reviews])
    found: dict[int, list[Sent]] = {}
    for review in reviews:
        found.setdefault(review.submission, []).append(Sent(review, review.mentor, marks.get(review.id, {})))
    return found


async def _marks(review_ids: list[int]) -> dict[int, dict[int, Mark]]:
    if not review_ids:
        return {}
    rows = await ReviewScore.select(
        ReviewScore.review, ReviewScore.level, ReviewScore.criterion,
        ReviewScore.criterion.weight.as_alias("weight"), ReviewScore.criterion.highest.as_alias("highest"),
    ).where(ReviewScore.review.is_in(review_ids))  # fmt: skip
    found: dict[int, dict[int, Mark]] = {}
    for row in rows:
        found.setdefault(row["review"], {})[row["criterion"]] = Mark(row["weight"], row["highest"], row["level"])
    return found


def summary_of(reviews: list[Sent]) -> Summary:
    return summarise([sent.marks for sent in reviews], [sent.review.recommendation for sent in reviews])
