"""How long a mentor really takes for a review, told from the moments at which it was saved. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

#: A longer pause between two saves was something else: coffee, or a week.
PAUSE = timedelta(minutes=10)
#: Reading that came before the first save.
BEFORE = timedelta(minutes=5)
#: Between the first save and the last.
ONE_GO = timedelta(minutes=2)
#: With fewer reviews the season's own estimate is better.
ENOUGH = 3


def minutes_spent(moments: Sequence[datetime]) -> float:
    """Minutes of one review, from its saves in order of time."""
    gaps = (later - earlier for earlier, later in pairwise(moments))
    return (BEFORE + sum((min(gap, PAUSE) for gap in gaps), timedelta())) / timedelta(minutes=1)


def usual_minutes(reviews: Iterable[Sequence[datetime]]) -> int | None:
    """The median of a mentor's reviews, rounded up to five minutes; None where they are too few to tell.

    One that was saved in one go was written elsewhere, and tells nothing.
    """
    spent = [minutes_spent(moments) for moments in reviews if moments[-1] - moments[0] >= ONE_GO]
    return -(-round(median(spent)) // 5) * 5 if len(spent) >= ENOUGH else None
