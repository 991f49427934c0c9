"""A class without mail: enrolled from a list, let in by cards, kept by its teacher and a substitute."""

import asyncio
from datetime import timedelta

import pypdfium2
import pytest

from incubator.classroom.card_print import drawn_cards
from incubator.classroom.cards import CODE, LASTS, CardRefused, make_cards, use_card
from incubator.classroom.class_list import classes_in_programme
from incubator.classroom.enrol import check_list, end_enrolments, enrol
from incubator.classroom.pupil_list import read_list
from incubator.classroom.roll import roll_of
from incubator.classroom.substitutes import colleagues_of, end_substitution, name_substitute
from incubator.classroom.teams import become_teacher, put_into_team
from incubator.core.clock import clock_at, now, today
from incubator.core.logins import is_login, login_in
from incubator.core.refusals import NotAllowed, Refusal, TooOften
from incubator.mail.outbox import queue
from incubator.mail.tables import Message
from incubator.people.accounts import authenticate
from incubator.people.affiliations import (
    AffiliationCapacity,
    affiliate,
    affiliations_of,
    confirm_affiliation,
    end_affiliation,
)
from incubator.people.enrolments import classes_of, keepers_with, keeps_class_with, pupils_kept_by
from incubator.people.sessions import begin_session
from incubator.people.tables import AccessCard, Enrolment, Person, Session, Substitution
from incubator.privacy.recorders import where_may_record
from incubator.privacy.sheets import WantedSheet, make_sheets
from incubator.projects.consents import PARTICIPATION
from incubator.projects.invitations import accept_into_team, invite_to_team
from incubator.projects.orphaned_consents import orphaned_consents
from incubator.projects.start import start
from incubator.projects.team import team_of
from incubator.publication.hiding import MASK
from incubator.reference.merging import merge
from incubator.reference.organisations import organisation_named
from incubator.reference.tables import Organisation
from tests.browser import signed_in
from tests.cast import Cast, fresh, in_days
from tests.classroom.classes import (
    LIST,
    PASSWORD,
    SCHOOL,
    at_work,
    card_of,
    codes_in,
    colleague_of,
    confirmed_teacher,
    enrolled,
)
from tests.publication.test_names_in_texts import published, shown

PETER = "Иванов Пётр 05.03.2012"


async def test_a_list_becomes_accounts_with_logins(cast: Cast) -> None:
    first, second = await enrolled(cast)
    assert (first.family_name, first.given_name, first.patronymic) == ("Иванов", "Пётр", "Сергеевич")
    assert not first.has_mailbox
    assert login_in(first.email).startswith("petr.ivanov") or login_in(first.email).startswith("pyotr.ivanov")
    assert second.age_known == "minor"
    assert second.age_known_by == cast.teacher.id
    (place,) = await affiliations_of(first.id)
    assert (place.capacity, place.course, place.confirmed_by) == ("student", "7А", cast.teacher.id)


async def test_two_teachers_who_enrol_the_same_children_at_once_make_nobody_twice(cast: Cast) -> None:
    school = await confirmed_teacher(cast)
    colleague = await colleague_of(cast, school)
    lines = read_list(LIST, today())
    counts = await asyncio.gather(*(enrol(lines, organisation=school, by=each) for each in (cast.teacher, colleague)))
    assert sorted(counts) == [0, 2]


async def test_no_list_of_dates_finds_out_when_a_colleagues_pupil_was_born(cast: Cast) -> None:
    await enrolled(cast)
    colleague = await colleague_of(cast, await confirmed_teacher(cast))

    async def keepers(*days: str) -> list[str]:
        found = [await check_list(read_list(f"Щукена Ольга, {each}", today()), by=colleague) for each in days]
        return [each.keeper for (each,) in found]

    assert await keepers("7.11.2011", "8.11.2011", "1.2.2011") == [cast.teacher.name] * 3
    assert await keepers("7.11.2012") == [""]


async def test_the_same_list_again_makes_nobody_twice(cast: Cast) -> None:
    pupils = await enrolled(cast)
    school = await confirmed_teacher(cast)
    again = read_list(LIST + "\nИВАНОВ ПЕТР 5.3.2012\nНовый Иван 1.1.2012\nНовый Иван 1.1.2012", today())
    assert await enrol(again, organisation=school, by=cast.teacher) == 1
    assert await Enrolment.count() == len(pupils) + 1


async def test_who_is_no_confirmed_teacher_of_the_school_enrols_nobody(cast: Cast) -> None:
    school = await confirmed_teacher(cast)
    for person in (cast.captain, cast.coach, cast.mentor, cast.organiser):
        with pytest.raises(NotAllowed):
            await enrol(read_list(PETER, today()), organisation=school, by=person)
    with pytest.raises(NotAllowed):
        await enrol(read_list(PETER, today()), organisation=school + 1, by=cast.teacher)
    with pytest.raises(Refusal):
        await enrol(read_list("Иванов Пётр", today()), organisation=school, by=cast.teacher)
    many = "\n".join(f"Ученик Номер{'а' * n} 05.03.2012" for n in range(1, 62))
    with pytest.raises(Refusal):
        await enrol(read_list(many, today()), organisation=school, by=cast.teacher)
    assert await Enrolment.count() == 0


async def test_a_card_lets_in_once(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    card = await card_of(cast, pupil)
    assert len(card.code) == CODE == 12  # five bits each
    stored = await AccessCard.objects().get(AccessCard.person == pupil.id)
    assert stored
    assert card.code not in str(stored.to_dict())
    came = await use_card(card.login, card.code, PASSWORD, address="192.0.2.1")
    assert came.id == pupil.id
    assert await authenticate(pupil.email, PASSWORD, address="192.0.2.1")
    with pytest.raises(CardRefused, match="уже вошли"):
        await use_card(card.login, card.code, "другой пароль поёт", address="192.0.2.1")
    assert await authenticate(pupil.email, PASSWORD, address="192.0.2.1")


async def test_a_new_card_ends_the_former_one_the_password_and_the_sessions(cast: Cast) -> None:
    pupil, other = await enrolled(cast)
    former = await card_of(cast, other)
    fresh_card = await card_of(cast, other)
    with pytest.raises(CardRefused, match="не действует"):
        await use_card(former.login, former.code, PASSWORD, address="")
    await use_card(fresh_card.login, fresh_card.code, PASSWORD, address="")
    await begin_session(await at_work(cast, pupil), user_agent="")
    assert [card.login for card in await make_cards([pupil.id], renews=True, by=cast.teacher)]
    assert not await Session.exists().where(Session.person == pupil.id)
    assert await authenticate(pupil.email, PASSWORD, address="") is None


async def test_printing_for_the_whole_class_leaves_those_who_are_inside_alone(cast: Cast) -> None:
    pupil, other = await enrolled(cast)
    await at_work(cast, pupil)
    cards = await make_cards([pupil.id, other.id], by=cast.teacher)
    assert [card.login for card in cards] == [login_in(other.email)]
    assert await authenticate(pupil.email, PASSWORD, address="")
    with pytest.raises(Refusal):
        await make_cards([pupil.id], by=cast.teacher)


async def test_a_card_grows_old(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    card = await card_of(cast, pupil)
    with clock_at(now() + LASTS + timedelta(minutes=1)), pytest.raises(CardRefused, match="Срок"):
        await use_card(card.login, card.code, PASSWORD, address="")


async def test_codes_are_not_guessed(cast: Cast) -> None:
    pupil, other = await enrolled(cast)
    card, theirs = await card_of(cast, pupil), await card_of(cast, other)
    for _n in range(5):
        with pytest.raises(CardRefused, match="не подошли"):
            await use_card(card.login, theirs.code, PASSWORD, address="192.0.2.1")  # another pupil's
    with pytest.raises(TooOften):
        await use_card(card.login, card.code, PASSWORD, address="192.0.2.1")
    assert await use_card(card.login, card.code, PASSWORD, address="198.51.100.7")  # nobody is locked out at home


async def test_cards_are_printed_eight_on_a_page(cast: Cast) -> None:
    pupils = await enrolled(cast, "\n".join(f"Ученик Иван{'а' * n} {n:02}.03.2012" for n in range(1, 10)))
    cards = await make_cards([pupil.id for pupil in pupils], by=cast.teacher)
    with pypdfium2.PdfDocument(await drawn_cards(cards)) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
        assert [round(side) for side in document[0].get_size()] == [595, 842]
    assert [len(codes_in(page)) for page in pages] == [8, 1]
    assert all(card.login in "".join(pages) for card in cards)


async def test_nothing_is_mailed_to_a_login(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    await Message.delete(force=True)
    await queue(pupil.email, "Тема", "Слова")
    assert await Message.count() == 0
    assert is_login(pupil.email)


async def test_a_substitute_keeps_the_class_until_the_day(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    colleague = await colleague_of(cast, await confirmed_teacher(cast))
    assert [each.id for each in await colleagues_of(cast.teacher)] == [colleague.id]
    with pytest.raises(NotAllowed):
        await make_cards([pupil.id], by=colleague)
    assert await where_may_record(colleague, pupil.id) is None
    await name_substitute(colleague.id, in_days(3), by=cast.teacher)
    await name_substitute(colleague.id, in_days(5), by=cast.teacher)
    assert await classes_of(colleague) == sorted([cast.teacher.id, colleague.id])
    assert len(await make_cards([pupil.id], by=colleague)) == 1
    assert await where_may_record(colleague, pupil.id)
    assert await put_into_team([pupil.id], cast.project.id, by=colleague) == 1
    with clock_at(now() + timedelta(days=6)):
        assert await where_may_record(colleague, pupil.id) is None
        with pytest.raises(NotAllowed):
            await make_cards([pupil.id], renews=True, by=colleague)
    row = await Substitution.objects().where(Substitution.ended_at.is_null()).first()
    assert row
    await end_substitution(row.id, by=cast.captain)
    assert await keeps_class_with(colleague, pupil.id)
    await end_substitution(row.id, by=colleague)
    assert not await keeps_class_with(colleague, pupil.id)
    for day in (in_days(-1), in_days(400)):
        with pytest.raises(Refusal):
            await name_substitute(colleague.id, day, by=cast.teacher)
    with pytest.raises(Refusal):
        await name_substitute(cast.mentor.id, in_days(3), by=cast.teacher)


async def test_a_teacher_who_has_left_the_school_keeps_no_class(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    for place in await affiliations_of(cast.teacher.id):
        await end_affiliation(place.id, by=cast.organiser, on=in_days(-1))
    with pytest.raises(NotAllowed):
        await make_cards([pupil.id], by=cast.teacher)
    assert await where_may_record(cast.teacher, pupil.id) is None
    assert await where_may_record(cast.organiser, pupil.id)


async def test_a_card_of_a_teacher_who_has_left_opens_nothing(cast: Cast) -> None:
    pupil, other = await enrolled(cast)
    card = await card_of(cast, pupil)
    school = await confirmed_teacher(cast)
    united = await organisation_named("Лицей № 1")
    await merge(Organisation, school, united, by=cast.organiser)
    theirs = await card_of(cast, other)
    assert await use_card(
        theirs.login, theirs.code, PASSWORD, address="192.0.2.1"
    )  # the school has a new name, no more
    colleague = await colleague_of(cast, united)
    await name_substitute(colleague.id, in_days(3), by=cast.teacher)
    for place in await affiliations_of(cast.teacher.id):
        await end_affiliation(place.id, by=cast.organiser, on=in_days(-1))
    elsewhere = await affiliate(
        cast.teacher, await organisation_named("Гимназия № 2"), AffiliationCapacity.TEACHER, by=cast.organiser
    )
    await confirm_affiliation(elsewhere.id, by=cast.organiser)
    with pytest.raises(CardRefused, match="не действует"):
        await use_card(card.login, card.code, PASSWORD, address="192.0.2.1")
    assert [each.needs_card for each in await roll_of(colleague)] == [True, False]
    (fresh_card,) = await make_cards([pupil.id], by=colleague)
    row = await Substitution.objects().first()
    assert row
    await end_substitution(row.id, by=colleague)  # what was handed out stays good
    assert await use_card(fresh_card.login, fresh_card.code, PASSWORD, address="192.0.2.1")


async def test_a_class_is_kept_at_its_own_school_alone(cast: Cast) -> None:
    """Who has gone to another school, and who stands in for a teacher of two, sees nobody of a school that is not theirs."""
    here, _twin = await enrolled(cast)
    second = await organisation_named("Гимназия № 2")
    place = await affiliate(cast.teacher, second, AffiliationCapacity.TEACHER, by=cast.organiser)
    await confirm_affiliation(place.id, by=cast.organiser)
    await enrol(read_list(PETER.replace("Пётр", "Егор"), today()), organisation=second, by=cast.teacher)
    there = (await pupils_kept_by(cast.teacher))[-1].person
    colleague = await colleague_of(cast, second)
    await name_substitute(colleague.id, in_days(3), by=cast.teacher)
    assert [row.person.id for row in await pupils_kept_by(colleague)] == [there.id]
    assert await where_may_record(colleague, here.id) is None
    with pytest.raises(NotAllowed):
        await make_cards([here.id], renews=True, by=colleague)
    for left in await affiliations_of(cast.teacher.id):
        if left.organisation.id != second:
            await end_affiliation(left.id, by=cast.organiser, on=in_days(-1))
    assert [row.person.id for row in await pupils_kept_by(cast.teacher)] == [there.id]
    assert await where_may_record(cast.teacher, here.id) is None
    with pytest.raises(NotAllowed):
        await make_cards([here.id], renews=True, by=cast.teacher)
    assert await keepers_with([here.id]) == []
    assert {each.id for each in await keepers_with([there.id])} == {cast.teacher.id, colleague.id}
    (its,) = await classes_in_programme()
    assert [each.name for each in its.left_alone] == [SCHOOL]
    office = await signed_in(cast.organiser)
    for page in ("/organiser/classes", f"/organiser/classes/{cast.teacher.id}"):
        await office.open(page)
        assert f"никто не ведёт: {SCHOOL}" in office.text
    united = await organisation_named("Лицей № 1")
    await merge(Organisation, second, united, by=cast.organiser)
    assert await keeps_class_with(colleague, there.id)
    assert {each.id for each in await keepers_with([there.id])} == {cast.teacher.id, colleague.id}


async def test_who_is_removed_from_the_class_keeps_the_account(cast: Cast) -> None:
    pupil, other = await enrolled(cast)
    card = await card_of(cast, other)
    await at_work(cast, pupil)
    await end_enrolments([pupil.id, other.id], by=cast.teacher)
    assert await authenticate(pupil.email, PASSWORD, address="")
    with pytest.raises(CardRefused):
        await use_card(card.login, card.code, PASSWORD, address="")
    with pytest.raises(NotAllowed):
        await make_cards([pupil.id], renews=True, by=cast.teacher)


async def test_pupils_in_teams(cast: Cast) -> None:
    pupil, other = await enrolled(cast)
    assert await put_into_team([pupil.id], cast.project.id, by=cast.teacher) == 1
    assert await put_into_team([pupil.id], cast.project.id, by=cast.teacher) == 0
    own = await start("Своя идея", season=cast.season, by=other)
    with pytest.raises(NotAllowed):
        await put_into_team([pupil.id], own.id, by=cast.teacher)
    foreign = await start("Чужая", season=cast.season, by=cast.outsider)
    with pytest.raises(NotAllowed):
        await become_teacher(foreign.id, by=cast.teacher)
    await become_teacher(own.id, by=cast.teacher)
    assert [mate.person.id for mate in await team_of(own.id)] == [other.id, cast.teacher.id]


async def test_a_pupil_put_into_a_public_team_is_not_named_by_what_was_public_before(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    await published(cast, "Спасибо за помощь: Пётр Иванов.")
    assert await put_into_team([pupil.id], cast.project.id, by=cast.teacher) == 1
    assert await shown(cast) == f"Спасибо за помощь: {MASK}."


async def test_consents_of_a_pupil_without_a_team(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    wanted = [WantedSheet(pupil.id, None, PARTICIPATION)]
    assert await make_sheets(wanted, locale="ru", by=cast.teacher)
    assert await make_sheets(wanted, locale="ru", by=cast.organiser)
    for person in (cast.captain, cast.coach, cast.mentor, cast.outsider):
        with pytest.raises(NotAllowed):
            await make_sheets(wanted, locale="ru", by=person)
    with pytest.raises(NotAllowed):
        await make_sheets([WantedSheet(cast.outsider.id, None, PARTICIPATION)], locale="ru", by=cast.teacher)
    assert await orphaned_consents() == []


async def test_who_has_added_a_mailbox_gets_no_card(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    await Person.update({Person.email: "petya@example.org"}).where(Person.id == pupil.id)
    with pytest.raises(Refusal, match="почт"):
        await make_cards([pupil.id], renews=True, by=cast.teacher)


async def test_a_pupil_joins_by_an_open_link(cast: Cast) -> None:
    pupil, _other = await enrolled(cast)
    secret = await invite_to_team(cast.project, "student", by=cast.captain)
    assert await accept_into_team(secret, by=await fresh(pupil)) == cast.project.id
