"""The organisers' page of people: open invitations, who holds which role, and taking one away."""

import asyncio

import pytest

from incubator.core.refusals import NotAllowed, Refusal
from incubator.people.grants import grant_role, roles_of
from incubator.people.permissions import StaffRole
from incubator.projects.staff_invitations import invite_from_server, invite_staff
from incubator.projects.tables import Invitation
from incubator.reviews.assignment.assign import assign
from incubator.reviews.assignment.dismissal import dismiss
from incubator.reviews.assignment.endings import Ending
from incubator.reviews.tables import Assignment, Proposed, Review
from tests.browser import signed_in
from tests.cast import Cast, reviewed, submitted
from tests.mail.sent import subjects

PEOPLE = "/organiser/people"
GUEST = "guest@example.org"


async def test_open_invitations_are_listed_resent_and_revoked(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    await office.open(PEOPLE)
    assert "Приглашены и ещё не ответили" not in office.text
    await office.send(PEOPLE, email=GUEST, role="organiser")
    assert "Приглашение отправлено" in office.text
    assert GUEST in office.text
    assert "Приглашает Галина Смирнова" in office.text
    (first,) = await Invitation.objects().where(Invitation.open() & (Invitation.email == GUEST))
    await office.send(f"{PEOPLE}/invitations/{first.id}/resending")
    (second,) = await Invitation.objects().where(Invitation.open() & (Invitation.email == GUEST))
    assert second.id != first.id
    await office.send(f"{PEOPLE}/invitations/{second.id}/revocation")
    assert "Приглашение отозвано" in office.text
    assert GUEST not in office.text


async def test_an_invitation_from_the_server_says_so(cast: Cast) -> None:
    await invite_from_server("organiser", email=GUEST)
    office = await signed_in(cast.organiser)
    await office.open(PEOPLE)
    assert "Пригласили из командной строки сервера" in office.text


async def test_whoever_has_the_role_is_not_invited_again_and_what_was_typed_stays(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    await office.open(PEOPLE)
    await office.send(PEOPLE, email=cast.mentor.email, role="mentor", organisation="Завод «Заря»")
    assert office.page.status_code == 422
    assert "такая роль уже есть" in office.text
    assert f'value="{cast.mentor.email}"' in office.page.text


@pytest.mark.parametrize("organisation", ["", " ", "\u3164", "---", "\u2800 \u00ad"])
async def test_a_mentor_works_somewhere(cast: Cast, organisation: str) -> None:
    office = await signed_in(cast.organiser)
    await office.open(PEOPLE)
    await office.send(PEOPLE, email="new@example.org", role="mentor", organisation=organisation)
    assert office.page.status_code == 422
    assert "укажите организацию" in office.text


async def test_a_role_is_taken_after_asking(cast: Cast) -> None:
    await grant_role(cast.teacher, StaffRole.ORGANISER, by=cast.organiser)
    theirs = await signed_in(cast.teacher)
    office = await signed_in(cast.organiser)
    await office.open(PEOPLE)
    assert "кто дал: Галина Смирнова" in office.text
    there = f"{PEOPLE}/{cast.teacher.id}/roles/organiser"
    await office.open(there)
    await office.send(f"{there}/withdrawal")
    assert "Роль снята" in office.text
    assert await roles_of(cast.teacher.id) == frozenset()
    await theirs.open("/projects")
    assert theirs.path == "/sign-in"
    assert "Снята роль: организатор" in await subjects(cast.teacher)
    assert (await office.open(there)).status_code == 404
    assert (await office.open(f"{PEOPLE}/{cast.teacher.id}/roles/emperor")).status_code == 404


async def test_the_last_organiser_reads_why_they_stay(cast: Cast) -> None:
    office = await signed_in(cast.organiser)
    there = f"{PEOPLE}/{cast.organiser.id}/roles/organiser"
    await office.open(there)
    assert "Это последний организатор" in office.text
    assert not office.has_form(f"{there}/withdrawal")
    await office.post(f"{there}/withdrawal", {"csrf": office.csrf()})
    assert "Это последний организатор" in office.text
    assert await roles_of(cast.organiser.id) == {"organiser"}


async def test_a_mentor_who_is_dismissed_keeps_what_they_sent_and_leaves_the_rest_to_others(cast: Cast) -> None:
    submission = await submitted(cast)
    sent, _other = await reviewed(cast, submission)
    waiting = await assign(submission, cast.idle_mentor, by=cast.organiser)
    office = await signed_in(cast.organiser)
    await office.open(f"{PEOPLE}/{cast.idle_mentor.id}/roles/mentor")
    assert "Ещё не отправлена 1 рецензия" in office.text
    for mentor in (cast.mentor, cast.idle_mentor):
        await dismiss(mentor, StaffRole.MENTOR, by=cast.organiser)
    row = await Assignment.objects().get(Assignment.id == waiting.id)
    assert row
    assert row.cancelled_at
    assert row.cancel_code == Ending.ROLE_TAKEN
    assert await Review.exists().where((Review.id == sent.id) & Review.sent())
    assert not await Proposed.exists().where(Proposed.mentor.is_in([cast.mentor.id, cast.idle_mentor.id]))
    await office.open(PEOPLE)
    assert cast.idle_mentor.name not in office.text


async def test_only_organisers_take_roles(cast: Cast) -> None:
    for person in (cast.mentor, cast.captain, cast.teacher):
        with pytest.raises(NotAllowed):
            await dismiss(cast.organiser, StaffRole.ORGANISER, by=person)
    assert await roles_of(cast.organiser.id) == {"organiser"}


async def test_three_organisers_who_dismiss_each_other_at_once_leave_one(cast: Cast) -> None:
    """Whoever has just lost the role takes it from nobody any more."""
    for person in (cast.teacher, cast.coach):
        await grant_role(person, StaffRole.ORGANISER, by=cast.organiser)
    ring = [(cast.organiser, cast.teacher), (cast.teacher, cast.coach), (cast.coach, cast.organiser)]
    results = await asyncio.gather(
        *(dismiss(whom, StaffRole.ORGANISER, by=by) for by, whom in ring), return_exceptions=True
    )
    assert all(result is None or isinstance(result, Refusal) for result in results), results
    left = [by for by, _whom in ring if "organiser" in await roles_of(by.id)]
    assert len(left) == 3 - results.count(None)
    assert 1 <= len(left) <= 2


async def test_the_list_takes_as_many_queries_however_long_it_is(cast: Cast) -> None:
    from incubator.db import counting

    office = await signed_in(cast.organiser)
    await office.open(PEOPLE)
    counts = []
    for number in (1, 4):
        for each in range(number):
            await invite_staff("organiser", email=f"guest{number}{each}@example.org", by=cast.organiser)
        with counting() as seen:
            await office.open(PEOPLE)
        counts.append(len(seen))
    assert counts[0] == counts[1]
