"""A team's own look at its draft: scored like a review, stored for the team alone."""

from incubator.gates.self_check import check_own_work, levels_seen, self_score
from incubator.reviews.rubric import Anchored
from tests.browser import signed_in
from tests.cast import Cast, submitted

LEVELS = [("0", "нет"), ("1", "названо"), ("2", "доказано"), ("3", "то и другое")]


def criterion(number: int, key: str, weight: int) -> Anchored:
    return Anchored(number, key, key, "", weight, 0, 3, LEVELS, (key,))


RUBRIC = [criterion(1, "problem", 30), criterion(2, "audience", 20), criterion(3, "solution", 50)]


def test_it_is_scored_like_a_review_and_names_where_a_step_brings_most() -> None:
    score = self_score(RUBRIC, {"problem": 1, "audience": 3, "solution": 0, "gone": 2})
    assert score.percent == 100 * (30 * 1 + 20 * 3) / (100 * 3)
    assert score.coverage == 1
    assert [(step.criterion.key, step.following) for step in score.steps] == [
        ("solution", "названо"),
        ("problem", "доказано"),
    ]


def test_levels_that_the_rubric_does_not_have_count_as_not_given() -> None:
    score = self_score(RUBRIC, {"problem": 7})
    assert (score.percent, score.coverage, score.steps) == (None, 0, [])
    assert self_score([], {}).percent is None


async def test_two_of_a_team_keep_each_others_levels(cast: Cast) -> None:
    here = f"/projects/{cast.project.id}/self-check"
    captain, mate = await signed_in(cast.captain), await signed_in(cast.teammate)
    page = await captain.open(here)
    assert 'id="result"' not in page.text
    await mate.open(here)
    await captain.send(here, level__problem="2")
    assert "Сохранено" in captain.text
    await mate.send(here, level__audience="1")  # from a page that did not know of the problem yet
    assert await levels_seen(cast.project) == {"problem": 2, "audience": 1}
    page = await mate.open(here)
    assert f'href="/projects/{cast.project.id}/answers/audience"' in page.text
    assert "отмечено 50" in mate.text


async def test_a_level_that_there_is_not_changes_nothing(cast: Cast) -> None:
    here = f"/projects/{cast.project.id}/self-check"
    browser = await signed_in(cast.captain)
    await browser.open(here)
    answer = await browser.send(here, level__problem="9")
    assert answer.status_code == 422
    assert await levels_seen(cast.project) == {}


async def test_nobody_else_reads_it(cast: Cast) -> None:
    await check_own_work(cast.project, {"problem": 3}, by=cast.captain)
    await submitted(cast)
    for person in (cast.teacher, cast.organiser, cast.coach):
        browser = await signed_in(person)
        assert "self-check" not in (await browser.open(f"/projects/{cast.project.id}")).text
        assert (await browser.open(f"/projects/{cast.project.id}/self-check")).status_code == 403
