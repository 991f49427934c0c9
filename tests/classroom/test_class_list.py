"""Classes as organisers see them: pupils without a team, who keeps each class, and a substitute with a reason."""

import pytest

from incubator.classroom import class_list
from incubator.classroom.class_list import classes_in_programme, pupils_without_team
from incubator.classroom.substitutes import appoint_substitute
from incubator.classroom.teams import put_into_team
from incubator.core.refusals import NotAllowed, Refusal
from incubator.db.counting import counting
from incubator.people.affiliations import affiliations_of, end_affiliation
from incubator.people.enrolments import keeps_class_with
from tests.browser import signed_in
from tests.cast import Cast, in_days
from tests.classroom.classes import colleague_of, confirmed_teacher, enrolled
from tests.notifications.test_tell import forget, told


async def test_pupils_without_a_team_page_by_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join(f"Пчелин{'к' * n} Роман {n:02}.03.2012" for n in range(1, 8)) + "\nЩёголев Артём 01.02.2012"
    pupils = await enrolled(cast, text)
    await put_into_team([pupils[0].id], cast.project.id, by=cast.teacher)
    monkeypatch.setattr(class_list, "PER_PAGE", 3)
    seen, after = [], None
    for _page in range(3):
        with counting() as queries:
            found = await pupils_without_team("", after)
        assert len(queries) <= 4
        seen += [row.person.id for row, _documents in found.rows]
        after = found.next
    assert after is None
    assert seen == [person.id for person in reversed(pupils[1:])]
    assert found.total == 7
    office = await signed_in(cast.organiser)
    await office.open("/organiser/classes?q=ЩЕГОЛЕВ артем")
    assert "Щёголев" in office.text
    assert "Пчелинкк" not in office.text
    await office.open("/organiser/classes")
    assert "Ольга Петровна" in office.text
    assert "Записаны, но ещё без команды: 7" in office.text


async def test_an_organiser_names_a_substitute_for_a_teacher_who_cannot(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    school = await confirmed_teacher(cast)
    colleague = await colleague_of(cast, school)
    for place in await affiliations_of(cast.teacher.id):
        await end_affiliation(place.id, by=cast.organiser, on=in_days(-1))
    (alone,) = await classes_in_programme()
    assert not alone.is_kept
    for person in (cast.teacher, colleague, cast.mentor):
        with pytest.raises(NotAllowed):
            await appoint_substitute(cast.teacher.id, colleague.id, in_days(3), reason="Болеет", by=person)
    with pytest.raises(Refusal):
        await appoint_substitute(cast.teacher.id, cast.mentor.id, in_days(3), reason="Болеет", by=cast.organiser)
    await forget()
    office = await signed_in(cast.organiser)
    await office.open("/organiser/classes")
    assert "сейчас никто не ведёт" in office.text
    await office.open(f"/organiser/classes/{cast.teacher.id}")
    await office.send(f"/organiser/classes/{cast.teacher.id}/substitutes", colleague=colleague.id, until=in_days(3))
    assert office.page.status_code == 422
    await office.send(
        f"/organiser/classes/{cast.teacher.id}/substitutes", colleague=colleague.id, until=in_days(3), reason="Болеет"
    )
    assert "Нина Замещалова" in office.text
    assert await keeps_class_with(colleague, pupil.id)
    assert await told(colleague) == ["Вы замещаете: Ольга Петровна"]
    assert await told(cast.teacher) == ["Ваш класс пока ведёт Нина Замещалова"]
    (kept,) = await classes_in_programme()
    assert kept.is_kept
    await office.send(f"/organiser/classes/substitutes/{kept.substitutes[0].id}/end")
    assert "Замещение закончилось" in office.text
    assert not await keeps_class_with(colleague, pupil.id)
    assert (await office.open("/organiser/classes/999")).status_code == 404
