"""The decision page, the desk and the proposal need the same number of queries for many submissions as for few."""

import re
from html import unescape

import pytest

from incubator.db import counting
from incubator.programme.presets import Confidence
from incubator.programme.tables import Criterion, Season
from incubator.reviews.review_statistics import statistics_of, store_summaries
from incubator.reviews.sent_reviews import sent_reviews, summary_of
from incubator.reviews.tables import ReviewScore
from tests.browser import signed_in
from tests.crowd import Crowd, make_crowd


async def queries(crowd: Crowd, who: str, path: str) -> int:
    browser = await signed_in(crowd.organiser if who == "organiser" else crowd.mentors[0])
    await browser.open(path)
    with counting() as seen:
        page = await browser.open(path)
    assert page.status_code == 200
    return len(seen)


#: Who opens which page, and the number of queries, including those for the session.
COSTS = {
    ("organiser", "/organiser/decisions?stage=idea"): 5,
    ("organiser", "/organiser/decisions?stage=idea&sort=calibrated&need=assign"): 7,
    ("organiser", "/organiser/calibration?stage=idea"): 7,
    ("organiser", "/organiser/proposal"): 27,
    ("organiser", "/organiser"): 16,
    ("mentor", "/desk"): 5,
    ("mentor", "/desk/bids"): 26,
    ("mentor", "/desk/scale"): 6,
}


@pytest.mark.parametrize("size", [3, 30])
async def test_few_and_many_cost_the_same(database: object, size: int) -> None:
    crowd = await make_crowd(size, 4, reviews=2, waiting=1, required=4)
    assert {(who, path): await queries(crowd, who, path) for who, path in COSTS} == COSTS


async def test_the_page_shows_what_was_counted(database: object) -> None:
    crowd = await make_crowd(50, 5, reviews=3)
    office = await signed_in(crowd.organiser)
    await office.open("/organiser/decisions?stage=idea")
    assert "Показано 50 из 50" in office.text
    assert office.text.count("data-step") == 25
    following = re.search(r'rel="next" href="([^"]+)"', office.page.text)
    assert following
    await office.open(unescape(following[1]))
    assert office.text.count("data-step") == 25
    assert 'rel="next"' not in office.text
    await office.open("/organiser/decisions?stage=idea&q=проект 49 ")
    assert "Показано 1 из 50" in office.text


@pytest.mark.parametrize("confidence", list(Confidence))
async def test_the_database_adds_up_as_the_rules_do(database: object, confidence: str) -> None:
    """The SQL for many submissions agrees with the pure module for each of them."""
    crowd = await make_crowd(20, 6, reviews=3)
    await ReviewScore.update({ReviewScore.level: None}).where(ReviewScore.id.is_in([1, 2, 3, 4, 7, 8, 40]))
    await ReviewScore.delete().where(ReviewScore.id.is_in([41, 42]))
    await Criterion.update({Criterion.lowest: -1}).where(Criterion.key == "problem")
    await Season.update({Season.confidence: confidence}, force=True)
    await store_summaries([s.id for s in crowd.submissions])
    statistics = await statistics_of([s.id for s in crowd.submissions])
    each = await sent_reviews([s.id for s in crowd.submissions])
    assert statistics.keys() == each.keys()
    for submission, sent in each.items():
        summary, counted = summary_of(sent), statistics[submission]
        assert counted.count == summary.count == 3
        assert counted.mean == pytest.approx(summary.mean)
        assert counted.scores == summary.scores
        assert counted.coverage == summary.coverage
        assert counted.partial == summary.partial
        assert counted.needs_another is summary.needs_another
