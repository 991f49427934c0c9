"""Scores as people meet them: what a review covers, how far reviews are apart, and what confidence is worth."""

import re
from typing import Any

from incubator.programme.presets import Confidence
from incubator.programme.tables import Criterion, Season
from incubator.projects.tables import Submission
from incubator.reviews.assignment.assign import assign
from incubator.reviews.reviewing.review import Opinion, send_review
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Assignment, Review, ReviewScore
from tests.browser import Browser, signed_in
from tests.cast import Cast, send, submitted

ADVICE = "Спросите трёх пасечников, для какой аудитории датчик важнее, и какая проблема у них первая."


async def answered(submission: Submission, level: int, *keys: str) -> dict[int, int | None]:
    """Return ``level`` on the criteria ``keys``, and "not applicable" on all others."""
    return {c.id: level if c.key in keys else None for c in await rubric_of(submission)}


async def with_two_reviews(cast: Cast) -> Submission:
    """One review answers 10 % of the weight with the best level, the other everything with level 1."""
    submission = await submitted(cast)
    part = await assign(submission, cast.mentor, by=cast.organiser)
    levels = await answered(submission, 3, "motivation")
    await send_review(part, Opinion(levels, ADVICE, "", "advance", 1), version=0, by=cast.mentor)
    whole = await assign(submission, cast.second_mentor, by=cast.organiser)
    await send(whole, submission, cast.second_mentor, level=1)
    return submission


def plain(browser: Browser) -> str:
    """Return what the page says, without tags and with single spaces."""
    return " ".join(re.sub(r"<[^>]*>", " ", browser.text).split())


async def test_a_review_of_a_tenth_is_marked_wherever_its_score_stands(cast: Cast) -> None:
    submission = await with_two_reviews(cast)
    office = await signed_in(cast.organiser)
    await office.open(f"/organiser/submissions/{submission.id}")
    assert "оценено 10 % критериев 100 %" in plain(office)
    assert "оценено 55 % критериев" in plain(office)
    # (0.1 · 100 + 1 · 33.3) / 1.1 = 39.4; the plain mean would be 66.7
    assert "39 % средний уровень 1,18 из 3 · разброс 33–100 ст. откл. 47" in plain(office)
    await office.open("/organiser/decisions")
    assert "39 % 55 % критериев" in plain(office)
    assert "33–100 ст. откл. 47" in plain(office)
    await office.open("/organiser/decisions?flag=partial")
    assert "Тихий улей" in office.text
    other = await signed_in(cast.second_mentor)
    await other.open(f"/reviews/{(await Assignment.objects().order_by(Assignment.id, ascending=False))[0].id}")
    assert "оценено 10 % критериев 100 %" in plain(other)


async def test_a_submission_of_which_little_was_judged_needs_another_look(cast: Cast) -> None:
    submission = await submitted(cast)
    for mentor in (cast.mentor, cast.second_mentor):
        assignment = await assign(submission, mentor, by=cast.organiser)
        levels = await answered(submission, 3, "motivation")
        await send_review(assignment, Opinion(levels, ADVICE, "", "advance"), version=0, by=mentor)
    office = await signed_in(cast.organiser)
    await office.open("/organiser/decisions?sort=best")
    assert "нужен ещё взгляд" in office.text
    assert "мнения разошлись" not in plain(office).split("Показать")[1]  # they agree, but on a tenth
    await office.open(f"/organiser/submissions/{submission.id}")
    assert "оценена меньшая часть критериев" in office.text


async def test_sending_asks_about_what_is_not_answered(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    rubric = await rubric_of(submission)
    page = f"/reviews/{assignment.id}"
    mentor = await signed_in(cast.mentor)
    await mentor.open(page)
    typed: dict[str, Any] = {f"level__{c.key}": "2" if c.key == "problem" else "na" for c in rubric}
    await mentor.send(page, send="1", advice=ADVICE, recommendation="advance", **typed)
    assert "Не оценено: Аудитория" in mentor.text
    assert "только 30 % критериев" in plain(mentor)
    draft = await Review.objects().first()
    assert draft
    assert not draft.is_sent
    await mentor.send(page, send="1")  # «Отправить как есть»
    assert mentor.path == "/desk"
    assert await Review.exists().where(Review.sent())


async def test_a_sent_review_is_not_emptied_without_asking(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    await send(assignment, submission, cast.mentor, level=2)
    page = f"/reviews/{assignment.id}"
    mentor = await signed_in(cast.mentor)
    await mentor.open(page)
    await mentor.send(page, level__problem="na", advice="Переписанный совет о проблеме пасечников")
    assert "Изменения ещё не сохранены" in mentor.text
    assert "Не оценено: Проблема" in mentor.text
    assert "Переписанный совет" in mentor.page.text
    assert not await ReviewScore.exists().where(ReviewScore.level.is_null())
    await mentor.send(page)
    assert await ReviewScore.count().where(ReviewScore.level.is_null()) == 1
    await mentor.open(page)
    await mentor.send(page, advice="Ещё раз о проблеме")  # nothing more is left out: no question
    changed = await Review.objects().first()
    assert changed
    assert changed.advice == "Ещё раз о проблеме"


async def test_a_season_says_what_confidence_is_worth(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    season = f"/organiser/seasons/{cast.season.id}"
    await office.open(season)
    await office.send(season, confidence="weighed")
    stored = await Season.objects().get(Season.id == cast.season.id)
    assert stored
    assert stored.confidence == Confidence.WEIGHED

    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    page = f"/reviews/{assignment.id}"
    mentor = await signed_in(cast.mentor)
    await mentor.open(page)
    assert "от этого зависит вес рецензии" in mentor.text
    typed: dict[str, Any] = {f"level__{c.key}": "3" for c in await rubric_of(submission)}
    await mentor.send(page, send="1", advice=ADVICE, recommendation="advance", **typed)
    assert "Отметьте, насколько вы уверены" in mentor.text
    await mentor.send(page, send="1", confidence="3")
    other = await assign(submission, cast.second_mentor, by=cast.organiser)
    levels = await answered(submission, 0, *(c.key for c in await rubric_of(submission)))
    await send_review(other, Opinion(levels, ADVICE, "", "advance", 1), version=0, by=cast.second_mentor)
    await office.open("/organiser/decisions")
    assert "75 %" in plain(office)  # (3 · 100 + 1 · 0) / 4
    await office.open(f"/organiser/submissions/{submission.id}")
    assert "рецензия весит и по уверенности наставника" in plain(office)
    assert "Уверенность: скорее догадка" in plain(office)


async def test_where_confidence_is_not_asked_nobody_meets_it(cast: Cast) -> None:
    await Season.update({Season.confidence: Confidence.NOT_ASKED.value}).where(Season.id == cast.season.id)
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{assignment.id}")
    assert "Насколько вы уверены" not in mentor.text
    await send(assignment, submission, cast.mentor)
    office = await signed_in(cast.organiser)
    await office.open(f"/organiser/submissions/{submission.id}")
    assert "Уверенность" not in office.text


async def test_the_lowest_level_of_any_scale_is_no_per_cent(cast: Cast) -> None:
    await Criterion.update({Criterion.lowest: 1, Criterion.highest: 5}).where(Criterion.stage == "idea")
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    await send(first, submission, cast.mentor, level=1)
    office = await signed_in(cast.organiser)
    await office.open(f"/organiser/submissions/{submission.id}")
    assert "0 % средний уровень 1,00 из 5" in plain(office)
    second = await assign(submission, cast.second_mentor, by=cast.organiser)
    await send(second, submission, cast.second_mentor, level=2)
    await office.open("/organiser/decisions")
    assert "13 %" in plain(office)  # 12.5, half up
    assert "0–25" in plain(office)
    assert "нужен ещё взгляд" not in plain(office).split("Показать")[1]  # one level of five is no quarrel


async def scale_of_ten() -> None:
    scale: dict[Any, Any] = {
        Criterion.lowest: 1,
        Criterion.highest: 10,
        Criterion.anchors_ru: "[]",
        Criterion.anchors_en: "[]",
    }
    await Criterion.update(scale).where(Criterion.stage == "idea")


async def test_a_scale_of_ten_stands_in_a_line_and_says_its_end(cast: Cast) -> None:
    """As imported: no sentences for levels, no recommendation."""
    await scale_of_ten()
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    other = await assign(submission, cast.second_mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{assignment.id}")
    assert mentor.page.text.count('<div class="levels is-bare">') == len(await rubric_of(submission))
    assert "0 – десять" in mentor.text
    await send(assignment, submission, cast.mentor, level=10, recommendation="advance")
    await send(other, submission, cast.second_mentor, level=7)
    await Review.update({Review.recommendation: ""}).where(Review.mentor == cast.mentor.id)
    office = await signed_in(cast.organiser)
    await office.open(f"/organiser/submissions/{submission.id}")
    assert "средний уровень 8,50 из 10 · разброс 67–100" in plain(office)
    assert "10 из 10" in plain(office)
    assert "Анна Орлова 100 %" in plain(office)  # without a badge «нет», which would say no to the team
    assert "Борис Волков дальше 67 %" in plain(office)


async def test_levels_with_sentences_stand_below_each_other(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{assignment.id}")
    assert "is-bare" not in mentor.page.text
    assert "0 – десять" not in mentor.text
