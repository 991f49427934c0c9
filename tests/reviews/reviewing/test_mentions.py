"""Calling people by "@": who is offered, who gets a mail, how the name is shown, and what is said otherwise."""

from incubator.mail.tables import Message
from incubator.people.tables import Person
from incubator.programme.presets import Preset
from incubator.programme.tables import Season
from incubator.reviews.assignment.assign import assign
from incubator.reviews.reviewing.discussion import people_to_call, post_to_reviewers, post_to_team, posts_of_team
from incubator.reviews.tables import PostMention
from tests.browser import signed_in
from tests.cast import Cast, send, submitted
from tests.mail.sent import tell

MAIL = "mention"


async def mailed_to(person: Person) -> int:
    """Return how many mails say that the person was called."""
    await tell()
    return int(await Message.count().where((Message.to == person.email) & Message.subject.like("%пишет вам%")))


async def rename(person: Person, given: str, family: str) -> None:
    await Person.update({Person.given_name: given, Person.family_name: family}).where(Person.id == person.id)


async def test_a_team_calls_its_people_however_it_writes_them(cast: Cast) -> None:
    await rename(cast.teacher, "Шинейд", "О'Коннор")
    await rename(cast.teammate, "Пётр", "Заяц")
    before = await mailed_to(cast.teacher), await mailed_to(cast.teammate)
    await post_to_team(cast.project, "@О’Коннор и @Петру Зайцу: смотрите", by=cast.captain)
    assert (await mailed_to(cast.teacher), await mailed_to(cast.teammate)) == (before[0] + 1, before[1] + 1)
    assert {row.person for row in await PostMention.objects()} == {cast.teacher.id, cast.teammate.id}


async def test_a_name_follows_its_person(cast: Cast) -> None:
    await post_to_team(cast.project, f"Спасибо, @{cast.teammate.name}!", by=cast.captain)
    await rename(cast.teammate, "Пётр", "<b>Заяц</b>")
    (post,) = await posts_of_team(cast.project.id, cast.captain)
    assert '<span class="mention">Пётр &lt;b&gt;Заяц&lt;/b&gt;</span>!' in post.html
    assert cast.teammate.name not in post.html


async def test_whoever_calls_nobody_is_told_and_sees_whom_they_can_call(cast: Cast) -> None:
    browser = await signed_in(cast.captain)
    page = f"/projects/{cast.project.id}/talk"
    await browser.open(page)
    assert f'<span class="mention">{cast.teacher.name}</span>' in browser.text
    assert f'<span class="mention">{cast.captain.name}</span>' not in browser.text
    await browser.send(page, post=f"@Нездешний, @{cast.teacher.name} и почта a@b.example")
    assert "Никого с именем «Нездешний» в этом обсуждении нет" in browser.text
    assert browser.text.count("Никого с именем") == 1
    assert await PostMention.count() == 1


async def test_a_mention_never_tells_who_reviews(cast: Cast) -> None:
    """In a double-blind season reviewers call the office alone; what the office writes shows them no name."""
    await Season.update({Season.visibility: Preset.DOUBLE_BLIND.value}).where(Season.id == cast.season.id)
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    second = await assign(submission, cast.second_mentor, by=cast.organiser)
    await send(first, submission, cast.mentor, level=2)
    assert await people_to_call(submission, cast.second_mentor) == []  # does not read the room yet
    await send(second, submission, cast.second_mentor, level=2)
    assert [person.id for person in await people_to_call(submission, cast.mentor)] == [cast.organiser.id]
    before = await mailed_to(cast.second_mentor)
    await post_to_reviewers(submission, f"@{cast.second_mentor.name}, верно?", by=cast.mentor)
    assert await mailed_to(cast.second_mentor) == before
    await post_to_reviewers(submission, f"@{cast.second_mentor.name}, верно?", by=cast.organiser)
    assert await mailed_to(cast.second_mentor) == before + 1
    mentor = await signed_in(cast.mentor)
    await mentor.open(f"/reviews/{first.id}")
    assert '<span class="mention">Рецензент</span>, верно?' in mentor.text


async def test_in_an_open_season_reviewers_call_each_other(cast: Cast) -> None:
    submission = await submitted(cast)
    first = await assign(submission, cast.mentor, by=cast.organiser)
    await assign(submission, cast.second_mentor, by=cast.organiser)
    await send(first, submission, cast.mentor, level=2)
    named = [person.id for person in await people_to_call(submission, cast.organiser)]
    assert named == [cast.mentor.id]  # the second one does not read the room yet
    await post_to_reviewers(submission, f"@{cast.mentor.family_name}", by=cast.organiser)
    assert [row.person for row in await PostMention.objects()] == [cast.mentor.id]
