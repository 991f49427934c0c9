"""A job as seen by the process that runs it.

A process holds a job by a lease. When it dies, the lease expires, and another process takes the job and increments
``attempts``. If the first process is still alive, its number is outdated: nothing that it writes to the row takes effect.
"""

import json
from datetime import timedelta
from typing import Any

from incubator.core.clock import now
from incubator.jobs.states import JobState
from incubator.jobs.tables import Job

#: A process that has not renewed its lease for this long is considered dead.
LEASE = timedelta(minutes=2)


class Cancelled(Exception):
    """Somebody asked to stop; let it propagate out of ``run``."""


class LeaseLost(Exception):
    """Another process runs this job now; let it propagate out of ``run``."""


class Running:
    """The job object that ``run`` receives."""

    def __init__(self, job: Job) -> None:
        self.id: int = job.id
        self.created_by: int | None = job.created_by
        self.cursor: Any = json.loads(job.cursor)
        """The value last stored by ``advance``, in this attempt or an earlier one; None at the start."""
        self._held = (Job.id == job.id) & (Job.state == JobState.RUNNING) & (Job.attempts == job.attempts)

    async def advance(self, done: int, total: int, *, cursor: Any = None) -> None:
        """Report that ``done`` of ``total`` steps are done; another process would resume at ``cursor`` (None: unchanged).

        Inside ``writing()`` the cursor is committed together with what the step has written: then no step happens twice,
        and none at all once another process has the job. Raises Cancelled and LeaseLost.
        """
        values: dict[Any, Any] = {Job.done: done, Job.total: total, Job.lease_until: now() + LEASE}
        if cursor is not None:
            values[Job.cursor] = json.dumps(cursor)
            self.cursor = cursor
        rows = await Job.update(values).where(self._held).returning(Job.is_cancel_asked)
        if not rows:
            raise LeaseLost
        if rows[0]["is_cancel_asked"]:
            raise Cancelled

    async def renew(self) -> bool:
        """Extend the lease; return False if another process has the job."""
        return await self._set({Job.lease_until: now() + LEASE})

    async def end(self, state: JobState, *, result: str = "null", error: str = "") -> bool:
        """Store the outcome; return False if another process has the job."""
        over = {Job.state: state, Job.result: result, Job.error: error[:300]}
        return await self._set({**over, Job.finished_at: now(), Job.lease_until: None})

    async def give_back(self, *, counts: bool) -> bool:
        """Let another process continue at once; ``counts`` says whether this attempt counts."""
        attempts = Job.attempts if counts else Job.attempts - 1
        return await self._set({Job.state: JobState.WAITING, Job.attempts: attempts, Job.lease_until: None})

    async def _set(self, values: dict[Any, Any]) -> bool:
        return bool(await Job.update(values).where(self._held).returning(Job.id))
