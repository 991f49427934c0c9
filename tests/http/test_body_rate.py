"""How fast a body has to arrive."""

import pytest

from incubator.http.body_rate import BodyRate


def rate_after(*arrivals: tuple[float, int]) -> BodyRate:
    """Return a body of which at least 100 bytes a second must arrive over any ten seconds."""
    rate = BodyRate(rate=100, window=10.0)
    for at, size in arrivals:
        rate.arrived(at, size)
    return rate


@pytest.mark.parametrize(
    ("arrivals", "deadline"),
    [
        ([], 10),
        ([(0, 1)], 10),
        ([(0, 999)], 10),
        ([(0, 1000)], 10),
        ([(4, 1000)], 14),
        ([(4, 1_000_000)], 14),
        ([(0, 500), (4, 500)], 10),
        ([(0, 500), (4, 500), (9, 500)], 14),
        ([(4, 1000), (13, 999)], 14),
        ([(4, 1000), (13, 1000)], 23),
    ],
)
def test_the_deadline_moves_with_what_arrives(arrivals: list[tuple[float, int]], deadline: float) -> None:
    assert rate_after(*arrivals).deadline() == deadline


def test_a_body_sent_byte_by_byte_is_due_after_the_first_window_and_takes_no_memory() -> None:
    rate = rate_after(*((n / 100, 1) for n in range(1000)))
    assert rate.deadline() == 10
    assert len(rate._arrivals) <= 41


def test_a_steady_body_may_take_for_ever() -> None:
    rate = rate_after(*((float(second), 110) for second in range(1000)))
    assert rate.deadline() > 999
