"""Running jobs: each once, with progress and a result; on both engines."""

import asyncio
import json
from typing import Any

import pytest

from incubator.core.clock import clock_at, now
from incubator.core.refusals import Refusal
from incubator.db import TryAgain, writing
from incubator.jobs import worker
from incubator.jobs.enqueue import enqueue
from incubator.jobs.kinds import JobKind, Kinds, joined
from incubator.jobs.running import Running
from incubator.jobs.states import JobState
from incubator.jobs.tables import Job
from incubator.jobs.worker import in_short, run_forever, run_waiting
from incubator.people.tables import Person
from tests.jobs.helpers import count, fresh, only, over, serving


async def test_a_job_is_done_and_tells_what_came_of_it(database: Any) -> None:
    kind, kinds = only(count)
    at = now()
    with clock_at(at):
        job = await enqueue(kind, by=7, to=3)
        assert (await fresh(job)).state == JobState.WAITING
        assert await run_waiting(kinds) == 1
        assert await run_waiting(kinds) == 0
    row = await fresh(job)
    assert (row.state, row.done, row.total, row.attempts, row.error) == (JobState.DONE, 3, 3, 1, "")
    assert json.loads(row.result) == {"from": 0, "to": 3}
    assert (row.created_by, row.created_at, row.started_at, row.finished_at) == (7, at, at, at)
    assert row.lease_until is None


async def test_several_workers_do_each_job_once_and_in_turn(database: Any) -> None:
    done: list[int] = []

    async def note(job: Running, *, number: int) -> None:
        await job.advance(0, 1)
        done.append(number)

    kind, kinds = only(note)
    for number in range(12):
        await enqueue(kind, by=None, number=number)
    taken = await asyncio.gather(*(run_waiting(kinds) for _worker in range(4)))
    assert sum(taken) == 12
    assert sorted(done) == list(range(12))
    assert {row["attempts"] for row in await Job.select(Job.attempts)} == {1}


async def test_what_a_rolled_back_verb_enqueued_is_never_done(database: Any) -> None:
    kind, kinds = only(count)
    with pytest.raises(RuntimeError):
        async with writing():
            await enqueue(kind, by=None, to=1)
            raise RuntimeError
    assert await run_waiting(kinds) == 0


async def test_arguments_that_json_cannot_hold_are_refused(database: Any) -> None:
    kind, _kinds = only(count)
    with pytest.raises(TypeError):
        await enqueue(kind, by=None, to=object())
    assert await Job.count() == 0


async def test_a_kind_that_this_process_does_not_know_waits(database: Any) -> None:
    kind, _kinds = only(count)
    job = await enqueue(kind, by=None, to=1)
    assert await run_waiting(joined([JobKind("other", count)])) == 0
    assert await run_waiting({}) == 0
    assert (await fresh(job)).state == JobState.WAITING


def test_two_kinds_of_one_name_are_a_mistake() -> None:
    first, second = JobKind("import", count), JobKind("import", test_arguments_that_json_cannot_hold_are_refused)
    assert joined([first], [first]) == {"import": first}
    with pytest.raises(ValueError, match="import"):
        joined([first], [second])


async def test_others_see_how_far_it_is(database: Any) -> None:
    seen: list[tuple[str, int, int]] = []

    async def watched(job: Running) -> None:
        for step in (1, 2):
            await job.advance(step, 2)
            row = await Job.raw("SELECT state, done, total FROM job")  # on SQLite through a read-only connection
            seen.append((row[0]["state"], row[0]["done"], row[0]["total"]))

    kind, kinds = only(watched)
    await enqueue(kind, by=None)
    await run_waiting(kinds)
    assert seen == [("running", 1, 2), ("running", 2, 2)]


async def test_a_job_that_fails_says_why_and_stops_nobody(database: Any) -> None:
    async def sometimes(job: Running, *, how: str) -> Any:
        await job.advance(1, 2)
        if how == "wrong":
            raise ValueError("нет листа «Проекты»\nи ещё \x00 строка")
        if how == "unique":
            for _ in range(2):
                await Person(email="maria@example.org").save()
        if how == "odd":
            return object()
        if how == "leaks":
            raise asyncio.CancelledError
        return "fine"

    kind, kinds = only(sometimes)
    jobs = [await enqueue(kind, by=None, how=how) for how in ("wrong", "unique", "odd", "leaks", "right")]
    jobs.append(await enqueue(kind, by=None, unknown="argument"))
    assert await run_waiting(kinds) == len(jobs)
    rows = [await fresh(job) for job in jobs]
    assert [row.state for row in rows] == [*[JobState.FAILED] * 4, JobState.DONE, JobState.FAILED]
    wrong, unique, odd, leaks, _right, unknown = (row.error for row in rows)
    assert wrong == "ValueError: нет листа «Проекты»"
    assert unique == "AlreadyThere"
    assert odd.startswith("TypeError: ")
    assert leaks == "CancelledError"
    assert unknown.startswith("TypeError: ")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (Refusal("Файл пуст"), "Refusal: Файл пуст"),
        (RuntimeError(), "RuntimeError"),
        (TryAgain("DETAIL: (email)=(maria@example.org)"), "TryAgain"),
        (ValueError("\ud800 нечитаемо\x00"), "ValueError: нечитаемо"),
    ],
)
def test_errors_in_short(error: Exception, text: str) -> None:
    assert in_short(error) == text


async def test_a_server_that_stops_gives_its_job_back(database: Any) -> None:
    has_begun = asyncio.Event()

    async def long_one(job: Running) -> None:
        await job.advance(1, 2, cursor="half")
        has_begun.set()
        await asyncio.Event().wait()

    kind, kinds = only(long_one)
    job = await enqueue(kind, by=None)
    server = asyncio.ensure_future(run_forever(kinds))
    async with asyncio.timeout(30):
        await has_begun.wait()
    server.cancel()
    with pytest.raises(asyncio.CancelledError):
        await server
    row = await fresh(job)
    assert (row.state, row.attempts, row.cursor) == (JobState.WAITING, 0, '"half"')
    assert row.lease_until is None


async def test_the_worker_is_woken_by_the_commit(database: Any) -> None:
    async def note(job: Running) -> None:
        done.set()

    done = asyncio.Event()
    kind, kinds = only(note)
    first = await enqueue(kind, by=None)
    async with serving(kinds) as server, asyncio.timeout(10):  # less than a round
        await over(first, server)
        done.clear()
        async with writing():
            await enqueue(kind, by=None)
        await done.wait()
    assert worker._sleepers == set()


async def test_a_database_that_is_away_does_not_end_the_worker(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    errors = [OSError("connection refused")]
    take = worker._take

    async def away_once(kinds: Kinds) -> Job | None:
        if errors:
            raise errors.pop()
        return await take(kinds)

    monkeypatch.setattr(worker, "_take", away_once)
    monkeypatch.setattr(worker, "ROUND", 0.001)
    kind, kinds = only(count)
    job = await enqueue(kind, by=None, to=1)
    async with serving(kinds) as server, asyncio.timeout(10):
        await over(job, server)
    assert errors == []
