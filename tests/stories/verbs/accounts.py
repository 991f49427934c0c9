"""Verbs of accounts, roles, sessions and mail."""

from dataclasses import replace
from typing import Any

import pyotp

from incubator.core.clock import now
from incubator.db import writing
from incubator.history.record import Happened
from incubator.mail.outbox import queue
from incubator.mail.tables import Message
from incubator.notifications.mail_templates import change_mail_template, restore_mail_template
from incubator.notifications.outbox import drop, resend, send_test_to
from incubator.notifications.preferences import change_choices, have_less
from incubator.people.accounts import (
    change_password,
    change_profile,
    confirm_email,
    mail_reset_link,
    reset_password,
    sign_up,
)
from incubator.people.affiliations import (
    AffiliationCapacity,
    affiliate,
    affiliations_of,
    confirm_affiliation,
    end_affiliation,
)
from incubator.people.grants import grant_role, roles_of, take_role
from incubator.people.oidc.identities import link, unlink, ways_in
from incubator.people.oidc.tokens import Visitor
from incubator.people.permissions import StaffRole
from incubator.people.second_factor import (
    Shower,
    confirm_app,
    remove_app,
    renew_codes,
    reset_factor,
    show_code,
    start_app,
    waiting_app,
)
from incubator.people.sessions import begin_session, end_session, end_sessions_of
from incubator.people.tables import Person
from incubator.reference.organisations import organisation_named
from tests.cast import Cast, fresh
from tests.factors import give_app
from tests.stories.verbs.table import Call, Room

room = Room()
LENA = "lena@example.org"
TEXTS = {"subject_ru": "Ждём {title}", "subject_en": "{title}", "body_ru": "Пора", "body_en": "It is time"}


async def lena() -> Person:
    person = await Person.objects().get(Person.email == LENA)
    assert person
    return person


async def secret_in_mail(path: str) -> str:
    mail = await Message.objects().where(Message.to == LENA).order_by(Message.id, ascending=False).first()
    assert mail
    return str(mail.body.split(path)[1].split()[0])


@room.once(Happened.SIGNED_UP)
async def sign_up_under_one_address(_cast: Cast) -> Call:
    return lambda: sign_up(LENA, "кит поёт басом", given_name="Лена", family_name="")


@room.once(Happened.EMAIL_CONFIRMED)
async def confirm_an_address(_cast: Cast) -> Call:
    secret = await secret_in_mail("/confirm/")
    return lambda: confirm_email(secret)


@room.once(Happened.PASSWORD_CHANGED)
async def change_ones_password(_cast: Cast) -> Call:
    person = await lena()
    return lambda: change_password(person, current="кит поёт басом", new="кит поёт тенором")


@room.once(Happened.PASSWORD_CHANGED)
async def reset_ones_password(_cast: Cast) -> Call:
    await mail_reset_link(LENA, address="127.0.0.1")
    secret = await secret_in_mail("/password/reset/")
    return lambda: reset_password(secret, "кит поёт альтом")


@room.twice(Happened.PROFILE_CHANGED)
async def change_ones_profile(_cast: Cast) -> Call:
    person = await lena()
    return lambda: change_profile(person, given_name="Елена", family_name="Ким", locale="ru")


@room.once(Happened.ROLE_GIVEN)
async def grant_a_role(cast: Cast) -> Call:
    return lambda: grant_role(cast.teacher, StaffRole.MENTOR, by=cast.organiser)


@room.once(Happened.ROLE_TAKEN)
async def take_a_role(cast: Cast) -> Call:
    await grant_role(cast.teacher, StaffRole.MENTOR, by=cast.organiser)
    return lambda: take_role(cast.teacher, StaffRole.MENTOR, by=cast.organiser)


@room.once(Happened.ROLE_TAKEN)
async def let_two_organisers_take_the_role_from_each_other(cast: Cast) -> Call:
    await grant_role(cast.teacher, StaffRole.ORGANISER, by=cast.organiser)
    pairs = [(cast.organiser, cast.teacher), (cast.teacher, cast.organiser)]

    def call() -> Any:
        by, whom = pairs.pop()
        return take_role(whom, StaffRole.ORGANISER, by=by)

    return call


@room.once(Happened.ROLE_GIVEN)
async def give_the_organiser_their_role_back(cast: Cast) -> Call:
    if await roles_of(cast.organiser.id):
        await grant_role(cast.teacher, StaffRole.ORGANISER, by=None)
        await take_role(cast.organiser, StaffRole.ORGANISER, by=None)
    return lambda: grant_role(cast.organiser, StaffRole.ORGANISER, by=None)


VISITOR = Visitor("https://id.example.org", "42", "somebody@example.org", is_confirmed=True)


@room.once(Happened.IDENTITY_LINKED)
async def link_another_way_in(cast: Cast) -> Call:
    return lambda: link(cast.captain.id, VISITOR)


@room.once(Happened.IDENTITY_UNLINKED)
async def unlink_another_way_in(cast: Cast) -> Call:
    await link(cast.captain.id, replace(VISITOR, subject="43"))
    way = (await ways_in(cast.captain))[-1]
    return lambda: unlink(cast.captain, way.id)


@room.once(Happened.FACTOR_ADDED)
async def connect_an_app(cast: Cast) -> Call:
    secret = await begin_session(await fresh(cast.coach), user_agent="test")
    await start_app(cast.coach)
    app = await waiting_app(cast.coach)
    assert app
    return lambda: confirm_app(Shower(cast.coach, secret, is_signed_in=True), pyotp.TOTP(app.secret).at(now()))


@room.once(Happened.RECOVERY_CODE_USED)
async def use_a_recovery_code(cast: Cast) -> Call:
    codes = await renew_codes(cast.coach)
    waiting = await begin_session(await fresh(cast.coach), user_agent="test")
    return lambda: show_code(Shower(cast.coach, waiting, is_signed_in=False), codes[0])


@room.twice(Happened.RECOVERY_CODES_MADE)
async def make_new_recovery_codes(cast: Cast) -> Call:
    return lambda: renew_codes(cast.coach)


@room.once(Happened.FACTOR_REMOVED)
async def disconnect_the_app(cast: Cast) -> Call:
    return lambda: remove_app(cast.coach)


@room.once(Happened.FACTOR_RESET, Happened.SESSION_ENDED)
async def reset_a_second_factor(cast: Cast) -> Call:
    await give_app(cast.coach)
    return lambda: reset_factor(cast.coach.id, reason="Телефон пропал", by=cast.organiser)


@room.once(Happened.SESSION_ENDED)
async def end_one_session(cast: Cast) -> Call:
    secret = await begin_session(await fresh(cast.captain), user_agent="test")
    return lambda: end_session(secret)


@room.once(Happened.SESSION_ENDED)
async def end_all_sessions(cast: Cast) -> Call:
    await begin_session(await fresh(cast.captain), user_agent="test")
    return lambda: end_sessions_of(cast.captain)


@room.twice(Happened.MAIL_PREFERENCE_CHANGED)
async def choose_mail(cast: Cast) -> Call:
    return lambda: change_choices(cast.mentor, {"assignments": "daily", "reminders": "never"})


@room.twice(Happened.MAIL_PREFERENCE_CHANGED)
async def have_less_mail(cast: Cast) -> Call:
    return lambda: have_less(cast.mentor, "discussion")


@room.twice(Happened.AFFILIATION_CHANGED)
async def tell_where_one_studies(cast: Cast) -> Call:
    school = await organisation_named("Лицей № 9")
    return lambda: affiliate(cast.captain, school, AffiliationCapacity.STUDENT, by=cast.captain)


async def _place(cast: Cast) -> int:
    return (await affiliations_of(cast.captain.id))[0].id


@room.once(Happened.AFFILIATION_CHANGED)
async def confirm_where_somebody_studies(cast: Cast) -> Call:
    place = await _place(cast)
    return lambda: confirm_affiliation(place, by=cast.teacher)


@room.once(Happened.AFFILIATION_CHANGED)
async def end_where_somebody_studies(cast: Cast) -> Call:
    place = await _place(cast)
    return lambda: end_affiliation(place, by=cast.captain)


@room.once(Happened.WORDING_CHANGED)
async def change_the_words_of_a_mail(cast: Cast) -> Call:
    texts: dict[str, Any] = TEXTS
    return lambda: change_mail_template("assignment", texts, version=0, by=cast.organiser)


@room.once(Happened.WORDING_CHANGED)
async def restore_the_words_of_a_mail(cast: Cast) -> Call:
    return lambda: restore_mail_template("assignment", by=cast.organiser)


async def _unsent() -> Message:
    async with writing():
        return await queue("nobody@example.org", "Письмо", "Текст")


@room.twice(Happened.MAIL_RESENT)
async def resend_a_mail(cast: Cast) -> Call:
    message = await _unsent()
    return lambda: resend(message.id, by=cast.organiser)


@room.once(Happened.MAIL_DROPPED)
async def drop_a_mail(cast: Cast) -> Call:
    message = await _unsent()
    return lambda: drop(message.id, by=cast.organiser)


@room.twice(Happened.MAIL_TESTED)
async def send_a_test_mail(cast: Cast) -> Call:
    return lambda: send_test_to(cast.organiser)
