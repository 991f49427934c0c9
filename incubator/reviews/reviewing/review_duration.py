"""How long a mentor takes for a review, estimated from the times of its saves. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from incubator.core.rounding import half_up_int

#: A longer pause between two saves does not count as work.
PAUSE = timedelta(minutes=10)
#: Time for reading before the first save.
BEFORE = timedelta(minutes=5)
#: Minimum time between the first save and the last.
ONE_GO = timedelta(minutes=2)
#: With fewer reviews, the season's own estimate is better.
ENOUGH = 3


def minutes_spent(moments: Sequence[datetime]) -> float:
    """Return the minutes spent on one review, from its saves in order of time."""
    gaps = (later - earlier for earlier, later in pairwise(moments))
    return (BEFORE + sum((min(gap, PAUSE) for gap in gaps), timedelta())) / timedelta(minutes=1)


def usual_minutes(reviews: Iterable[Sequence[datetime]]) -> int | None:
    """Return the median over a mentor's reviews, rounded up to five minutes; None if there are too few.

    A review saved all at once was written elsewhere, and is ignored.
    """
    spent = [minutes_spent(moments) for moments in reviews if moments[-1] - moments[0] >= ONE_GO]
    return -(-half_up_int(median(spent)) // 5) * 5 if len(spent) >= ENOUGH else None
