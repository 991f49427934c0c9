"""Paging: each place once, in order, whatever is added between two pages."""

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from incubator.showcase.filters import Cursor
from incubator.showcase.paging import Order

PLACES = st.sets(st.integers(1, 500), max_size=60)


def walk(order: Order, size: int) -> list[tuple[int, int]]:
    seen: list[tuple[int, int]] = []
    after = None
    while True:
        page = order.page(after, size)
        assert page.start == len(seen)
        assert page.has_previous == bool(seen)
        seen += page.rows
        if not page.has_next:
            assert page.last is None
            return seen
        assert page.last
        assert order.page(page.last, size).has_next is False
        after = page.next


@given(PLACES, PLACES, PLACES, st.integers(1, 20))
def test_each_place_once_in_order(first: set[int], rest: set[int], near: set[int], size: int) -> None:
    rest -= first
    tiers = (first, rest, near - first - rest)
    expected = [(tier, place) for tier, places in enumerate(tiers) for place in sorted(places, reverse=True)]
    assert walk(Order(*map(BitMap, tiers)), size) == expected


def test_a_cursor_of_a_tier_that_is_gone_is_the_end() -> None:
    assert Order(BitMap({1})).page(Cursor(2, 5), 3).rows == []


@given(PLACES, st.integers(1, 20), st.integers(1, 500))
def test_back_leads_where_forward_came_from(places: set[int], size: int, at: int) -> None:
    order = Order(BitMap(), BitMap(places))
    page = order.page(Cursor(1, at), size)
    ahead = sum(place >= at for place in places)
    assert [place for _tier, place in page.rows] == sorted((p for p in places if p < at), reverse=True)[:size]
    assert page.has_previous is (ahead > 0)
    if ahead:
        before = order.page(page.previous, size)
        assert [p for _t, p in before.rows][: min(size, ahead)] == sorted((p for p in places if p >= at), reverse=True)[
            -size:
        ]


@given(st.sets(st.integers(1, 500), min_size=8, max_size=60), st.sets(st.integers(501, 600), max_size=20))
def test_what_is_added_in_front_moves_nothing(places: set[int], added: set[int]) -> None:
    page = Order(BitMap(), BitMap(places)).page(None, 7)
    later = Order(BitMap(), BitMap(places | added))
    rest = later.page(page.next, 7).rows
    assert [place for _tier, place in rest] == sorted(places, reverse=True)[7:14]
