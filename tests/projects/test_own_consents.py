"""Turning 18: being asked in time, consenting in advance, and the day itself."""

from datetime import datetime, time, timedelta

import pytest

from incubator.app import AUDIENCES, PERIODIC
from incubator.core.clock import REGION, clock_at, today
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.jobs.periodic import run_once
from incubator.mail.tables import Message
from incubator.notifications.tell import tell_waiting
from incubator.people.ages import birthday, comes_of_age_on
from incubator.people.consents import Signatory
from incubator.people.locking import lock_person
from incubator.people.tables import Consent, Person
from incubator.privacy.consent_wording import WORDS, write_wording
from incubator.privacy.ending_consents import ask_for_next_consents
from incubator.projects.ages import confirm_age
from incubator.projects.consents import give_consent, latest_texts, store_consent, valid_consents, withdraw_consent
from incubator.projects.own_consents import ask_for_own_consents, give_own_consent
from incubator.showcase.story import public_team
from tests.browser import signed_in
from tests.cast import Cast, consent_all, fresh, names_seen

IN_TEN_DAYS = birthday(today() + timedelta(days=10), -18)


def at(days: int) -> datetime:
    """Return the first minute of a day of the region."""
    return datetime.combine(today() + timedelta(days=days), time(0, 1), REGION)


async def nearly_of_age(cast: Cast) -> None:
    await confirm_age(cast.project, cast.captain.id, IN_TEN_DAYS, reason="Так в бланке", by=cast.teacher)
    await consent_all(cast, "public_name")


async def asked(cast: Cast) -> list[str]:
    await tell_waiting(AUDIENCES)
    rows = await Message.select(Message.body).where(Message.to == cast.captain.email)
    return [row["body"] for row in rows if "/profile/consents" in row["body"]]


async def test_a_person_is_asked_once_a_month_before(cast: Cast) -> None:
    await nearly_of_age(cast)
    with clock_at(at(-25)):
        assert await ask_for_own_consents() == 0
    assert await ask_for_own_consents() == 1
    assert await ask_for_own_consents() == 0
    assert (await run_once(PERIODIC))["ask_for_own_consents"] == 0
    assert len(await asked(cast)) == 1
    await confirm_age(cast.project, cast.captain.id, IN_TEN_DAYS + timedelta(days=5), reason="Ещё раз", by=cast.teacher)
    assert await ask_for_own_consents() == 1  # the day that the mail named was wrong


async def test_who_consents_in_time_keeps_the_name_and_who_does_not_loses_it(cast: Cast) -> None:
    await nearly_of_age(cast)
    browser = await signed_in(cast.captain)
    await browser.open("/profile/consents")
    assert "вам исполнится 18 лет" in browser.text
    await browser.send("/profile/consents/participation")
    assert "дано, начнёт действовать в 18 лет" in browser.text

    await names_seen(cast)

    async def public() -> set[str]:
        return {mate.name for mate in await public_team(cast.project.id)}

    with clock_at(at(9)):
        assert "Мария Кузнецова" in await public()
    with clock_at(at(10)):
        assert not any("Мария" in name for name in await public())
    await browser.open("/profile/consents")
    await browser.send("/profile/consents/public_name")
    with clock_at(at(9)):
        kept = await valid_consents([cast.captain.id])
        assert {consent.signatory for consent in kept.values()} == {"paper"}
    with clock_at(at(10)):
        assert "Мария Кузнецова" in await public()
        kept = await valid_consents([cast.captain.id])
        assert {consent.signatory for consent in kept.values()} == {"person"}
        assert (await fresh(cast.captain)).is_known_adult


async def test_of_a_pupil_without_a_mailbox_the_teacher_is_told(cast: Cast) -> None:
    """Nothing can be mailed to them: of the 18th birthday, and of what an adult signed on paper."""
    await nearly_of_age(cast)
    await Person.update({Person.email: "maria@pupil.invalid"}).where(Person.id == cast.captain.id)

    async def subjects() -> list[str]:
        await tell_waiting(AUDIENCES)
        rows = await Message.select(Message.subject).where(Message.to == cast.teacher.email).order_by(Message.id)
        return [row["subject"] for row in rows]

    assert await ask_for_own_consents() == 1
    assert (await subjects())[-1:] == ["Скоро 18 лет: Мария Кузнецова"]
    await confirm_age(cast.project, cast.captain.id, birthday(today(), -19), reason="Паспорт", by=cast.teacher)
    async with writing():
        adult = await lock_person(cast.captain.id)
        await store_consent(adult, "photo", by=cast.teacher, signatory=Signatory.OWN_PAPER, project=cast.project.id)
    await Consent.update({Consent.term: today(), Consent.ends_on: today()}).where(Consent.purpose == "photo")
    assert await ask_for_next_consents() == 1
    assert (await subjects())[-1].startswith("«Тихий улей»: согласие закончится")


async def test_only_who_owns_the_address_consents(cast: Cast) -> None:
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == cast.teacher.id)
    with pytest.raises(Refusal, match="подтвердите почту"):
        await give_consent(cast.project, await fresh(cast.teacher), "participation", by=cast.teacher)


async def test_a_minor_gives_nothing_earlier(cast: Cast) -> None:
    with pytest.raises(Refusal):
        await give_own_consent(cast.captain, "public_name")
    assert not await Consent.exists().where(Consent.person == cast.captain.id)


async def test_a_repeated_click_gives_one_consent_and_a_withdrawal_takes_all_back(cast: Cast) -> None:
    await nearly_of_age(cast)
    for _click in range(2):
        await give_own_consent(cast.captain, "public_name")
    own = await Consent.objects().where((Consent.person == cast.captain.id) & (Consent.signatory == "person"))
    assert [row.starts_on for row in own] == [comes_of_age_on(IN_TEN_DAYS)]
    browser = await signed_in(cast.captain)
    await browser.open("/profile/consents")
    await browser.post("/profile/consents/public_name", {"csrf": browser.csrf(), "withdraw": "1"})
    assert not await Consent.exists().where(
        (Consent.person == cast.captain.id) & (Consent.purpose == "public_name") & Consent.standing()
    )


async def test_what_a_child_gave_in_advance_is_void_once_the_date_is_known(cast: Cast) -> None:
    """It would come into force years later, and nobody would ask again."""
    await nearly_of_age(cast)
    await give_own_consent(await fresh(cast.captain), "public_name")
    for born_on, voided in ((IN_TEN_DAYS + timedelta(days=5), False), (birthday(IN_TEN_DAYS, 3), True)):
        await confirm_age(cast.project, cast.captain.id, born_on, reason="Так в бланке", by=cast.teacher)
        own = Consent.select(Consent.voided_at).where(
            (Consent.person == cast.captain.id) & (Consent.signatory == "person")
        )
        assert [row["voided_at"] is not None for row in await own] == [voided]


async def test_nobody_signs_words_that_they_have_not_read(cast: Cast) -> None:
    """The words change between reading and clicking; and whose parents signed others signs the new ones."""
    await nearly_of_age(cast)
    page = "/profile/consents/participation"
    captain, teacher = await signed_in(cast.captain), await signed_in(cast.teacher)
    team = f"/projects/{cast.project.id}/team/members/{cast.teacher.id}/consents/public_name"
    await captain.open("/profile/consents")
    await Consent.delete().where(Consent.person == cast.teacher.id)
    await teacher.open(f"/projects/{cast.project.id}/team")
    for purpose in ("participation", "public_name"):
        text = (await latest_texts())[purpose]
        words = {name: getattr(text, name) + " НОВОЕ" for name in WORDS}
        await write_wording(purpose, words, reason="Точнее", based_on=text.id, by=cast.organiser)
    await captain.send(page)
    assert "Текст документа только что изменился" in captain.text
    assert not await Consent.exists().where((Consent.person == cast.captain.id) & Consent.starts_on.is_not_null())
    assert "Сами вы соглашаетесь с редакцией" in captain.text
    assert "НОВОЕ" in captain.text
    await captain.send(page)
    own = await Consent.objects(Consent.text).get((Consent.person == cast.captain.id) & Consent.starts_on.is_not_null())
    assert own
    assert "НОВОЕ" in own.text.text_ru

    await teacher.send(team)
    assert "Текст документа только что изменился" in teacher.text
    assert not await Consent.exists().where(Consent.person == cast.teacher.id)
    await teacher.send(team)
    assert await Consent.exists().where(Consent.person == cast.teacher.id)


async def test_a_teacher_who_takes_a_form_back_leaves_what_the_participant_signed_for_later(cast: Cast) -> None:
    await Person.update({Person.born_on: birthday(today(), -18) + timedelta(days=10)}).where(
        Person.id == cast.teammate.id
    )
    await give_consent(cast.project, await fresh(cast.teammate), "participation", by=cast.teacher)
    await give_own_consent(await fresh(cast.teammate), "participation")
    await withdraw_consent(cast.project, await fresh(cast.teammate), "participation", by=cast.teacher)
    left = await Consent.objects().where((Consent.person == cast.teammate.id) & Consent.standing())
    assert [row.signatory for row in left] == [Signatory.PERSON.value]
    await withdraw_consent(cast.project, await fresh(cast.teammate), "participation", by=await fresh(cast.teammate))
    assert not await Consent.exists().where((Consent.person == cast.teammate.id) & Consent.standing())
