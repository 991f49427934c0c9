"""A mentor's work on a submission: assigned, saved, sent, changed, declined; and who may read what."""

import msgspec
import pytest

from incubator.core.refusals import NotAllowed, Refusal
from incubator.gates.decide import decide
from incubator.gates.release import release
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.projects.tables import Submission
from incubator.reviews.assignment.assign import assign, cancel_assignment
from incubator.reviews.assignment.candidates import candidates_for
from incubator.reviews.assignment.decline import decline
from incubator.reviews.reviewing.review import Opinion, ReviewStale, review_of, save_review, send_review
from incubator.reviews.rubric import rubric_of
from incubator.reviews.sent_reviews import sent_reviews
from incubator.reviews.tables import Review
from tests.browser import signed_in
from tests.cast import Cast, reviewed, send, submitted


async def opinion(submission: Submission, level: int = 2, advice: str = "Поговорите с тремя пасечниками.") -> Opinion:
    return Opinion({c.id: level for c in await rubric_of(submission)}, advice, "Только вам", "advance")


async def test_a_half_review_is_kept_but_not_sent(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    half = Opinion({}, "Пока только мысль", "", "")
    await save_review(assignment, half, version=0, by=cast.mentor)
    with pytest.raises(Refusal, match="не закончена"):
        await send_review(assignment, half, version=1, by=cast.mentor)
    kept = await review_of(assignment)
    assert kept
    assert kept.advice == "Пока только мысль"
    assert not kept.sent_at
    assert not await sent_reviews([submission.id])


async def test_a_sent_review_changes_until_the_decision_and_the_journal_keeps_both(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    await send_review(assignment, await opinion(submission, 1), version=0, by=cast.mentor)
    review = await review_of(assignment)
    assert review
    await save_review(assignment, await opinion(submission, 3), version=review.version, by=cast.mentor)
    event = await Event.objects().where(Event.happened == Happened.REVIEW_CHANGED.value).first()
    assert event
    assert set(map(tuple, msgspec.json.decode(event.data)["levels"].values())) == {(1, 3)}
    await send(await assign(submission, cast.second_mentor, by=cast.organiser), submission, cast.second_mentor)
    await decide(submission, "advance", reason="Да", by=cast.organiser)
    with pytest.raises(Refusal, match="разбирает организатор"):
        await save_review(assignment, await opinion(submission, 0), version=review.version + 1, by=cast.mentor)


async def test_a_stale_tab_and_a_forged_version_overwrite_nothing(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    with pytest.raises(ReviewStale):
        await save_review(assignment, await opinion(submission), version=7, by=cast.mentor)
    await save_review(assignment, await opinion(submission, advice="Первый"), version=0, by=cast.mentor)
    with pytest.raises(ReviewStale):
        await save_review(assignment, await opinion(submission, advice="Второй"), version=0, by=cast.mentor)
    kept = await review_of(assignment)
    assert kept
    assert kept.advice == "Первый"


async def test_declining_gives_the_reason_to_the_office_and_a_conflict_bars_for_good(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    await decline(assignment, reason="Капитан – моя племянница", is_conflict=True, by=cast.mentor)
    office = await signed_in(cast.organiser)
    await office.open(f"/organiser/submissions/{submission.id}")
    assert "Капитан – моя племянница" in office.text
    barred = {c.person.id for c in await candidates_for(submission) if c.is_barred}
    assert cast.mentor.id in barred
    with pytest.raises(Refusal, match="конфликт интересов"):
        await assign(submission, cast.mentor, by=cast.organiser)
    with pytest.raises(Refusal):
        await decline(assignment, reason="Ещё раз", is_conflict=False, by=cast.mentor)


async def test_a_cancelled_assignment_disappears_from_the_desk(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open("/desk")
    assert "Тихий улей" in mentor.text
    await cancel_assignment(assignment, by=cast.organiser)
    assert (await mentor.open("/desk")).status_code == 200
    assert "Тихий улей" not in mentor.text
    with pytest.raises(Refusal):
        await save_review(assignment, await opinion(submission), version=0, by=cast.mentor)


async def test_who_was_not_asked_cannot_review(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    for person in (cast.idle_mentor, cast.captain, cast.organiser):
        with pytest.raises(NotAllowed):
            await save_review(assignment, await opinion(submission), version=0, by=person)
    assert not await Review.exists()


async def test_the_team_reads_advice_after_the_release_without_names_and_notes(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    await send_review(assignment, await opinion(submission), version=0, by=cast.mentor)
    await send(await assign(submission, cast.second_mentor, by=cast.organiser), submission, cast.second_mentor)
    team = await signed_in(cast.teammate)
    page = f"/projects/{cast.project.id}/submissions/1"
    await team.open(page)
    assert "пасечниками" not in team.text
    decision = await decide(submission, "advance", reason="Хорошая работа", by=cast.organiser)
    await team.open(page)
    assert "Хорошая работа" not in team.text
    await release(decision, by=cast.organiser)
    await team.open(page)
    assert "Поговорите с тремя пасечниками" in team.text
    assert "Хорошая работа" in team.text
    assert "Только вам" not in team.text
    assert cast.mentor.family_name not in team.text


async def test_mentors_do_not_see_each_other_before_they_sent(cast: Cast) -> None:
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    second = await assign(submission, cast.second_mentor, by=cast.organiser)
    await send_review(first, await opinion(submission, advice="Очень особенный совет"), version=0, by=cast.mentor)
    other = await signed_in(cast.second_mentor)
    assert (await other.open(f"/reviews/{second.id}")).status_code == 200
    assert "Очень особенный совет" not in other.text
    await send(second, submission, cast.second_mentor)
    await other.open(f"/reviews/{second.id}")
    assert "Очень особенный совет" in other.text


async def test_two_reviews_of_one_mentor_are_impossible(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    with pytest.raises(Refusal, match="уже получает"):
        await assign(submission, cast.mentor, by=cast.organiser)
