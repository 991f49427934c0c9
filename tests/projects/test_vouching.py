"""Adults who came to a team by a link from its students: what they see before and after somebody vouched for them."""

from typing import Any

import pytest

from incubator.app import AUDIENCES
from incubator.core.refusals import NotAllowed, Refusal
from incubator.db import writing
from incubator.gates.accept import accept
from incubator.gates.facts import blockers_of
from incubator.mail.tables import Message
from incubator.notifications.tell import tell_waiting
from incubator.people.accounts import create_person
from incubator.people.affiliations import AffiliationCapacity, affiliate, confirm_affiliation
from incubator.people.ages import birthday
from incubator.people.grants import grant_role
from incubator.people.permissions import Scope, StaffRole
from incubator.people.tables import Affiliation, Consent, Person
from incubator.privacy.merging import merge_for
from incubator.projects.access import role_of
from incubator.projects.consents import give_consent, valid_consents, withdraw_consent
from incubator.projects.invitations import NotInvited, accept_into_team, invite_to_team
from incubator.projects.orphaned_consents import accept_recorded_by, orphaned_consents, void_recorded_by
from incubator.projects.permissions import ALLOWED, Action, ProjectRole
from incubator.projects.start import start
from incubator.projects.tables import Member, Project
from incubator.projects.team import join, make_captain, remove_member
from incubator.projects.vouching import vouch, waiting_for
from incubator.publication.withdrawals import end_confirmation, refuse_to_vouch
from incubator.reference.organisations import organisation_named
from incubator.reviews.reviewing.discussion import post_to_team
from incubator.showcase.help import whom_to_offer
from incubator.showcase.story import public_team
from tests.browser import signed_in
from tests.cast import BORN_ON, Cast, consent_all, fresh, fresh_project, make_ready, names_seen


async def newcomer(
    cast: Cast, *, email: str = "alla@example.org", by: str = "captain", mailed: bool = False, confirmed: bool = True
) -> Person:
    """Return somebody who says to be an adult and has just become the team's teacher by an invitation."""
    await Member.delete().where((Member.project == cast.project.id) & (Member.role == "teacher"))
    async with writing():
        person = await create_person(
            email, given_name="Алла", family_name="Новикова", born_on=birthday(BORN_ON, -20), confirmed=confirmed
        )
    address = email if mailed else ""
    secret = await invite_to_team(cast.project, "teacher", by=getattr(cast, by), email=address)
    await accept_into_team(secret, by=person)
    return person


async def colleague(cast: Cast, *, school: str = "Школа № 1", confirmed: bool = True) -> Person:
    """Return a teacher of a school, whom an organiser confirmed there."""
    async with writing():
        person = await create_person(f"{len(school)}@example.org", given_name="Нина", is_adult=True, confirmed=True)
        place = await affiliate(person, await organisation_named(school), AffiliationCapacity.TEACHER, by=person)
        if confirmed:
            await confirm_affiliation(place.id, by=cast.organiser)
    return person


async def mails_to(person: Person) -> list[str]:
    await tell_waiting(AUDIENCES)
    rows = await Message.select(Message.body).where(Message.to == person.email).order_by(Message.id)
    return [row["body"] for row in rows]


async def test_an_unknown_adult_reads_and_comments_and_sees_given_names_only(cast: Cast) -> None:
    await make_ready(cast)
    await post_to_team(cast.project, "Наш секрет", by=cast.captain)
    person = await newcomer(cast)
    browser = await signed_in(person)
    base = f"/projects/{cast.project.id}"
    for path in (base, f"{base}/team", f"{base}/history", f"{base}/gate", f"{base}/details"):
        await browser.open(path)
        assert browser.page.status_code == 200, path
        for word in ("Кузнецова", "Соколов", "captain@", "teammate@"):
            assert word not in browser.text, (path, word)
    for path in (f"{base}/talk", f"{base}/team/members/{cast.captain.id}/age"):
        await browser.open(path)
        assert browser.page.status_code == 403
        assert "Наш секрет" not in browser.text
    gate = await browser.open(f"{base}/gate", accept="application/json")
    assert "Кузнецова" not in gate.text
    await browser.open(base)
    assert "Ждём, когда вас подтвердят" in browser.text
    await browser.send(f"{base}/comments", key="problem", text="А кто заплатит?")
    await browser.open(base)
    assert "А кто заплатит?" in browser.text


@pytest.mark.parametrize("action", Action)
async def test_an_unknown_adult_may_what_the_table_says(cast: Cast, action: Action) -> None:
    expected = {Action.SEE, Action.COMMENT, Action.ANSWER_COMMENT}
    assert (ProjectRole.UNVOUCHED in ALLOWED[action]) is (action in expected)


async def test_an_unknown_adult_records_nothing_and_excludes_no_mentor(cast: Cast) -> None:
    person = await newcomer(cast)
    with pytest.raises(NotAllowed):
        await give_consent(cast.project, cast.captain, "participation", by=person)
    browser = await signed_in(person)
    await browser.open(f"/projects/{cast.project.id}")
    form = {"csrf": browser.csrf(), "mentor_name": cast.mentor.name, "reason": "Сосед"}
    await browser.post(f"/projects/{cast.project.id}/conflicts", form, headers={"accept": "application/json"})
    assert browser.page.status_code == 403


async def test_the_gate_waits_for_a_teacher_whom_the_programme_knows(cast: Cast) -> None:
    await make_ready(cast)
    person = await newcomer(cast)
    await give_consent(cast.project, person, "participation", by=person)
    assert [b.code for b in await blockers_of(await fresh_project(cast.project))] == ["teacher_waits", "consent"]
    await vouch(cast.project, person.id, by=cast.organiser)
    assert await blockers_of(await fresh_project(cast.project)) == []


async def test_organisers_and_colleagues_are_asked_and_one_button_confirms(cast: Cast) -> None:
    await make_ready(cast)
    friend, stranger = await colleague(cast), await colleague(cast, school="Школа № 22")
    person = await newcomer(cast)
    for asked in (cast.organiser, friend):
        assert "/vouching" in (await mails_to(asked))[-1]
    assert await mails_to(stranger) == []
    for nobody in (cast.captain, stranger, person, cast.mentor):
        browser = await signed_in(nobody)
        await browser.open("/vouching")
        assert "Никто не ждёт" in browser.text
        with pytest.raises(NotAllowed):
            await vouch(cast.project, person.id, by=nobody)
    browser = await signed_in(friend)
    await browser.open("/vouching")
    assert "Алла Новикова" in browser.text
    await browser.send(f"/vouching/{cast.project.id}/{person.id}")
    assert "Никто не ждёт" in browser.text
    assert await role_of(person, cast.project.id) == "teacher"
    known = await fresh(person)
    assert (known.is_known_adult, known.age_known_by) == (True, friend.id)
    await give_consent(cast.project, cast.captain, "photo", by=person)
    place = await Affiliation.objects().where(Affiliation.person == person.id).first()
    assert place
    assert place.confirmed_by == friend.id


async def test_a_role_over_the_school_or_its_municipality_is_enough(cast: Cast) -> None:
    await make_ready(cast)
    person = await newcomer(cast)
    project = await fresh_project(cast.project)
    assert await waiting_for(cast.mentor) == []
    scopes: tuple[tuple[Any, Scope, Any], ...] = (
        (cast.mentor, Scope.ORGANISATION, project.organisation),
        (cast.second_mentor, Scope.MUNICIPALITY, project.municipality),
        (cast.idle_mentor, Scope.MUNICIPALITY, project.municipality + 1),
    )
    for who, scope, over in scopes:
        await grant_role(who, StaffRole.ORGANISER, by=cast.organiser, scope=scope, scope_id=over)
    assert [len(await waiting_for(who)) for who, _scope, _over in scopes] == [1, 1, 0]
    await vouch(project, person.id, by=cast.second_mentor)
    assert await role_of(person, project.id) == "teacher"


async def test_an_organisers_mailed_invitation_vouches_for_its_address_alone(cast: Cast) -> None:
    person = await newcomer(cast, by="organiser", mailed=True)
    assert await role_of(person, cast.project.id) == "teacher"
    assert (await fresh(person)).is_known_adult
    other = await newcomer(cast, email="other@example.org", by="organiser")  # by a link that the organiser passed on
    assert await role_of(other, cast.project.id) == "unvouched"
    with pytest.raises(NotInvited):
        await newcomer(cast, email="second@example.org", by="organiser", mailed=True, confirmed=False)
    captains = await newcomer(cast, email="third@example.org", mailed=True)
    assert await role_of(captains, cast.project.id) == "unvouched"


async def test_an_address_that_nobody_confirmed_is_nobody_one_knows(cast: Cast) -> None:
    person = await newcomer(cast)
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == person.id)
    with pytest.raises(Refusal):
        await vouch(cast.project, person.id, by=cast.organiser)
    browser = await signed_in(cast.organiser)
    await browser.open("/vouching")
    assert "адрес не подтверждён" in browser.text
    assert not browser.has_form(f"/vouching/{cast.project.id}/{person.id}")


async def test_nobody_vouches_for_a_minor_or_for_themselves(cast: Cast) -> None:
    person = await newcomer(cast)
    await Person.update({Person.born_on: BORN_ON}).where(Person.id == person.id)
    with pytest.raises(Refusal):
        await vouch(cast.project, person.id, by=cast.organiser)
    with pytest.raises(NotAllowed):
        await vouch(cast.project, person.id, by=person)
    assert await role_of(person, cast.project.id) == "unvouched"


async def test_a_found_fake_takes_everything_along_that_rested_on_them(cast: Cast) -> None:
    await make_ready(cast)
    person = await newcomer(cast)
    await vouch(cast.project, person.id, by=cast.organiser)
    await Consent.delete().where(Consent.id > 0)
    await Person.update({Person.age_known: "", Person.age_known_by: None}).where(Person.id == cast.captain.id)
    for purpose in ("participation", "public_name"):
        await give_consent(cast.project, cast.captain, purpose, by=person)
    await names_seen(cast)
    assert "Мария Кузнецова" in {mate.name for mate in await public_team(cast.project.id)}
    browser = await signed_in(cast.organiser)
    await browser.open("/vouching")
    await browser.post(f"/vouching/{cast.project.id}/{person.id}/refusal", {"csrf": browser.csrf()})
    assert browser.page.status_code == 422
    voided = await refuse_to_vouch(cast.project, person.id, reason="Это сама Мария", by=cast.organiser)
    assert voided == 2
    assert await role_of(person, cast.project.id) == ""
    assert await valid_consents([cast.captain.id]) == {}
    assert not [mate.name for mate in await public_team(cast.project.id) if "Мария" in mate.name]
    assert {"teacher", "consent"} <= {b.code for b in await blockers_of(await fresh_project(cast.project))}
    assert (await fresh(cast.captain)).age_known == ""
    team = await signed_in(cast.captain)
    await team.open(f"/projects/{cast.project.id}/team")
    assert "недействительно" in team.text
    assert "Это сама Мария" in team.text
    for reader in (cast.captain, cast.teammate, person):
        assert any("Алла" in body or "Это сама Мария" in body for body in await mails_to(reader)), reader.email


async def test_vouching_is_taken_back_on_the_team_s_page_and_the_link_ends(cast: Cast) -> None:
    secret = await invite_to_team(cast.project, "coach", by=cast.organiser)
    person = await newcomer(cast)
    await vouch(cast.project, person.id, by=cast.organiser)
    path = f"/vouching/{cast.project.id}/{person.id}/refusal"
    for reader in (cast.captain, cast.teacher):
        browser = await signed_in(reader)
        await browser.open(f"/projects/{cast.project.id}/team")
        assert not browser.has_form(path)
    office = await signed_in(cast.organiser)
    await office.open(f"/projects/{cast.project.id}/team")
    await office.post(path, {"csrf": office.csrf(), f"reason-{cast.project.id}-{person.id}": "В школе её не знают"})
    assert "в команде больше нет" in office.text
    assert await role_of(person, cast.project.id) == ""
    with pytest.raises(Refusal):
        await accept(secret, by=await fresh(person))


async def test_a_colleague_refuses_somebody_unknown_but_undoes_nothing(cast: Cast) -> None:
    await make_ready(cast)
    friend, person = await colleague(cast), await newcomer(cast)
    assert await refuse_to_vouch(cast.project, person.id, reason="Не работает у нас", by=friend) == 0
    known = await newcomer(cast, email="known@example.org")
    await vouch(cast.project, known.id, by=cast.organiser)
    with pytest.raises(NotAllowed):
        await refuse_to_vouch(cast.project, known.id, reason="Не нравится", by=friend)


async def test_what_a_teacher_recorded_counts_after_they_left_and_an_organiser_looks_at_it(cast: Cast) -> None:
    await consent_all(cast, "public_name")
    assert await orphaned_consents() == []
    await remove_member(cast.project, cast.teacher.id, by=cast.captain)
    (found,) = await orphaned_consents()
    assert (found.person.id, len(found.consents)) == (cast.teacher.id, 4)
    assert len(await valid_consents([cast.captain.id])) == 2
    browser = await signed_in(cast.organiser)
    await browser.open("/vouching")
    assert "Согласия, чей педагог уже не в команде" in browser.text
    with pytest.raises(NotAllowed):
        await void_recorded_by(cast.teacher.id, reason="Нет", by=cast.captain)
    await accept_recorded_by(cast.teacher.id, by=cast.organiser)
    assert await orphaned_consents() == []
    await Consent.update({Consent.checked_at: None}).where(Consent.recorded_by == cast.teacher.id)
    assert await void_recorded_by(cast.teacher.id, reason="Бланков нет", by=cast.organiser) == 4
    assert await valid_consents([cast.captain.id]) == {}


async def test_offers_of_help_reach_no_unknown_adult(cast: Cast) -> None:
    person = await newcomer(cast)
    assert [adult.id for adult in await whom_to_offer(cast.project.id)] == [cast.organiser.id]
    await vouch(cast.project, person.id, by=cast.organiser)
    assert [adult.id for adult in await whom_to_offer(cast.project.id)] == [person.id]


async def test_no_mail_tells_an_unknown_adult_a_family_name(cast: Cast) -> None:
    person = await newcomer(cast)
    await tell_waiting(AUDIENCES)
    await Message.delete(force=True)
    async with writing():
        await join(cast.project.id, cast.outsider, "student")
    await post_to_team(cast.project, "@Новикова, смотрите", by=cast.captain)
    await give_consent(cast.project, cast.captain, "photo", by=cast.organiser)
    await withdraw_consent(cast.project, cast.captain, "photo", by=cast.captain)
    await make_captain(cast.project, cast.teammate.id, by=cast.organiser)
    assert await mails_to(person) == []
    assert await mails_to(cast.teammate) != []


async def test_a_link_tells_a_stranger_the_given_name_of_a_minor_alone(cast: Cast) -> None:
    secret = await invite_to_team(cast.project, "teacher", by=cast.captain, email="stranger@example.com")
    browser = await signed_in(cast.outsider)
    await browser.open(f"/invitations/{secret}")
    assert "Мария" in browser.text
    assert "Кузнецова" not in browser.text
    mail = await Message.select(Message.body).where(Message.to == "stranger@example.com").first()
    assert mail
    assert "Кузнецова" not in mail["body"]


async def test_the_office_sees_who_waits(cast: Cast) -> None:
    await newcomer(cast)
    project = await Project.objects().get(Project.id == cast.project.id)
    assert project
    browser = await signed_in(cast.organiser)
    await browser.open("/organiser")
    assert "/vouching" in browser.page.text


async def test_an_account_that_was_merged_meanwhile_is_said_to_be_gone(cast: Cast) -> None:
    adult = await newcomer(cast)
    async with writing():
        second = await create_person("alla2@example.org", given_name="Алла", is_adult=True, confirmed=True)
    browser = await signed_in(cast.organiser)
    await browser.open("/vouching")
    await merge_for(second.id, adult.id, reason="Один человек", by=cast.organiser)
    for what in ("", "/refusal"):
        data = {"csrf": browser.csrf(), f"reason-{cast.project.id}-{adult.id}": "Не знаем такого"}
        await browser.post(f"/vouching/{cast.project.id}/{adult.id}{what}", data)
        assert "Этой учётной записи больше нет" in browser.text


async def test_offers_of_help_go_to_no_address_that_nobody_confirmed(cast: Cast) -> None:
    assert [person.id for person in await whom_to_offer(cast.project.id)] == [cast.teacher.id]
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == cast.teacher.id)
    assert [person.id for person in await whom_to_offer(cast.project.id)] == [cast.organiser.id]


async def test_a_confirmed_teacher_who_has_left_is_found_out_on_the_person_s_page(cast: Cast) -> None:
    fake = await newcomer(cast, by="organiser")
    await vouch(cast.project, fake.id, by=cast.organiser)
    await give_consent(cast.project, cast.teammate, "photo", by=fake)
    other = await another_team(cast, fake)
    await remove_member(cast.project, fake.id, by=cast.captain)
    with pytest.raises(Refusal):
        await refuse_to_vouch(cast.project, fake.id, reason="Не педагог", by=cast.organiser)
    office, here = await signed_in(cast.organiser), f"/organiser/accounts/{fake.id}"
    await office.open(here)
    await office.send(f"{here}/confirmation/end", confirmation_reason="")
    assert office.page.status_code == 422
    await office.send(f"{here}/confirmation/end", confirmation_reason="В школе такого педагога нет")
    assert "стали недействительными: 1" in office.text
    assert not office.has_form(f"{here}/confirmation/end")
    assert await role_of(fake, other.id) == ""
    assert not await Affiliation.exists().where(
        Affiliation.confirmed_at.is_not_null() & (Affiliation.person == fake.id)
    )
    assert not await valid_consents([cast.teammate.id])
    await tell_waiting(AUDIENCES)
    mails = await Message.select(Message.to, Message.subject, Message.body)
    told = {row["subject"] for row in mails if row["to"] == fake.email}
    assert {"Организатор отменил ваше подтверждение", "Вас не подтвердили в команде «Второй»"} <= told
    assert any("В школе такого педагога нет" in row["body"] for row in mails if row["to"] == fake.email)
    for by, person in ((cast.organiser, fake), (cast.organiser, cast.organiser), (cast.teacher, cast.coach)):
        with pytest.raises((Refusal, NotAllowed)):
            await end_confirmation(person.id, reason="Ещё раз", by=by)


async def another_team(cast: Cast, teacher: Person) -> Project:
    project = await start("Второй", season=cast.season, by=cast.outsider, pitch="Попробуем")
    async with writing():
        await join(project.id, teacher, "teacher")
    return project
