"""What a version asked before imported reviews brought criteria of their own, and putting that back when they are undone."""

from collections.abc import Collection, Iterable
from typing import Any

import msgspec

from incubator.interchange.tables import ImportedRow
from incubator.projects.tables import Submission
from incubator.reviews.tables import ReviewScore

_decode = msgspec.json.Decoder(list[int]).decode


async def former_rubric(submission: Submission) -> str:
    """Return the rubric of a version before the first review that was imported for it, as JSON."""
    known = await former_rubrics([submission.id])
    stored = await Submission.select(Submission.rubric).where(Submission.id == submission.id)
    return known.get(submission.id) or str(stored[0]["rubric"] or "[]")


async def former_rubrics(submissions: Collection[int]) -> dict[int, str]:
    """Return it for each of the versions with an imported review. One query."""
    of: Any = ImportedRow.assignment.submission
    rows = (
        await ImportedRow.select(of.as_alias("submission"), ImportedRow.former_rubric)
        .where(of.is_in([*submissions] or [0]) & (ImportedRow.former_rubric != ""))
        .order_by(ImportedRow.id, ascending=False)
    )
    return {row["submission"]: row["former_rubric"] for row in rows}


async def put_back(formers: dict[int, str]) -> None:
    """Let versions without imported reviews ask what they asked before, and whatever a review that is left has answered.

    Call inside the transaction that has deleted imported reviews.
    """
    still = await former_rubrics(formers)
    for submission_id, former in formers.items():
        if submission_id in still:
            continue
        asked = _decode(former)
        stored = await Submission.select(Submission.rubric).where(Submission.id == submission_id)
        answered = await _answered(submission_id)
        later = [each for row in stored for each in _decode(row["rubric"] or "[]") if each in answered]
        await Submission.update({Submission.rubric: _json([*asked, *later])}).where(Submission.id == submission_id)


def _json(criteria: Iterable[int]) -> str:
    return msgspec.json.encode(list(dict.fromkeys(criteria))).decode()


async def _answered(submission_id: int) -> set[int]:
    review: Any = ReviewScore.review
    rows = await ReviewScore.select(ReviewScore.criterion).where(review.submission == submission_id)
    return {row["criterion"] for row in rows}
