"""A job in the hands of the process that does it.

A process holds a job by a lease. When it dies the lease runs out, and another takes the job with the next number of
``attempts``. Should the first still live, its number is an old one: nothing that it writes to the row takes effect.
"""

import json
from datetime import timedelta
from typing import Any

from incubator.core.clock import now
from incubator.jobs.states import JobState
from incubator.jobs.tables import Job

#: A process that has not been heard of for so long is taken for dead.
LEASE = timedelta(minutes=2)


class Cancelled(Exception):
    """Somebody asked to stop; leave ``run`` with it."""


class LeaseLost(Exception):
    """Another process does this job now; leave ``run`` with it."""


class Running:
    """What ``run`` is given."""

    def __init__(self, job: Job) -> None:
        self.id: int = job.id
        self.created_by: int | None = job.created_by
        self.cursor: Any = json.loads(job.cursor)
        """As ``advance`` stored it the last time, in this attempt or an earlier one; None at the beginning."""
        self._held = (Job.id == job.id) & (Job.state == JobState.RUNNING) & (Job.attempts == job.attempts)

    async def advance(self, done: int, total: int, *, cursor: Any = None) -> None:
        """``done`` of ``total`` steps are made; another process would go on from ``cursor`` (None: from the old one).

        Inside ``writing()`` the cursor is committed with what the step has written: then no step happens twice, and
        none at all once the job is another's. Raises Cancelled and LeaseLost.
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
        """Hold it for another while; False when it is not ours any more."""
        return await self._set({Job.lease_until: now() + LEASE})

    async def end(self, state: JobState, *, result: str = "null", error: str = "") -> bool:
        """Write down what came of it; False when it is not ours any more."""
        over = {Job.state: state, Job.result: result, Job.error: error[:300]}
        return await self._set({**over, Job.finished_at: now(), Job.lease_until: None})

    async def give_back(self, *, counts: bool) -> bool:
        """Let another process go on at once; ``counts`` as one of the attempts, or as if we had never begun."""
        attempts = Job.attempts if counts else Job.attempts - 1
        return await self._set({Job.state: JobState.WAITING, Job.attempts: attempts, Job.lease_until: None})

    async def _set(self, values: dict[Any, Any]) -> bool:
        return bool(await Job.update(values).where(self._held).returning(Job.id))
