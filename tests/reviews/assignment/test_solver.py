"""The proposal is optimal, compared with every possible assignment of small cases."""

from collections.abc import Iterator
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from incubator.reviews.assignment.solver import AssignmentProblem, shortage_cost, slot_cost, solve

PROBLEMS = st.builds(
    AssignmentProblem,
    needs=st.dictionaries(st.integers(1, 3), st.integers(1, 3), min_size=1, max_size=3),
    room=st.dictionaries(st.integers(1, 4), st.integers(0, 3), max_size=4),
    costs=st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 4)), st.integers(0, 900), max_size=12),
    load=st.dictionaries(st.integers(1, 4), st.integers(0, 5), max_size=4),
)


def every_assignment(problem: AssignmentProblem) -> Iterator[list[tuple[int, int]]]:
    """Yield all allowed assignments, including incomplete ones."""
    of_each = []
    for s, need in problem.needs.items():
        able = [m for m in problem.room if (s, m) in problem.costs]
        of_each.append([[(s, m) for m in some] for n in range(need + 1) for some in combinations(able, n)])
    for choice in product(*of_each):
        pairs = [pair for some in choice for pair in some]
        if all(sum(m == mentor for _s, m in pairs) <= room for mentor, room in problem.room.items()):
            yield pairs


def price(problem: AssignmentProblem, pairs: list[tuple[int, int]]) -> int:
    total = sum(problem.costs[pair] for pair in pairs)
    for s, need in problem.needs.items():
        total += shortage_cost(need - sum(p[0] == s for p in pairs))
    for m in problem.room:
        taken = sum(p[1] == m for p in pairs)
        total += sum(slot_cost(problem.load.get(m, 0) + n) for n in range(taken))
    return total


@settings(max_examples=200, deadline=None)
@given(PROBLEMS)
def test_no_assignment_is_cheaper(problem: AssignmentProblem) -> None:
    solution = solve(problem)
    assert solution.pairs in [sorted(pairs) for pairs in every_assignment(problem)]
    assert solution.cost == price(problem, solution.pairs) == min(price(problem, p) for p in every_assignment(problem))


def test_what_cannot_be_filled_is_told_and_shared() -> None:
    """Two submissions need two reviewers each, and three slots are left: neither goes without."""
    problem = AssignmentProblem({1: 2, 2: 2}, {1: 2, 2: 1}, {(s, m): 10 * s for s in (1, 2) for m in (1, 2)})
    solution = solve(problem)
    assert len(solution.pairs) == 3
    assert {s for s, _m in solution.pairs} == {1, 2}
    assert sum(solution.short.values()) == 1


def test_load_is_balanced() -> None:
    problem = AssignmentProblem(
        dict.fromkeys(range(6), 1), {1: 6, 2: 6, 3: 6}, {(s, m): 100 for s in range(6) for m in (1, 2, 3)}, {3: 2}
    )
    taken = [m for _s, m in solve(problem).pairs]
    assert [taken.count(m) for m in (1, 2, 3)] in ([3, 2, 1], [2, 3, 1])


def test_nothing_to_do() -> None:
    assert solve(AssignmentProblem({}, {}, {})).pairs == []
    assert solve(AssignmentProblem({1: 2}, {}, {})).short == {1: 2}
