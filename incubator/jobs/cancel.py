"""Cancelling a job."""

from typing import Any

from incubator.core.clock import now
from incubator.jobs.states import JobState
from incubator.jobs.tables import Job


async def cancel(job_id: int) -> bool:
    """Cancel a waiting job; ask a running one to stop at its next step. Return False if it is over or does not exist.

    The wish is stored first, so whoever takes the job from then on sees it.
    """
    is_open = (Job.state == JobState.WAITING) | (Job.state == JobState.RUNNING)
    if not await Job.update({Job.is_cancel_asked: True}).where((Job.id == job_id) & is_open).returning(Job.id):
        return False
    ended: dict[Any, Any] = {Job.state: JobState.CANCELLED, Job.finished_at: now()}
    await Job.update(ended).where((Job.id == job_id) & (Job.state == JobState.WAITING))
    return True
