"""What was typed wrongly at enrolment: said at once, corrected, or taken back."""

import pytest

from incubator.classroom.cards import CardRefused, make_cards, use_card
from incubator.classroom.corrections import PupilCorrection, correct_pupil, is_date_of_class, take_back_enrolment
from incubator.classroom.enrol import end_enrolments, enrol
from incubator.classroom.pupil_list import read_list
from incubator.classroom.teams import put_into_team
from incubator.core.clock import today
from incubator.core.refusals import NotAllowed, Refusal
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.names.matcher import PersonName
from incubator.people.enrolments import pupils_kept_by
from incubator.people.former_names import names_ever_of
from incubator.people.tables import Consent, Enrolment, Person
from incubator.privacy.merging import merge_for
from incubator.privacy.sheets import WantedSheet, make_sheets
from incubator.privacy.tables import SheetBatch
from incubator.projects.ages import confirm_age
from incubator.projects.consents import PARTICIPATION, give_consent
from tests.browser import signed_in
from tests.cast import Cast, fresh
from tests.classroom.classes import LIST, PASSWORD, at_work, colleague_of, confirmed_teacher, enrolled

BORN = today().replace(year=today().year - 15, month=3, day=5)


def corrected(person: Person, **changes: object) -> PupilCorrection:
    values = {name: getattr(person, name) for name in ("family_name", "given_name", "patronymic", "born_on")}
    return PupilCorrection(**{**values, "reason": "опечатка", **changes})


async def test_a_slip_is_corrected_with_a_trace(cast: Cast) -> None:
    pupil, other = await enrolled(cast)
    await put_into_team([pupil.id], cast.project.id, by=cast.teacher)
    await give_consent(cast.project, pupil, PARTICIPATION, by=cast.teacher)
    before = await Consent.objects().get(Consent.person == pupil.id)
    assert before
    of_age_soon = today().replace(day=1).replace(year=today().year - 18, month=1 + today().month % 12)
    if of_age_soon <= today().replace(year=today().year - 18):
        of_age_soon = of_age_soon.replace(year=of_age_soon.year + 1)
    with pytest.raises(Refusal, match="почему"):
        await correct_pupil(pupil.id, corrected(pupil, born_on=BORN, reason=""), by=cast.teacher)
    await correct_pupil(pupil.id, corrected(pupil, given_name="Петр", born_on=of_age_soon), by=cast.teacher)
    known = await fresh(pupil)
    assert (known.given_name, known.born_on, known.age_known) == ("Петр", of_age_soon, "minor")
    after = await Consent.objects().get(Consent.person == pupil.id)
    assert after
    assert after.ends_on < before.ends_on  # the guardian's consent ends with the 18th birthday
    names = (await names_ever_of([pupil.id]))[pupil.id]
    assert PersonName("Пётр", "Иванов", "Сергеевич") in names
    for person in (cast.captain, cast.coach, cast.organiser, await colleague_of(cast, await confirmed_teacher(cast))):
        with pytest.raises(NotAllowed):
            await correct_pupil(other.id, corrected(other, given_name="Оля"), by=person)


async def test_what_somebody_else_vouches_for_stays(cast: Cast) -> None:
    pupil, other = await enrolled(cast)
    await put_into_team([pupil.id], cast.project.id, by=cast.teacher)
    await confirm_age(cast.project, pupil.id, BORN, reason="паспорт", by=cast.organiser)
    assert not await is_date_of_class(await fresh(pupil))
    with pytest.raises(Refusal, match="кто-то другой"):
        await correct_pupil(pupil.id, corrected(pupil), by=cast.teacher)
    await Person.update({Person.email: "olya@example.org"}).where(Person.id == other.id)
    with pytest.raises(Refusal, match="профиле"):
        await correct_pupil(other.id, corrected(other, given_name="Оля"), by=cast.teacher)


async def test_an_account_that_nobody_used_is_taken_back_wholly(cast: Cast) -> None:
    pupil, other = await enrolled(cast)
    await make_cards([pupil.id], by=cast.teacher)
    await make_sheets([WantedSheet(pupil.id, None, PARTICIPATION)], locale="ru", by=cast.teacher)
    colleague = await colleague_of(cast, await confirmed_teacher(cast))
    for person in (colleague, cast.organiser):
        with pytest.raises(NotAllowed):
            await take_back_enrolment(pupil.id, by=person)
    await take_back_enrolment(pupil.id, by=cast.teacher)
    assert not await Person.exists().where(Person.id == pupil.id)
    assert not await SheetBatch.exists()
    assert not await Event.exists().where((Event.actor_id == pupil.id) | (Event.subject_id == pupil.id))
    assert not await Event.exists().where(Event.data.like("%2012-03-05%"))
    assert await Event.exists().where(Event.happened == Happened.ENROLMENT_TAKEN_BACK.value)
    await at_work(cast, other)
    with pytest.raises(Refusal, match="пользовались"):
        await take_back_enrolment(other.id, by=cast.teacher)


async def test_a_team_makes_an_account_a_used_one(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    await put_into_team([pupil.id], cast.project.id, by=cast.teacher)
    with pytest.raises(Refusal, match="пользовались"):
        await take_back_enrolment(pupil.id, by=cast.teacher)


async def test_the_same_child_in_another_spelling_is_asked_about(cast: Cast) -> None:
    await enrolled(cast)
    school = await confirmed_teacher(cast)
    again = read_list("Иванов Петя 05.03.2012\nНовый Иван 1.1.2012\nНовый Ваня 1.1.2012", today())
    assert await enrol(again, organisation=school, by=cast.teacher) == 1
    assert await enrol(again, organisation=school, others=[again[2].mark], by=cast.teacher) == 1
    colleague = await colleague_of(cast, school)
    assert await enrol(read_list(LIST, today()), organisation=school, by=colleague) == 0  # a colleague has them
    assert await Enrolment.count() == 4


async def test_two_accounts_of_one_pupil_are_one_in_the_class_after_merging(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    school = await confirmed_teacher(cast)
    again = read_list("Иванов Петя 05.03.2012", today())
    assert await enrol(again, organisation=school, others=[again[0].mark], by=cast.teacher) == 1
    twin = await Person.objects().get(Person.given_name == "Петя")
    assert twin
    (card,) = await make_cards([twin.id], by=cast.teacher)
    await merge_for(pupil.id, twin.id, reason="Записали дважды", by=cast.organiser)
    assert [row.person.id for row in await pupils_kept_by(cast.teacher)].count(pupil.id) == 1
    with pytest.raises(CardRefused):
        await use_card(card.login, card.code, PASSWORD, address="")
    await end_enrolments([pupil.id], by=cast.teacher)
    assert pupil.id not in {row.person.id for row in await pupils_kept_by(cast.teacher)}


async def test_the_pages_without_scripts(cast: Cast) -> None:
    pupil, other = await enrolled(cast)
    teacher = await signed_in(cast.teacher)
    await teacher.open("/class")
    await teacher.send("/class/list", list="Иванов Петя 05.03.2012\nНовый Иван 1.1.2012", course="7А")
    assert "Похоже, уже есть: Иванов Пётр 05.03.2012" in teacher.text
    await teacher.post("/class/pupils", teacher.form("/class/list"))
    assert "Записан 1 ученик" in teacher.text
    assert "похожие уже есть: Иванов Петя" in teacher.text
    await teacher.open(f"/class/pupils/{pupil.id}")
    await teacher.send(f"/class/pupils/{pupil.id}", family_name="Ивановский", born_day="6")
    assert teacher.page.status_code == 422
    await teacher.send(f"/class/pupils/{pupil.id}", reason="описка")
    assert "Исправлено: Ивановский Пётр" in teacher.text
    await teacher.open(f"/class/pupils/{other.id}/taking-back")
    await teacher.send(f"/class/pupils/{other.id}/taking-back")
    assert "Запись удалена" in teacher.text
    assert "Щукина" not in teacher.text.partition("Запись удалена")[2].partition("roll")[2]
    assert (await teacher.open(f"/class/pupils/{other.id}")).status_code == 404
