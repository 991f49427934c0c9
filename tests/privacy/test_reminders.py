"""Reminding families through the teacher: slips, words for the chat, and a mail before the gate closes."""

import io
from datetime import timedelta

import pypdfium2
import pytest

from incubator.classroom.teams import put_into_team
from incubator.core.clock import clock_at, day_of, now
from incubator.core.formatting import day
from incubator.core.refusals import NotAllowed, Refusal
from incubator.people.tables import Person
from incubator.privacy.missing_documents import BEFORE_GATE, remind_of_documents
from incubator.privacy.slips import drawn_slips, make_slips
from incubator.privacy.tables import FamilyCode
from incubator.projects.consents import PARTICIPATION, PURPOSES, give_consent
from incubator.projects.start import start
from incubator.publication.withdrawals import remove_member
from tests.browser import signed_in
from tests.cast import Cast
from tests.classroom.classes import enrolled
from tests.notifications.test_tell import forget, told
from tests.privacy.reminders import close_gate_in
from tests.privacy.test_paper_consents import text_of


def _day_in(days: int) -> str:
    return day(day_of(now() + timedelta(days=days)))


async def test_a_slip_says_what_is_missing_until_when_and_the_code(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    await close_gate_in(cast.project, days=20)
    await give_consent(cast.project, cast.captain, PARTICIPATION, by=cast.teacher)
    for purpose in PURPOSES:
        await give_consent(cast.project, cast.teammate, purpose, by=cast.teacher)
    wanted = [(cast.project.id, cast.captain.id), (cast.project.id, cast.teammate.id), (None, pupil.id)]
    slips = await make_slips(wanted, by=cast.teacher)
    assert [(slip.name, slip.missing) for slip in slips] == [
        ("Пётр Иванов", PURPOSES),
        ("Мария Кузнецова", ("public_name", "photo")),
    ]
    assert {slip.until for slip in slips} == {None, day_of(now() + timedelta(days=20))}
    codes = {row["code"] for row in await FamilyCode.select(FamilyCode.code)}
    assert {slip.code for slip in slips} == codes
    (page,) = text_of(await drawn_slips(slips))
    plain = " ".join(page.split())
    assert "Верните педагогу до " in plain
    assert "участие – без него команду не допустят" in plain
    assert plain.count("полное имя на витрине") == 2
    with pytest.raises(Refusal, match="всё подписано"):
        await make_slips(wanted[1:2], by=cast.teacher)
    with pytest.raises(Refusal, match="хотя бы одного"):
        await make_slips([], by=cast.teacher)
    for person in (cast.captain, cast.coach, cast.mentor, cast.outsider):
        for one in wanted:
            with pytest.raises(NotAllowed):
                await make_slips([one], by=person)


async def test_nobody_of_another_team_is_on_a_slip(cast: Cast) -> None:
    """A slip has the family's code: who teaches a team gets none of a child that is not in it."""
    foreign = await start("Чужая идея", season=cast.season, by=cast.outsider)
    for person in (cast.outsider, cast.teacher, cast.organiser):
        with pytest.raises(Refusal):
            await make_slips([(cast.project.id, person.id)], by=cast.teacher)
    with pytest.raises(NotAllowed):
        await make_slips([(foreign.id, cast.outsider.id)], by=cast.teacher)
    assert await FamilyCode.count() == 0
    await give_consent(foreign, cast.outsider, PARTICIPATION, by=cast.organiser)
    browser = await signed_in(cast.teacher)
    await browser.open("/consents")
    answers = set()
    for person in (cast.outsider, cast.mentor):
        await browser.post("/consents/sheets", {
            "csrf": browser.csrf(), "child": f"{cast.project.id}-{person.id}", "purpose": PARTICIPATION, "only_missing": "1",
        })  # fmt: skip
        answers.add("Этого человека уже нет в команде" in browser.text)
    assert answers == {True}  # the answer does not tell who has consented


async def test_an_adult_gets_a_slip_without_a_code(cast: Cast) -> None:
    await Person.update({Person.born_on: cast.captain.born_on.replace(year=1990)}).where(Person.id == cast.captain.id)
    (slip,) = await make_slips([(cast.project.id, cast.captain.id)], by=cast.teacher)
    assert slip.code == ""
    assert not await FamilyCode.exists()
    assert "Вам уже 18" in text_of(await drawn_slips([slip]))[0]


async def test_the_page_prints_five_on_a_sheet_and_words_without_names(cast: Cast) -> None:
    await enrolled(cast, "\n".join(f"Пчелин{'к' * n} Роман {n:02}.03.2012" for n in range(1, 5)))
    await close_gate_in(cast.project, days=20)
    teacher = await signed_in(cast.teacher)
    await teacher.open("/consents")
    words = teacher.text.partition('<textarea id="for-families"')[2].partition("</textarea>")[0]
    assert f"верните мне до {_day_in(20)}" in words
    assert not any(name in words for name in ("Мария", "Кузнецова", "Роман", "Пчелин"))
    await teacher.post("/consents/slips", teacher.form("/consents/sheets"))
    with pypdfium2.PdfDocument(io.BytesIO(teacher.page.content)) as document:
        assert len(document) == 2  # six children
        assert [round(side) for side in document[0].get_size()] == [595, 842]
    await teacher.open("/consents?tick=none")
    await teacher.post("/consents/slips", teacher.form("/consents/sheets"))
    assert teacher.page.status_code == 422
    assert '<a href="#f-child">Отметьте хотя бы одного ученика' in teacher.text
    assert 'id="f-child"' in teacher.text


async def test_the_teacher_is_told_once_before_each_date(cast: Cast) -> None:
    await close_gate_in(cast.project, days=30)
    await forget()
    assert await remind_of_documents() == 0
    with clock_at(now() + timedelta(days=30) - BEFORE_GATE + timedelta(hours=1)):
        assert await remind_of_documents() == 1
        assert await remind_of_documents() == 0
        assert await told(cast.teacher) == ["«Тихий улей»: без согласий на участие команду не допустят"]
        assert await told(cast.captain) == []
        await close_gate_in(cast.project, days=9)  # another date
        assert await remind_of_documents() == 1
    with clock_at(now() + timedelta(days=60)):
        assert await remind_of_documents() == 0  # it is over


async def test_nothing_is_said_where_nothing_is_missing_and_without_a_teacher_to_who_keeps_the_class(
    cast: Cast,
) -> None:
    await close_gate_in(cast.project, days=3)
    for person in (cast.captain, cast.teammate):
        await give_consent(cast.project, person, PARTICIPATION, by=cast.teacher)
    assert await remind_of_documents() == 0
    await remove_member(cast.project, cast.teammate.id, by=cast.organiser)
    pupil, _other = await enrolled(cast)
    await put_into_team([pupil.id], cast.project.id, by=cast.teacher)
    await remove_member(cast.project, cast.teacher.id, by=cast.organiser)
    await forget()
    assert await remind_of_documents() == 1
    assert len(await told(cast.teacher)) == 1  # who keeps the pupil's class
