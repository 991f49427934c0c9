"""Queueing a job in the transaction that needs it."""

import json
from typing import Any

from incubator.core.clock import now
from incubator.db import on_commit
from incubator.jobs.kinds import JobKind
from incubator.jobs.tables import Job
from incubator.jobs.worker import wake


async def enqueue(kind: JobKind, /, *, by: int | None, **arguments: Any) -> Job:
    """Queue a job for any process to take, at the earliest when the caller's transaction commits.

    ``by`` is the id of the person who asks. Raises TypeError for arguments that JSON cannot hold.
    """
    text = json.dumps(arguments)
    job = Job(kind=kind.name, arguments=text, created_at=now(), created_by=by)
    await job.save()
    on_commit(wake)
    return job
