"""Running queued jobs: any number of workers in any number of processes, each job in one of them."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

import asyncpg
import structlog
from piccolo.custom_types import Combinable

from incubator.core.clock import now
from incubator.core.text import clean_line
from incubator.db import AlreadyThere, StorageFull, TryAgain, Unavailable
from incubator.jobs.kinds import JobKind, Kinds
from incubator.jobs.running import LEASE, Cancelled, LeaseLost, Running
from incubator.jobs.states import JobState
from incubator.jobs.tables import Job

log = structlog.get_logger()

#: Seconds between two renewals of the lease.
BEAT = 30.0
#: Seconds between two checks for jobs that other processes enqueued or abandoned.
ROUND = 15.0

#: Errors whose messages quote the row.
_QUOTING = (
    sqlite3.Error,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    AlreadyThere,
    TryAgain,
    Unavailable,
    StorageFull,
)

_sleepers: set[asyncio.Event] = set()


def wake() -> None:
    """Wake this process's workers after enqueueing, so that they need not wait for the next round."""
    for sleeper in _sleepers:
        sleeper.set()


async def run_forever(kinds: Kinds) -> None:
    """Run one worker beside the server; start several to run several jobs at once."""
    woken = asyncio.Event()
    _sleepers.add(woken)
    try:
        while True:
            woken.clear()  # before checking, so that no wake-up is lost
            try:
                await run_waiting(kinds)
            except (Unavailable, StorageFull) as error:
                log.warning("jobs wait for the database", error=type(error).__name__)
            except Exception:
                log.exception("the worker stumbled")
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), ROUND)
    finally:
        _sleepers.discard(woken)


async def run_waiting(kinds: Kinds) -> int:
    """Run all jobs that wait or were abandoned by a dead process, one after the other; return how many were taken."""
    if not kinds:
        return 0
    taken = 0
    while (job := await _take(kinds)) is not None:
        taken += 1
        await _run(job, kinds[job.kind])
    return taken


async def _take(kinds: Kinds) -> Job | None:
    """Take the oldest available job, or return None."""
    while True:
        is_ready = _is_ready(now()) & Job.kind.is_in(list(kinds))
        job = await Job.objects().where(is_ready).order_by(Job.id).first()
        if job is None:
            return None
        # Another worker that was faster has changed one of these.
        unchanged = (Job.id == job.id) & (Job.attempts == job.attempts) & is_ready
        if job.is_cancel_asked:
            await _end_untaken(unchanged, JobState.CANCELLED, "")
        elif job.attempts >= kinds[job.kind].attempts:
            await _end_untaken(unchanged, JobState.FAILED, f"GivenUp: not finished in {job.attempts} attempts")
        elif await _begin(unchanged, job.started_at or now()):
            return await Job.objects().get(Job.id == job.id)


def _is_ready(at: datetime) -> Combinable:
    return (Job.state == JobState.WAITING) | ((Job.state == JobState.RUNNING) & (Job.lease_until < at))


async def _begin(unchanged: Combinable, started_at: datetime) -> bool:
    ours: dict[Any, Any] = {
        Job.state: JobState.RUNNING,
        Job.attempts: Job.attempts + 1,
        Job.started_at: started_at,
        Job.lease_until: now() + LEASE,
    }
    return bool(await Job.update(ours).where(unchanged).returning(Job.id))


async def _end_untaken(unchanged: Combinable, state: JobState, error: str) -> None:
    over: dict[Any, Any] = {Job.state: state, Job.error: error, Job.finished_at: now(), Job.lease_until: None}
    await Job.update(over).where(unchanged)


async def _run(job: Job, kind: JobKind) -> None:
    running = Running(job)
    try:
        async with _beating(running):
            result = json.dumps(await kind.run(running, **json.loads(job.arguments)))
    except Cancelled:
        await running.end(JobState.CANCELLED)
    except LeaseLost:
        log.warning("job lost to another process", job=job.id, kind=kind.name)
    except TryAgain:
        await running.give_back(counts=True)
    except asyncio.CancelledError as error:
        if _is_process_stopping():
            await running.give_back(counts=False)
            raise
        await _fail(running, kind, error)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one job, the next ones are done
        await _fail(running, kind, error)
    else:
        await running.end(JobState.DONE, result=result)


def _is_process_stopping() -> bool:
    """Return whether this worker was cancelled, rather than something inside the job."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _fail(running: Running, kind: JobKind, error: BaseException) -> None:
    log.error("job failed", job=running.id, kind=kind.name, exc_info=error)
    await running.end(JobState.FAILED, error=in_short(error))


def in_short(error: BaseException) -> str:
    """Return the type and the first line of the message; for database errors, only the type."""
    kind = type(error).__name__
    first_line = clean_line(str(error).strip().partition("\n")[0])
    return kind if isinstance(error, _QUOTING) or not first_line else f"{kind}: {first_line}"


@asynccontextmanager
async def _beating(running: Running) -> AsyncIterator[None]:
    """Renew the lease while the block runs."""
    heart = asyncio.create_task(_beat(running))
    try:
        yield
    finally:
        heart.cancel()
        await asyncio.wait([heart])


async def _beat(running: Running) -> None:
    is_ours = True
    while is_ours:
        await asyncio.sleep(BEAT)
        try:
            is_ours = await running.renew()
        except (Unavailable, StorageFull) as error:
            log.warning("no sign of life", job=running.id, error=type(error).__name__)
        except Exception:
            log.exception("no sign of life", job=running.id)
