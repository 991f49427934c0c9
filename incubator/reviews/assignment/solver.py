"""The cheapest assignment of all submissions at once: a flow of least cost (docs/adr/0009). Pure.

Source → submission (as many reviewers as it needs) → mentor (once each) → sink. A mentor's
slots cost more with each review, so that load is balanced; a submission may stay short at
a price above everything else, the higher the fewer reviewers it has.
"""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from incubator.reviews.assignment.matching import LOAD

#: For the first reviewer that is missing; above any sum of preferences that could be traded for it.
UNFILLED = 10_000_000


@dataclass(frozen=True, slots=True)
class AssignmentProblem:
    needs: Mapping[int, int]
    """Reviewers that each submission still needs."""
    room: Mapping[int, int]
    """Reviews that each mentor can still take."""
    costs: Mapping[tuple[int, int], int]
    """Of (submission, mentor) in points, at least 0; pairs that are not here cannot be."""
    load: Mapping[int, int] = field(default_factory=dict)
    """Reviews that each mentor has already."""


@dataclass(frozen=True, slots=True)
class AssignmentSolution:
    pairs: list[tuple[int, int]]
    """(submission, mentor), sorted."""
    short: dict[int, int]
    """How many reviewers each submission still lacks; those that lack none are left out."""
    cost: int


def slot_cost(load: int) -> int:
    """Of giving one more review to somebody who has ``load``."""
    return LOAD * load


def shortage_cost(missing: int) -> int:
    """Of lacking ``missing`` reviewers: the second lacking one is dearer than the first."""
    return UNFILLED * missing * (missing + 1) // 2


def solve(problem: AssignmentProblem) -> AssignmentSolution:
    """Optimal; raises RuntimeError if the solver gives up (it does not on well-formed problems)."""
    # Here: only the process that solves (``solve_apart``) has it in memory, not the server.
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    submissions = [s for s, need in problem.needs.items() if need > 0]
    mentors = [m for m, room in problem.room.items() if room > 0]
    node = {("s", s): n for n, s in enumerate(submissions)}
    node |= {("m", m): n for n, m in enumerate(mentors, start=len(node))}
    source, sink = len(node), len(node) + 1
    flow = SimpleMinCostFlow()
    arcs: dict[int, tuple[int, int]] = {}
    for s in submissions:
        need = problem.needs[s]
        flow.add_arc_with_capacity_and_unit_cost(source, node["s", s], need, 0)
        for missing in range(1, need + 1):
            price = shortage_cost(missing) - shortage_cost(missing - 1)
            flow.add_arc_with_capacity_and_unit_cost(node["s", s], sink, 1, price)
    for (s, m), cost in problem.costs.items():
        if ("s", s) in node and ("m", m) in node:
            arcs[flow.add_arc_with_capacity_and_unit_cost(node["s", s], node["m", m], 1, cost)] = (s, m)
    for m in mentors:
        for taken in range(problem.room[m]):
            price = slot_cost(problem.load.get(m, 0) + taken)
            flow.add_arc_with_capacity_and_unit_cost(node["m", m], sink, 1, price)
    total = sum(problem.needs[s] for s in submissions)
    flow.set_node_supply(source, total)
    flow.set_node_supply(sink, -total)
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("the flow of least cost was not found")
    pairs = sorted(pair for arc, pair in arcs.items() if flow.flow(arc))
    given: dict[int, int] = {}
    for s, _m in pairs:
        given[s] = given.get(s, 0) + 1
    short = {s: problem.needs[s] - given.get(s, 0) for s in submissions if given.get(s, 0) < problem.needs[s]}
    return AssignmentSolution(pairs, short, flow.optimal_cost())


#: Seconds; a problem ten times as large as any season's would end earlier.
_PATIENCE = 300


def solve_apart(problem: AssignmentProblem) -> AssignmentSolution:
    """``solve`` in a process of its own, which takes the solver's memory with it. Blocks: call it in a thread.

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
