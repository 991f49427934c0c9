"""Only versions that the team offered and an organiser approved are public, each by itself."""

import re

import pytest

from incubator.app import create_app
from incubator.core.refusals import NotAllowed, Refusal
from incubator.gates.decide import decide
from incubator.gates.release import release
from incubator.gates.submit import submit, take_back
from incubator.mail.tables import Message
from incubator.projects.tables import Submission
from incubator.publication.index import terms_of
from incubator.publication.publish import ask_publication, publish, refuse, unpublish
from incubator.publication.tables import Publication, PublicVersion
from incubator.reviews.reviewing.remarks import address_remark, open_remarks
from tests.browser import signed_in
from tests.cast import Cast, fresh_project, reviewed, rewrite, submitted
from tests.http.test_page_cache import no_delivery, running
from tests.mail.sent import tell
from tests.publication.visitor import everything_public, places_of

#: Stands only in the first version.
SECRET = "Зюзюкина9"


async def hand_in_again(cast: Cast, submission: Submission, text: str) -> Submission:
    """The submission is returned; the team removes what must not be seen and submits again."""
    await reviewed(cast, submission, recommendation="return")
    back = await decide(submission, "return", reason="Мало", remarks=[("problem", "Сколько?")], by=cast.organiser)
    await release(back, by=cast.organiser)
    await rewrite(cast, "problem", text)
    for remark in await open_remarks(cast.project.id):
        await address_remark(await fresh_project(cast.project), remark.id, "Переписали", by=cast.captain)
    return await submit(await fresh_project(cast.project), by=cast.captain)


@pytest.fixture
async def two(cast: Cast) -> tuple[Submission, Submission]:
    """Submit a version with a name in it, and one without."""
    await rewrite(cast, "problem", f"Пишите нам: {SECRET}. Рой улетает.")
    first = await submitted(cast)
    return first, await hand_in_again(cast, first, "Рой улетает, и семья гибнет.")


async def test_a_version_that_nobody_approved_is_nowhere(
    cast: Cast, two: tuple[Submission, Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stood in the first version, in a waiting one or in the draft is in no page, feed, file, index or cache."""
    async with no_delivery(), running(create_app()) as site:

        async def seen(word: str = SECRET) -> list[str]:
            slug = (await fresh_project(cast.project)).slug
            return places_of(word, await everything_public(slug, monkeypatch, word, app=site))

        await ask_publication(cast.project, by=cast.captain)
        await publish(cast.project, number=2, by=cast.organiser)
        assert await seen("семья гибнет")
        assert await seen() == []
        await ask_publication(cast.project, number=1, by=cast.captain)  # offered: an organiser has not read it yet
        await rewrite(cast, "problem", f"Снова {SECRET}")
        assert await seen() == []
        await publish(cast.project, number=1, by=cast.organiser)
        # Now it is public, so every kind of answer that can show it does.
        slug = (await fresh_project(cast.project)).slug
        assert {each.partition("?")[0] for each in await seen()} == {f"/api/v1/projects/{slug}", f"/showcase/{slug}"}
        await unpublish(cast.project, number=1, by=cast.captain)
        assert await seen() == []
        assert await seen("семья гибнет")
        await unpublish(cast.project, by=cast.captain)
        assert await seen("семья гибнет") == []


async def test_nothing_is_kept_for_the_public_after_the_end(cast: Cast, two: tuple[Submission, Submission]) -> None:
    for number in (1, 2):
        await ask_publication(cast.project, number=number, by=cast.captain)
        await publish(cast.project, number=number, by=cast.organiser)
    await unpublish(cast.project, by=cast.teacher)
    for row in await PublicVersion.objects():
        assert (row.is_public, row.title, row.content) == (False, "", "[]")
    entry = await Publication.objects().first()
    assert entry
    assert not entry.is_public
    assert terms_of(entry) == set()
    assert entry.title + entry.pitch + entry.words == ""


async def test_the_growth_is_told_between_public_versions(cast: Cast, two: tuple[Submission, Submission]) -> None:
    third = await hand_in_again(cast, two[1], "Рой улетает каждый май.")
    for number in (2, third.number):
        await ask_publication(cast.project, number=number, by=cast.captain)
        await publish(cast.project, number=number, by=cast.organiser)
    visitor = await signed_in(cast.outsider)
    await visitor.open(f"/showcase/{(await fresh_project(cast.project)).slug}")
    growth = visitor.text.partition('id="growth"')[2]
    assert re.findall(r"версия (\d+)", growth)[:2] == ["2", "3"]
    assert "семья гибнет" in growth
    assert SECRET not in visitor.text


async def test_an_older_version_leaves_the_newest_where_it_is(cast: Cast, two: tuple[Submission, Submission]) -> None:
    for number in (2, 1):
        await ask_publication(cast.project, number=number, by=cast.captain)
        await publish(cast.project, number=number, by=cast.organiser)
    entry = await Publication.objects().first()
    assert entry
    assert entry.number == 2
    await unpublish(cast.project, number=2, by=cast.teacher)
    entry = await Publication.objects().first()
    assert entry
    assert (entry.number, entry.is_public) == (1, True)


async def test_taking_back_recalls_the_offer(cast: Cast) -> None:
    await submitted(cast)
    await ask_publication(cast.project, by=cast.captain)
    await take_back(await fresh_project(cast.project), by=cast.captain)
    with pytest.raises(Refusal, match="не просила"):
        await publish(cast.project, by=cast.organiser)
    assert await PublicVersion.count().where(PublicVersion.waiting()) == 0


async def test_a_refusal_is_told_with_its_reason_and_takes_nothing_off(
    cast: Cast, two: tuple[Submission, Submission]
) -> None:
    await ask_publication(cast.project, by=cast.captain)
    for person in (cast.captain, cast.teacher, cast.mentor):
        with pytest.raises(NotAllowed):
            await refuse(cast.project, number=2, reason="Нет", by=person)
    office = await signed_in(cast.organiser)
    await office.open(f"/organiser/publications/{cast.project.id}")
    await office.send(f"/organiser/publications/{cast.project.id}/refusal", reason=" ")
    assert office.page.status_code == 422
    await office.send(f"/organiser/publications/{cast.project.id}/refusal", reason="В разделе адрес")
    assert "Отказ записан" in office.text
    await tell()
    mails = await Message.objects().where(Message.subject.like("%версию 2 пока не показываем%"))
    assert {m.to for m in mails} == {f"{name}@example.org" for name in ("captain", "teammate", "teacher", "coach")}
    assert "В разделе адрес" in mails[0].body
    with pytest.raises(Refusal):
        await publish(cast.project, number=2, by=cast.organiser)
    with pytest.raises(Refusal):  # a repeated click
        await refuse(cast.project, number=2, reason="Нет", by=cast.organiser)
    # What is public stays so.
    await ask_publication(cast.project, number=1, by=cast.captain)
    await publish(cast.project, number=1, by=cast.organiser)
    await ask_publication(cast.project, number=2, by=cast.captain)
    await refuse(cast.project, number=2, reason="Всё ещё", by=cast.organiser)
    entry = await Publication.objects().first()
    assert entry
    assert (entry.number, entry.is_public) == (1, True)


async def test_who_takes_it_off_is_heard(cast: Cast, two: tuple[Submission, Submission]) -> None:
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    await unpublish(cast.project, by=cast.captain)
    await tell()
    assert not await Message.exists().where(Message.subject.like("%с витрины снято%"))
    await ask_publication(cast.project, by=cast.captain)
    await publish(cast.project, by=cast.organiser)
    await unpublish(cast.project, reason="Просит школа", by=cast.organiser)
    await tell()
    mails = await Message.objects().where(Message.subject.like("%с витрины снято%"))
    assert len(mails) == 4
    assert "Просит школа" in mails[0].body
