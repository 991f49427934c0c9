"""What a page learns about the others in its team: who writes where, and what they saved."""

from datetime import timedelta

from incubator.core.clock import clock_at, now
from incubator.db.counting import counting
from incubator.gates.others_writing import written_by_others
from incubator.projects.access import access_to
from incubator.projects.answers import answer_of, save_answer
from incubator.projects.tables import Answer
from tests.browser import signed_in
from tests.cast import Cast


async def keys_for(cast: Cast, *, since_seconds: int = 60) -> list[tuple[str, str, bool]]:
    way = await access_to(cast.project.id, cast.captain)
    assert way
    found = await written_by_others(way, since=now() - timedelta(seconds=since_seconds))
    return [(each.key, each.name, each.is_writing) for each in found]


async def test_others_write_for_a_moment_and_their_texts_come_once(cast: Cast) -> None:
    await save_answer(cast.project, "problem", "Рои гибнут", version=0, by=cast.teammate)
    await save_answer(cast.project, "relevance", "Улей", version=0, by=cast.captain)
    assert await keys_for(cast) == [("problem", cast.teammate.name, True)]
    with clock_at(now() + timedelta(minutes=1)):
        assert await keys_for(cast) == [("problem", cast.teammate.name, False)]
        assert await keys_for(cast, since_seconds=5) == []


async def test_what_somebody_wrote_who_is_gone_comes_without_a_name(cast: Cast) -> None:
    await save_answer(cast.project, "problem", "Рои гибнут", version=0, by=cast.teammate)
    await Answer.update({Answer.changed_by: None}).where(Answer.key == "problem")
    assert await keys_for(cast) == [("problem", "", True)]


async def test_a_page_asks_from_the_moment_that_it_was_told(cast: Cast) -> None:
    browser, here = await signed_in(cast.captain), f"/projects/{cast.project.id}/changes"
    await save_answer(cast.project, "problem", "Рои гибнут", version=0, by=cast.teammate)
    first = (await browser.open(here)).json()
    answer = await answer_of(cast.project.id, "problem")
    assert answer
    assert [(each["key"], each["version"], each["text"]) for each in first["sections"]] == [
        ("problem", answer.version, "Рои гибнут")
    ]
    for odd in ("", "x", "-1", "9" * 40, "²", f"{first['now'] + 10_000}", "1"):
        assert (await browser.open(f"{here}?since={odd}")).json()["sections"] == first["sections"], odd


async def test_asking_again_costs_one_query_however_much_was_written(cast: Cast) -> None:
    browser, here = await signed_in(cast.captain), f"/projects/{cast.project.id}/changes"
    await browser.open(here)
    counts = []
    for keys in (("problem",), ("relevance", "solution", "alternatives")):
        for key in keys:
            await save_answer(cast.project, key, "Рои гибнут", version=0, by=cast.teammate)
        with counting() as seen:
            await browser.open(here)
        counts.append(len(seen))
    assert counts == [4, 4]  # the session, the role, the project, and what others wrote
