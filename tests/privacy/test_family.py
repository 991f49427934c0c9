"""The family's page, by the code from the paper: what is public, taking a consent back, and what happens then."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from incubator.app import create_app
from incubator.classroom.cards import CardRefused, make_cards, use_card
from incubator.core.clock import REGION, clock_at, now, today
from incubator.core.printed_codes import ALPHABET, in_groups, new_code, typed_code
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.files.keep import keep
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.people.accounts import create_person
from incubator.people.ages import birthday
from incubator.people.consents import Signatory
from incubator.people.locking import lock_person
from incubator.people.tables import Consent
from incubator.privacy.ending_consents import ask_for_next_consents
from incubator.privacy.family import renew_code
from incubator.privacy.paper_codes import CHILDREN, FAMILY, family_codes_in, sheet_code_in
from incubator.privacy.scans import file_scans
from incubator.privacy.sheets import WantedSheet, code_for_family, make_sheets
from incubator.privacy.slips import make_slips
from incubator.privacy.tables import ConsentSheet, FamilyCode, SheetScan
from incubator.projects.ages import confirm_age
from incubator.projects.consents import (
    PARTICIPATION,
    PHOTO,
    PUBLIC_NAME,
    give_consent,
    store_consent,
    term_in,
    valid_consents,
)
from incubator.projects.own_consents import give_own_consent
from incubator.projects.permissions import ProjectRole
from incubator.projects.start import start
from incubator.projects.tables import Member, Submission
from incubator.projects.team import join
from incubator.projects.vouching import vouch
from incubator.publication.publish import ask_publication, publish
from incubator.publication.team_names import approve_names, mate_names
from incubator.publication.withdrawals import refuse_to_vouch, withdraw_by_family
from tests.browser import Browser, signed_in
from tests.cast import Cast, consent_all, fresh, fresh_project
from tests.classroom.classes import enrolled
from tests.http.test_page_cache import no_delivery, running
from tests.notifications.test_tell import forget, told
from tests.privacy.guardians import ALL_YES, answered, asked, links_allowed
from tests.publication.test_names_in_texts import consented, published, shown, written
from tests.publication.visitor import everything_public, places_of


async def code_of(cast: Cast) -> str:
    await make_sheets([WantedSheet(cast.captain.id, cast.project.id, PUBLIC_NAME)], locale="ru", by=cast.teacher)
    code = await FamilyCode.objects().first()
    assert code
    return str(code.code)


def test_codes_are_typed_in_many_ways() -> None:
    code = new_code(FAMILY)
    assert len(code) == FAMILY
    assert set(code) <= set(ALPHABET)
    assert typed_code(in_groups(code).lower()) == code
    assert typed_code(f" {code[:5]} {code[5:]}\n") == code
    assert typed_code("АВСЕ-О1IL") == "ABCE0111"  # Cyrillic letters, and what looks like a digit
    assert typed_code("😀") == ""
    other = new_code(FAMILY)
    assert family_codes_in(f"{in_groups(code)}, {other}\n{code}") == [code, other]
    assert family_codes_in(code[1:]) == family_codes_in(code * (CHILDREN + 1)) == family_codes_in("") == []
    assert sheet_code_in("https://x.example/consents/sheet/ABCDEFGH2345") == "ABCDEFGH2345"
    assert sheet_code_in("https://x.example/family/ABCDEFGH2345") == ""


async def test_a_family_sees_and_takes_back_without_an_account(cast: Cast) -> None:
    await give_consent(cast.project, cast.captain, PUBLIC_NAME, by=cast.teacher)
    code = await code_of(cast)
    family = Browser()
    await family.open("/family")
    await family.send("/family", code=in_groups(code).lower())
    assert family.path == f"/family/{code}"
    assert "Мария Кузнецова" in family.text
    assert "проекты ребёнка на витрину не вышли" in family.text
    assert (
        family.page.headers["referrer-policy"] == "same-origin"
    )  # the address, which holds the code, goes to nobody else
    assert family.page.headers["cache-control"] == "no-store"
    await forget()
    await family.send(f"/family/{code}/withdrawal")
    assert "Согласие забрано" in family.text
    assert await valid_consents([cast.captain.id]) == {}
    row = await Consent.objects().first()
    assert row
    assert row.withdrawn_by_family
    assert row.withdrawn_by is None
    assert await told(cast.teacher) == ["«Тихий улей»: отозвано согласие"]
    assert await told(cast.organiser) == ["Семья забрала согласие: Мария Кузнецова"]


async def test_a_family_sees_its_children_together_and_takes_back_for_one(cast: Cast) -> None:
    for child in (cast.captain, cast.teammate):
        await give_consent(cast.project, child, PUBLIC_NAME, by=cast.teacher)
        await make_sheets([WantedSheet(child.id, cast.project.id, PUBLIC_NAME)], locale="ru", by=cast.teacher)
    first, second = [str(row.code) for row in await FamilyCode.objects().order_by(FamilyCode.id)]
    family = Browser()
    await family.open(f"/family/{first}")
    assert "Иван Соколов" not in family.text
    await family.send("/family", code="нет такого")
    assert family.page.status_code == 422
    await family.send("/family", code=in_groups(second))  # the page with the error still knows the first
    assert family.path == f"/family/{first}{second}"
    assert family.text.index("Мария Кузнецова") < family.text.index("Иван Соколов")
    await family.post(
        f"/family/{first}{second}/withdrawal", {"child": second, "purpose": PUBLIC_NAME, "csrf": family.csrf()}
    )
    assert "Согласие забрано" in family.text
    assert family.path == f"/family/{first}{second}"
    assert [person for person, _purpose in await valid_consents([cast.captain.id, cast.teammate.id])] == [
        cast.captain.id
    ]
    await family.open(f"/family/{first}")
    wrong = {"child": second, "purpose": PUBLIC_NAME, "csrf": family.csrf()}
    assert (await family.http.post(f"/family/{first}/withdrawal", data=wrong)).status_code == 404
    await renew_code(cast.captain.id, by=cast.teacher)
    await family.open(f"/family/{first}{second}")
    assert "Один из кодов больше не открывает страницу" in family.text
    assert "Мария Кузнецова" not in family.text
    assert "Иван Соколов" in family.text
    await family.open("/family")
    await family.send("/family", code=f"{in_groups(second)}, {second}")  # the same twice is one
    assert family.path == f"/family/{second}"


async def test_a_family_is_told_of_nobody_unknown_and_of_no_name_that_is_not_shown(cast: Cast) -> None:
    async with writing():
        stranger = await create_person(
            "stranger@example.org", given_name="Некто", family_name="Чужой", is_adult=True, confirmed=True
        )
        idea = await start("Чужая идея", season=cast.season, by=cast.outsider)
        await join(idea.id, stranger, ProjectRole.TEACHER)
        code = await code_for_family(cast.outsider.id, by=cast.organiser)
    family = Browser()
    await family.open(f"/family/{code}")
    assert "Спросить можно" not in family.text
    await vouch(idea, stranger.id, by=cast.organiser)
    await family.open(f"/family/{code}")
    assert "Спросить можно у педагога: Некто Чужой." in family.text
    pupil, _other = await enrolled(cast)
    async with writing():
        code = await code_for_family(pupil.id, by=cast.teacher)
    await family.open(f"/family/{code}")
    assert "Спросить можно у педагога: Ольга Петровна." in family.text
    await published(cast, "Ответ")
    await consent_all(cast, PUBLIC_NAME)
    newcomer: dict[Any, Any] = {Member.public_given: "", Member.public_family: ""}
    await Member.update(newcomer).where(Member.person == cast.captain.id)
    async with writing():
        code = await code_for_family(cast.captain.id, by=cast.teacher)
    await family.open(f"/family/{code}")
    assert "имени нет, только название команды" in family.text  # no organiser has seen the name yet
    async with writing():
        await approve_names(await mate_names(cast.project.id))
    await family.open(f"/family/{code}")
    assert "показано имя" in family.text


async def test_who_turns_out_not_to_be_a_teacher_knows_no_code_any_more(cast: Cast) -> None:
    """Codes that were printed, links that were answered, cards that nobody has used."""
    pupil, _other = await enrolled(cast)
    (card,) = await make_cards([pupil.id], by=cast.teacher)
    await make_sheets([WantedSheet(pupil.id, None, PHOTO)], locale="ru", by=cast.teacher)
    async with writing():  # another's code, which stands on the slips of the team
        await code_for_family(cast.teammate.id, by=cast.organiser)
    await make_slips([(cast.project.id, cast.teammate.id)], by=cast.teacher)
    async with writing():
        other = await code_for_family(cast.outsider.id, by=cast.organiser)
    await links_allowed(cast)
    path = await asked(cast.captain, by=cast.teacher)
    family = await answered(path, **ALL_YES)
    assert family.path.startswith("/family/")
    codes = [row.code for row in await FamilyCode.objects().where(FamilyCode.code != other)]
    assert len(codes) == 3
    await refuse_to_vouch(cast.project, cast.coach.id, reason="Не знаем", by=cast.organiser)  # who has printed nothing
    assert await FamilyCode.count().where(FamilyCode.working()) == 4
    await refuse_to_vouch(cast.project, cast.teacher.id, reason="Не педагог", by=cast.organiser)
    for code in codes:
        assert (await family.http.get(f"/family/{code}")).status_code == 404
    await family.open(path)
    assert family.path == path
    assert "Мария" not in family.text
    with pytest.raises(CardRefused):
        await use_card(card.login, card.code, "синий чайник поёт", address="192.0.2.1")
    assert (await family.http.get(f"/family/{other}")).status_code == 200
    assert await Event.count().where(Event.happened == Happened.FAMILY_CODE_CHANGED.value) == 3


async def test_where_guardians_disagree_the_stricter_one_holds(cast: Cast) -> None:
    await give_consent(cast.project, cast.captain, PUBLIC_NAME, by=cast.teacher)
    family = Browser()
    code = await code_of(cast)
    await family.open(f"/family/{code}")
    await family.send(f"/family/{code}/withdrawal")
    with pytest.raises(Refusal):
        await give_consent(cast.project, cast.captain, PUBLIC_NAME, by=cast.teacher)
    await give_consent(cast.project, cast.captain, PARTICIPATION, by=cast.teacher)  # nobody took that back
    await give_consent(cast.project, cast.captain, PUBLIC_NAME, by=cast.organiser)
    assert (cast.captain.id, PUBLIC_NAME) in await valid_consents([cast.captain.id])


async def test_a_no_outlives_what_the_child_signs_for_the_time_after_18(cast: Cast) -> None:
    await confirm_age(
        cast.project, cast.captain.id, today() - timedelta(days=18 * 365 - 15), reason="Паспорт", by=cast.teacher
    )
    child = await fresh(cast.captain)
    assert not child.is_adult
    await give_consent(cast.project, child, PUBLIC_NAME, by=cast.teacher)
    await give_own_consent(child, PUBLIC_NAME)
    await withdraw_by_family(child, PUBLIC_NAME)
    with pytest.raises(Refusal):
        await give_consent(cast.project, child, PUBLIC_NAME, by=cast.teacher)
    await give_consent(cast.project, child, PUBLIC_NAME, by=cast.organiser)
    assert (child.id, PUBLIC_NAME) in await valid_consents([child.id])


async def test_many_wrong_codes_are_stopped(cast: Cast) -> None:
    guesser = Browser()
    answers = [(await guesser.http.get(f"/family/{new_code(FAMILY)}")).status_code for _n in range(32)]
    assert answers[:30] == [404] * 30
    assert answers[30:] == [429, 429]
    assert (await guesser.http.get(f"/family/{await code_of(cast)}")).status_code == 200  # the right one still opens


async def test_a_consent_ends_with_its_term_and_is_asked_for_again(cast: Cast) -> None:
    await give_consent(cast.project, cast.captain, PARTICIPATION, by=cast.teacher)
    consent = await Consent.objects().first()
    assert consent
    assert consent.term == consent.ends_on == await term_in(cast.project.id)
    await forget()
    assert await ask_for_next_consents() == 0  # there is a year left
    await Consent.update({Consent.term: today(), Consent.ends_on: today()}).where(Consent.id == consent.id)
    assert await ask_for_next_consents() == 1
    assert await ask_for_next_consents() == 0
    (subject,) = await told(cast.teacher)
    assert subject.startswith("«Тихий улей»: согласие закончится")
    assert await told(cast.captain) == []
    assert await Event.count().where(Event.happened == Happened.CONSENT_ENDING.value) == 1


async def test_an_old_person_consents_for_themselves_until_a_day(cast: Cast) -> None:
    teacher = await signed_in(cast.teacher)
    await teacher.open("/profile/consents")
    await teacher.send(f"/profile/consents/{PARTICIPATION}")
    consent = await Consent.objects().get(Consent.person == cast.teacher.id)
    assert consent
    assert consent.ends_on
    assert consent.ends_on > today()


async def test_what_a_family_takes_back_is_nowhere_at_the_next_request(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await published(cast, "Нас двое: Мария Кузнецова и Иван Соколов.", cast.captain, cast.teammate)
    code = await code_of(cast)
    async with no_delivery(), running(create_app()) as site:

        async def seen(word: str) -> list[str]:
            return places_of(word, await everything_public(cast.project.slug, monkeypatch, word, app=site))

        assert await seen("Кузнецов") != []
        family = Browser(site)
        await family.open(f"/family/{code}")
        assert "показано имя" in family.text
        await family.send(f"/family/{code}/withdrawal")
        assert "имени нет, только название команды" in family.text
        assert await seen("Кузнецов") == []
        assert await seen("Соколов") != []
    assert "Кузнецов" not in await shown(cast)


async def test_a_term_that_is_over_unpublishes_at_the_next_request(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    await written(cast, "Нас двое: Мария Кузнецова и Иван Соколов.")
    await consented(cast, cast.captain, cast.teammate)
    await Submission.update({Submission.title: "Улей Марии Кузнецовой"}).where(Submission.project == cast.project.id)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    slug = (await fresh_project(cast.project)).slug
    visitor, look = Browser(), "q=%D0%9A%D1%83%D0%B7%D0%BD%D0%B5%D1%86%D0%BE%D0%B2%D0%B0"

    async def found() -> list[int]:
        answers = [await visitor.http.get(f"/api/v1/{each}?{look}") for each in ("projects", "facets")]
        return [answer.json()["total"] for answer in answers]

    row = await Consent.objects().get((Consent.person == cast.captain.id) & (Consent.purpose == PUBLIC_NAME))
    assert row
    with clock_at(datetime.combine(row.ends_on, time(12), REGION)):
        assert places_of("Кузнецов", await everything_public(slug, monkeypatch, "Кузнецов")) != []
        assert slug in (await visitor.http.get("/sitemap/1.xml")).text
        assert await found() == [1, 1]
    with clock_at(datetime.combine(row.ends_on + timedelta(days=1), time(0, 1), REGION)):
        assert places_of("Кузнецов", await everything_public(slug, monkeypatch, "Кузнецов")) == []
        assert (await visitor.http.get("/sitemap/1.xml")).status_code == 404  # its address has the name
        assert await found() == [0, 0]


async def test_who_keeps_a_class_hears_of_a_pupil_without_a_team(cast: Cast) -> None:
    pupil, *_others = await enrolled(cast)
    await make_sheets([WantedSheet(pupil.id, None, PHOTO)], locale="ru", by=cast.teacher)
    sheet = await ConsentSheet.objects().first()
    assert sheet
    file = await keep(b"a picture", name="sheet.jpg", media_type="image/jpeg", by=cast.teacher.id)
    scan = SheetScan(file=file.id, sheet=sheet.id, uploaded_by=cast.teacher.id, uploaded_at=now())
    await scan.save()
    assert await file_scans([scan.id], by=cast.teacher) == 1
    await Consent.update({Consent.term: today(), Consent.ends_on: today()}).where(Consent.person == pupil.id)
    await forget()
    assert await ask_for_next_consents() == 1
    (subject,) = await told(cast.teacher)
    assert subject.startswith("«ещё без команды»: согласие закончится")
    await forget()
    await withdraw_by_family(pupil, PHOTO)
    for person in (cast.teacher, cast.organiser):
        assert [subject[:23] for subject in await told(person)] == ["Семья забрала согласие:"]


async def test_what_an_adult_signed_is_not_the_familys_to_take_back(cast: Cast) -> None:
    code = await code_of(cast)
    await confirm_age(cast.project, cast.captain.id, birthday(today(), -19), reason="Паспорт", by=cast.teacher)
    async with writing():
        adult = await lock_person(cast.captain.id)
        await store_consent(adult, PUBLIC_NAME, by=cast.teacher, signatory=Signatory.OWN_PAPER)
    family = Browser()
    await family.open(f"/family/{code}")
    assert family.page.status_code == 410
    assert "Теперь решает он сам" in family.text
    assert "Мария" not in family.text
    await family.open("/family")
    await family.post(f"/family/{code}/withdrawal", {"purpose": PUBLIC_NAME, "csrf": family.csrf()})
    assert "Согласие забрано" not in family.text
    await withdraw_by_family(cast.captain, PUBLIC_NAME)
    assert (cast.captain.id, PUBLIC_NAME) in await valid_consents([cast.captain.id])
