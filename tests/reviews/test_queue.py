"""The queue holds what is in review and what each submission needs, whatever changes it."""

import asyncio
from datetime import timedelta
from urllib.parse import quote

import pytest

from incubator.backoffice.review_queue import NEEDS, Where, counts, flagged, heaps, page_of, queued
from incubator.core.clock import today
from incubator.db import counting, run_sql, writing
from incubator.db.engines import AnyEngine
from incubator.gates.submit import take_back
from incubator.programme.presets import Confidence
from incubator.programme.tables import Season, StageRule
from incubator.reviews.assignment.assign import assign
from incubator.reviews.figures import differing_entries, mend_figures
from incubator.reviews.queue_triggers import CHANGES, ROWS, QueueChange
from incubator.reviews.reviewing.review import Opinion, send_review
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Assignment, Decision, QueuedSubmission, ReviewSummary
from tests.browser import signed_in
from tests.cast import Cast, submitted
from tests.crowd import make_crowd


@pytest.mark.parametrize(
    ("required", "assigned", "sent", "apart", "outcome", "needs"),
    [
        (2, 0, 0, False, "", "assign"),
        (2, 1, 1, False, "", "assign"),
        (2, 2, 0, False, "", "wait"),
        (2, 2, 1, True, "", "wait"),
        (2, 2, 2, False, "", "decide"),
        (2, 2, 2, True, "", "another"),
        (2, 3, 2, True, "", "another"),
        (2, 3, 3, True, "", "decide"),
        (1, 0, 0, False, "return", "release"),
        (1, 1, 1, True, "advance", "release"),
    ],
)
async def test_what_a_submission_needs(
    database: object, required: int, assigned: int, sent: int, apart: bool, outcome: str, needs: str
) -> None:
    crowd = await make_crowd(1, 4, reviews=sent, waiting=assigned - sent, required=required)
    await ReviewSummary.update({ReviewSummary.is_divided: apart, ReviewSummary.mean: 50.0}, force=True)
    if outcome:
        await Decision.insert(
            Decision(submission=crowd.submissions[0].id, outcome=outcome, reason="…", decided_at=crowd.submissions[0].submitted_at)
        )  # fmt: skip
    (item,) = await queued(Where())
    assert (item.needs, item.outcome, item.required) == (needs, outcome, required)
    assert (await counts(Where())).by_need("idea") == {needs: 1}


async def test_a_review_of_a_small_part_is_none_of_those_that_are_required(database: object) -> None:
    crowd = await make_crowd(2, 4, reviews=2, required=2)
    small = ReviewSummary.submission == crowd.submissions[0].id
    await ReviewSummary.update({ReviewSummary.is_divided: False, ReviewSummary.mean: 50.0}, force=True)
    await ReviewSummary.update({ReviewSummary.partial: 1, ReviewSummary.mean: 51.0}).where(small)
    assert {item.id: item.needs for item in await queued(Where())} == {
        crowd.submissions[0].id: "another",
        crowd.submissions[1].id: "decide",
    }


@pytest.mark.parametrize("column", ["needs", "mean", "assigned", "due_on"])
async def test_a_wrong_row_is_found_and_mended(database: object, column: str) -> None:
    crowd = await make_crowd(3, 4, reviews=1, waiting=1)
    wrong = {"needs": "decide", "mean": 1.5, "assigned": 9, "due_on": today() + timedelta(days=99)}[column]
    assert await differing_entries() == []
    which = QueuedSubmission.submission == crowd.submissions[1].id
    await QueuedSubmission.update({column: wrong}, force=True).where(which)
    await QueuedSubmission.delete().where(QueuedSubmission.submission == crowd.submissions[2].id)
    assert await differing_entries() == [each.id for each in crowd.submissions[1:]]
    assert await mend_figures() == [each.id for each in crowd.submissions[1:]]
    assert await mend_figures() == []


async def test_the_seasons_rules_count_at_once(database: object) -> None:
    crowd = await make_crowd(2, 4, reviews=2, required=2)
    await ReviewSummary.update({ReviewSummary.mean: 40.0, ReviewSummary.weighed_mean: 60.0}, force=True)
    assert [item.mean for item in await queued(Where())] == [40.0, 40.0]
    await Season.update({Season.confidence: Confidence.WEIGHED.value}).where(Season.id == crowd.season.id)
    assert [item.mean for item in await queued(Where())] == [60.0, 60.0]
    await StageRule.update({StageRule.reviews_required: 3}).where(StageRule.season == crowd.season.id)
    assert {item.needs for item in await queued(Where())} == {"assign"}
    assert await differing_entries() == []


async def test_what_is_taken_back_is_not_in_review(cast: Cast) -> None:
    await submitted(cast)
    assert len(await queued(Where())) == 1
    await take_back(cast.project, by=cast.captain)
    assert await queued(Where()) == []
    again = await submitted(cast)
    assert [item.id for item in await queued(Where())] == [again.id]


async def test_two_reviews_sent_at_once_are_both_counted(cast: Cast) -> None:
    submission = await submitted(cast)
    mentors = [cast.mentor, cast.second_mentor]
    rows = [await assign(submission, mentor, by=cast.organiser) for mentor in mentors]
    opinion = Opinion({c.id: c.highest for c in await rubric_of(submission)}, "Спросите пятерых.", "", "advance", 2)
    await asyncio.gather(
        *(send_review(row, opinion, version=0, by=mentor) for row, mentor in zip(rows, mentors, strict=True))
    )
    assert [item.statistics.count for item in await queued(Where())] == [2]
    assert await differing_entries() == []


async def test_a_plan_made_while_nothing_is_there_begins_with_the_submission(postgres: AnyEngine) -> None:
    """PostgreSQL keeps such a plan as long as the connection: an import of a season would take longer with each submission."""
    async with writing():
        await run_sql("SET LOCAL enable_seqscan = off")
        rows = await run_sql("EXPLAIN " + ROWS.format(which='s."id" = ANY(ARRAY[5])'))
    plan = [row["QUERY PLAN"] for row in rows]
    used = {line.partition(" using ")[2].partition(" ")[0] for line in plan}
    assert "submission_pkey" in used
    assert not {"project_state", "submission_number"} & used, plan


@pytest.mark.parametrize(
    "path", ["/organiser", "/organiser/decisions?stage=idea", "/organiser/decisions?stage=idea&q=улей"]
)
async def test_what_is_counted_is_read_from_an_index_alone(sqlite: AnyEngine, path: str) -> None:
    """Otherwise the page reads every row of the season, or sorts them."""
    browser = await signed_in((await make_crowd(3, 4)).organiser)
    with counting() as seen:
        await browser.open(path)
    aside = ("content_report", "notification")  # nothing of the season: a handful of rows
    whole = [each for each in seen if "count(*)" in each.lower() and not any(table in each for table in aside)]
    assert whole
    for query in whole:
        plan = [row["detail"] for row in await run_sql("EXPLAIN QUERY PLAN " + query.replace("?", "NULL"))]
        assert not [step for step in plan if "INDEX" in step and "COVERING" not in step and "member" not in step], plan
        assert not [
            step for step in plan if "TEMP B-TREE" in step or (step.startswith("SCAN") and "COVERING" not in step)
        ]


@pytest.mark.parametrize("order", ["oldest", "best", "calibrated", "apart"])
async def test_pages_follow_each_other_without_a_gap(database: object, order: str) -> None:
    crowd = await make_crowd(23, 6, reviews=3, seed=3)
    few = [each.id for each in crowd.submissions[:4]]
    await ReviewSummary.update({ReviewSummary.covers_little: True, ReviewSummary.mean: 99.0}).where(
        ReviewSummary.submission.is_in(few[:2])
    )
    await ReviewSummary.delete().where(ReviewSummary.submission.is_in(few[2:]))
    seen, after = await page_of(Where(), "idea", order=order, after=None, size=5)
    for _page in range(4):
        assert after
        rows, after = await page_of(Where(), "idea", order=order, after=after, size=5)
        seen += rows
    assert after is None
    assert len({item.id for item in seen}) == len(seen) == 23
    if order == "best":
        means = [item.mean for item in seen[:19] if item.mean is not None]
        assert means == sorted(means, reverse=True)
        assert len(means) == 19
        assert {item.id for item in seen[19:]} == set(few)
    if order == "apart":
        assert [item.range for item in seen] == sorted((item.range for item in seen), reverse=True)
    if order == "calibrated":
        judged = [item.calibrated for item in seen if item.calibrated is not None and item.id not in few]
        assert judged == sorted(judged, reverse=True)
        assert len(judged) == 19
    if order == "oldest":
        assert [item.submitted_at for item in seen] == sorted(item.submitted_at for item in seen)


async def test_the_overview_counts_everything_and_shows_the_first(database: object) -> None:
    crowd = await make_crowd(9, 6, reviews=1, waiting=1, required=2)
    late = [each.id for each in crowd.submissions[:2]]
    await Assignment.update({Assignment.due_on: today() - timedelta(days=1)}).where(Assignment.submission.is_in(late))
    await Assignment.update({Assignment.reminders: 2}).where(Assignment.submission == late[1])
    found = await heaps(Where())
    assert {kind: heap.total for kind, heap in found.items()} == dict.fromkeys(NEEDS, 0) | {"wait": 9, "late": 2}
    assert [item.id for item in found["late"].first] == list(reversed(late))
    assert [item.id for item in found["wait"].first] == [each.id for each in reversed(crowd.submissions)][:6]
    assert {item.id for item in await queued(flagged("late"))} == set(late)


@pytest.mark.parametrize(
    "change", [each for each in CHANGES if 's."id" =' in each.condition], ids=lambda each: each.name
)
async def test_a_change_of_one_row_looks_at_one_submission(sqlite: AnyEngine, change: QueueChange) -> None:
    """SQLite begins with the row itself; otherwise each change would cost as much as the season is large."""
    condition = (
        change.condition.replace('NEW."submission"', "5").replace('OLD."submission"', "5").replace('NEW."id"', "5")
    )
    plan = [row["detail"] for row in await run_sql("EXPLAIN QUERY PLAN " + ROWS.format(which=condition))]
    assert plan[0] == "SEARCH s USING INTEGER PRIMARY KEY (rowid=?)"
    assert not [step for step in plan if step.startswith("SCAN")]


@pytest.mark.parametrize("order", ["oldest", "best", "calibrated", "apart"])
@pytest.mark.parametrize(
    "after",
    [
        "7",
        "7~",
        "7~x",
        "7~2026-01-01",
        "7~0001-01-01T00:00:00+14:00",
        "7~nan",
        "7~inf,1",
        "7~1,-1e999",
        "7~0,0,0",
        "7~\0",
    ],
)
async def test_a_page_after_what_somebody_typed_by_hand_opens(database: object, order: str, after: str) -> None:
    crowd = await make_crowd(2, 3, reviews=1)
    office = await signed_in(crowd.organiser)
    await office.open(f"/organiser/decisions?stage=idea&sort={order}&after={quote(after)}")
    assert office.page.status_code == 200
