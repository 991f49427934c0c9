"""A project's timeline: only what its reader may know, newest first, and one line for a series of saves."""

from typing import Any

from incubator.core.clock import now
from incubator.history.record import Happened, record
from incubator.history.tables import Event
from incubator.history.timeline import Line, timeline_of
from incubator.people.accounts import create_person
from incubator.people.tables import Person

PROJECT, OTHER = 7, 8
ALL = frozenset(Happened)


async def people() -> tuple[Person, Person]:
    """Create two people, without the events of creating them."""
    both = await create_person("maria@example.org"), await create_person("ivan@example.org")
    await Event.delete(force=True)
    return both


def told(lines: list[Line]) -> list[tuple[str, int | None, tuple[str, ...]]]:
    return [(line.happened, line.actor_id, line.keys) for line in lines]


async def test_newest_first_and_of_one_project(database: Any) -> None:
    maria, _ivan = await people()
    for happened in (Happened.STARTED, Happened.SUBMITTED, Happened.TAKEN_BACK):
        await record(happened, by=maria, project=PROJECT)
    await record(Happened.STARTED, by=maria, project=OTHER)
    await record(Happened.PROFILE_CHANGED, by=maria)
    assert [line.happened for line in await timeline_of(PROJECT, shown=ALL)] == ["taken_back", "submitted", "started"]
    assert [line.happened for line in await timeline_of(OTHER, shown=ALL)] == ["started"]
    assert await timeline_of(9, shown=ALL) == []


async def test_only_what_is_allowed_is_read(database: Any) -> None:
    maria, _ivan = await people()
    for happened in Happened:
        await record(happened, by=maria, project=PROJECT)
    shown = {Happened.SUBMITTED, Happened.ADVANCED}
    assert {line.happened for line in await timeline_of(PROJECT, shown=shown)} == shown
    assert {line.happened for line in await timeline_of(PROJECT, shown=ALL)} == ALL
    assert await timeline_of(PROJECT, shown=frozenset()) == []


async def test_a_run_of_saves_by_one_person_is_one_line_with_every_section(database: Any) -> None:
    maria, ivan = await people()
    for key in ("problem", "audience", "problem"):
        await record(Happened.ANSWERED, by=maria, project=PROJECT, key=key)
    await record(Happened.ANSWERED, by=ivan, project=PROJECT, key="problem")
    await record(Happened.ANSWERED, by=maria, project=PROJECT, key="solution")
    await record(Happened.SUBMITTED, by=maria, project=PROJECT)
    await record(Happened.ANSWERED, by=maria, project=PROJECT, key="goal")
    assert told(await timeline_of(PROJECT, shown=ALL)) == [
        ("answered", maria.id, ("goal",)),
        ("submitted", maria.id, ()),
        ("answered", maria.id, ("solution",)),
        ("answered", ivan.id, ("problem",)),
        ("answered", maria.id, ("problem", "audience")),
    ]


async def test_a_run_bears_the_moment_of_its_latest_save(database: Any) -> None:
    maria, _ivan = await people()
    for _time in range(3):
        await record(Happened.REVIEW_SAVED, by=maria, project=PROJECT)
    (line,) = await timeline_of(PROJECT, shown=ALL)
    latest = await Event.objects().order_by(Event.id, ascending=False).first()
    assert latest
    assert line.at == latest.at


async def test_what_is_no_save_is_told_each_time(database: Any) -> None:
    maria, _ivan = await people()
    for purpose in ("participation", "photo"):
        await record(Happened.CONSENT_GIVEN, by=maria, subject=maria.id, project=PROJECT, purpose=purpose)
    lines = await timeline_of(PROJECT, shown=ALL)
    assert [(line.purpose, line.subject_id) for line in lines] == [("photo", maria.id), ("participation", maria.id)]


async def test_what_is_hidden_does_not_part_a_run(database: Any) -> None:
    maria, _ivan = await people()
    await record(Happened.ANSWERED, by=maria, project=PROJECT, key="problem")
    await record(Happened.ASSIGNED, by=maria, project=PROJECT)
    await record(Happened.ANSWERED, by=maria, project=PROJECT, key="goal")
    assert told(await timeline_of(PROJECT, shown={Happened.ANSWERED})) == [
        ("answered", maria.id, ("goal", "problem")),
    ]


async def test_no_more_lines_than_asked_for(database: Any) -> None:
    maria, _ivan = await people()
    for number in range(6):
        await record(Happened.CONSENT_GIVEN, by=maria, project=PROJECT, purpose=f"{number}")
    assert [line.purpose for line in await timeline_of(PROJECT, shown=ALL, most=2)] == ["5", "4"]


async def test_a_long_series_hides_nothing_before_it(database: Any) -> None:
    maria, _ivan = await people()
    await record(Happened.STARTED, by=maria, project=PROJECT)
    saves = [
        Event(project_id=PROJECT, actor_id=maria.id, happened="answered", data='{"key":"problem"}', at=now())
        for _save in range(1100)
    ]
    await Event.insert(*saves)
    assert told(await timeline_of(PROJECT, shown=ALL)) == [
        ("answered", maria.id, ("problem",)), ("started", maria.id, ()),
    ]  # fmt: skip
    assert told(await timeline_of(PROJECT, shown=ALL, most=1)) == [("answered", maria.id, ("problem",))]
