"""Verbs of a team and its document, before it submits."""

from datetime import timedelta

from incubator.core.limits import STUDENTS
from incubator.db import writing
from incubator.gates.accept import Newcomer, accept, claim
from incubator.gates.submit import leave, reopen
from incubator.history.record import Happened
from incubator.people.accounts import create_person
from incubator.people.age_changes import state_birth_date
from incubator.people.permissions import StaffRole
from incubator.people.tables import Person
from incubator.privacy.guardian_answer import answer_as_guardian
from incubator.privacy.guardian_links import ask_guardians, revoke_guardian_link
from incubator.privacy.guardian_rules import WantedGuardian
from incubator.projects.ages import confirm_age
from incubator.projects.answers import save_answer
from incubator.projects.comments import comment, comments_on, reopen_comment, resolve_comment, resolved_on
from incubator.projects.consents import give_consent
from incubator.projects.details import Details, change_details
from incubator.projects.invitations import (
    accept_into_team,
    invite_to_team,
    pending_invitations,
    revoke_invitation,
)
from incubator.projects.own_consents import agree_too, give_own_consent
from incubator.projects.staff_invitations import (
    invite_from_server,
    invite_staff,
    open_staff_invitations,
    resend_staff_invitation,
    revoke_staff_invitation,
)
from incubator.projects.start import start
from incubator.projects.team import join, make_captain, team_of
from incubator.projects.vouching import vouch
from incubator.publication.withdrawals import (
    end_confirmation,
    refuse_to_vouch,
    remove_member,
    withdraw_consent,
    withdraw_own_consent,
)
from incubator.reviews.assignment.dismissal import dismiss
from incubator.reviews.reviewing.threads import answer_comment
from tests.cast import BORN_ON, Cast, fresh_project
from tests.privacy.guardians import FATHER, MOTHER, links_allowed, open_link, signed_answer
from tests.stories.verbs.table import Call, Room

room = Room()


async def newcomer(name: str, *, is_adult: bool = False) -> Person:
    async with writing():
        return await create_person(f"{name}@example.org", given_name=name, is_adult=is_adult, confirmed=True)


@room.once(Happened.STARTED)
async def start_a_project(cast: Cast) -> Call:
    return lambda: start("Другой", season=cast.season, by=cast.outsider)


@room.twice(Happened.INVITED)
async def invite_by_link(cast: Cast) -> Call:
    return lambda: invite_to_team(cast.project, "student", by=cast.captain)


@room.once(Happened.JOINED)
async def join_by_link(cast: Cast) -> Call:
    secret = await invite_to_team(cast.project, "student", by=cast.captain)
    return lambda: accept_into_team(secret, by=cast.outsider)


@room.once(Happened.LEFT_TEAM)
async def remove_from_the_team(cast: Cast) -> Call:
    return lambda: remove_member(cast.project, cast.outsider.id, by=cast.captain)


@room.once(Happened.JOINED)
async def take_the_last_place(cast: Cast) -> Call:
    secret = await invite_to_team(cast.project, "student", by=cast.captain)
    students = sum(mate.is_student for mate in await team_of(cast.project.id))
    for number in range(STUDENTS - students - 1):
        await accept_into_team(secret, by=await newcomer(f"early-{number}"))
    late = [await newcomer(f"late-{number}") for number in range(2)]
    return lambda: accept_into_team(secret, by=late.pop())


@room.once(Happened.JOINED, Happened.VOUCHED)
async def use_a_mailed_invitation(cast: Cast) -> Call:
    secret = await invite_to_team(cast.project, "coach", by=cast.organiser, email="coach@example.com")
    async with writing():
        guest = await create_person("coach@example.com", given_name="Гость", is_adult=True, confirmed=True)
    return lambda: accept(secret, by=guest)


@room.once(Happened.INVITATION_REVOKED)
async def revoke_a_link(cast: Cast) -> Call:
    await invite_to_team(cast.project, "teacher", by=cast.captain)
    number = (await pending_invitations(cast.project.id))[-1].id
    return lambda: revoke_invitation(cast.project, number, by=cast.captain)


@room.once(Happened.SIGNED_UP, Happened.ROLE_GIVEN)
async def become_an_organiser_with_a_new_account(_cast: Cast) -> Call:
    secret = await invite_from_server("organiser", email="second@example.org")
    return lambda: claim(secret, Newcomer("кит поёт басом"))


@room.once(Happened.INVITED)
async def resend_an_invitation(cast: Cast) -> Call:
    await invite_staff("mentor", email="later@example.org", by=cast.organiser)
    (invitation,) = await open_staff_invitations()
    return lambda: resend_staff_invitation(invitation.id, by=cast.organiser)


@room.once(Happened.INVITATION_REVOKED)
async def revoke_an_invitation(cast: Cast) -> Call:
    (invitation,) = await open_staff_invitations()
    return lambda: revoke_staff_invitation(invitation.id, by=cast.organiser)


@room.once(Happened.ROLE_GIVEN)
async def become_a_mentor(cast: Cast) -> Call:
    secret = await invite_staff("mentor", email="guest@example.org", by=cast.organiser)
    guest = await newcomer("guest", is_adult=True)
    return lambda: accept(secret, by=guest)


@room.once(Happened.ROLE_TAKEN)
async def dismiss_a_mentor(cast: Cast) -> Call:
    person = await Person.objects().get(Person.email == "guest@example.org")
    assert person
    return lambda: dismiss(person, StaffRole.MENTOR, by=cast.organiser)


@room.once(Happened.ROLE_CHANGED)
async def hand_the_captains_role_over(cast: Cast) -> Call:
    return lambda: make_captain(cast.project, cast.teammate.id, by=cast.captain)


@room.once(Happened.CONSENT_GIVEN)
async def give_a_consent(cast: Cast) -> Call:
    return lambda: give_consent(cast.project, cast.captain, "photo", by=cast.teacher)


@room.once(Happened.CONSENT_WITHDRAWN)
async def withdraw_a_consent(cast: Cast) -> Call:
    return lambda: withdraw_consent(cast.project, cast.captain, "photo", by=cast.captain)


@room.twice(Happened.GUARDIAN_ASKED)
async def ask_a_guardian(cast: Cast) -> Call:
    await links_allowed(cast)
    wanted = [WantedGuardian(cast.captain.id, "Анна Кузнецова", "mother", MOTHER)]
    return lambda: ask_guardians(wanted, locale="ru", by=cast.teacher)


@room.once(Happened.CONSENT_GIVEN, Happened.GUARDIAN_ANSWERED)
async def answer_a_link(cast: Cast) -> Call:
    link = await open_link(cast.captain)
    signed = await signed_answer(link, "photo")
    return lambda: answer_as_guardian(link, signed)


@room.once(Happened.TEENAGER_AGREED)
async def agree_beside_a_guardian(cast: Cast) -> Call:
    return lambda: agree_too(cast.captain, "photo")


@room.once(Happened.GUARDIAN_LINK_REVOKED)
async def revoke_a_link_to_a_guardian(cast: Cast) -> Call:
    await ask_guardians(
        [WantedGuardian(cast.captain.id, "Павел Кузнецов", "father", FATHER)], locale="ru", by=cast.teacher
    )
    link = await open_link(cast.captain)
    return lambda: revoke_guardian_link(link.id, by=cast.teacher)


@room.once(Happened.BIRTH_DATE_CHANGED)
async def state_ones_date_of_birth(cast: Cast) -> Call:
    return lambda: state_birth_date(cast.outsider, BORN_ON - timedelta(days=1))


@room.once(Happened.AGE_CONFIRMED)
async def confirm_an_age(cast: Cast) -> Call:
    return lambda: confirm_age(cast.project, cast.teammate.id, BORN_ON, by=cast.teacher)


@room.once(Happened.VOUCHED)
async def vouch_for_an_adult(cast: Cast) -> Call:
    return lambda: vouch(cast.project, cast.coach.id, by=cast.organiser)


@room.once(Happened.VOUCHING_REFUSED)
async def refuse_an_adult(cast: Cast) -> Call:
    guest = await newcomer("unknown", is_adult=True)
    async with writing():
        await join(cast.project.id, guest, "coach")
    return lambda: refuse_to_vouch(cast.project, guest.id, reason="Не знаем", by=cast.organiser)


@room.once(Happened.VOUCHING_REFUSED, Happened.CONFIRMATION_ENDED)
async def end_what_somebody_is_confirmed_as(cast: Cast) -> Call:
    guest = await newcomer("fake", is_adult=True)
    async with writing():
        await join(cast.project.id, guest, "coach")
    return lambda: end_confirmation(guest.id, reason="Не тот", by=cast.organiser)


@room.once(Happened.CONSENT_GIVEN)
async def give_ones_own_consent(cast: Cast) -> Call:
    return lambda: give_own_consent(cast.teacher, "photo")


@room.once(Happened.CONSENT_WITHDRAWN)
async def withdraw_ones_own_consent(cast: Cast) -> Call:
    return lambda: withdraw_own_consent(cast.teacher, "photo")


@room.once(Happened.DETAILS_CHANGED)
async def change_the_details(cast: Cast) -> Call:
    version = (await fresh_project(cast.project)).details_version
    details = Details("Улей", "", "", None, None, "Школа № 77", ())
    return lambda: change_details(cast.project, details, version=version, by=cast.captain)


@room.once(Happened.COMMENTED)
async def comment_on_a_section(cast: Cast) -> Call:
    return lambda: comment(cast.project, "problem", "А кто заплатит?", by=cast.teacher)


@room.once(Happened.COMMENT_RESOLVED)
async def tick_a_comment_off(cast: Cast) -> Call:
    said = (await comments_on(cast.project.id))["problem"][0]
    return lambda: resolve_comment(cast.project, said.id, by=cast.teammate)


@room.once(Happened.COMMENT_REOPENED)
async def open_a_comment_again(cast: Cast) -> Call:
    said = (await resolved_on(cast.project.id, "problem"))[0]
    return lambda: reopen_comment(cast.project, said.id, by=cast.captain)


@room.once(Happened.REPLIED)
async def answer_a_comment(cast: Cast) -> Call:
    said = (await comments_on(cast.project.id))["problem"][0]
    return lambda: answer_comment(cast.project, said.id, "Бабушка", by=cast.captain)


@room.once(Happened.ANSWERED)
async def save_another_text(cast: Cast) -> Call:
    texts = ["Раз", "Два"]
    return lambda: save_answer(cast.project, "problem", texts.pop(), version=0, by=cast.captain)


@room.once(Happened.ANSWERED)
async def save_the_same_text(cast: Cast) -> Call:
    return lambda: save_answer(cast.project, "solution", "Раз", version=0, by=cast.captain)


@room.once(Happened.LEFT)
async def leave_the_programme(cast: Cast) -> Call:
    cast.project = await start("Уйдём", season=cast.season, by=cast.captain)
    return lambda: leave(cast.project, by=cast.captain)


@room.once(Happened.REOPENED)
async def come_back(cast: Cast) -> Call:
    return lambda: reopen(cast.project, by=cast.organiser)
