"""Merging two accounts of one person: nothing is left behind, nothing is kept that one person may not hold."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from incubator import app
from incubator.core.clock import clock_at, now, today
from incubator.core.refusals import NotAllowed, Refusal, TooOften
from incubator.db import run_sql, writing
from incubator.db.engines import current_engine
from incubator.gates.decide import decide
from incubator.gates.release import release
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.mail.tables import Message
from incubator.people.accounts import LinkExpired, authenticate, create_person, mail_reset_link
from incubator.people.ages import birthday
from incubator.people.grants import grant_role, roles_of
from incubator.people.hashing import hash_password
from incubator.people.permissions import StaffRole
from incubator.people.tables import Consent, Grant, Person, Session, Token
from incubator.people.tokens import RESET
from incubator.piccolo_app import INDEXES
from incubator.privacy.guardian_answer import answer_as_guardian
from incubator.privacy.merge_proof import mail_merge_link, proof_of
from incubator.privacy.merge_rules import against_familys_no, age_source, taken_back
from incubator.privacy.merging import ENDS, KEPT_FIRST, RESOLVED, merge_for, merge_own
from incubator.privacy.references import references, unique_with
from incubator.projects.access import role_of
from incubator.projects.consents import give_consent, valid_consents, withdraw_consent
from incubator.projects.invitations import accept_into_team, invite_to_team
from incubator.projects.start import start
from incubator.projects.tables import Member
from incubator.projects.team import join
from incubator.projects.vouching import vouch
from incubator.publication.withdrawals import withdraw_by_family
from incubator.reviews.assignment.assign import assign, cancel_assignment
from incubator.reviews.assignment.mentors import make_mentor
from incubator.reviews.reviewing.review import Opinion, save_review
from incubator.reviews.tables import Assignment, Review
from tests.browser import Browser, signed_in
from tests.cast import BORN_ON, Cast, consent_all, fresh, reviewed, submitted
from tests.factors import give_app
from tests.notifications.test_tell import forget, told
from tests.privacy.guardians import asked, links_allowed, open_link, signed_answer
from tests.stories.test_the_long_way import last_link

PASSWORD = "синий чайник поёт"
ADULT = birthday(today(), -30)


async def account(email: str, **more: Any) -> Person:
    async with writing():
        return await create_person(email, given_name="Мария", family_name="Кузнецова", confirmed=True, **more)


async def own_merge(kept: Person, ended: Person) -> None:
    await merge_own(await proof_of(ended), by=kept)


async def left_of(person_id: int) -> list[str]:
    """Return the columns of the schema in which the id still occurs."""
    found = []
    for reference in references():
        column: Any = reference.column
        if await reference.table.exists().where(column == person_id):
            found.append(reference.name)
    return found


def test_every_column_that_names_a_person_moves() -> None:
    listed = {f"{entry.table}.{entry.person}" for entry in app.PERSONAL_DATA if not entry.is_address}
    assert {reference.name for reference in references()} == listed - {"person.id"}


def test_every_rule_of_once_a_person_is_thought_of() -> None:
    once = {
        reference.table._meta.tablename for reference in references() if any(True for _rule in unique_with(reference))
    }
    ends = {table._meta.tablename for table in ENDS}
    assert (once | {"consent"}) - ends == KEPT_FIRST | RESOLVED  # one consent at a time: the person's lock
    unique = {
        index.columns[0]._meta.table._meta.tablename
        for index in INDEXES
        if index.is_unique and any(column._meta.name == r.column._meta.name for column in index.columns for r in references()
                                   if r.table is column._meta.table)
    }  # fmt: skip
    assert unique == {"assignment"}


async def test_everything_moves_and_the_empty_account_ends(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    second = await account("second@example.org", is_adult=True)
    await grant_role(second, StaffRole.ORGANISER, by=cast.organiser)
    await signed_in(second)
    await own_merge(second, cast.mentor)
    assert await left_of(cast.mentor.id) == []
    assert not await Person.exists().where(Person.id == cast.mentor.id)
    assert await roles_of(second.id) == {"organiser", "mentor"}
    assert await Assignment.exists().where(Assignment.mentor == second.id)
    happened = await Event.objects().where(Event.happened == Happened.ACCOUNTS_MERGED.value).first()
    assert happened
    assert (happened.actor_id, happened.subject_id) == (second.id, second.id)
    told = {row["to"] for row in await Message.select(Message.to)}
    assert {second.email, cast.mentor.email} <= told


async def test_a_person_proves_the_other_account_by_its_password(cast: Cast) -> None:
    second = await account("second@example.org", born_on=BORN_ON)
    await Person.update({Person.password: await hash_password(PASSWORD)}).where(Person.id == second.id)
    await start("Другая идея", season=cast.season, by=second)
    await signed_in(second)
    browser = await signed_in(cast.captain)
    await browser.open("/profile")
    await browser.open("/profile/merging")
    await browser.send("/profile/merging", email="second@example.org", password="не тот")
    assert browser.page.status_code == 422
    await browser.send("/profile/merging", email=cast.captain.email, password=PASSWORD)
    assert browser.page.status_code == 422
    await browser.send("/profile/merging", email="second@example.org", password=PASSWORD)
    assert "Другая идея" in browser.text
    await browser.send(browser.path)
    assert "Записи объединены" in browser.text
    assert await Member.count().where(Member.person == cast.captain.id) == 2
    assert await authenticate("second@example.org", PASSWORD, address="127.0.0.1") is None
    assert await Session.count().where(Session.person == cast.captain.id) == 1


async def test_or_by_a_link_to_its_mailbox_which_the_other_account_cannot_use(cast: Cast) -> None:
    second = await account("second@example.org")
    browser = await signed_in(cast.captain)
    await browser.open("/profile/merging")
    await browser.send("/profile/merging", email="second@example.org", by_mail="1")
    await browser.open("/profile/merging")
    await browser.send("/profile/merging", email="nobody@example.org", by_mail="1")
    assert "Если такая запись есть" in browser.text
    rows = await Message.select(Message.body).where(Message.to == second.email)
    link = next(row["body"] for row in rows if "/profile/merging/" in row["body"]).split("http")[1].split()[0]
    path = "/profile/merging/" + link.rpartition("/")[2]
    wrong = await signed_in(second)
    await wrong.open(path)
    assert "Войдите в другую запись" in wrong.text
    nobody = Browser()
    await nobody.open(path)
    assert nobody.path == "/sign-in"
    await browser.open(path)
    await browser.send(path)
    assert not await Person.exists().where(Person.id == second.id)
    with pytest.raises(LinkExpired):
        await merge_own(path.rpartition("/")[2], by=cast.captain)


async def test_a_proof_lasts_two_hours_and_a_mailed_one_a_day(cast: Cast) -> None:
    second = await account("second@example.org")
    secret = await proof_of(second)
    with clock_at(now() + timedelta(hours=3)), pytest.raises(LinkExpired):
        await merge_own(secret, by=cast.captain)
    await mail_merge_link(second.email, by=cast.captain, address="192.0.2.1")
    mailed = (await last_link(second.email)).rpartition("/")[2]
    with clock_at(now() + timedelta(hours=25)), pytest.raises(LinkExpired):
        await merge_own(mailed, by=cast.captain)
    with clock_at(now() + timedelta(hours=23)):
        await merge_own(mailed, by=cast.captain)


async def test_twice_in_one_team_the_weightier_role_stays(cast: Cast) -> None:
    second = await account("second@example.org", born_on=BORN_ON)
    async with writing():
        await join(cast.project.id, second, "student")
    await own_merge(second, cast.captain)
    assert await role_of(second, cast.project.id) == "captain"
    assert await Member.count().where(Member.project == cast.project.id) == 4


async def test_the_last_word_about_a_consent_counts(cast: Cast) -> None:
    await consent_all(cast, "public_name", "photo")
    second = await account("second@example.org", born_on=BORN_ON)
    async with writing():
        await join(cast.project.id, second, "student")
    with clock_at(now() - timedelta(days=9)):
        await give_consent(cast.project, second, "photo", by=cast.teacher)
    with clock_at(now() + timedelta(minutes=1)):
        await give_consent(cast.project, second, "public_name", by=cast.teacher)
        await withdraw_consent(cast.project, second, "public_name", by=second)
    with clock_at(now() + timedelta(minutes=2)):
        await own_merge(cast.captain, second)
    standing = await Consent.objects().where((Consent.person == cast.captain.id) & Consent.standing())
    assert {row.purpose for row in standing} == {"participation", "photo"}


@pytest.mark.parametrize("keeps_the_no", [True, False])
async def test_a_familys_no_is_not_forgotten_by_merging(cast: Cast, keeps_the_no: bool) -> None:
    """A second account of the child, whose consents somebody recorded who knew nothing of the no."""
    await give_consent(cast.project, cast.captain, "public_name", by=cast.teacher)
    await withdraw_by_family(cast.captain, "public_name")
    await forget()
    second = await account("second@example.org", born_on=BORN_ON)
    async with writing():
        await join(cast.project.id, second, "student")
    for purpose in ("participation", "public_name"):
        await give_consent(cast.project, second, purpose, by=cast.teacher)
    kept, ended = (cast.captain, second) if keeps_the_no else (second, cast.captain)
    await own_merge(kept, ended)
    child = await fresh(kept)
    assert list(await valid_consents([child.id])) == [(child.id, "participation")]
    with pytest.raises(Refusal):
        await give_consent(cast.project, child, "public_name", by=cast.teacher)
    assert any("Семья забрала согласие" in subject for subject in await told(cast.organiser))
    await give_consent(cast.project, child, "public_name", by=cast.organiser)


async def test_a_minor_does_not_grow_up_by_merging(cast: Cast) -> None:
    await consent_all(cast)  # an adult recorded that the captain is a minor
    second = await account("second@example.org", born_on=ADULT)
    await own_merge(second, cast.captain)
    person = await fresh(second)
    assert (person.born_on, person.age_known, person.is_adult) == (BORN_ON, "minor", False)


async def test_a_minor_and_an_adult_with_a_role_are_refused_and_left_to_an_organiser(cast: Cast) -> None:
    fake = await account("teacher2@example.org", born_on=ADULT)
    async with writing():
        other = await start("Чужая", season=cast.season, by=cast.outsider)
        await join(other.id, fake, "teacher")
    await vouch(other, fake.id, by=cast.organiser)
    await give_consent(other, cast.outsider, "participation", by=fake)
    for kept, ended in ((cast.captain, fake), (fake, cast.captain)):
        with pytest.raises(Refusal):
            await own_merge(kept, ended)
    browser = await signed_in(cast.captain)
    await browser.open(f"/profile/merging/{await proof_of(fake)}")
    assert "Такие объединяет организатор" in browser.text
    assert not browser.has_form(browser.path)
    await merge_for(cast.captain.id, fake.id, reason="Вторая запись Марии", by=cast.organiser)
    person = await fresh(cast.captain)
    assert (person.is_adult, await roles_of(person.id)) == (False, frozenset())
    assert await role_of(person, other.id) == ""
    assert await role_of(person, cast.project.id) == "captain"
    assert await valid_consents([cast.outsider.id]) == {}
    assert await left_of(fake.id) == []


async def test_forms_that_one_recorded_for_oneself_are_void(cast: Cast) -> None:
    fake = await account("teacher2@example.org", born_on=ADULT)
    await Member.delete().where((Member.project == cast.project.id) & (Member.role == "teacher"))
    async with writing():
        await join(cast.project.id, fake, "teacher")
    await vouch(cast.project, fake.id, by=cast.organiser)
    await give_consent(cast.project, cast.captain, "public_name", by=fake)
    await merge_for(cast.captain.id, fake.id, reason="Вторая запись Марии", by=cast.organiser)
    rows = await Consent.objects().where(Consent.person == cast.captain.id)
    assert [row.voided_at is not None for row in rows] == [True]
    assert (await fresh(cast.captain)).age_known == ""  # it was she who had "confirmed" it
    assert await role_of(cast.captain, cast.project.id) == "captain"


async def test_reviews_of_one_submission_by_both_are_not_merged(cast: Cast) -> None:
    submission = await submitted(cast)
    await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    with pytest.raises(Refusal, match="отмените одно из назначений"):
        await own_merge(cast.mentor, cast.second_mentor)
    assert await Person.exists().where(Person.id == cast.second_mentor.id)


async def test_sent_reviews_of_one_submission_are_merged_once_it_is_decided(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    with pytest.raises(Refusal, match="когда решение по ней будет объявлено"):
        await own_merge(cast.mentor, cast.second_mentor)
    decision = await decide(submission, "advance", reason="Хорошая работа", by=cast.organiser)
    await release(decision, by=cast.organiser)
    await own_merge(cast.mentor, cast.second_mentor)
    rows = await Assignment.objects().where(Assignment.mentor == cast.mentor.id)
    assert sorted((row.is_open, row.cancel_code) for row in rows) == [(False, "same_person"), (True, "")]
    assert await Review.count().where((Review.mentor == cast.mentor.id) & Review.sent()) == 2
    office = await signed_in(cast.organiser)
    await office.open(f"/organiser/submissions/{submission.id}")
    assert office.page.status_code == 200
    mentor = await signed_in(cast.mentor)
    for row in rows:
        await mentor.open(f"/reviews/{row.id}")
        assert mentor.page.status_code == 200


async def test_of_two_drafts_of_one_submission_the_newer_is_gone_on_with(cast: Cast) -> None:
    submission = await submitted(cast)
    for mentor, words in ((cast.mentor, "Первые слова"), (cast.second_mentor, "Вторые слова")):
        assignment = await assign(submission, mentor, by=cast.organiser)
        await save_review(assignment, Opinion({}, words, "", ""), version=0, by=mentor)
        await cancel_assignment(assignment, by=cast.organiser)
    await own_merge(cast.mentor, cast.second_mentor)
    again = await assign(submission, await fresh(cast.mentor), by=cast.organiser)
    drafts = await Review.objects().where(Review.submission == submission.id).order_by(Review.id)
    assert [(row.advice, row.assignment == again.id) for row in drafts] == [
        ("Первые слова", False),
        ("Вторые слова", True),
    ]


async def test_a_third_account_takes_no_consent_back(cast: Cast) -> None:
    """Two that stand both stay; an account without any word about it changes nothing."""
    second, third = [await account(f"{n}@example.org", born_on=BORN_ON) for n in ("second", "third")]
    async with writing():
        await join(cast.project.id, second, "student")
    for person in (cast.captain, second):
        await give_consent(cast.project, person, "participation", by=cast.teacher)
    for ended in (second, third):
        await own_merge(cast.captain, ended)
        assert (cast.captain.id, "participation") in await valid_consents([cast.captain.id])
    assert await Consent.count().where(Consent.withdrawn_at.is_not_null()) == 0


async def test_what_a_merge_takes_back_is_told(cast: Cast) -> None:
    second = await account("second@example.org", born_on=BORN_ON)
    async with writing():
        await join(cast.project.id, second, "student")
    for person in (cast.captain, second):
        await give_consent(cast.project, person, "participation", by=cast.teacher)
    await withdraw_consent(cast.project, second, "participation", by=second)
    before = await Event.count().where(Event.happened == Happened.CONSENT_WITHDRAWN.value)
    await own_merge(cast.captain, second)
    assert not await valid_consents([cast.captain.id])
    assert await Event.count().where(Event.happened == Happened.CONSENT_WITHDRAWN.value) == before + 1


async def test_a_second_factor_hides_what_the_other_account_holds(cast: Cast) -> None:
    await Person.update({Person.password: await hash_password(PASSWORD)}).where(Person.id == cast.organiser.id)
    await give_app(cast.organiser)
    stranger = await signed_in(cast.outsider)
    await stranger.open("/profile/merging")
    await stranger.send("/profile/merging", email=cast.organiser.email, password=PASSWORD)
    assert (stranger.path, stranger.page.status_code) == ("/profile/merging", 422)
    assert "есть второй шаг" in stranger.text


async def test_only_an_organiser_merges_others_and_never_their_own(cast: Cast) -> None:
    second = await account("second@example.org", is_adult=True)
    for nobody in (cast.teacher, cast.captain, cast.mentor):
        with pytest.raises(NotAllowed):
            await merge_for(cast.coach.id, second.id, reason="Так", by=nobody)
    with pytest.raises(Refusal):
        await merge_for(cast.organiser.id, second.id, reason="Так", by=cast.organiser)
    with pytest.raises(Refusal):
        await merge_for(second.id, second.id, reason="Так", by=cast.organiser)


async def test_an_organiser_finds_an_account_changes_its_address_and_merges_it(cast: Cast) -> None:
    async with writing():
        second = await create_person("kuz2@example.org", given_name="Маша", family_name="Кузнецова", born_on=BORN_ON)
        await make_mentor(cast.teacher, organisation=None, by=cast.organiser)
        await make_mentor(await account_in("nina@example.org"), organisation=None, by=cast.organiser)
    browser = await signed_in(cast.organiser)
    await browser.open("/organiser/accounts?q=Кузн")
    assert "kuz2@example.org" in browser.text
    page = f"/organiser/accounts/{cast.captain.id}"
    await browser.open(page)
    await browser.send(f"{page}/address", new_email="new@example.org")
    assert browser.page.status_code == 422
    assert 'value="new@example.org"' in browser.text
    await browser.send(f"{page}/address", new_email="new@example.org", address_reason="Ящик удалён")
    assert (await fresh(cast.captain)).email == "new@example.org"
    await browser.send(f"{page}/merging", other_email="nobody@example.org", merging_reason="Вторая запись")
    assert "Записи с таким адресом нет" in browser.text
    await browser.send(f"{page}/merging", other_email="kuz2@example.org", merging_reason="Вторая запись")
    assert "Записи объединены" in browser.text
    assert not await Person.exists().where(Person.id == second.id)


async def account_in(email: str) -> Person:
    return await create_person(email, given_name="Нина", is_adult=True, confirmed=True)


async def test_two_mentors_keep_one_desk(cast: Cast) -> None:
    async with writing():
        second = await account_in("nina@example.org")
        await make_mentor(second, organisation=None, capacity=9, by=cast.organiser)
    await own_merge(cast.mentor, second)
    assert await roles_of(cast.mentor.id) == {"mentor"}
    assert await Grant.exists().where(Grant.person == cast.mentor.id)
    assert await left_of(second.id) == []


def test_the_age_that_counts() -> None:
    said_minor, said_adult = Person(born_on=BORN_ON), Person(born_on=ADULT)
    known_minor, known_adult = Person(born_on=BORN_ON, age_known="minor"), Person(age_known="adult")
    nothing = Person()
    by_form = Person(age_known="minor")
    cases = (
        (by_form, known_minor, known_minor), (by_form, said_minor, by_form),
        (said_adult, said_minor, said_minor), (said_adult, known_minor, known_minor), (known_adult, known_minor, known_minor),
        (nothing, said_adult, said_adult), (said_minor, known_adult, said_minor), (nothing, Person(), nothing),
    )  # fmt: skip
    for one, other, expected in cases:
        assert age_source(one, other) is expected
        if expected is not nothing:
            assert age_source(other, one) is expected


def test_what_was_taken_back_through_one_account_ends_what_the_other_had_given_before() -> None:
    at = now()
    made: dict[str, Any] = {"text": 1, "recorded_by": 1, "purpose": "photo", "ends_on": today()}
    first = Consent(id=1, person=1, **made, signatory="paper", given_at=at)
    later = Consent(id=2, person=2, **made, signatory="paper", given_at=at + timedelta(days=3))
    own = Consent(id=3, person=1, **made, signatory="person", given_at=at, starts_on=today() + timedelta(days=9))
    assert taken_back([later, first, own], today()) == []  # of two that stand, both stay
    word: dict[str, Any] = {**made, "given_at": at, "withdrawn_at": at + timedelta(days=2)}
    gone = Consent(id=4, person=2, **word, signatory="paper")
    assert taken_back([first, later, own, gone], today()) == [first, own]
    family = Consent(id=5, person=2, **word, signatory="paper", withdrawn_by_family=True)
    assert taken_back([first, own, family], today()) == [first]
    not_at_18 = Consent(id=6, person=2, **word, signatory="person")
    assert taken_back([first, own, not_at_18], today()) == [own]
    same_account = Consent(id=7, person=1, **word, signatory="paper")
    assert taken_back([first, own, same_account], today()) == []
    void = Consent(id=8, person=2, **word, signatory="paper", voided_at=at)
    assert taken_back([first, void], today()) == []


def test_a_no_through_one_account_counts_for_what_was_said_through_the_other() -> None:
    at = now()
    made: dict[str, Any] = {"text": 1, "recorded_by": 1, "purpose": "photo", "ends_on": today(), "given_at": at}
    no = Consent(id=1, person=1, **made, signatory="guardian", withdrawn_at=at, withdrawn_by_family=True)
    after = Consent(id=2, person=1, **made, signatory="paper")  # an organiser asked both
    own = Consent(id=3, person=1, **made, signatory="person", starts_on=today() + timedelta(days=9))
    theirs = Consent(id=4, person=2, **made, signatory="paper", withdrawn_at=at)
    assert against_familys_no([no, own, theirs]) == [theirs]
    assert against_familys_no([no, after, own, theirs]) == []
    assert against_familys_no([no, own]) == []
    void = Consent(id=5, person=2, **made, signatory="paper", voided_at=at)
    assert against_familys_no([no, void]) == []


@pytest.mark.parametrize("is_office", [False, True])
async def test_nothing_that_a_proved_address_holds_goes_to_one_that_nobody_proved(cast: Cast, is_office: bool) -> None:
    """It may be mistyped and belong to a stranger, who would have a new password mailed."""
    typo = await account("galnia@example.org")
    await Person.update({Person.email_confirmed_at: None}).where(Person.id == typo.id)
    with pytest.raises(Refusal, match="не подтверждён"):
        if is_office:
            await merge_for(typo.id, cast.mentor.id, reason="Один человек", by=cast.organiser)
        else:
            await own_merge(await fresh(typo), cast.organiser)
    await own_merge(await fresh(cast.organiser), await fresh(typo))
    assert not await Person.exists().where(Person.id == typo.id)


async def test_asking_to_merge_with_somebody_leaves_them_the_way_back_in(cast: Cast) -> None:
    for _time in range(3):
        await mail_merge_link(cast.captain.email, by=cast.outsider, address="192.0.2.1")
    with pytest.raises(TooOften):
        await mail_merge_link(cast.captain.email, by=cast.teammate, address="192.0.2.2")
    await mail_reset_link(cast.captain.email, address="192.0.2.3")
    assert await Token.exists().where((Token.person == cast.captain.id) & (Token.purpose == RESET))


async def test_one_account_asks_few_strangers_to_merge(cast: Cast) -> None:
    for number in range(5):
        await mail_merge_link(f"stranger{number}@example.org", by=cast.outsider, address="")
    with pytest.raises(TooOften):
        await mail_merge_link("stranger6@example.org", by=cast.outsider, address="")


async def test_a_date_that_somebody_knows_counts_more_than_a_form(cast: Cast) -> None:
    """A guardian's answer for a child under 14 needs no signature of the child; it goes on to count without one."""
    await links_allowed(cast)
    young = birthday(today(), -12) - timedelta(days=9)
    kept = await account("second@example.org")
    another = await start("Второй", season=cast.season, by=kept, pitch="Попробуем")
    await give_consent(another, kept, "photo", by=cast.organiser)  # known as a minor by the form, without a date
    await Person.update({Person.born_on: young, Person.age_known: "minor"}).where(Person.id == cast.teammate.id)
    await asked(await fresh(cast.teammate), by=cast.teacher)
    link = await open_link(cast.teammate)
    await answer_as_guardian(link, await signed_answer(link, "participation", refused=("public_name",)))
    await merge_for(kept.id, cast.teammate.id, reason="Одна", by=cast.organiser)
    person = await fresh(kept)
    assert (person.born_on, person.age_known) == (young, "minor")
    assert (person.id, "participation") in await valid_consents([person.id])


async def somebody_waits() -> None:
    """Return once another transaction waits for one of our locks. On SQLite the whole transaction is one."""
    async with asyncio.timeout(60):  # a guard, against a test that hangs
        while current_engine().engine_type == "postgres":
            if await run_sql("SELECT 1 AS n FROM pg_locks WHERE NOT granted LIMIT 1"):
                return


@pytest.mark.parametrize("verb", ["start", "join"])
async def test_what_an_account_begins_while_it_ends_belongs_to_the_person(cast: Cast, verb: str) -> None:
    kept, begun = await account("kept@example.org", born_on=BORN_ON), asyncio.Event()
    secret = await invite_to_team(cast.project, "student", by=cast.captain)

    async def begin() -> None:
        async with writing():
            if verb == "start":
                await start("Новая идея", season=cast.season, by=cast.outsider, pitch="Слова")
            else:
                await accept_into_team(secret, by=cast.outsider)
            begun.set()
            await somebody_waits()

    async def merge() -> None:
        await begun.wait()
        await merge_for(kept.id, cast.outsider.id, reason="Один человек", by=cast.organiser)

    await asyncio.gather(begin(), merge())
    assert await Member.count().where(Member.person == kept.id) == 1
