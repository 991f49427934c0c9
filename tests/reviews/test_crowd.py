"""The decision page, the desk and the proposal ask the database as often for many as for few."""

import pytest

from incubator.db import counting
from tests.browser import signed_in
from tests.crowd import Crowd, make_crowd


async def queries(crowd: Crowd, who: str, path: str) -> int:
    browser = await signed_in(crowd.organiser if who == "organiser" else crowd.mentors[0])
    await browser.open(path)
    with counting() as seen:
        page = await browser.open(path)
    assert page.status_code == 200
    return len(seen)


#: Who opens which page, and what it costs: the sign-in's own query is among them.
COSTS = {
    ("organiser", "/organiser/decisions?stage=idea"): 8,
    ("organiser", "/organiser/decisions?stage=idea&sort=calibrated&need=decide"): 8,
    ("organiser", "/organiser/calibration?stage=idea"): 6,
    ("organiser", "/organiser/proposal"): 22,
    ("organiser", "/organiser"): 8,
    ("mentor", "/desk"): 9,
    ("mentor", "/desk/bids"): 22,
    ("mentor", "/desk/scale"): 5,
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
    await office.open("/organiser/decisions?stage=idea&page=2")
    assert office.text.count("data-step") == 25
    await office.open("/organiser/decisions?stage=idea&q=проект 49 ")
    assert "Показано 1 из 50" in office.text
