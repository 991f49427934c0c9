"""A student's age: stated on the profile, confirmed by somebody responsible, and what consents are worth meanwhile."""

from datetime import date, timedelta
from typing import Any

import pytest

from incubator.app import AUDIENCES
from incubator.core.clock import today
from incubator.core.refusals import NotAllowed, Refusal
from incubator.db import writing
from incubator.gates.facts import blockers_of
from incubator.mail.tables import Message
from incubator.notifications.tell import tell_waiting
from incubator.people.accounts import create_person
from incubator.people.age_changes import know_as_adult, state_birth_date
from incubator.people.age_history import age_history
from incubator.people.ages import birthday, last_day_as_a_minor
from incubator.people.grants import grant_role
from incubator.people.locking import lock_person
from incubator.people.permissions import StaffRole
from incubator.people.tables import Consent, Person
from incubator.projects.ages import confirm_age
from incubator.projects.consents import give_consent, term_in, valid_consents
from incubator.projects.team import join
from incubator.showcase.story import public_team
from tests.browser import Browser, signed_in
from tests.cast import BORN_ON, Cast, consent_all, fresh, make_ready, names_seen

OF_AGE = birthday(today(), -19)
FIELDS = ("born_day", "born_month", "born_year")


def typed(born_on: date) -> dict[str, Any]:
    return dict(zip(FIELDS, (born_on.day, born_on.month, born_on.year), strict=True))


async def newcomer(cast: Cast, *, born_on: date | None = None, name: str = "Нина") -> Person:
    """Return a student who has just joined the team, of whose age nobody responsible knows."""
    async with writing():
        person = await create_person(
            f"{name}@example.org", given_name=name, family_name="Ким", born_on=born_on, confirmed=True
        )
        await join(cast.project.id, person, "student")
    return person


async def test_the_date_of_birth_is_asked_at_sign_up_and_kept_when_wrong(database: Any) -> None:
    browser = Browser()
    await browser.open("/sign-up")
    await browser.send("/sign-up", email="a@example.org", password="синий чайник поёт", **typed(today()))
    assert browser.page.status_code == 422
    assert "Проверьте год рождения" in browser.text
    assert f'value="{today().year}"' in browser.text
    await browser.send("/sign-up", email="a@example.org", password="синий чайник поёт", born_month="31", born_year=2010)
    assert "Укажите день, месяц и год рождения" in browser.text
    await browser.send("/sign-up", email="a@example.org", password="синий чайник поёт", **typed(BORN_ON))
    person = await Person.objects().first()
    assert person
    assert (person.born_on, person.age_known, person.is_adult) == (BORN_ON, "", False)


async def test_a_minor_whose_form_was_recorded_does_not_become_an_adult_on_the_profile(cast: Cast) -> None:
    await give_consent(cast.project, cast.captain, "participation", by=cast.teacher)
    browser = await signed_in(cast.captain)
    await browser.open("/profile")
    assert not browser.has_form("/profile/birth-date")
    await browser.post("/profile/birth-date", {"csrf": browser.csrf(), **typed(OF_AGE)})
    assert browser.page.status_code == 422
    assert "Ваш возраст уже подтверждён" in browser.text
    person = await fresh(cast.captain)
    assert (person.born_on, person.is_adult) == (BORN_ON, False)
    with pytest.raises(NotAllowed):
        await give_consent(cast.project, cast.captain, "public_name", by=cast.captain)


async def test_a_form_recorded_before_the_date_is_known_keeps_its_person_a_minor(cast: Cast) -> None:
    person = await newcomer(cast)
    await give_consent(cast.project, person, "participation", by=cast.teacher)
    for born_on in (OF_AGE, BORN_ON, birthday(today(), -18) + timedelta(days=1)):
        with pytest.raises(Refusal):
            await state_birth_date(person, born_on)
    browser = await signed_in(person)
    await browser.open("/profile")
    assert "впишет педагог" in browser.text
    assert (await _only_consent(person)).ends_on == await term_in(cast.project.id)
    await confirm_age(cast.project, person.id, SEVENTEEN, by=cast.teacher)
    assert (await _only_consent(person)).ends_on == last_day_as_a_minor(SEVENTEEN)


#: Comes of age before a consent's term is over.
SEVENTEEN = birthday(today(), -17) - timedelta(days=30)


async def _only_consent(person: Person) -> Consent:
    (consent,) = await Consent.objects().where(Consent.person == person.id)
    return consent


async def test_the_consent_of_somebody_who_says_to_be_18_counts_once_the_age_is_confirmed(cast: Cast) -> None:
    await consent_all(cast)
    person = await newcomer(cast, born_on=OF_AGE)
    for purpose in ("participation", "public_name"):
        await give_consent(cast.project, person, purpose, by=person)
    await names_seen(cast)
    assert await valid_consents([person.id]) == {}
    assert [b.code for b in await blockers_of(cast.project) if b.code == "consent"] == ["consent"]
    assert "Нина Ким" not in {mate.name for mate in await public_team(cast.project.id)}
    browser = await signed_in(cast.captain)
    await browser.open(f"/projects/{cast.project.id}/team")
    assert "ждёт подтверждения возраста" in browser.text

    await confirm_age(cast.project, person.id, OF_AGE, by=cast.teacher)
    assert {purpose for _person, purpose in await valid_consents([person.id])} == {"participation", "public_name"}
    assert not [b for b in await blockers_of(cast.project) if b.code == "consent"]
    assert "Нина Ким" in {mate.name for mate in await public_team(cast.project.id)}


async def test_whoever_turns_out_to_be_a_minor_has_consented_to_nothing(cast: Cast) -> None:
    person = await newcomer(cast, born_on=OF_AGE)
    await give_consent(cast.project, person, "public_name", by=person)
    await confirm_age(cast.project, person.id, BORN_ON, reason="В бланке другой год", by=cast.teacher)
    (consent,) = await Consent.objects().where(Consent.person == person.id)
    assert (consent.voided_at is not None, consent.void_reason, consent.voided_by) == (True, "minor", cast.teacher.id)
    browser = await signed_in(cast.teacher)
    await browser.open(f"/projects/{cast.project.id}/team")
    assert "недействительно" in browser.text
    assert "дано самостоятельно, хотя ещё нет 18 лет" in browser.text


async def test_only_somebody_responsible_confirms_an_age(cast: Cast) -> None:
    for by in (cast.captain, cast.teammate, cast.coach, cast.outsider, cast.mentor):
        with pytest.raises(NotAllowed):
            await confirm_age(cast.project, cast.teammate.id, OF_AGE, reason="Да", by=by)
    with pytest.raises(Refusal):  # an adult of the team is vouched for instead
        await confirm_age(cast.project, cast.coach.id, OF_AGE, by=cast.teacher)
    await confirm_age(cast.project, cast.teammate.id, BORN_ON, by=cast.organiser)
    assert (await fresh(cast.teammate)).age_known == "minor"


async def test_a_change_needs_a_reason_is_in_the_history_and_reaches_the_organisers(cast: Cast) -> None:
    page = f"/projects/{cast.project.id}/team/members/{cast.captain.id}/age"
    browser = await signed_in(cast.teacher)
    await browser.open(page)
    await browser.send(page, **typed(OF_AGE))
    assert browser.page.status_code == 422
    assert "Напишите, почему дата меняется" in browser.text
    assert f'value="{OF_AGE.year}"' in browser.text
    await browser.send(page, **typed(OF_AGE), reason="Ошиблась, переписывая")
    assert browser.path == f"/projects/{cast.project.id}/team"
    (entry,) = await age_history(cast.captain.id)
    assert (entry.who, entry.before, entry.after, entry.reason) == (
        cast.teacher.name, BORN_ON, OF_AGE, "Ошиблась, переписывая",
    )  # fmt: skip
    await tell_waiting(AUDIENCES)
    mail = (
        await Message.objects().where(Message.to == cast.organiser.email).order_by(Message.id, ascending=False).first()
    )
    assert mail
    assert "Ошиблась, переписывая" in mail.body
    assert cast.teacher.name in mail.body
    own = await signed_in(cast.captain)
    await own.open("/profile")
    assert "Ошиблась, переписывая" in own.text


async def test_a_later_birthday_prolongs_what_a_guardian_signed(cast: Cast) -> None:
    person, term = await newcomer(cast), await term_in(cast.project.id)
    await give_consent(cast.project, person, "participation", by=cast.teacher)
    await confirm_age(cast.project, person.id, SEVENTEEN, by=cast.teacher)
    for born_on, ends_on in (
        (SEVENTEEN + timedelta(days=40), last_day_as_a_minor(SEVENTEEN + timedelta(days=40))),
        (SEVENTEEN + timedelta(days=1000), term),  # never longer than the document says
    ):
        await confirm_age(cast.project, person.id, born_on, reason="Опечатка", by=cast.organiser)
        assert (await _only_consent(person)).ends_on == ends_on


async def test_a_minor_gets_no_role_of_adults(cast: Cast) -> None:
    with pytest.raises(Refusal):
        await grant_role(cast.captain, StaffRole.MENTOR, by=cast.organiser)
    person = await newcomer(cast)
    await give_consent(cast.project, person, "participation", by=cast.teacher)
    with pytest.raises(Refusal):
        await grant_role(person, StaffRole.ORGANISER, by=None)
    with pytest.raises(Refusal):
        async with writing():
            await join(cast.project.id, cast.outsider, "coach")
    async with writing():
        with pytest.raises(Refusal):
            await know_as_adult(await lock_person(cast.captain.id), by=cast.organiser)


async def test_the_public_name_is_gone_on_the_birthday(cast: Cast) -> None:
    soon = birthday(today(), -18) + timedelta(days=1)
    await confirm_age(cast.project, cast.captain.id, soon, reason="Так в бланке", by=cast.organiser)
    await consent_all(cast, "public_name")
    await make_ready(cast)
    await names_seen(cast)
    assert cast.captain.name in {mate.name for mate in await public_team(cast.project.id)}
    rows = await Consent.objects().where(Consent.person == cast.captain.id)
    assert {row.ends_on for row in rows} == {today()}
