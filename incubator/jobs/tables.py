"""Work that takes longer than a request: one row per job, which survives the process that runs it."""

from piccolo.columns import BigInt, Boolean, Serial, SmallInt, Text, Timestamptz, Varchar

from incubator.db.table import Table


class Job(Table):
    """One piece of work: what to do, how far it has got, which process runs it."""

    id: Serial
    kind = Varchar(length=60)
    arguments = Text(default="{}")
    """JSON object."""
    state = Varchar(length=10, default="waiting", index=True)
    """waiting, running, done, failed or cancelled (``states.py``)."""
    done = BigInt(default=0)
    total = BigInt(default=0)
    """The number of steps; 0 while it is unknown."""
    cursor = Text(default="null")
    """JSON: where another process would resume."""
    result = Text(default="null")
    """JSON."""
    error = Varchar(length=300, default="")
    """Type and message of the error, without the values of any row."""
    attempts = SmallInt(default=0)
    """How often it was taken; distinguishes the current process from one that has lost the lease."""
    is_cancel_asked = Boolean(default=False)
    created_at = Timestamptz()
    created_by = BigInt(null=True, default=None)
    """Id of the person; not a foreign key, because jobs lie below people."""
    started_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None)
    lease_until = Timestamptz(null=True, default=None)
    """While it runs: after this moment the process is considered dead."""


TABLES = [Job]
