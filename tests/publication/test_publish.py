"""Publishing needs both sides, unpublishing either; and what the public then reads."""

import asyncio
from typing import Any

import pytest

from incubator.core.refusals import NotAllowed, Refusal
from incubator.gates.decide import decide
from incubator.gates.release import release
from incubator.history.tables import Event
from incubator.mail.tables import Message
from incubator.people.grants import grant_role
from incubator.people.permissions import StaffRole
from incubator.projects.consents import give_consent
from incubator.publication.entry import publication_of
from incubator.publication.publish import ask_publication, publish, unpublish
from tests.browser import Browser, signed_in
from tests.cast import Cast, fresh_project, reviewed, rewrite, submitted
from tests.mail.sent import tell
from tests.stories.test_at_once import both


async def public_page(cast: Cast) -> Browser:
    browser = Browser()
    await browser.open(f"/showcase/{cast.project.slug}")
    return browser


async def asked(cast: Cast) -> None:
    await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)


async def test_both_must_want_it(cast: Cast) -> None:
    with pytest.raises(Refusal, match="сначала сдайте"):
        await ask_publication(cast.project, by=cast.captain)
    await submitted(cast)
    with pytest.raises(Refusal, match="не просила"):
        await publish(cast.project, by=cast.organiser)
    for person in (cast.teammate, cast.mentor, cast.outsider, cast.coach):
        with pytest.raises(NotAllowed):
            await ask_publication(cast.project, by=person)
    with pytest.raises(Refusal, match="Напишите почему"):
        await ask_publication(cast.project, by=cast.organiser)
    await ask_publication(cast.project, by=cast.teacher)
    assert (await public_page(cast)).page.status_code == 404
    for person in (cast.captain, cast.teacher, cast.mentor):
        with pytest.raises(NotAllowed):
            await publish(cast.project, by=person)
    await publish(cast.project, by=cast.organiser)
    assert (await public_page(cast)).page.status_code == 200


async def test_either_may_end_it_at_once(cast: Cast) -> None:
    await asked(cast)
    for person in (cast.captain, cast.teacher, cast.organiser):
        await publish(cast.project, by=cast.organiser)
        for other in (cast.teammate, cast.mentor, cast.outsider):
            with pytest.raises(NotAllowed):
                await unpublish(cast.project, by=other)
        await unpublish(cast.project, by=person)
        assert (await public_page(cast)).page.status_code == 404
        await ask_publication(cast.project, by=cast.captain)


async def test_an_approval_never_brings_back_what_was_withdrawn(cast: Cast) -> None:
    """Both happen at the same moment: the final state is that of the later one."""
    await asked(cast)
    for _time in range(10):
        await both(publish(cast.project, by=cast.organiser), unpublish(cast.project, by=cast.captain))
        row = await publication_of(cast.project.id)
        last = await Event.select(Event.happened).order_by(Event.id, ascending=False).first()
        assert last
        assert (row is not None and row.is_public) == (last["happened"] == "published")
        await unpublish(cast.project, by=cast.captain)
        await ask_publication(cast.project, by=cast.captain)


async def test_the_public_reads_what_was_approved_and_not_the_draft(cast: Cast) -> None:
    await rewrite(cast, "problem", "Зимой гибнут семьи.")
    submission = await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    await reviewed(cast, submission)
    await release(await decide(submission, "advance", reason="Да", by=cast.organiser), by=cast.organiser)
    await rewrite(cast, "problem", "Ещё не показываем.")
    shown = await public_page(cast)
    assert "Зимой гибнут семьи." in shown.text
    assert "Ещё не показываем." not in shown.text
    second = await submitted(cast)
    assert "Ещё не показываем." not in (await public_page(cast)).text
    await reviewed(cast, second)
    await release(await decide(second, "advance", reason="Да", by=cast.organiser), by=cast.organiser)
    assert "Ещё не показываем." not in (await public_page(cast)).text  # passing a gate publishes nothing
    await ask_publication(cast.project, by=cast.captain)
    assert "Ещё не показываем." not in (await public_page(cast)).text
    await publish(cast.project, by=cast.organiser)
    assert "Ещё не показываем." in (await public_page(cast)).text
    assert "Завод «Заря»" in (await public_page(cast)).text  # the mentors' organisation
    assert "Орлова" not in (await public_page(cast)).text  # mentors' names are not public


async def test_nobody_is_named_without_consent(cast: Cast) -> None:
    await asked(cast)
    await publish(cast.project, by=cast.organiser)
    main = (await public_page(cast)).text
    for word in ("Мария", "Кузнецова", "Иван", "Соколов", "Ольга", "captain@", "teammate@", "@example.org"):
        assert word not in main
    await give_consent(cast.project, cast.captain, "public_name", by=cast.teacher)
    assert "Мария Кузнецова" in (await public_page(cast)).text
    assert "Соколов" not in (await public_page(cast)).text


async def test_a_second_click_mails_nobody_twice(cast: Cast) -> None:
    await asked(cast)
    results: list[Any] = await asyncio.gather(
        *(publish(cast.project, by=cast.organiser) for _click in range(3)), return_exceptions=True
    )
    assert results == [None, None, None]
    await tell()
    to = [m["to"] for m in await Message.select(Message.to).where(Message.subject.like("%витрине%"))]
    assert len(to) == len(set(to)) > 0
    assert (await fresh_project(cast.project)).slug == cast.project.slug


async def test_taking_off_says_only_what_happened(cast: Cast) -> None:
    await asked(cast)
    await publish(cast.project, by=cast.organiser)
    await grant_role(cast.teacher, StaffRole.ORGANISER, by=cast.organiser)
    page = f"/organiser/publications/{cast.project.id}"
    office, own = await signed_in(cast.organiser), await signed_in(cast.teacher)
    await office.open(page)
    posted = {"csrf": office.csrf(), "withdraw": "1", "reason": "---"}
    await own.open(page)
    await own.post(page, {"csrf": own.csrf(), "withdraw": "1", "reason": ""})
    assert "Снято с витрины" in own.text
    assert "Письмо ушло" not in own.text  # who is in the team does it for the team
    await office.post(page, posted)
    assert "Письмо ушло" not in office.text  # there was nothing left to take off
    await publish_again(cast)
    await office.open(page)
    await office.post(page, posted | {"csrf": office.csrf()})
    assert "Письмо ушло" in office.text
    await tell()
    (body,) = [
        m["body"]
        for m in await Message.select(Message.body, Message.subject).where(Message.to == cast.captain.email)
        if "с витрины снято" in m["subject"]
    ]
    assert "объяснил почему" not in body  # dashes explain nothing


async def publish_again(cast: Cast) -> None:
    await ask_publication(await fresh_project(cast.project), by=cast.captain)
    await publish(await fresh_project(cast.project), by=cast.organiser)


async def test_what_was_taken_back_is_not_public_any_more(cast: Cast) -> None:
    from incubator.gates.submit import take_back

    await rewrite(cast, "problem", "Зимой гибнут семьи.")
    await asked(cast)
    await publish(cast.project, by=cast.organiser)
    await take_back(await fresh_project(cast.project), by=cast.captain)
    assert (await public_page(cast)).page.status_code == 404
    browser = Browser()
    await browser.open("/showcase?q=семьи")
    assert "гибнут" not in browser.text
    # If there is an earlier version, the public reads that.
    first = await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    await reviewed(cast, first)
    await release(await decide(first, "advance", reason="Да", by=cast.organiser), by=cast.organiser)
    await rewrite(cast, "problem", "Передумали.")
    await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    assert "Передумали" in (await public_page(cast)).text
    await take_back(await fresh_project(cast.project), by=cast.captain)
    shown = (await public_page(cast)).text
    assert "Передумали" not in shown
    assert "Зимой гибнут семьи" in shown


async def test_what_stands_beside_the_text_is_public_only_after_an_organiser_saw_it(cast: Cast) -> None:
    from incubator.projects.details import Details, change_details

    submission = await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    project = await fresh_project(cast.project)
    assert project.cluster is not None
    details = Details("Тихий улей", "Рой", "Пишите мне в чат", project.cluster, project.municipality, "Лицей № 9", ())
    await change_details(project, details, version=project.details_version, by=cast.captain)
    await reviewed(cast, submission)
    await release(await decide(submission, "advance", reason="Да", by=cast.organiser), by=cast.organiser)
    for word in ("Пишите мне", "Рой", "Лицей № 9"):
        assert word not in (await public_page(cast)).text
    office = await signed_in(cast.organiser)
    await office.open("/organiser/publications")
    assert "Пишите мне в чат" not in office.text  # the team has not offered it
    await ask_publication(cast.project, by=cast.captain)
    await office.open("/organiser/publications")
    assert "Пишите мне в чат" in office.text
    assert "Пишите мне" not in (await public_page(cast)).text
    await office.open(f"/organiser/publications/{cast.project.id}")
    assert "Пишите мне в чат" in office.text
    await office.send(f"/organiser/publications/{cast.project.id}")
    assert "Пишите мне в чат" in (await public_page(cast)).text


async def test_an_approval_is_of_the_version_that_was_read(cast: Cast) -> None:
    await asked(cast)
    with pytest.raises(Refusal):
        await publish(cast.project, by=cast.organiser, number=2)
    assert (await public_page(cast)).page.status_code == 404
    await publish(cast.project, by=cast.organiser, number=1)
    assert (await public_page(cast)).page.status_code == 200
