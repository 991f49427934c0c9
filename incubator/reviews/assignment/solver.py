"""The optimal assignment for all submissions at once, as a min-cost flow (docs/adr/0009). Pure.

Source → submission (as many reviewers as it needs) → mentor (once each) → sink. A mentor's
slots cost more with each review, to balance the load. A submission may remain short at a
penalty above all other costs, which is higher the fewer reviewers it has.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from incubator.reviews.assignment.matching import LOAD

#: Penalty for the first missing reviewer; above any sum of preferences that could be traded for it.
UNFILLED = 10_000_000


@dataclass(frozen=True, slots=True)
class AssignmentProblem:
    needs: Mapping[int, int]
    """Reviewers that each submission still needs."""
    room: Mapping[int, int]
    """Reviews that each mentor can still take."""
    costs: Mapping[tuple[int, int], int]
    """Cost of each (submission, mentor) pair in points, at least 0; other pairs are impossible."""
    load: Mapping[int, int] = field(default_factory=dict)
    """Reviews that each mentor already has."""


@dataclass(frozen=True, slots=True)
class AssignmentSolution:
    pairs: list[tuple[int, int]]
    """(submission, mentor) pairs, sorted."""
    short: dict[int, int]
    """How many reviewers each submission still lacks; complete ones are omitted."""
    cost: int


def slot_cost(load: int) -> int:
    """Return the cost of one more review for somebody who has ``load``."""
    return LOAD * load


def shortage_cost(missing: int) -> int:
    """Return the cost of lacking ``missing`` reviewers: the second costs more than the first."""
    return UNFILLED * missing * (missing + 1) // 2


def solve(problem: AssignmentProblem) -> AssignmentSolution:
    """Solve optimally; raises RuntimeError if the solver gives up (it does not on well-formed problems)."""
    # Imported here, so that only the solving process (``solve_apart``) loads it, not the server.
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    network = _Network(SimpleMinCostFlow(), problem)
    network.add_needs()
    arcs = network.add_pairs()
    network.add_room()
    if network.flow.solve() != network.flow.OPTIMAL:
        raise RuntimeError("no min-cost flow was found")
    pairs = sorted(pair for arc, pair in arcs.items() if network.flow.flow(arc))
    given = Counter(submission for submission, _mentor in pairs)
    short = {s: missing for s, need in problem.needs.items() if (missing := need - given[s]) > 0}
    return AssignmentSolution(pairs, short, network.flow.optimal_cost())


class _Network:
    """The problem as a network of arcs with capacities and costs."""

    def __init__(self, flow: Any, problem: AssignmentProblem) -> None:
        self.flow = flow
        self._problem = problem
        submissions = [s for s, need in problem.needs.items() if need > 0]
        mentors = [m for m, room in problem.room.items() if room > 0]
        self._submissions = {s: node for node, s in enumerate(submissions)}
        self._mentors = {m: node for node, m in enumerate(mentors, start=len(submissions))}
        self._source = len(submissions) + len(mentors)
        self._sink = self._source + 1

    def add_needs(self) -> None:
        """Add arcs from the source to each submission, and directly to the sink for each reviewer that it may lack."""
        total = 0
        for submission, node in self._submissions.items():
            need = self._problem.needs[submission]
            self._add(self._source, node, need, 0)
            for missing in range(1, need + 1):
                self._add(node, self._sink, 1, shortage_cost(missing) - shortage_cost(missing - 1))
            total += need
        self.flow.set_node_supply(self._source, total)
        self.flow.set_node_supply(self._sink, -total)

    def add_pairs(self) -> dict[int, tuple[int, int]]:
        """Add arcs from each submission to each possible mentor; return the pair behind each arc."""
        return {
            self._add(self._submissions[s], self._mentors[m], 1, cost): (s, m)
            for (s, m), cost in self._problem.costs.items()
            if s in self._submissions and m in self._mentors
        }

    def add_room(self) -> None:
        """Add arcs from each mentor to the sink, more expensive with each review that they already have."""
        for mentor, node in self._mentors.items():
            load = self._problem.load.get(mentor, 0)
            for taken in range(self._problem.room[mentor]):
                self._add(node, self._sink, 1, slot_cost(load + taken))

    def _add(self, tail: int, head: int, capacity: int, cost: int) -> int:
        return int(self.flow.add_arc_with_capacity_and_unit_cost(tail, head, capacity, cost))


#: Seconds; a problem ten times as large as any season's takes less.
_PATIENCE = 300


def solve_apart(problem: AssignmentProblem) -> AssignmentSolution:
    """Run ``solve`` in a separate process, which frees the solver's memory when it ends. Blocks: call it in a thread.

    Raises subprocess.SubprocessError if that process fails or takes longer than five minutes.
    """
    said = (problem.needs, problem.room, problem.load, [(*pair, cost) for pair, cost in problem.costs.items()])
    done = subprocess.run(
        [sys.executable, "-m", "incubator.reviews.assignment.solver"],
        input=msgspec.json.encode(said), stdout=subprocess.PIPE, check=True, timeout=_PATIENCE,
    )  # fmt: skip
    return msgspec.json.decode(done.stdout, type=AssignmentSolution)


def main() -> None:
    """Read a problem from standard input, write its solution to standard output."""
    whole = dict[int, int]
    needs, room, load, costs = msgspec.json.decode(
        sys.stdin.buffer.read(), type=tuple[whole, whole, whole, list[tuple[int, int, int]]]
    )
    solution = solve(AssignmentProblem(needs, room, {(s, m): cost for s, m, cost in costs}, load))
    sys.stdout.buffer.write(msgspec.json.encode(solution))


if __name__ == "__main__":
    main()
