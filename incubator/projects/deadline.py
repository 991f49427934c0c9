"""Until when a team may submit. Pure: the gate, the pages, the mails and the calendar all ask here.

The stage's date binds the first round. A return, a reopening and an extension give the team
a date of its own, so that nobody is asked to revise and then refused for being late.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from incubator.core.clock import day_of, end_of_day

#: Before the deadline, this is so close that taking a submission back is as risky as afterwards.
CLOSE = timedelta(days=1)


class Cause(StrEnum):
    """Where a deadline comes from."""

    STAGE = "stage"
    """The season's date for everybody."""
    ADVANCED = "advanced"
    """The team passed the gate before so late that the stage's date left it too little time."""
    RETURNED = "returned"
    REOPENED = "reopened"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last second in which a team may submit in its current round."""

    until: datetime
    cause: Cause = Cause.STAGE
    reason: str = ""

    def is_over(self, at: datetime) -> bool:
        """Return whether ``at`` is later, to the second: the named second itself is still in time."""
        return at.replace(microsecond=0) > self.until

    def is_close(self, at: datetime) -> bool:
        """Return whether it is over or less than a day away."""
        return at + CLOSE > self.until


def deadline_of(submit_by: datetime | None, round: int, own: Deadline | None) -> Deadline | None:
    """Return what binds: the team's own date, or in the first round everybody's if that is later."""
    if submit_by is None or round > 1:
        return own
    for_everybody = Deadline(submit_by)
    return own if own is not None and own.until > for_everybody.until else for_everybody


def time_to_work(submit_by: datetime | None, days: int, at: datetime) -> datetime:
    """Return the end of the day that is ``days`` after ``at``, or everybody's date if that is later."""
    given = end_of_day(day_of(at) + timedelta(days=days))
    return max(given, submit_by) if submit_by is not None else given
