"""No pupil drops out of a list without a word, and no child is enrolled twice because two schools became one."""

import re

from incubator.classroom.enrol import check_list, enrol
from incubator.classroom.pupil_list import read_list
from incubator.core.clock import today
from incubator.db import writing
from incubator.people.accounts import create_person
from incubator.people.affiliations import AffiliationCapacity, affiliate, confirm_affiliation
from incubator.people.tables import Person
from incubator.reference.merging import merge
from incubator.reference.organisations import organisation_named
from incubator.reference.tables import Organisation
from tests.browser import signed_in
from tests.cast import Cast, fresh
from tests.classroom.classes import confirmed_teacher

FAMILIES = [
    "Алмазов",
    "Берёзов",
    "Воронин",
    "Грачёв",
    "Дубов",
    "Ежов",
    "Жуков",
    "Зорин",
    "Ильин",
    "Котов",
    "Лосев",
    "Мохов",
    "Носов",
    "Орлов",
    "Попов",
    "Рыков",
    "Сомов",
    "Титов",
    "Уваров",
    "Фомин",
    "Хохлов",
    "Цветов",
    "Чижов",
    "Шилов",
    "Щукин",
    "Юдин",
    "Яшин",
]


async def test_empty_lines_cost_no_pupil_a_place(cast: Cast) -> None:
    await confirmed_teacher(cast)
    pupils = [
        f"{family} {given} 0{1 + n % 9}.0{month}.2011"
        for month, given in ((1, "Иван"), (2, "Пётр"))
        for n, family in enumerate(FAMILIES)
    ]
    teacher, before = await signed_in(cast.teacher), await Person.count()
    await teacher.open("/class")
    await teacher.send("/class/list", list="\n\n\n\n".join(pupils))
    checked = re.sub(r"<textarea.*?</textarea>", "", teacher.page.text, flags=re.S)
    assert "Яшин Пётр" in checked
    await teacher.post("/class/pupils", teacher.form("/class/list"))
    assert f"Записано {len(pupils)} учени" in teacher.text
    assert await Person.count() == before + len(pupils)


async def teacher_at(cast: Cast, email: str, school: int) -> Person:
    async with writing():
        teacher = await create_person(
            email, given_name="Тамара", family_name="Учителева", is_adult=True, confirmed=True
        )
        place = await affiliate(teacher, school, AffiliationCapacity.TEACHER, by=teacher)
        await confirm_affiliation(place.id, by=cast.organiser)
    return await fresh(teacher)


async def test_a_child_of_a_school_that_was_merged_is_asked_about(cast: Cast) -> None:
    async with writing():
        former = await organisation_named("Школа № 77", kind="school")
        school = await organisation_named("Школа № 88", kind="school")
    one, two = await teacher_at(cast, "one@example.org", former), await teacher_at(cast, "two@example.org", school)
    lines = read_list("Петров Иван 03.09.2011", today())
    assert await enrol(lines, organisation=former, by=one) == 1
    await merge(Organisation, former, school, by=cast.organiser)
    (checked,) = await check_list(lines, by=two)
    assert checked.is_asked
    assert await enrol(lines, organisation=school, by=two) == 0
