"""What names or locates somebody does not become public: it is shown in place, hidden, or an organiser keeps it."""

import pytest

from incubator.app import PERIODIC, create_app
from incubator.core.clock import now
from incubator.core.refusals import NotAllowed, Refusal
from incubator.gates.accept import accept
from incubator.gates.correct_typo import correct_typo
from incubator.history.tables import Event
from incubator.jobs.periodic import run_once
from incubator.mail.tables import Message
from incubator.people.ages import AgeKnown
from incubator.people.tables import Consent, Person
from incubator.projects.consents import give_consent
from incubator.projects.details import Details, change_details
from incubator.projects.document import frozen_parts
from incubator.projects.invitations import invite_to_team
from incubator.projects.tables import Submission
from incubator.publication.hiding import MASK
from incubator.publication.passages import hide_passages, keep_passages, passages_of, stop_hiding
from incubator.publication.publish import Flagged, ask_publication, publish
from incubator.publication.tables import Publication, PublicVersion, Verdict
from incubator.publication.versions import public_versions_of
from incubator.publication.withdrawals import remove_member, void_recorded_by, withdraw_consent
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, rewrite, submitted
from tests.http.test_page_cache import no_delivery, running
from tests.mail.sent import subjects, tell
from tests.publication.visitor import everything_public, places_of

TEXT = "Нас двое: **Мария** Кузнецова и Соколов Иван. Звонить Кузнецовой: +7 921 123-45-67, живём на ул. Мира, д. 5, кв. 7."


async def written(cast: Cast, text: str = TEXT) -> None:
    await rewrite(cast, "problem", text)
    await submitted(cast)


async def consented(cast: Cast, *people: Person) -> None:
    for person in people:
        await give_consent(cast.project, person, "public_name", by=cast.teacher)


async def shown(cast: Cast) -> str:
    """Return what the public reads in the section."""
    rows = await public_versions_of(cast.project.id)
    return next(part.text for part in frozen_parts(rows[-1]) if part.key == "problem")


async def test_names_without_consent_are_not_offered(cast: Cast) -> None:
    await written(cast, "Нас двое: Мария Кузнецова и Иван Соколов.")
    with pytest.raises(Flagged, match="не соглашался"):
        await ask_publication(cast.project, by=cast.captain, is_checked=True)
    await consented(cast, cast.captain)
    with pytest.raises(Flagged):
        await ask_publication(cast.project, by=cast.captain, is_checked=True)
    await hide_passages(cast.project, ["Иван Соколов"], by=cast.teammate)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    assert await shown(cast) == f"Нас двое: Мария Кузнецова и {MASK}."


async def test_contacts_are_looked_at_by_both(cast: Cast) -> None:
    await written(cast, "Пишите на uley@mail.ru или на school@example.org")
    with pytest.raises(Flagged, match="телефон, адрес"):
        await ask_publication(cast.project, by=cast.captain)
    await ask_publication(cast.project, by=cast.captain, is_checked=True)
    with pytest.raises(Flagged, match="Сначала решите"):
        await publish(cast.project, by=cast.organiser)
    await hide_passages(cast.project, ["uley@mail.ru"], by=cast.organiser)
    with pytest.raises(Flagged):
        await publish(cast.project, by=cast.organiser)
    with pytest.raises(NotAllowed):
        await keep_passages(cast.project, ["school@example.org"], by=cast.teacher)
    await keep_passages(cast.project, ["school@example.org"], by=cast.organiser)
    await publish(cast.project, by=cast.organiser)
    assert await shown(cast) == f"Пишите на {MASK} или на school@example.org"


async def test_what_is_hidden_is_nowhere(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hidden before or after the approval: in no page, feed, file, search, API answer or cache, in no journal."""
    project = await fresh_project(cast.project)
    await consented(cast, cast.captain, cast.teammate)
    await written(cast, "Чат: https://t.me/zuzuka9, а ещё [наш](https://vk.com/zuzuka9). Тайна: бурундук7.")
    project = await fresh_project(cast.project)
    details = Details("Тихий улей", "Рой zuzuka9@mail.ru", "Звоните 8 921 123-45-67", project.cluster, project.municipality, "Школа № 1", ())  # fmt: skip
    await change_details(project, details, version=project.details_version, by=cast.captain)
    async with no_delivery(), running(create_app()) as site:

        async def seen(word: str) -> list[str]:
            return places_of(word, await everything_public(project.slug, monkeypatch, word, app=site))

        await hide_passages(
            cast.project,
            ["https://t.me/zuzuka9", "https://vk.com/zuzuka9", "zuzuka9@mail.ru", "8 921 123-45-67"],
            by=cast.captain,
        )
        await ask_publication(cast.project, by=cast.captain)
        await publish(cast.project, by=cast.organiser)
        assert await seen("zuzuka9") == await seen("123-45-67") == []
        assert await seen("бурундук7") != []
        await hide_passages(cast.project, ["бурундук7"], by=cast.organiser)
        assert await seen("бурундук7") == []
        await hide_passages(cast.project, [], sections=["problem"], by=cast.teacher)
        assert await seen("Тайна") == []
    journal = " ".join(row["data"] for row in await Event.select(Event.data))
    assert "zuzuka9" not in journal
    assert "бурундук7" not in journal


async def test_a_withdrawal_hides_the_name_at_once_and_tells_who_must_know(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await written(cast, "Нас двое: **Мария** Кузнецова и Соколов Иван. Кузнецовой помогает М. Кузнецова.")
    await consented(cast, cast.captain, cast.teammate)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    async with no_delivery(), running(create_app()) as site:

        async def seen(word: str) -> list[str]:
            return places_of(word, await everything_public(cast.project.slug, monkeypatch, word, app=site))

        assert await seen("Кузнецов") != []
        await withdraw_consent(cast.project, cast.captain, "public_name", by=cast.captain)
        assert await seen("Кузнецов") == []
        assert await seen("Соколов") != []
    assert await shown(cast) == f"Нас двое: **{MASK} и Соколов Иван. {MASK} помогает {MASK}."
    await tell()
    told = await Message.objects().where(Message.subject.like("%больше нет одного имени%"))
    assert {m.to for m in told} == {"teacher@example.org", "organiser@example.org"}  # the captain did it
    assert "Кузнецов" not in " ".join(m.subject + m.body for m in told)


async def test_who_leaves_is_no_longer_named(cast: Cast) -> None:
    await written(cast, "Нас двое: Мария Кузнецова и Иван Соколов.")
    await consented(cast, cast.captain, cast.teammate)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    await remove_member(cast.project, cast.teammate.id, by=cast.captain)
    assert await shown(cast) == f"Нас двое: Мария Кузнецова и {MASK}."
    # Nor in a version that comes later.
    await keep_passages(cast.project, ["Иван Соколов"], by=cast.organiser)
    assert await shown(cast) == f"Нас двое: Мария Кузнецова и {MASK}."


async def published(cast: Cast, text: str, *consenting: Person) -> None:
    await written(cast, text)
    await consented(cast, *consenting)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)


async def test_what_one_takes_back_in_the_profile_is_hidden_likewise(cast: Cast) -> None:
    await published(cast, "Нас двое: Мария Кузнецова и Иван Соколов.", cast.captain, cast.teammate)
    browser = await signed_in(cast.captain)
    await browser.open("/profile/consents")
    await browser.send("/profile/consents/public_name", withdraw="1")
    assert await shown(cast) == f"Нас двое: {MASK} и Иван Соколов."
    assert "«Тихий улей»: отозвано согласие" in await subjects(cast.teacher)
    assert "«Тихий улей»: на витрине больше нет одного имени" in await subjects(cast.organiser)


async def test_a_newcomer_is_not_named_by_what_was_public_before(cast: Cast) -> None:
    await published(cast, "Спасибо тем, кто помогал: Льву Чужому.")
    secret = await invite_to_team(cast.project, "student", by=cast.captain)
    await accept(secret, by=cast.outsider)
    assert await shown(cast) == f"Спасибо тем, кто помогал: {MASK}."
    assert "«Тихий улей»: на витрине больше нет одного имени" in await subjects(cast.teacher)


async def test_correcting_a_typo_publishes_nobody(cast: Cast) -> None:
    await published(cast, "Нас двое: Мария Кузнцова и Иван.", cast.captain)
    submission = await Submission.objects().first()
    assert submission
    for private in ("Нас двое: Мария Кузнецова и Иван Соколов.", "Нас двое, телефон +7 921 123-45-67."):
        with pytest.raises(Refusal, match="исправление называет"):
            await correct_typo(submission, {"problem": private}, reason="Опечатка", version=0, by=cast.organiser)
    right = "Нас двое: Мария Кузнецова и Иван."
    await correct_typo(submission, {"problem": right}, reason="Опечатка", version=0, by=cast.organiser)
    assert await shown(cast) == right
    await withdraw_consent(cast.project, cast.captain, "public_name", by=cast.captain)
    assert await shown(cast) == f"Нас двое: {MASK} и Иван."


async def test_a_consent_that_turns_out_void_hides_the_name_at_once(cast: Cast) -> None:
    await published(cast, "Нас двое: Мария Кузнецова и Иван Соколов.", cast.captain, cast.teammate)
    await remove_member(cast.project, cast.teacher.id, by=cast.captain)
    child = await Person.objects().get(Person.id == cast.captain.id)
    assert child
    assert child.age_known_by == cast.teacher.id
    await void_recorded_by(cast.teacher.id, reason="Бланков не было", by=cast.organiser)
    child = await Person.objects().get(Person.id == cast.captain.id)
    assert child
    assert child.age_known == AgeKnown.UNKNOWN
    assert await shown(cast) == f"Нас двое: {MASK} и {MASK}."


async def test_a_consent_that_ends_in_any_other_way_hides_the_project_until_the_name_is_out(cast: Cast) -> None:
    await written(cast, "Нас двое: Мария Кузнецова и Иван Соколов.")
    await consented(cast, cast.captain, cast.teammate)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    await Consent.update({Consent.withdrawn_at: now()}).where(
        (Consent.person == cast.captain.id) & (Consent.purpose == "public_name")
    )
    address = f"/showcase/{cast.project.slug}"
    assert (await Browser().open(address)).status_code == 404
    await run_once(PERIODIC)
    assert (await Browser().open(address)).status_code == 200
    assert await shown(cast) == f"Нас двое: {MASK} и Иван Соколов."
    before = await PublicVersion.select()
    await run_once(PERIODIC)
    assert await PublicVersion.select() == before


async def test_a_name_that_cannot_be_hidden_for_sure_takes_the_version_off(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await written(cast, "Нас двое: Мария Кузнецова и Иван Соколов.")
    await consented(cast, cast.captain, cast.teammate)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    monkeypatch.setattr("incubator.publication.public_copy.hidden", lambda text, _passages: text)
    await withdraw_consent(cast.project, cast.captain, "public_name", by=cast.teacher)
    row = await PublicVersion.objects().first()
    assert row
    assert (row.is_public, row.is_waiting, row.content) == (False, True, "[]")
    entry = await Publication.objects().first()
    assert entry
    assert not entry.is_public
    await tell()
    told = await Message.objects().where(Message.subject.like("%больше нет одного имени%")).first()
    assert told
    assert "снят с витрины, пока" in told.body


async def test_the_team_decides_anew_only_before_the_public_reads_it(cast: Cast) -> None:
    await written(cast, "Пишите на uley@mail.ru")
    await hide_passages(cast.project, ["uley@mail.ru", "**uley@mail.ru**"], by=cast.captain)
    rows = await passages_of(cast.project.id, Verdict.HIDDEN)
    assert len(rows) == 1
    await stop_hiding(cast.project, rows[0].id, by=cast.captain)
    with pytest.raises(Flagged):
        await ask_publication(cast.project, by=cast.captain)
    await hide_passages(cast.project, ["uley@mail.ru"], by=cast.captain)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    row = (await passages_of(cast.project.id, Verdict.HIDDEN))[0]
    with pytest.raises(Refusal, match="может организатор"):
        await stop_hiding(cast.project, row.id, by=cast.captain)
    await stop_hiding(cast.project, row.id, by=cast.organiser)
    assert await shown(cast) == f"Пишите на {MASK}"
    await keep_passages(cast.project, ["uley@mail.ru"], by=cast.organiser)
    await publish(cast.project, number=1, by=cast.organiser)
    assert await shown(cast) == "Пишите на uley@mail.ru"


async def test_an_approval_is_of_the_text_that_was_read(cast: Cast) -> None:
    await written(cast, "Пишите на uley@mail.ru")
    await ask_publication(cast.project, by=cast.captain, is_checked=True)
    with pytest.raises(Refusal):
        await publish(cast.project, by=cast.organiser, mark="other")
    assert not await public_versions_of(cast.project.id)


async def test_no_address_keeps_a_name_that_was_hidden_in_the_title(cast: Cast) -> None:
    project = await fresh_project(cast.project)
    await submitted(cast)
    project = await fresh_project(cast.project)
    await Submission.update({Submission.title: "Улей Кузнецовой"}).where(Submission.project == project.id)
    await consented(cast, cast.captain)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    former = (await fresh_project(cast.project)).slug
    assert former == "uley-kuznetsovoy"
    assert (
        await Browser().open(f"/showcase/{project.slug}")
    ).status_code == 404  # the draft's address was never public
    await withdraw_consent(cast.project, cast.captain, "public_name", by=cast.teacher)
    assert (await fresh_project(cast.project)).slug == "uley"
    assert (await Browser().open("/showcase/uley")).status_code == 200
    assert (await Browser().open(f"/showcase/{former}")).status_code == 404


async def test_the_name_of_the_organisation_is_read_like_everything_else(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The team types it, so it may hold a name and a telephone number as well."""
    await written(cast, "Рой улетает.")
    project = await fresh_project(cast.project)
    details = Details("Тихий улей", "", "", project.cluster, project.municipality, "Кружок Марии Кузнецовой, 8 921 123-45-67", ())  # fmt: skip
    await change_details(project, details, version=project.details_version, by=cast.captain)
    with pytest.raises(Flagged, match="не соглашался"):
        await ask_publication(cast.project, by=cast.captain)
    await consented(cast, cast.captain)
    with pytest.raises(Flagged, match="телефон"):
        await ask_publication(cast.project, by=cast.captain)
    await hide_passages(cast.project, ["8 921 123-45-67"], by=cast.captain)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    async with no_delivery(), running(create_app()) as site:

        async def seen(word: str) -> list[str]:
            slug = (await fresh_project(cast.project)).slug
            return places_of(word, await everything_public(slug, monkeypatch, word, app=site))

        assert await seen("123-45-67") == []
        assert await seen("Кузнецов") != []
        await withdraw_consent(cast.project, cast.captain, "public_name", by=cast.captain)
        assert await seen("Кузнецов") == []
