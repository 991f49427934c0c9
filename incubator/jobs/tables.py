"""Work that takes longer than a request: a row a job, whatever happens to the process that does it."""

from piccolo.columns import BigInt, Boolean, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table


class Job(Table):
    """One piece of work: what to do, how far it is, who does it."""

    id: Serial
    kind = Varchar(length=60)
    arguments = Text(default="{}")
    """JSON object."""
    state = Varchar(length=10, default="waiting", index=True)
    """waiting, running, done, failed or cancelled (``states.py``)."""
    done = BigInt(default=0)
    total = BigInt(default=0)
    """How many steps there are; 0 as long as nobody knows."""
    cursor = Text(default="null")
    """JSON: from where the job goes on when another process takes it."""
    result = Text(default="null")
    """JSON."""
    error = Varchar(length=300, default="")
    """Kind and message of what stopped it, without the values of any row."""
    attempts = SmallInt(default=0)
    """How often it was taken; tells a process that is still at it from one that has lost it."""
    is_cancel_asked = Boolean(default=False)
    created_at = Timestamptz()
    created_by = BigInt(null=True, default=None)
    """Number of the person; jobs know no people, so it is no foreign key."""
    started_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None)
    lease_until = Timestamptz(null=True, default=None)
    """While it runs: the process is taken for dead after this moment."""


TABLES = [Job]
