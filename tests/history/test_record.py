"""Writing to the journal: what an event says, and that it lives and dies with its transaction."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from incubator.core.clock import clock_at
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.history.tables import Event
from incubator.people.accounts import create_person
from incubator.people.tables import Person

MOMENT = datetime(2026, 3, 5, 11, tzinfo=UTC)


@pytest.fixture
async def somebody(database: Any) -> Person:
    async with writing():
        return await create_person("maria@example.org")


async def test_an_event_says_when_who_and_about_what(somebody: Person) -> None:
    before = await Event.count()
    with clock_at(MOMENT):
        async with writing():
            await record(Happened.ANSWERED, by=somebody, project=7, submission=8, subject=9, key="problem", words=3)
    event = await Event.objects().order_by(Event.id, ascending=False).first()
    assert event
    assert await Event.count() == before + 1
    assert (event.at, event.happened, event.actor_id) == (MOMENT, "answered", somebody.id)
    assert (event.project_id, event.submission_id, event.subject_id) == (7, 8, 9)
    assert json.loads(event.data) == {"key": "problem", "words": 3}


async def test_what_nobody_did_has_no_actor(database: Any) -> None:
    async with writing():
        await record(Happened.REMINDED, by=None)
    (event,) = await Event.objects()
    assert [event.actor_id, event.project_id, event.submission_id, event.subject_id] == [None] * 4
    assert json.loads(event.data) == {}


async def test_what_was_rolled_back_is_not_told(database: Any) -> None:
    with pytest.raises(RuntimeError):
        async with writing():
            await record(Happened.STARTED, by=None, project=7)
            raise RuntimeError
    assert not await Event.exists()


def test_no_name_is_longer_than_its_column() -> None:
    longest = Event.happened.length
    assert longest
    assert max(map(len, Happened)) <= longest
