"""How the work of a function grows with what it is given: a ratio, the same on a fast machine and on a busy one."""

from collections.abc import Callable
from time import process_time

#: How many times more it is given. Linear work grows four times, quadratic work sixteen times.
TIMES = 4
#: Between the two: a bound for work that is linear, with room for caches and short runs.
LINEAR = 10
#: Between quadratic work and cubic, which grows sixty-four times.
QUADRATIC = 32


def growth(work: Callable[[int], object], size: int) -> float:
    """Return how many times more processor time ``work(size)`` takes than ``work(size // TIMES)``. Best of two each."""
    work(size // TIMES)  # fills caches
    return _least(work, size) / _least(work, size // TIMES)


def _least(work: Callable[[int], object], size: int) -> float:
    """Return the least processor time of two runs, in seconds."""
    times = []
    for _run in range(2):
        began = process_time()
        work(size)
        times.append(process_time() - began)
    return min(times)
