"""Who declined, was taken off or was excluded by mistake can be asked again; what was written stays readable."""

from typing import Any

import pytest

from incubator.core.refusals import NotAllowed, Refusal
from incubator.gates.decide import decide
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.mail.tables import Message
from incubator.programme.tables import StageRule
from incubator.projects.tables import Submission
from incubator.reviews.assignment.assign import assign, cancel_assignment
from incubator.reviews.assignment.declared_conflicts import conflicts_on, declare_conflict, lift_conflict
from incubator.reviews.assignment.decline import decline
from incubator.reviews.assignment.mentors import change_capacity
from incubator.reviews.assignment.proposal import propose
from incubator.reviews.assignment.reassign import reassign
from incubator.reviews.assignment.reconsider import reconsider
from incubator.reviews.assignment.reviewers import waiting_by_mentor
from incubator.reviews.reviewing.discussion import post_to_reviewers
from incubator.reviews.reviewing.due_dates import due_reviews_of
from incubator.reviews.reviewing.review import Opinion, save_review
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Assignment, Mentor, Proposed, Review
from tests.browser import signed_in
from tests.cast import Cast, send, submitted
from tests.mail.sent import subjects, tell

WRITTEN = "Спросите трёх пасечников о проблеме"


async def draft(assignment: Assignment, submission: Submission, by: Any) -> Review:
    """Save an unsent review with a level on every criterion, and a note on one section."""
    levels: dict[int, int | None] = {c.id: 1 for c in await rubric_of(submission)}
    opinion = Opinion(levels, WRITTEN, "Для вас", "", notes={"problem": "Сколько их?"})
    return await save_review(assignment, opinion, version=0, by=by)


async def states(mentor: Any) -> list[str]:
    rows = await Assignment.objects().where(Assignment.mentor == mentor.id).order_by(Assignment.id)
    return [row.ended or "open" for row in rows]


async def test_a_conflict_pinned_by_mistake_leaves_nothing_behind(cast: Cast) -> None:
    submission = await submitted(cast)
    await assign(submission, cast.mentor, by=cast.organiser)
    await declare_conflict(cast.project.id, cast.mentor, is_hard=True, reason="Однофамилец", by=cast.organiser)
    with pytest.raises(Refusal, match="конфликт интересов"):
        await assign(submission, cast.mentor, by=cast.organiser)
    await lift_conflict((await conflicts_on(cast.project.id))[0].id, by=cast.organiser)
    for other in (cast.second_mentor, cast.idle_mentor):
        await Mentor.update({Mentor.capacity: 0}).where(Mentor.person == other.id)
    await propose(by=cast.organiser)  # nobody chose to leave, so the solver may propose them as well
    assert [row.mentor for row in await Proposed.objects()] == [cast.mentor.id]
    office = await signed_in(cast.organiser)
    page = f"/organiser/submissions/{submission.id}"
    await office.open(page)
    await office.send(f"{page}/assignments", mentor=cast.mentor.id)
    assert "Анна Орлова получает заявку" in office.text
    assert await states(cast.mentor) == ["withdrawn", "open"]
    with pytest.raises(Refusal, match="уже получает"):
        await assign(submission, cast.mentor, by=cast.organiser)


async def test_an_organiser_asks_again_who_declined(cast: Cast) -> None:
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    await tell()
    await decline(first, reason="Отпуск", is_conflict=False, by=cast.mentor)
    await propose(by=cast.organiser)
    assert cast.mentor.id not in {row.mentor for row in await Proposed.objects()}  # only a person asks them again
    office = await signed_in(cast.organiser)
    page = f"/organiser/submissions/{submission.id}"
    await office.open(page)
    assert "отказывался" in office.text
    await office.send(f"{page}/assignments", mentor=cast.mentor.id)
    assert await states(cast.mentor) == ["declined", "open"]
    assert len([s for s in await subjects(cast.mentor) if "ждёт рецензия" in s]) == 2
    again = (await Assignment.objects().where(Assignment.open()))[0]
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{first.id}")  # the link of the first mail
    assert mentor.path == f"/reviews/{again.id}"
    assert "Ответ: problem" in mentor.text
    await send(again, submission, cast.mentor)
    await office.open(page)
    assert office.text.count("прислал рецензию") == 1


async def test_a_mentor_thinks_better_of_it_while_there_is_room(cast: Cast) -> None:
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    await draft(first, submission, cast.mentor)
    await decline(first, reason="Отпуск", is_conflict=False, by=cast.mentor)
    assert await Proposed.count() == 1  # the next best
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{first.id}")
    await mentor.send(f"/reviews/{first.id}/return")
    assert "Заявка снова у вас" in mentor.text
    assert WRITTEN in mentor.page.text  # the draft came along
    assert await states(cast.mentor) == ["declined", "open"]
    assert await Proposed.count() == 0
    assert [e.on for e in await due_reviews_of(cast.mentor)] != []
    told = [r["happened"] for r in await Event.select(Event.happened).order_by(Event.id)]
    assert told[-1] == Happened.RECONSIDERED
    with pytest.raises(Refusal, match="уже получает"):
        await reconsider(first, by=cast.mentor)  # a repeated click


async def test_thinking_better_of_it_has_its_limits(cast: Cast) -> None:
    submission = await submitted(cast)
    await StageRule.update({StageRule.reviews_required: 1}, force=True)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    with pytest.raises(Refusal, match="не отказывались"):
        await reconsider(first, by=cast.mentor)
    await decline(first, reason="Отпуск", is_conflict=False, by=cast.mentor)
    with pytest.raises(NotAllowed):
        await reconsider(first, by=cast.idle_mentor)
    second = await assign(submission, cast.second_mentor, by=cast.organiser)
    with pytest.raises(Refusal, match="уже попросили другого"):
        await reconsider(first, by=cast.mentor)
    await cancel_assignment(second, by=cast.organiser)
    await declare_conflict(cast.project.id, cast.mentor, is_hard=True, reason="Родня", by=cast.organiser)
    with pytest.raises(Refusal, match="конфликт интересов"):
        await reconsider(first, by=cast.mentor)
    await lift_conflict((await conflicts_on(cast.project.id))[0].id, by=cast.organiser)
    await decide(submission, "advance", reason="Да", override="Ждать некого", by=cast.organiser)
    with pytest.raises(Refusal, match="решение уже принято"):
        await reconsider(first, by=cast.mentor)


async def test_a_cancelled_assignment_is_history_and_its_draft_stays(cast: Cast) -> None:
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    await draft(first, submission, cast.mentor)
    await cancel_assignment(first, by=cast.organiser)
    await cancel_assignment(first, by=cast.organiser)  # a repeated click
    assert await states(cast.mentor) == ["cancelled"]
    assert [s for s in await subjects(cast.mentor) if "больше не нужна" in s] == [
        "Рецензия на «Тихий улей» больше не нужна"
    ]
    again = await assign(submission, cast.mentor, by=cast.organiser)
    review = await Review.objects().first()
    assert review
    assert (review.assignment, review.advice) == (again.id, WRITTEN)


async def test_handing_over_tells_both_and_leaves_nothing_unreachable(cast: Cast) -> None:
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    await draft(first, submission, cast.mentor)
    office = await signed_in(cast.organiser)
    page = f"/organiser/submissions/{submission.id}"
    await office.open(page)
    await office.send(f"{page}/assignments/{first.id}/reassignment", mentor=cast.idle_mentor.id)
    assert "Вера Тихая получает заявку" in office.text
    assert WRITTEN in office.text  # the organiser reads the draft
    assert "Сколько их?" in office.text

    assert await states(cast.mentor) == ["cancelled"]
    assert await states(cast.idle_mentor) == ["open"]
    await tell()
    mail = await Message.objects().where(Message.to == cast.mentor.email).order_by(Message.id, ascending=False).first()
    assert mail
    assert "передал заявку другому наставнику" in mail.body
    assert cast.idle_mentor.family_name not in mail.body
    assert f"/reviews/{first.id}" in mail.body
    assert "Вас ждёт рецензия: «Тихий улей»" in await subjects(cast.idle_mentor)
    assert await due_reviews_of(cast.mentor) == []
    assert len(await due_reviews_of(cast.idle_mentor)) == 1

    former = await signed_in(cast.mentor)
    assert (await former.open(f"/reviews/{first.id}")).status_code == 200
    assert WRITTEN in former.page.text
    assert "Сколько их?" in former.page.text
    assert "Ответ: problem" not in former.text  # the submission itself is not theirs any more
    assert not former.has_form(f"/reviews/{first.id}/decline")
    with pytest.raises(Refusal):
        await draft(first, submission, cast.mentor)
    with pytest.raises(NotAllowed):
        await post_to_reviewers(submission, "Я ещё здесь", by=cast.mentor)

    second = (await Assignment.objects().where(Assignment.open()))[0]
    reader = await signed_in(cast.idle_mentor)
    await reader.open(f"/reviews/{second.id}")
    assert WRITTEN not in reader.page.text
    assert (await reader.open(f"/reviews/{first.id}")).status_code == 404
    await send(second, submission, cast.idle_mentor)
    await office.open(page)
    assert office.text.count("прислал рецензию") == 1


async def test_handing_over_is_one_step_or_none(cast: Cast) -> None:
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    await declare_conflict(cast.project.id, cast.second_mentor, is_hard=True, reason="Сосед", by=cast.organiser)
    for nobody, why in ((cast.second_mentor, "конфликт интересов"), (cast.captain, "не наставник")):
        with pytest.raises(Refusal, match=why):
            await reassign(first, nobody, by=cast.organiser)
        assert await states(cast.mentor) == ["open"]
    with pytest.raises(NotAllowed):
        await reassign(first, cast.idle_mentor, by=cast.mentor)
    await send(first, submission, cast.mentor)
    with pytest.raises(Refusal, match="уже отправлена"):
        await reassign(first, cast.idle_mentor, by=cast.organiser)
    assert await states(cast.mentor) == ["open"]


async def test_a_limit_below_what_waits_is_shown_with_what_to_do(cast: Cast) -> None:
    submission = await submitted(cast)
    await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    office = await signed_in(cast.organiser)
    await office.open("/organiser/proposal")
    assert "Больше, чем готовы взять" not in office.text
    await office.open("/organiser/people")
    await office.send(f"/organiser/people/{cast.mentor.id}/capacity", capacity="0")
    assert "остаётся за наставником" in office.text
    assert "на 1 больше предела" in office.text
    await office.open("/organiser/proposal")
    assert "Больше, чем готовы взять" in office.text
    assert "ждут 1, предел 0" in office.text
    assert f"/organiser/submissions/{submission.id}#assign" in office.text
    mentor = await signed_in(cast.second_mentor)
    await mentor.open("/desk/offer")
    await mentor.send("/desk/offer", languages=["ru"], capacity="0")
    assert "это больше нового предела" in mentor.text


async def test_what_was_decided_without_somebody_weighs_on_nobody(cast: Cast) -> None:
    submission = await submitted(cast)
    await assign(submission, cast.mentor, by=cast.organiser)
    assert await waiting_by_mentor() == {cast.mentor.id: 1}
    await decide(submission, "advance", reason="Да", override="Спешим", by=cast.organiser)
    assert await waiting_by_mentor() == {}
    await change_capacity(cast.mentor.id, 0, by=cast.organiser)
    office = await signed_in(cast.organiser)
    await office.open("/organiser/proposal")
    assert "Больше, чем готовы взять" not in office.text
