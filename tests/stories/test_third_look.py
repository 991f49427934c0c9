"""Small doors around deciding and around families, each found by somebody who looked a third time."""

from datetime import timedelta

import pytest

from incubator.app import AUDIENCES
from incubator.core.clock import now, today
from incubator.core.refusals import NotAllowed, Refusal
from incubator.db import writing
from incubator.gates.accept import accept
from incubator.gates.correct_decision import Correction, correct_decision
from incubator.gates.extend import extend, mark_of
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.mail.tables import Message
from incubator.notifications.tell import tell_waiting
from incubator.people.accounts import create_person
from incubator.people.ages import birthday
from incubator.people.grants import grant_role
from incubator.people.permissions import StaffRole
from incubator.people.tables import Consent, Person
from incubator.privacy.ending_consents import ask_for_next_consents
from incubator.privacy.merging import merge_for
from incubator.privacy.sheets import code_for_family
from incubator.programme.tables import StageRule
from incubator.projects.consents import PARTICIPATION, PHOTO, family_said_no, give_consent, latest_consents
from incubator.projects.deadlines import binding_deadline
from incubator.projects.invitations import invite_to_team
from incubator.projects.own_consents import give_own_consent
from incubator.projects.start import start
from incubator.projects.tables import FormerSlug
from incubator.projects.team import join
from incubator.projects.vouching import vouch
from incubator.publication.publish import ask_publication, publish
from incubator.publication.withdrawals import remove_member, withdraw_by_family, withdraw_consent
from incubator.reviews.assignment.assign import assign, cancel_assignment
from incubator.reviews.assignment.proposal import set_by_hand
from incubator.reviews.review_statistics import differing_summaries
from incubator.reviews.reviewing.review import Opinion, save_review
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Decision
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh, fresh_project, reviewed, send, submitted
from tests.gates.test_corrections import ADVANCE, REMARKS, RETURN, STOP, released
from tests.notifications.test_tell import forget
from tests.privacy.guardians import FATHER, SIGNED, answered, asked, links_allowed


async def test_a_stale_correction_does_not_bring_the_old_outcome_back(cast: Cast) -> None:
    submission = await submitted(cast)
    decision = await released(cast, submission, ADVANCE)
    office, page = await signed_in(cast.organiser), f"/organiser/submissions/{submission.id}/correction"
    await office.open(page)
    await correct_decision(decision, STOP, by=cast.organiser)
    await office.send(page, reason="Проходит, молодцы", why="Поправили слова")
    assert office.page.status_code == 422
    assert "Проходит, молодцы" in office.text
    await office.send(page)
    stands = await Decision.objects().where(Decision.standing_on(submission.id)).first()
    assert stands
    assert (stands.outcome, stands.reason) == ("stop", "Проходит, молодцы")


async def test_who_joined_the_team_changes_no_review_of_it(cast: Cast) -> None:
    submission = await submitted(cast)
    asked_for = await assign(submission, cast.mentor, by=cast.organiser)
    review = await send(asked_for, submission, cast.mentor, level=1, recommendation="return")
    await remove_member(cast.project, cast.coach.id, by=cast.captain)
    invitation = await invite_to_team(
        await fresh_project(cast.project), "coach", by=cast.organiser, email=cast.mentor.email
    )
    await accept(invitation, by=await fresh(cast.mentor))
    best = Opinion({c.id: 3 for c in await rubric_of(submission)}, "Отлично, всё посчитано верно.", "", "advance")
    with pytest.raises(Refusal, match="своих не рецензируют"):
        await save_review(asked_for, best, version=review.version, by=cast.mentor)


async def test_an_organiser_of_the_team_knows_no_score_before_it_is_announced_and_chooses_no_judge(cast: Cast) -> None:
    async with writing():
        await grant_role(await fresh(cast.teacher), StaffRole.ORGANISER, by=cast.organiser)
    submission = await submitted(cast)
    with pytest.raises(NotAllowed):
        await set_by_hand(submission.id, cast.idle_mentor.id, "kept", by=cast.teacher)
    await reviewed(cast, submission)
    own, other = await signed_in(cast.teacher), await signed_in(cast.organiser)
    await other.open("/organiser/calibration")
    assert submission.title in other.text
    await own.open("/organiser/calibration")
    assert submission.title not in own.text


async def test_stored_figures_follow_when_a_mentors_accounts_are_merged(cast: Cast) -> None:
    await reviewed(cast, await submitted(cast))
    async with writing():
        other = await create_person(
            "anna2@example.org", given_name="Анна", family_name="Орлова", is_adult=True, confirmed=True
        )
    await merge_for(other.id, cast.mentor.id, reason="Один человек", by=cast.organiser)
    assert not await differing_summaries()


async def test_assignments_that_have_ended_do_not_keep_two_accounts_apart(cast: Cast) -> None:
    submission = await submitted(cast)
    ended = await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    with pytest.raises(Refusal, match="рецензировали одну и ту же"):
        await merge_for(cast.second_mentor.id, cast.mentor.id, reason="Один человек", by=cast.organiser)
    await cancel_assignment(ended, by=cast.organiser)
    await merge_for(cast.second_mentor.id, cast.mentor.id, reason="Один человек", by=cast.organiser)


async def test_a_correction_takes_no_days_from_a_date_that_was_extended(cast: Cast) -> None:
    await StageRule.update({StageRule.submit_by: now() + timedelta(days=2)}).where(StageRule.stage == "idea")
    decision = await released(cast, await submitted(cast), RETURN)
    project = await fresh_project(cast.project)
    until = (now() + timedelta(days=90)).replace(microsecond=0)
    await extend(project, until, reason="Болели", read=mark_of(await binding_deadline(project)), by=cast.organiser)
    shorter = Correction("return", "Доработать цифры", "Опечатка", REMARKS, revise_days=10)
    await correct_decision(decision, shorter, by=cast.organiser)
    own = await binding_deadline(await fresh_project(cast.project))
    assert own
    assert own.until >= until


async def test_every_team_of_a_child_hears_of_a_withdrawal(cast: Cast) -> None:
    other = await start("Второй проект", season=cast.season, by=cast.outsider, pitch="Про пчёл")
    async with writing():
        await join(other.id, cast.teammate, "student")
        await join(other.id, cast.coach, "teacher")
    await vouch(other, cast.coach.id, by=cast.organiser)
    await give_consent(cast.project, cast.teammate, PARTICIPATION, by=cast.teacher)
    await forget()
    await withdraw_consent(cast.project, cast.teammate, PARTICIPATION, by=cast.teacher)
    told = await Event.select(Event.project_id).where(Event.happened == Happened.CONSENT_WITHDRAWN.value)
    assert {row["project_id"] for row in told} == {cast.project.id, other.id}
    await tell_waiting(AUDIENCES)
    assert await Message.exists().where(Message.to == cast.outsider.email)


async def test_the_familys_no_counts_although_the_teacher_was_faster(cast: Cast) -> None:
    await give_consent(cast.project, cast.captain, PHOTO, by=cast.teacher)
    async with writing():
        code = await code_for_family(cast.captain.id, by=cast.teacher)
    family = Browser()
    await family.open(f"/family/{code}")
    await withdraw_consent(cast.project, cast.captain, PHOTO, by=cast.teacher)
    await family.send(f"/family/{code}/withdrawal", purpose=PHOTO, child=code)
    assert "Согласие забрано" in family.text
    assert await family_said_no(cast.captain.id, PHOTO, to=cast.teacher)
    with pytest.raises(Refusal, match="Семья забрала"):
        await give_consent(cast.project, await fresh(cast.captain), PHOTO, by=cast.teacher)


async def test_what_the_second_guardian_forbids_counts_beside_the_firsts_yes(cast: Cast) -> None:
    await links_allowed(cast)
    mother = await asked(cast.captain, by=cast.teacher)
    link = await asked(cast.captain, by=cast.teacher, email=FATHER, relation="father")
    father = Browser()
    await father.open(link)
    await answered(mother, participation="yes", public_name="no", photo="yes")
    said = {"name": "Кузнецов Павел Ильич", "participation": "yes", "public_name": "no", "photo": "yes"}
    await father.send(
        link, **{**SIGNED, **said, "ban__photo": ["copy", "ads"], "other__photo": "не показывать вне школы"}
    )
    assert father.path.startswith("/family/")
    (photo,) = await Consent.objects().where((Consent.person == cast.captain.id) & (Consent.purpose == PHOTO))
    assert "не показывать вне школы" in photo.bans
    assert "ads" in photo.bans
    mail = (await Message.objects().where(Message.to == FATHER).order_by(Message.id))[-1]
    assert "фото" in mail.body.lower()


async def test_what_a_teenager_signed_for_later_does_not_stand_for_today(cast: Cast) -> None:
    born = birthday(today() + timedelta(days=20), -18)
    await Person.update({Person.born_on: born}).where(Person.id == cast.captain.id)
    await give_consent(cast.project, await fresh(cast.captain), PARTICIPATION, by=cast.teacher)
    await give_own_consent(await fresh(cast.captain), PARTICIPATION)
    await withdraw_by_family(await fresh(cast.captain), PARTICIPATION)
    shown = (await latest_consents([cast.captain.id]))[cast.captain.id, PARTICIPATION]
    assert shown.starts_on is None
    assert shown.withdrawn_at is not None


async def test_nobody_is_asked_again_for_a_consent_that_was_taken_back(cast: Cast) -> None:
    await give_consent(cast.project, cast.captain, PARTICIPATION, by=cast.teacher)
    soon = today() + timedelta(days=10)
    await Consent.update({Consent.ends_on: soon, Consent.term: soon}).where(Consent.person == cast.captain.id)
    await forget()
    assert await ask_for_next_consents()
    await withdraw_by_family(await fresh(cast.captain), PARTICIPATION)
    await tell_waiting(AUDIENCES)
    assert not [mail for mail in await Message.objects() if "до" in mail.subject and "Согласие" in mail.subject]


async def test_an_address_with_what_no_database_stores_is_not_found(cast: Cast) -> None:
    team = await signed_in(cast.captain)
    for path in ("/mail/follow/%00", "/mail/team/off/%00", f"/projects/{cast.project.id}/answers/%00", "/files/1/a%00"):
        assert (await team.open(path)).status_code == 404, path


async def test_a_former_address_is_replaced_where_it_stands(cast: Cast) -> None:
    await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    slug = (await fresh_project(cast.project)).slug
    for former in ("show", "s", "api"):
        await FormerSlug(slug=former, project=cast.project.id).save()
        for before, after in (("/showcase/", ""), ("/showcase/", "/feed.atom"), ("/api/v1/projects/", "")):
            said = await Browser().http.get(before + former + after)
            assert (said.status_code, said.headers["location"]) == (301, before + slug + after)
