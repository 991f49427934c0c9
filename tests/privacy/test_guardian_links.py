"""A guardian consents by a mailed link: from the season's setting to two guardians who disagree, and what is forgotten when."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from incubator.app import create_app
from incubator.classroom.enrol import end_enrolments
from incubator.classroom.substitutes import name_substitute
from incubator.core.clock import clock_at, now, today
from incubator.core.refusals import NotAllowed, Refusal, TooOften
from incubator.db import writing
from incubator.gates.facts import blockers_of, in_words
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.mail.tables import Message
from incubator.people.age_changes import state_birth_date
from incubator.people.ages import birthday, signs_beside_guardian
from incubator.people.consents import ConsentState, Signatory, state_of
from incubator.people.enrolments import pupils_kept_by, schools_of
from incubator.people.tables import Consent, Enrolment, Person
from incubator.privacy.consent_register import CONSENTS
from incubator.privacy.destruction import destroy_what_is_due
from incubator.privacy.family import renew_code
from incubator.privacy.guardian_links import NotAsked, ask_again, ask_guardians, forget_guardian_links, links_of
from incubator.privacy.guardian_rules import LASTS, LinkState, WantedGuardian, link_state
from incubator.privacy.sheets import family_codes
from incubator.privacy.slips import make_slips
from incubator.privacy.tables import GuardianLink
from incubator.programme.seasons import open_season
from incubator.programme.tables import Season
from incubator.projects.consents import (
    PARTICIPATION,
    PHOTO,
    PUBLIC_NAME,
    family_said_no,
    give_consent,
    latest_consents,
    valid_consents,
)
from incubator.projects.start import start
from incubator.projects.team import join
from incubator.projects.vouching import vouch
from incubator.publication.withdrawals import refuse_to_vouch, remove_member
from tests.browser import Browser, signed_in
from tests.cast import BORN_ON, Cast, fresh, fresh_project, in_days
from tests.classroom.classes import colleague_of, confirmed_teacher, enrolled
from tests.http.test_page_cache import no_delivery, running
from tests.notifications.test_tell import forget, told
from tests.privacy.guardians import ALL_YES, FATHER, MOTHER, SIGNED, answered, asked, links_allowed, operator_known
from tests.publication.test_names_in_texts import published
from tests.publication.visitor import everything_public, places_of
from tests.stories.test_the_long_way import last_link

NO_NAME: dict[str, Any] = {PARTICIPATION: "yes", PUBLIC_NAME: "no", PHOTO: "no"}


async def states(person: Person) -> dict[str, str]:
    day = today()
    return {purpose: state_of(row, day).value for (_id, purpose), row in (await latest_consents([person.id])).items()}


async def body_to(address: str) -> str:
    row = await Message.select(Message.body).where(Message.to == address).order_by(Message.id, ascending=False).first()
    assert row
    return str(row["body"])


def test_how_far_a_link_got() -> None:
    at = datetime(2026, 9, 1, 12)
    until = at + LASTS
    nothing: dict[str, datetime | None] = {"opened_at": None, "answered_at": None, "revoked_at": None}
    assert link_state(**nothing, expires_at=until, at=at) is LinkState.SENT
    assert link_state(**{**nothing, "opened_at": at}, expires_at=until, at=at) is LinkState.OPENED
    assert link_state(**{**nothing, "opened_at": at}, expires_at=until, at=until) is LinkState.EXPIRED
    assert link_state(**{**nothing, "revoked_at": at}, expires_at=until, at=until) is LinkState.REVOKED
    assert link_state(**{**nothing, "answered_at": at}, expires_at=until, at=until) is LinkState.ANSWERED
    day = date(2026, 9, 1)
    assert signs_beside_guardian(birthday(day, -14), day)
    assert not signs_beside_guardian(birthday(day, -14) + timedelta(days=1), day)
    assert signs_beside_guardian(None, day)


async def test_from_the_seasons_setting_to_two_guardians_who_disagree(cast: Cast) -> None:
    await operator_known()
    child = cast.captain
    page = f"/consents/guardians?of={child.id}"
    teacher, office = await signed_in(cast.teacher), await signed_in(cast.organiser)

    # off by default: nothing offers a link, and none is sent
    await teacher.open("/consents")
    assert "Ссылка родителю" not in teacher.text
    await teacher.open(page)
    assert "только на бумаге" in teacher.text
    wanted: dict[str, Any] = {
        f"name__{child.id}": "Анна Кузнецова",
        f"relation__{child.id}": "mother",
        f"email__{child.id}": MOTHER,
    }
    assert not teacher.has_form("/consents/guardians")
    typed = {"of": child.id, "csrf": teacher.csrf(), "locale": "ru"} | {
        k.replace("__", "-"): v for k, v in wanted.items()
    }
    await teacher.post("/consents/guardians", typed)
    assert teacher.page.status_code == 422
    assert 'value="Анна Кузнецова"' in teacher.text
    assert await GuardianLink.count() == 0

    # an organiser switches it on
    await office.open(f"/organiser/seasons/{cast.season.id}")
    assert "то, что пишет родитель" in office.text
    await office.send(f"/organiser/seasons/{cast.season.id}", electronic_consent="1")
    await teacher.open("/consents")
    assert page in teacher.text

    # only the family's own mailbox will do
    for address, why in (
        (child.email, "адрес самого ребёнка"), (cast.teammate.email, "другого участника"), (cast.teacher.email, "адрес педагога"),
    ):  # fmt: skip
        await teacher.open(page)
        await teacher.send("/consents/guardians", **{**wanted, f"email__{child.id}": address})
        assert teacher.page.status_code == 422
        assert why in teacher.text
    await teacher.open(page)
    await teacher.send("/consents/guardians", **wanted)
    assert "Письмо отправлено: 1" in teacher.text
    assert "письмо отправлено" in teacher.text
    mail = await Message.objects().where(Message.to == MOTHER).first()
    assert mail
    assert "Кузнецов" not in mail.subject
    assert "Мария" in mail.body
    assert "Ольга Петровна" in mail.body
    path = await last_link(MOTHER)

    # the guardian reads three documents; nothing is ticked, silence is no consent
    mother = Browser()
    await mother.open(path)
    assert mother.page.headers["cache-control"] == "no-store"
    assert mother.page.headers["x-robots-tag"] == "noindex, nofollow"
    assert "Мария Кузнецова" in mother.text
    assert "Комитет" in mother.text
    assert "checked" not in mother.page.text
    foreign = Browser(language="en")  # in the language of the mail, unless the reader chooses another
    for address, language in ((path, "ru"), (f"{path}?lang=en", "en")):
        await foreign.open(address)
        assert f'<html lang="{language}"' in foreign.text
    await mother.send(path, **SIGNED)
    assert mother.page.status_code == 422
    assert mother.text.count("молчание согласием не считается") == 6
    await mother.send(path, **{**SIGNED, "name": "Мария Кузнецова"}, **ALL_YES)
    assert "Это имя ребёнка" in mother.text
    await teacher.open(page)
    assert "ссылка открыта" in teacher.text

    # participation alone suffices; the receipt leads to the family's page, and so does the link from now on
    await forget()
    await mother.send(path, **SIGNED, **NO_NAME)
    assert mother.path.startswith("/family/")
    assert "Ответ записан" in mother.text
    receipt = await body_to(MOTHER)
    assert "согласие, до" in receipt
    assert receipt.count("отказ") == 2
    assert mother.path in receipt
    family = mother.path
    await mother.open(path)
    assert mother.path == family
    row = await Consent.objects().get((Consent.person == child.id) & (Consent.purpose == PARTICIPATION))
    assert row
    assert (row.signatory, row.signatory_name, row.recorded_by) == (
        Signatory.GUARDIAN.value, SIGNED["name"], cast.teacher.id,
    )  # fmt: skip
    assert await told(cast.teacher) == ["Ответ родителя: Мария Кузнецова"]
    assert await told(child) == ["Осталось ваше «да»"]

    # from 14 on the teenager agrees too: until then the gate, the matrix and the register say what is missing
    assert await states(child) == {PARTICIPATION: "teenager", PUBLIC_NAME: "refused", PHOTO: "refused"}
    assert await valid_consents([child.id]) == {}
    missing = [in_words(each) for each in await blockers_of(await fresh_project(cast.project))]
    assert any(each.startswith("Мария Кузнецова: родитель согласен") for each in missing)
    with pytest.raises(Refusal):  # the family has answered: no slip asks it again
        await make_slips([(cast.project.id, child.id)], by=cast.teacher)
    await teacher.open(page)
    assert "отказ" in teacher.text.partition('id="sent"')[2]
    await teacher.open("/consents")
    assert "ждёт «да» участника" in teacher.text
    assert "родитель отказал" in teacher.text
    await office.open("/organiser/consents?state=teenager")
    assert SIGNED["name"] in office.text
    teenager = await signed_in(child)
    await teenager.open(f"/projects/{cast.project.id}/team")
    assert "/profile/consents" in teenager.text
    await teenager.open("/profile/consents")
    await teenager.send(f"/profile/consents/{PARTICIPATION}", agree_too="1")
    assert "Теперь согласие действует" in teenager.text
    assert set(await valid_consents([child.id])) == {(child.id, PARTICIPATION)}
    missing = [in_words(each) for each in await blockers_of(await fresh_project(cast.project))]
    assert not any(each.startswith("Мария Кузнецова") for each in missing)

    # the other guardian says no: the stricter one holds at once, and the office is told
    other = await asked(child, by=cast.teacher, email=FATHER, relation="father")
    father = Browser()
    await father.open(other)
    assert "уже дано" in father.text
    await forget()
    await father.send(other, **{**SIGNED, "name": "Кузнецов Павел"}, **{**NO_NAME, PARTICIPATION: "no"})
    assert "родитель отказал" in father.text
    assert await valid_consents([child.id]) == {}
    assert "Семья забрала согласие: Мария Кузнецова" in await told(cast.organiser)
    assert "«Тихий улей»: отозвано согласие" in await told(cast.teacher)
    with pytest.raises(Refusal):
        await give_consent(cast.project, child, PARTICIPATION, by=cast.teacher)

    # the mother's next yes by the teacher's link decides nothing: the office hears of it, and asks both itself
    again = await asked(child, by=cast.teacher)
    await forget()
    mother = await answered(again, **NO_NAME)
    assert await valid_consents([child.id]) == {}
    assert "Родители отвечают по-разному: Мария Кузнецова" in await told(cast.organiser)
    decided = await asked(child, by=cast.organiser)
    mother = await answered(decided, **NO_NAME)
    assert (await states(child))[PARTICIPATION] == "teenager"

    # the guardian takes it back on the page to which the link leads
    await mother.send(f"{mother.path}/withdrawal")
    assert (await states(child))[PARTICIPATION] == "withdrawn"
    assert {
        Happened.GUARDIAN_ASKED.value, Happened.GUARDIAN_ANSWERED.value, Happened.TEENAGER_AGREED.value,
    } <= {row["happened"] for row in await Event.select(Event.happened)}  # fmt: skip
    columns = [column.key for column in CONSENTS.columns]
    rows = [dict(zip(columns, row, strict=True)) for row in await CONSENTS.rows()]
    assert f"законный представитель, электронно: {SIGNED['name']}" in {row["signatory"] for row in rows}


async def test_an_organisers_link_from_before_a_refusal_decides_nothing(cast: Cast) -> None:
    await links_allowed(cast)
    both = {who: await asked(cast.captain, by=cast.organiser, email=who) for who in (MOTHER, FATHER)}
    await answered(both[FATHER], **{**ALL_YES, PHOTO: "no"})
    await answered(both[MOTHER], **ALL_YES)
    assert await states(cast.captain) == {PARTICIPATION: "teenager", PUBLIC_NAME: "teenager", PHOTO: "refused"}
    assert await family_said_no(cast.captain.id, PHOTO, to=cast.teacher)
    assert not await family_said_no(cast.captain.id, PHOTO, to=cast.organiser)


async def test_one_mailbox_sees_all_children_it_answered_for(cast: Cast) -> None:
    await links_allowed(cast)
    await answered(await asked(cast.captain, by=cast.teacher), **ALL_YES)
    fathers = await asked(cast.teammate, by=cast.teacher, email=FATHER)
    path = await asked(cast.teammate, by=cast.teacher)
    both = await answered(path, **NO_NAME)
    codes = await family_codes([cast.captain.id, cast.teammate.id])
    assert both.path == f"/family/{codes[cast.teammate.id]}{codes[cast.captain.id]}"
    assert "Мария Кузнецова" in both.text
    assert "Иван Соколов" in both.text
    father = await answered(fathers, participation="no", public_name="no", photo="no")
    assert father.path == f"/family/{codes[cast.teammate.id]}"  # another mailbox, which answered for one
    await renew_code(cast.captain.id, by=cast.teacher)  # ends the mailed way to that child
    await both.open(path)
    assert both.path == f"/family/{codes[cast.teammate.id]}"


async def test_a_younger_child_needs_no_yes_and_what_is_forbidden_is_kept(cast: Cast) -> None:
    await links_allowed(cast)
    await Person.update({Person.born_on: BORN_ON.replace(year=BORN_ON.year + 3)}).where(Person.id == cast.captain.id)
    await give_consent(cast.project, cast.captain, PHOTO, by=cast.teacher)  # on paper
    path = await asked(cast.captain, by=cast.teacher, locale="en")
    assert "Hello Анна" in await body_to(MOTHER)
    guardian = await answered(
        path, participation="yes", public_name="yes",
        **{"ban-public_name": ["copy", "ads"], "other-public_name": "печатать в газете"},
    )  # fmt: skip
    assert guardian.path.startswith("/family/")
    assert set(await states(cast.captain)) == {PARTICIPATION, PUBLIC_NAME, PHOTO}
    assert set((await states(cast.captain)).values()) == {"holding"}
    paper = await Consent.objects().get((Consent.person == cast.captain.id) & (Consent.purpose == PHOTO))
    assert paper
    assert paper.signatory == Signatory.PAPER
    columns = [column.key for column in CONSENTS.columns]
    rows = [dict(zip(columns, row, strict=True)) for row in await CONSENTS.rows()]
    assert "копировать, использовать для рекламы, печатать в газете" in {row["bans"] for row in rows}
    # an age that somebody corrects afterwards decides again whether the teenager has to agree
    await Person.update({Person.age_known: ""}).where(Person.id == cast.captain.id)
    await state_birth_date(await fresh(cast.captain), BORN_ON)
    assert (await states(cast.captain))[PARTICIPATION] == ConsentState.TEENAGER


async def test_links_that_ended_say_why_and_are_forgotten(cast: Cast) -> None:
    await links_allowed(cast)
    first = await asked(cast.captain, by=cast.teacher)
    second = await asked(cast.captain, by=cast.teacher)  # replaces the first
    visitor = Browser()
    assert (await visitor.open(first)).status_code == 410
    assert "Есть ссылка новее" in visitor.text
    await visitor.open(second)
    words = dict(visitor.form(second))
    await Season.update({Season.electronic_consent: False}).where(Season.id == cast.season.id)
    await visitor.open(second)
    assert visitor.page.status_code == 410
    assert "только на бумаге" in visitor.text
    await visitor.post(second, {**words, **SIGNED, **ALL_YES})
    assert visitor.page.status_code == 410
    await Season.update({Season.electronic_consent: True}).where(Season.id == cast.season.id)

    # send again, revoke: the page of whoever asked
    teacher = await signed_in(cast.teacher)
    await teacher.open(f"/consents/guardians?of={cast.captain.id}")
    (link,) = (await links_of([cast.captain.id]))[cast.captain.id]
    await teacher.send(f"/consents/guardians/{link.id}/again")
    assert "прежняя больше не работает" in teacher.text
    third = await last_link(MOTHER)
    assert (await visitor.open(second)).status_code == 410
    (link,) = (await links_of([cast.captain.id]))[cast.captain.id]
    await teacher.send(f"/consents/guardians/{link.id}/revocation")
    assert "ссылка отозвана" in teacher.text
    assert MOTHER not in teacher.text
    assert await Message.count().where(Message.to == MOTHER) == 0
    assert (await visitor.open(third)).status_code == 410
    assert "Ссылку отозвали" in visitor.text
    with pytest.raises(Refusal):
        (link,) = (await links_of([cast.captain.id]))[cast.captain.id]
        await ask_again(link.id, by=cast.teacher)

    # whoever asked has left, the time is over, the texts were changed meanwhile
    fourth = await asked(cast.captain, by=cast.teacher, email=FATHER)
    await visitor.open(fourth)
    await visitor.send(fourth, **{**SIGNED, **ALL_YES, "text-photo": "1"})
    assert visitor.page.status_code == 422
    assert "Тексты документов" in visitor.text
    assert 'value="Кузнецова Анна Павловна"' in visitor.text
    with clock_at(now() + LASTS):
        assert (await visitor.open(fourth)).status_code == 410
        assert await forget_guardian_links() == 1
        assert await forget_guardian_links() == 0
        assert {each.email for each in await GuardianLink.objects()} == {""}
        assert await Message.count().where(Message.to == FATHER) == 0
    with clock_at(now() + LASTS * 4):
        await forget_guardian_links()
        assert await GuardianLink.count() == 0
    fifth = await asked(cast.captain, by=cast.teacher, email=FATHER)
    await remove_member(cast.project, cast.teacher.id, by=cast.organiser)
    await visitor.open(fifth)
    assert visitor.page.status_code == 410
    assert "нынешний педагог" in visitor.text


async def test_an_address_goes_with_the_consents_that_came_of_it(cast: Cast) -> None:
    await links_allowed(cast)
    guardian = await answered(await asked(cast.captain, by=cast.teacher), **NO_NAME)
    link = await GuardianLink.objects().first()
    assert link
    assert (link.email, link.contact) == (MOTHER, SIGNED["contact"])
    # a new code for the family: the link in the mail leads there no more
    teacher = await signed_in(cast.teacher)
    await teacher.open("/consents")
    await teacher.send(f"/consents/families/{cast.captain.id}/code")
    assert (await guardian.open(guardian.path)).status_code == 404
    path = f"/guardian/{(await body_of_question()).rpartition('/guardian/')[2].split()[0]}"
    assert (await guardian.open(path)).status_code == 410
    assert "Ответ уже записан" in guardian.text
    with clock_at(now() + timedelta(days=400)):
        await forget_guardian_links()
        assert await GuardianLink.count() == 1
    with clock_at(now() + timedelta(days=365 * 6)):
        await destroy_what_is_due(by=cast.organiser)
        assert await Consent.count() == 0
        assert await forget_guardian_links() == 1
        assert await GuardianLink.count() == 0
        assert await Message.count().where(Message.to == MOTHER) == 0


async def body_of_question() -> str:
    row = await Message.select(Message.body).where(Message.to == MOTHER).order_by(Message.id).first()
    assert row
    return str(row["body"])


async def test_several_children_at_once_all_or_none(cast: Cast) -> None:
    await links_allowed(cast)
    pupil, *_others = await enrolled(cast)
    teacher = await signed_in(cast.teacher)
    await teacher.open("/consents")
    assert 'formaction="/consents/guardians/choice"' in teacher.page.text
    ticked = [f"{cast.project.id}-{cast.captain.id}", f"0-{pupil.id}"]
    await teacher.post("/consents/guardians/choice", [("csrf", teacher.csrf()), *(("child", each) for each in ticked)])
    assert teacher.path == "/consents/guardians"
    typed: dict[str, Any] = {
        f"{field}__{child}": value
        for child, email in ((cast.captain.id, MOTHER), (pupil.id, cast.captain.email))
        for field, value in (("name", "Анна Кузнецова"), ("relation", "guardian"), ("email", email))
    }
    typed[f"email__{cast.captain.id}"] = cast.teammate.email
    await teacher.send("/consents/guardians", **typed)
    assert teacher.page.status_code == 422
    assert await GuardianLink.count() == 0
    await teacher.send("/consents/guardians", **{**typed, f"email__{cast.captain.id}": MOTHER})
    assert "Писем отправлено: 2" in teacher.text
    assert await Enrolment.exists().where(Enrolment.person == pupil.id)
    with pytest.raises(NotAllowed):
        await ask_guardians([WantedGuardian(cast.captain.id, "Имя", "mother", FATHER)], locale="ru", by=cast.coach)
    substitute = await colleague_of(cast, await confirmed_teacher(cast))
    await name_substitute(substitute.id, in_days(5), by=cast.teacher)
    browser = await signed_in(substitute)
    assert (await browser.open(f"/consents/guardians?of={pupil.id}")).status_code == 200
    assert (await browser.open(f"/consents/guardians?of={cast.captain.id}")).status_code == 404
    stranger = await signed_in(cast.outsider)
    assert (await stranger.open(f"/consents/guardians?of={cast.captain.id}")).status_code == 404


async def test_what_a_second_guardian_refuses_is_nowhere_at_the_next_request(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await published(cast, "Нас двое: Мария Кузнецова и Иван Соколов.", cast.captain, cast.teammate)  # paper
    await links_allowed(cast)
    path = await asked(cast.captain, by=cast.teacher, email=FATHER, relation="father")
    async with no_delivery(), running(create_app()) as site:

        async def seen(word: str) -> list[str]:
            return places_of(word, await everything_public(cast.project.slug, monkeypatch, word, app=site))

        assert await seen("Кузнецов") != []
        father = Browser(site)
        await father.open(path)
        await father.send(path, **{**SIGNED, "name": "Павел Андреев"}, public_name="no", photo="no")
        assert "родитель отказал" in father.text
        assert await seen("Кузнецов") == []
        assert await seen("Соколов") != []


async def test_a_no_outlives_whoever_asked(cast: Cast) -> None:
    await links_allowed(cast)
    await give_consent(cast.project, cast.captain, PHOTO, by=cast.teacher)
    await answered(await asked(cast.captain, by=cast.teacher), participation="yes", public_name="no", photo="no")
    await refuse_to_vouch(cast.project, cast.teacher.id, reason="Не педагог", by=cast.organiser)
    assert await states(cast.captain) == {PARTICIPATION: "void", PUBLIC_NAME: "refused", PHOTO: "refused"}
    assert await family_said_no(cast.captain.id, PUBLIC_NAME, to=cast.teacher)
    assert await family_said_no(cast.captain.id, PHOTO, to=cast.teacher)


async def test_one_mailbox_is_not_flooded_and_secrets_are_not_guessed(cast: Cast) -> None:
    await links_allowed(cast)
    for _n in range(3):
        path = await asked(cast.captain, by=cast.teacher)
    with pytest.raises(NotAsked) as refused:
        await asked(cast.captain, by=cast.teacher)
    assert isinstance(refused.value.__cause__, TooOften)
    guesser = Browser()
    assert (await guesser.open(path)).status_code == 200  # what was refused ended nothing
    answers = [(await guesser.http.get(f"/guardian/{n:043}")).status_code for n in range(32)]
    assert answers == [404] * 30 + [429] * 2


async def test_who_leaves_while_a_teacher_writes_to_many_costs_no_other_line(cast: Cast) -> None:
    await links_allowed(cast)
    one, other = await enrolled(cast)
    page = f"/consents/guardians?of={one.id}&of={other.id}"
    teacher = await signed_in(cast.teacher)
    await teacher.open(page)
    await end_enrolments([one.id], by=cast.teacher)
    lines: dict[str, Any] = {
        f"{field}__{person.id}": value
        for person, email in ((one, FATHER), (other, MOTHER))
        for field, value in (("name", "Щукина Анна"), ("relation", "mother"), ("email", email))
    }
    await teacher.send("/consents/guardians", of=[one.id, other.id], **lines)
    assert teacher.page.status_code == 422
    assert "Ещё ничего не отправлено" in teacher.text
    assert (f"email-{other.id}", MOTHER) in teacher.form("/consents/guardians")
    assert one.family_name not in teacher.text
    await teacher.send("/consents/guardians")
    assert [link.email for link in await GuardianLink.objects()] == [MOTHER]

    await teacher.open(f"/consents/guardians?of={other.id}")
    await end_enrolments([other.id], by=cast.teacher)
    changed: dict[str, Any] = {f"email__{other.id}": FATHER}
    await teacher.send("/consents/guardians", **changed)
    assert teacher.page.status_code == 404
    assert FATHER in teacher.text  # to copy


async def test_links_of_a_substitute_outlast_the_days_of_the_substitution(cast: Cast) -> None:
    await links_allowed(cast)
    child, *_others = await enrolled(cast)
    substitute = await colleague_of(cast, (await schools_of(cast.teacher))[0].id)
    await name_substitute(substitute.id, in_days(2), by=cast.teacher)
    path = await asked(child, by=substitute)
    with clock_at(now() + timedelta(days=5)):
        assert not await pupils_kept_by(substitute)
        guardian = await answered(path, **ALL_YES)
        assert "Спасибо" in guardian.text
    path = await asked(child, by=cast.teacher, email=FATHER)
    await end_enrolments([child.id], by=cast.teacher)
    stranger = Browser()
    await stranger.open(path)
    assert "больше не ведёт" in stranger.text


async def test_whoever_writes_to_many_sees_who_was_asked_before(cast: Cast) -> None:
    await links_allowed(cast)
    one, other = await enrolled(cast)
    await asked(one, by=cast.teacher)
    teacher = await signed_in(cast.teacher)
    await teacher.open(f"/consents/guardians?of={one.id}&of={other.id}")
    assert teacher.text.count("Уже спросили: Анна Кузнецова, мать") == 1


async def test_a_guardian_renews_before_the_end(cast: Cast) -> None:
    """In the next season the same family is asked for longer; its yes stands beside the one that still holds."""
    await links_allowed(cast)
    first = await asked(cast.captain, by=cast.teacher)
    await answered(first, **ALL_YES)
    guardian = Browser()
    await guardian.open(await asked(cast.captain, by=cast.teacher))
    assert "уже дано" in guardian.text  # for as long as a new one could
    await Season.update({Season.closes_on: cast.season.closes_on + timedelta(days=300)}).where(
        Season.id == cast.season.id
    )
    path = await asked(cast.captain, by=cast.teacher)
    await guardian.open(path)
    assert "Согласие уже есть" in guardian.text
    before = {row["id"]: row["ends_on"] for row in await Consent.select(Consent.id, Consent.ends_on)}
    await guardian.send(path, **SIGNED, **NO_NAME)
    newer = await Consent.objects().where(
        Consent.id.not_in(list(before)) & Consent.standing() & (Consent.person == cast.captain.id)
    )
    assert {row.purpose for row in newer} == {PARTICIPATION}
    assert min(row.ends_on for row in newer) > max(before.values())
    assert (await states(cast.captain))[PUBLIC_NAME] != "holding"


async def test_of_two_seasons_the_one_that_takes_links_counts(cast: Cast) -> None:
    await links_allowed(cast)
    ends = today() + timedelta(days=200)
    paper = await open_season("paper", title_ru="Бумажный", title_en="Paper", opens_on=today(), closes_on=ends, by=None)
    newer = await start("Вторая", season=paper, by=cast.teammate, pitch="Попробуем")
    async with writing():
        await join(newer.id, cast.teacher, "teacher")
    await vouch(newer, cast.teacher.id, by=cast.organiser)
    await asked(cast.teammate, by=cast.teacher)
    link = await GuardianLink.objects().where(GuardianLink.person == cast.teammate.id).first()
    assert link
    assert link.project == cast.project.id


async def test_a_second_tab_is_told_that_its_answer_was_not_recorded(cast: Cast) -> None:
    await links_allowed(cast)
    path = await asked(cast.captain, by=cast.teacher)
    one, two = Browser(), Browser()
    await one.open(path)
    await two.open(path)
    await one.send(path, **{**SIGNED, **ALL_YES})
    await two.send(path, **{**SIGNED, PARTICIPATION: "yes", PUBLIC_NAME: "no", PHOTO: "no"})
    assert "второй ответ не записан" in two.text
