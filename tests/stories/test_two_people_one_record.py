"""Two people with the same record open: whoever saves last takes nothing back that the other has made of it."""

from incubator.people.tables import Person
from incubator.privacy.data_operator import the_operator
from incubator.publication.organisations import correct_organisation
from incubator.reference.organisations import organisation_named
from incubator.reference.tables import Organisation
from incubator.reviews.assignment.mentors import change_capacity, offer_of
from tests.browser import signed_in
from tests.cast import Cast, fresh
from tests.classroom.classes import enrolled
from tests.privacy.guardians import operator_known


async def organisation(number: int) -> Organisation:
    row = await Organisation.objects().get(Organisation.id == number)
    assert row
    return row


async def test_an_organisation_that_two_organisers_correct(cast: Cast) -> None:
    number = await organisation_named("Лицей № 5", kind="school")
    page = f"/organiser/organisations/{number}"
    late = await signed_in(cast.organiser)
    await late.open(page)
    await correct_organisation(
        await organisation(number), name="Гимназия № 5", kind="school", municipality=None, is_new_name=False,
        by=cast.organiser,
    )  # fmt: skip
    await late.send(page, kind="college")
    row = await organisation(number)
    assert (row.name, row.kind) == ("Гимназия № 5", "college")

    late = await signed_in(cast.organiser)
    await late.open(page)
    await correct_organisation(row, name="Лицей № 55", kind="college", municipality=None, is_new_name=False, by=cast.organiser)  # fmt: skip
    await late.send(page, name="Школа № 5")
    assert "Лицей № 55" in late.text
    assert "Пока вы писали" in late.text
    assert ("name", "Школа № 5") in late.form(page)
    assert (await organisation(number)).name == "Лицей № 55"
    await late.send(page)
    assert (await organisation(number)).name == "Школа № 5"


async def test_the_operator_that_two_organisers_describe(cast: Cast) -> None:
    await operator_known()
    page = "/organiser/consents/operator"
    one, other = await signed_in(cast.organiser), await signed_in(cast.organiser)
    await one.open(page)
    await other.open(page)
    await one.send(page, address="Новая улица, 2")
    await other.send(page, phone="+7 900 111-22-33")
    row = await the_operator()
    assert (row.address, row.phone) == ("Новая улица, 2", "+7 900 111-22-33")


async def test_a_pupil_whom_teacher_and_substitute_and_the_pupil_correct(cast: Cast) -> None:
    pupil, *_others = await enrolled(cast)
    page = f"/class/pupils/{pupil.id}"
    teacher, child = await signed_in(cast.teacher), await signed_in(pupil)
    await teacher.open(page)
    await child.open("/profile")
    await teacher.send(page, family_name="Иванов-Петров")
    await child.send("/profile", locale="en")
    row = await fresh(pupil)
    assert (row.family_name, row.locale) == ("Иванов-Петров", "en")

    late = await signed_in(cast.teacher)
    await late.open(page)
    await Person.update({Person.family_name: "Петров", Person.patronymic: "Ильич"}).where(Person.id == pupil.id)
    await late.send(page, family_name="Сидоров", given_name="Павел")
    assert "«Петров»" in late.text
    row = await fresh(pupil)
    assert (row.family_name, row.given_name, row.patronymic) == ("Петров", "Пётр", "Ильич")


async def test_a_capacity_that_an_organiser_sets_while_the_mentor_chooses_fields(cast: Cast) -> None:
    mentor = await signed_in(cast.mentor)
    await mentor.open("/desk/offer")
    await change_capacity(cast.mentor.id, 2, by=cast.organiser)
    await mentor.send("/desk/offer", season_capacity="9")
    offer = await offer_of(cast.mentor)
    assert (offer.capacity, offer.season_capacity) == (2, 9)
