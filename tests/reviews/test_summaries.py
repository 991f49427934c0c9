"""The stored figures are what the reviews add up to, whatever happens to a review."""

from random import Random

import pytest

from incubator.core.refusals import Refusal
from incubator.gates.delete_project import delete_project
from incubator.gates.submit import leave, take_back
from incubator.programme.presets import Confidence
from incubator.programme.tables import Season
from incubator.projects.tables import Submission
from incubator.reviews.assignment.assign import assign
from incubator.reviews.review_statistics import differing_summaries, statistics_of, store_summaries
from incubator.reviews.reviewing.review import Opinion, review_of, save_review, send_review
from incubator.reviews.rubric import rubric_of
from incubator.reviews.sent_reviews import sent_reviews, summary_of
from incubator.reviews.tables import Assignment, ReviewScore, ReviewSummary
from tests.cast import Cast, send, submitted


async def opinion(submission: Submission, random: Random) -> Opinion:
    """Return a review that answers any part of the rubric."""
    levels = {c.id: random.choice([None, *range(c.lowest, c.highest + 1)]) for c in await rubric_of(submission)}
    return Opinion(
        levels, "Спросите ещё пятерых.", "", random.choice(("advance", "return", "stop")), random.choice((1, 2, 3))
    )


@pytest.mark.parametrize("seed", range(10))
async def test_what_is_stored_is_what_is_computed(cast: Cast, seed: int) -> None:
    random = Random(seed)
    await Season.update({Season.confidence: random.choice(list(Confidence)).value}, force=True)
    submission = await submitted(cast)
    mentors = [cast.mentor, cast.second_mentor, cast.idle_mentor]
    assignments = [await assign(submission, mentor, by=cast.organiser) for mentor in mentors]
    for _step in range(12):
        number = random.randrange(3)
        row = await Assignment.objects(Assignment.mentor).get(Assignment.id == assignments[number].id)
        assert row
        mentor, row.mentor = row.mentor, row.mentor.id
        version = review.version if (review := await review_of(row)) else 0
        verb = random.choice((save_review, send_review))
        await verb(row, await opinion(submission, random), version=version, by=mentor)
        assert await differing_summaries() == []
    summary, computed = (await statistics_of([submission.id])).get(submission.id), (await sent_reviews([submission.id]))
    if computed:
        assert summary
        right = summary_of(computed[submission.id])
        assert summary.mean == pytest.approx(right.mean)
        assert summary.recommendations == right.recommendations
        assert summary.is_divided is right.is_divided
    await random.choice((take_back, leave))(cast.project, by=cast.captain)
    assert await differing_summaries() == []
    await delete_project(cast.project, typed="Тихий улей", reason="Проба", with_reviews=True, by=cast.organiser)
    assert await differing_summaries() == []
    assert not await ReviewSummary.exists()


async def test_what_was_changed_by_hand_is_found_and_mended(cast: Cast) -> None:
    submission = await submitted(cast)
    await send(await assign(submission, cast.mentor, by=cast.organiser), submission, cast.mentor, level=2)
    await ReviewScore.update({ReviewScore.level: 0}, force=True)
    assert await differing_summaries() == [submission.id]
    await store_summaries(await differing_summaries())
    assert await differing_summaries() == []
    statistics = await statistics_of([submission.id])
    assert statistics[submission.id].mean == 0


async def test_an_unsent_review_counts_for_nothing(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    await save_review(assignment, await opinion(submission, Random(1)), version=0, by=cast.mentor)
    assert await statistics_of([submission.id]) == {}
    with pytest.raises(Refusal):
        await send_review(assignment, Opinion({}, "", "", ""), version=1, by=cast.mentor)
    assert not await ReviewSummary.exists()
