"""Names that nobody could find when a text was approved: of somebody who joins, is renamed, or whose consent ends by itself."""

from datetime import date

import pytest

from incubator.app import PERIODIC
from incubator.core import limits
from incubator.core.clock import now, today
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.gates.accept import accept
from incubator.gates.correct_typo import correct_typo
from incubator.gates.delete_project import delete_project
from incubator.gates.merge_projects import merge_projects
from incubator.jobs.periodic import run_once
from incubator.mail.tables import Message
from incubator.names.matcher import PersonName
from incubator.people.accounts import change_profile, create_person
from incubator.people.former_names import names_ever_of
from incubator.people.tables import Consent, ConsentText, Person
from incubator.privacy.merging import merge_for
from incubator.projects.consents import give_consent
from incubator.projects.errata import TITLE
from incubator.projects.expected_members import expect
from incubator.projects.former_members import ever_in_teams, teams_ever_of
from incubator.projects.invitations import invite_to_team
from incubator.projects.start import start
from incubator.projects.tables import Submission
from incubator.projects.team import join, make_captain
from incubator.publication import withdrawals
from incubator.publication.entry import publication_of
from incubator.publication.hiding import MASK
from incubator.publication.new_names import NewNames
from incubator.publication.passages import hide_passages, keep_passages
from incubator.publication.people_named import names_of_team
from incubator.publication.publish import Flagged, ask_publication, publish
from incubator.publication.tables import Publication
from incubator.publication.withdrawals import hide_lapsed_names_forever, withdraw_consent
from tests.browser import Browser, signed_in
from tests.cast import BORN_ON, Cast, fresh, fresh_project, submitted
from tests.mail.sent import tell
from tests.publication.test_names_in_texts import consented, published, shown, written
from tests.publication.test_versions import hand_in_again

THANKS = "Спасибо тем, кто помогал: Льву Чужому."


async def titled(cast: Cast, title: str) -> Submission:
    """Submit a version with this title."""
    submission = await submitted(cast)
    submission.title = title
    await submission.save([Submission.title])
    return submission


async def test_who_comes_with_a_duplicate_is_a_newcomer(cast: Cast) -> None:
    await published(cast, THANKS)
    duplicate = await start("Двойник", season=cast.season, by=cast.outsider)
    await merge_projects(duplicate, await fresh_project(cast.project), reason="Дубль", by=cast.organiser)
    assert await shown(cast) == f"Спасибо тем, кто помогал: {MASK}."


async def test_who_was_in_a_duplicate_before_it_was_merged_is_no_longer_named(cast: Cast) -> None:
    """Covers who had left it, and a second teacher, for whom there is no place."""
    await published(cast, "Помогали Лев Чужой и Алла Лишняя.")
    duplicate = await start("Двойник", season=cast.season, by=cast.outsider)
    second = await made("alla@example.org", "Алла", "Лишняя")
    heir = await made("heir@example.org", "Яков", "Наследный", born_on=BORN_ON)
    async with writing():
        await join(duplicate.id, heir, "student")
        await join(duplicate.id, second, "teacher")
    await make_captain(duplicate, heir.id, by=cast.outsider)
    await withdrawals.remove_member(duplicate, cast.outsider.id, by=cast.outsider)
    assert "Лев Чужой" in await shown(cast)
    await merge_projects(duplicate, await fresh_project(cast.project), reason="Дубль", by=cast.organiser)
    assert await shown(cast) == f"Помогали {MASK} и {MASK}."
    people = {each.name.family: each.may_be_named for each in await names_of_team(cast.project.id)}
    assert {"Чужой", "Лишняя", "Наследный"} <= {name for name, may_be_named in people.items() if not may_be_named}
    assert cast.project.id in await teams_ever_of(cast.outsider.id)


async def made(email: str, given: str, family: str, *, born_on: date | None = None) -> Person:
    async with writing():
        person = await create_person(
            email, given_name=given, family_name=family, is_adult=born_on is None, born_on=born_on, confirmed=True
        )
    return await fresh(person)


async def test_who_gets_a_name_in_the_profile_is_no_longer_named(cast: Cast) -> None:
    await Person.update({Person.family_name: "Соклов"}).where(Person.id == cast.teammate.id)
    await published(cast, "Придумал Иван Соколов, а Мария помогала.")
    browser = await signed_in(cast.teammate)
    await browser.open("/profile")
    await browser.send("/profile", given_name="Иван", family_name="Соколов")
    assert await shown(cast) == f"Придумал {MASK}, а Мария помогала."


async def test_a_former_name_is_a_name(cast: Cast) -> None:
    """Nobody slips through by calling themselves otherwise between writing and offering."""
    browser = await signed_in(cast.teammate)
    await browser.open("/profile")
    await browser.send("/profile", given_name="И", family_name="С")
    await written(cast, "Придумал Иван Соколов.")
    with pytest.raises(Flagged):
        await ask_publication(await fresh_project(cast.project), by=cast.captain, is_checked=True)
    assert {name.name.family for name in await names_of_team(cast.project.id)} >= {"С", "Соколов"}


async def test_the_name_of_an_account_that_was_merged_is_a_name(cast: Cast) -> None:
    second = await made("ivan@example.org", "Ян", "Соколовский", born_on=BORN_ON)
    await merge_for(second.id, cast.teammate.id, reason="Один человек", by=cast.organiser)
    assert (await names_ever_of([second.id]))[second.id] == [
        PersonName("Ян", "Соколовский"),
        PersonName("Иван", "Соколов"),
    ]


async def test_only_the_latest_former_names_and_the_first_are_looked_for(cast: Cast) -> None:
    for number in range(9):
        await change_profile(cast.teammate, given_name="Иван", family_name="Соколов" + "ов" * number, locale="")
    names = (await names_ever_of([cast.teammate.id]))[cast.teammate.id]
    assert [len(name.family) for name in names] == [23, 21, 19, 17, 15, 7]


async def test_who_gets_a_name_by_merging_accounts_is_no_longer_named(cast: Cast) -> None:
    await Person.update({Person.family_name: "Соклов"}).where(Person.id == cast.teammate.id)
    await published(cast, "Придумал Иван Соколов.")
    second = await create_person(
        "ivan@example.org", given_name="Иван", family_name="Соколов", born_on=BORN_ON, confirmed=True
    )
    await merge_for(second.id, cast.teammate.id, reason="Один человек", by=cast.organiser)
    assert await shown(cast) == f"Придумал {MASK}."


async def test_a_consent_that_a_newcomer_brought_along_ends_like_any_other(cast: Cast) -> None:
    await published(cast, THANKS)
    for purpose in ("participation", "public_name"):
        text = await ConsentText.objects().where(ConsentText.purpose == purpose).first()
        await Consent(
            person=cast.outsider.id, purpose=purpose, text=text, given_at=now(), recorded_by=cast.organiser.id,
            signatory="paper", term=today(), ends_on=today(),
        ).save()  # fmt: skip
    await accept(await invite_to_team(cast.project, "student", by=cast.captain), by=cast.outsider)
    assert await shown(cast) == THANKS
    await Consent.update({Consent.voided_at: now()}).where(Consent.person == cast.outsider.id)
    await run_once(PERIODIC)
    assert await shown(cast) == f"Спасибо тем, кто помогал: {MASK}."


async def test_names_whose_consent_has_ended_are_looked_for_when_the_server_starts(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And whenever something happened: a card of the catalogue must not wait for the next round."""
    await published(cast, "Нас двое: Мария Кузнецова и Иван.", cast.captain)
    await Consent.update({Consent.voided_at: now()}).where(Consent.person == cast.captain.id)

    class Waiting(Exception): ...

    async def wait(longest: float) -> None:
        assert 0 < longest <= withdrawals.LONGEST_WAIT
        raise Waiting

    monkeypatch.setattr(withdrawals, "wait_for_events", wait)
    with pytest.raises(Waiting):
        await hide_lapsed_names_forever()
    assert await shown(cast) == f"Нас двое: {MASK} и Иван."


async def test_a_withdrawal_works_however_much_is_hidden(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    await published(cast, "Нас двое: Мария Кузнецова и Иван. Тайна: бурундук7.", cast.captain)
    monkeypatch.setattr(limits, "PASSAGES", 0)
    with pytest.raises(Refusal, match="Скрыто уже очень много"):
        await hide_passages(cast.project, ["бурундук7"], by=cast.captain)
    await withdraw_consent(cast.project, cast.captain, "public_name", by=cast.captain)
    assert await shown(cast) == f"Нас двое: {MASK} и Иван. Тайна: бурундук7."


async def test_a_corrected_title_stays_hidden(cast: Cast) -> None:
    submission = await titled(cast, "Улий Марии Кузнецовой")
    await hide_passages(cast.project, ["Марии Кузнецовой"], by=cast.captain)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    await correct_typo(submission, {TITLE: "Улей Марии Кузнецовой"}, reason="Опечатка", version=0, by=cast.organiser)
    entry = await Publication.objects().first()
    assert entry
    assert entry.title == f"Улей {MASK}"
    assert (await fresh_project(cast.project)).slug == "uley"


async def test_a_correction_does_not_repeat_elsewhere_what_is_hidden(cast: Cast) -> None:
    await written(cast, "Машка-мёд у нас главная.")
    await hide_passages(cast.project, ["Машка-мёд"], by=cast.captain)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    submission = await Submission.objects().first()
    assert submission
    with pytest.raises(Refusal, match="на витрине скрыта"):
        await correct_typo(
            submission, {"solution": "Придумала Машка-мёд"}, reason="Опечатка", version=0, by=cast.organiser
        )


async def test_no_address_keeps_a_name_of_a_title_that_was_public_before(cast: Cast) -> None:
    submission = await titled(cast, "Улей Кузнецовой")
    await consented(cast, cast.captain)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    await correct_typo(submission, {TITLE: "Умный улей"}, reason="Попросили", version=0, by=cast.organiser)
    assert (await Browser().open("/showcase/uley-kuznetsovoy")).status_code == 200
    await withdraw_consent(cast.project, cast.captain, "public_name", by=cast.captain)
    assert (await Browser().open("/showcase/umnyy-uley")).status_code == 200
    assert (await Browser().open("/showcase/uley-kuznetsovoy")).status_code == 404


async def test_a_whole_name_that_an_organiser_kept_goes_with_the_consent(cast: Cast) -> None:
    """A word that only looks like a name stays."""
    await Person.update({Person.given_name: "Лев", Person.family_name: "Заяц"}).where(Person.id == cast.teammate.id)
    await written(cast, "Придумал Лев Заяц. Наш герой – Заяц из сказки.")
    await keep_passages(cast.project, ["Лев Заяц", "Заяц"], by=cast.organiser)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    await withdraw_consent(cast.project, await fresh(cast.teammate), "participation", by=cast.teammate)
    assert await shown(cast) == f"Придумал {MASK}. Наш герой – Заяц из сказки."


async def test_the_mail_says_what_was_taken_off(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of two versions is uncertain: the project is still on the showcase."""
    await written(cast, "Придумал Иван Соколов.")
    await consented(cast, cast.teammate)
    first = await Submission.objects().first()
    assert first
    await hand_in_again(cast, first, "Придумали вместе.")
    for number in (1, 2):
        await ask_publication(cast.project, number=number, by=cast.captain)
        await publish(cast.project, number=number, by=cast.organiser)
    monkeypatch.setattr("incubator.publication.public_copy.hidden", lambda text, _passages: text)
    await withdraw_consent(cast.project, cast.teammate, "public_name", by=cast.teammate)
    await tell()
    mail = await Message.objects().where(Message.subject.like("%больше нет одного имени%")).first()
    assert mail
    assert "Такие версии сняты с витрины" in mail.body


async def test_no_address_keeps_a_name_of_a_merged_duplicate(cast: Cast) -> None:
    await published(cast, "Придумала Мария Кузнецова.", cast.captain)
    draft = await start("Улей Марии Кузнецовой", season=cast.season, by=cast.captain)
    await merge_projects(draft, await fresh_project(cast.project), reason="Дубль", by=cast.organiser)
    assert (await Browser().open(f"/showcase/{draft.slug}")).status_code == 200
    await withdraw_consent(cast.project, cast.captain, "public_name", by=cast.captain)
    assert (await Browser().open(f"/showcase/{draft.slug}")).status_code == 404


async def test_nobody_takes_words_out_of_a_public_text_by_calling_themselves_so(cast: Cast) -> None:
    await published(cast, "Умный Улей слышит пчёл.")
    await change_profile(cast.teammate, given_name="Тихий", family_name="Улей", locale="")
    vandal = await made("vandal@example.org", "Умный", "Улей", born_on=BORN_ON)
    secret = await invite_to_team(await fresh_project(cast.project), "student", by=cast.captain)
    await accept(secret, by=vandal)
    assert await shown(cast) == "Умный Улей слышит пчёл."
    entry = await publication_of(cast.project.id)
    assert entry is not None
    assert entry.title == "Тихий улей"


async def test_nobody_takes_anothers_name_out_by_calling_themselves_so(cast: Cast) -> None:
    await published(cast, "Придумала Мария Кузнецова.", cast.captain)
    await change_profile(cast.teammate, given_name="Мария", family_name="Кузнецова", locale="")
    assert await shown(cast) == "Придумала Мария Кузнецова."
    await withdraw_consent(cast.project, cast.captain, "public_name", by=cast.captain)
    assert await shown(cast) == f"Придумала {MASK}."


async def test_two_mergers_in_a_row_forget_nobody(cast: Cast) -> None:
    first = await start("Первый", season=cast.season, by=cast.outsider, pitch="Попробуем")
    await merge_projects(first, await fresh_project(cast.project), reason="Один", by=cast.organiser)
    last = await start("Третий", season=cast.season, by=cast.captain, pitch="Попробуем")
    await merge_projects(await fresh_project(cast.project), last, reason="Один", by=cast.organiser)
    known = await ever_in_teams([cast.project.id, last.id])
    assert all(cast.outsider.id in people for people in known.values())
    assert {cast.project.id, last.id} <= {*await teams_ever_of(cast.outsider.id)}


async def test_a_name_is_hidden_although_the_process_ended_that_let_it_in(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await published(cast, THANKS)
    secret = await invite_to_team(await fresh_project(cast.project), "student", by=cast.captain)

    async def killed(*_told: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("incubator.gates.accept.hide_newcomer", killed)
        with pytest.raises(KeyboardInterrupt):
            await accept(secret, by=cast.outsider)
    assert await shown(cast) == THANKS
    names = NewNames(withdrawals.hide_newcomer, withdrawals.hide_expected)
    assert await names.hide_new_names() > 0
    assert await shown(cast) == f"Спасибо тем, кто помогал: {MASK}."
    assert await names.hide_new_names() == 0


async def test_a_name_is_looked_for_once_more_after_a_merger_or_a_change(cast: Cast) -> None:
    await published(cast, THANKS)
    looked_at: list[tuple[int, int]] = []

    async def note(project: int, person: Person) -> None:
        looked_at.append((project, person.id))

    async def merged(_project: int) -> None: ...

    names = NewNames(note, merged)
    await names.hide_new_names()
    looked_at.clear()
    duplicate = await start("Двойник", season=cast.season, by=cast.outsider)
    await merge_projects(duplicate, await fresh_project(cast.project), reason="Дубль", by=cast.organiser)
    await names.hide_new_names()
    assert (cast.project.id, cast.outsider.id) in looked_at
    looked_at.clear()
    await change_profile(cast.captain, given_name="Мила", family_name="Кузнецова", locale="ru")
    await names.hide_new_names()
    assert looked_at == [(cast.project.id, cast.captain.id)]


async def test_who_was_expected_in_a_duplicate_is_hidden_in_what_was_public(cast: Cast) -> None:
    await published(cast, "Помогал Семён Лапшин.")
    duplicate = await start("Двойник", season=cast.season, by=cast.captain)
    async with writing():
        await expect({duplicate.id: [PersonName("Семён", "Лапшин")]})
    await merge_projects(duplicate, await fresh_project(cast.project), reason="Дубль", by=cast.organiser)
    assert await shown(cast) == f"Помогал {MASK}."
    await delete_project(duplicate, typed="Двойник", reason="Лишний", by=cast.organiser)
    assert "Лапшин" in {each.name.family for each in await names_of_team(cast.project.id)}


async def test_what_an_organiser_kept_stays(cast: Cast) -> None:
    secret = await invite_to_team(await fresh_project(cast.project), "student", by=cast.captain)
    await accept(secret, by=cast.outsider)
    await give_consent(cast.project, cast.outsider, "participation", by=cast.teacher)
    await written(cast, "По стихам поэта: Лев Чужой.")
    await keep_passages(cast.project, ["Лев Чужой"], by=cast.organiser)
    await ask_publication(await fresh_project(cast.project), by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    captain = await fresh(cast.captain)
    names = (captain.given_name, captain.family_name)
    await change_profile(captain, given_name=names[0], family_name=names[1], locale="en")
    await NewNames(withdrawals.hide_newcomer, withdrawals.hide_expected).hide_new_names()
    assert await shown(cast) == "По стихам поэта: Лев Чужой."
