"""What must not happen when somebody's page is outdated, or somebody has two roles."""

import pytest

from incubator.core.refusals import NotAllowed, Refusal
from incubator.db import writing
from incubator.gates.decide import decide, undo_decision
from incubator.gates.release import release
from incubator.gates.submit import take_back
from incubator.mail.tables import Message
from incubator.people.grants import grant_role
from incubator.people.permissions import StaffRole
from incubator.projects.permissions import ProjectRole
from incubator.projects.team import join
from incubator.projects.transition import StageChanged
from incubator.reviews.assignment.assign import assign, cancel_assignment
from incubator.reviews.assignment.declared_conflicts import declare_conflict
from incubator.reviews.assignment.decline import decline
from incubator.reviews.assignment.proposal import apply, propose
from incubator.reviews.reviewing.discussion import post_to_reviewers
from incubator.reviews.reviewing.remarks import address_remark, confirm_remark
from incubator.reviews.tables import Assignment, Mentor, Proposed, Remark
from tests.browser import signed_in
from tests.cast import Cast, fresh, fresh_project, reviewed, send, submitted
from tests.mail.sent import tell


async def test_an_old_page_announces_nothing_else(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    page = f"/organiser/submissions/{submission.id}"
    first = await decide(submission, "advance", reason="Да", by=cast.organiser)
    old, old_list = await signed_in(cast.organiser), await signed_in(cast.organiser)
    await old.open(page)
    await old_list.open("/organiser/decisions/release")
    await undo_decision(first, by=cast.organiser)
    second = await decide(submission, "stop", reason="Нет", next_step="Отдохните", by=cast.organiser)
    await old.send(f"{page}/decision/release")
    assert "кто-то успел раньше" in old.text
    await old_list.send("/organiser/decisions/release")
    assert "1 решение за это время отменили или сменили" in old_list.text
    with pytest.raises(StageChanged):
        await release(first, by=cast.organiser)
    with pytest.raises(StageChanged):
        await undo_decision(first, by=cast.organiser)
    assert (await fresh_project(cast.project)).state == "in_review"
    await release(second, by=cast.organiser)
    assert (await fresh_project(cast.project)).state == "stopped"


async def test_nobody_decides_about_their_own_team(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    await grant_role(cast.teacher, StaffRole.ORGANISER, by=cast.organiser)
    teacher = await fresh(cast.teacher)
    with pytest.raises(NotAllowed):
        await decide(submission, "advance", reason="Мои", override="Мои", by=teacher)
    with pytest.raises(NotAllowed):
        await assign(submission, cast.second_mentor, by=teacher)
    with pytest.raises(NotAllowed):
        await cancel_assignment(assignment, by=teacher)
    decision = await decide(submission, "advance", reason="Да", override="Спешим", by=cast.organiser)
    with pytest.raises(NotAllowed):
        await release(decision, by=teacher)
    browser = await signed_in(teacher)
    assert (await browser.open(f"/organiser/submissions/{submission.id}")).status_code == 403
    assert cast.mentor.family_name not in browser.text
    office = await signed_in(cast.organiser)
    for path in ("/organiser/decisions", "/organiser/decisions/release"):
        assert "Тихий улей" in (await office.open(path)).text
        assert (await browser.open(path)).status_code == 200
        assert "Тихий улей" not in browser.text


async def test_remarks_of_a_pending_return_are_not_there(cast: Cast) -> None:
    submission = await submitted(cast)
    await decide(
        submission, "return", reason="Почти", remarks=[("problem", "Сколько?")], override="Спешим", by=cast.organiser
    )
    remark = await Remark.objects().first()
    assert remark
    team = await signed_in(cast.captain)
    await team.open(f"/projects/{cast.project.id}")
    guess = await team.post(f"/projects/{cast.project.id}/remarks/{remark.id}/addressed", [("csrf", team.csrf())])
    assert guess.status_code == 404
    with pytest.raises(Refusal):
        await address_remark(cast.project, remark.id, "Переписали", by=cast.captain)


async def test_a_mention_reaches_only_who_may_read_it(cast: Cast) -> None:
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)  # has not sent their review
    await send(first, submission, cast.mentor)
    await post_to_reviewers(submission, "@Волков @Смирнова что скажете?", by=cast.mentor)
    await tell()
    told = {m["to"] for m in await Message.select(Message.to).where(Message.subject.like("%пишет вам%"))}
    assert told == {cast.organiser.email}


async def test_applying_gives_no_more_than_is_needed_and_can_be_taken(cast: Cast) -> None:
    submission = await submitted(cast)
    await propose(by=cast.organiser)
    proposed = {p.mentor for p in await Proposed.objects()}
    (other,) = [m for m in (cast.mentor, cast.second_mentor, cast.idle_mentor) if m.id not in proposed]
    await assign(submission, other, by=cast.organiser)
    done = await apply(by=cast.organiser)
    assert done.assigned == 1
    assert "уже хватает" in done.refused[0]
    assert await Assignment.count() == 2


async def test_who_filled_up_meanwhile_is_not_asked(cast: Cast) -> None:
    await submitted(cast)
    await propose(by=cast.organiser)
    await Mentor.update({Mentor.capacity: 0}, force=True)
    done = await apply(by=cast.organiser)
    assert done.assigned == 0
    assert len(done.refused) == 2


async def test_whoever_joined_the_team_meanwhile_leaves_its_pairs_to_another_organiser(cast: Cast) -> None:
    await submitted(cast)
    await propose(by=cast.organiser)
    proposed = await Proposed.count()
    async with writing():
        await join(cast.project.id, cast.organiser, ProjectRole.COACH)
    assert (await apply(by=cast.organiser)).assigned == 0
    assert await Proposed.count() == proposed > 0


async def test_who_declined_reads_no_more(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    await decline(assignment, reason="Родня", is_conflict=True, by=cast.mentor)
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{assignment.id}")
    assert "Вы отказались" in mentor.text
    assert "Ответ: problem" not in mentor.text
    assignment.submission = submission
    with pytest.raises(Refusal):
        await confirm_remark(assignment, 1, by=cast.mentor)


async def test_who_loses_an_assignment_is_told(cast: Cast) -> None:
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    second = await assign(submission, cast.second_mentor, by=cast.organiser)
    await cancel_assignment(first, by=cast.organiser)
    await take_back(await fresh_project(cast.project), by=cast.captain)
    for person, reason in ((cast.mentor, "так решил организатор"), (cast.second_mentor, "команда забрала заявку")):
        await tell()
        mail = await Message.objects().where(Message.to == person.email).order_by(Message.id, ascending=False).first()
        assert mail
        assert reason in mail.body
    mentor = await signed_in(cast.second_mentor)
    await mentor.open(f"/reviews/{second.id}")
    assert "команда забрала заявку" in mentor.text
    assert "Ответ: problem" not in mentor.text


async def test_a_pending_decision_leaves_the_draft_on_the_desk(cast: Cast) -> None:
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    await send(first, submission, cast.mentor)
    decision = await decide(submission, "advance", reason="Да", override="Спешим", by=cast.organiser)
    for person in (cast.mentor, cast.second_mentor):
        mentor = await signed_in(person)
        await mentor.open("/desk")
        assert "Тихий улей" in mentor.text
        assert "решение принято" not in mentor.text.casefold()
    await release(decision, by=cast.organiser)
    mentor = await signed_in(cast.mentor)
    await mentor.open("/desk")
    assert "решение принято" in mentor.text


async def test_a_team_does_not_choose_its_judges(cast: Cast) -> None:
    for mentor in (cast.mentor, cast.second_mentor, cast.idle_mentor):
        await declare_conflict(cast.project.id, mentor, is_hard=True, reason="Знакомы", by=cast.captain)
    with pytest.raises(Refusal, match="напишите организатору"):
        await declare_conflict(cast.project.id, cast.mentor, is_hard=True, reason="И ещё", by=cast.teammate)
    await declare_conflict(cast.project.id, cast.mentor, is_hard=True, reason="Правда", by=cast.organiser)
