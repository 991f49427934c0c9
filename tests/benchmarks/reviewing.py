"""Figures for docs/reviewing.md: the proposal, calibration, and the pages of a large season.

    python -m tests.benchmarks.reviewing [postgres://…/an_empty_database]

The pages are requested through `incubator serve`, one after the other, as an organiser and as a mentor.
"""

import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("PICCOLO_CONF", "incubator.piccolo_conf")

import click
import httpx

from incubator.db.engines import engine_for
from incubator.db.migrating import migrate
from incubator.people.sessions import begin_session
from incubator.reviews.assignment.candidates import matcher_for
from incubator.reviews.assignment.proposal import problem_of, propose, waiting_submissions
from incubator.reviews.assignment.solver import solve
from tests.chromium import server_process
from tests.crowd import Crowd, make_crowd
from tests.engines import started
from tests.reviews.scoring.test_calibration import compare
from tests.reviews.test_crowd import COSTS

TIMES = 200


async def propose_for(address: str, *, submissions: int, mentors: int) -> None:
    """Time a proposal from the button to the stored pairs, step by step."""
    async with started(engine_for(address)):
        await migrate()
        crowd = await make_crowd(submissions, mentors, reviews=0, required=3)
        began = time.perf_counter()
        matcher = await matcher_for(await waiting_submissions())
        gathered = time.perf_counter()
        problem, _pairs = problem_of(matcher)
        weighed = time.perf_counter()
        solution = solve(problem)
        solved = time.perf_counter()
        print(
            f"\n{submissions} submissions × {mentors} mentors × 3: {len(problem.costs)} pairs, {len(solution.pairs)} assigned, {sum(solution.short.values())} short"
        )
        print(f"facts {gathered - began:.1f} s, costs {weighed - gathered:.1f} s, flow {solved - weighed:.1f} s")
        began = time.perf_counter()
        await propose(by=crowd.organiser)
        print(f"the button, all in all: {time.perf_counter() - began:.1f} s")


async def load_for_pages(address: str) -> tuple[Crowd, str, str]:
    async with started(engine_for(address)):
        await migrate()
        crowd = await make_crowd(1000, 100, reviews=3, waiting=1, required=3)
        return (
            crowd,
            await begin_session(crowd.organiser, user_agent="bench"),
            await begin_session(crowd.mentors[0], user_agent="bench"),
        )


def ask(base: str, cookie: str, path: str) -> list[float]:
    """Return the milliseconds of TIMES answers, after a warm-up."""
    found = []
    with httpx.Client(base_url=base, cookies={"session": cookie}) as client:
        client.get(path).raise_for_status()
        for _n in range(TIMES):
            began = time.perf_counter()
            client.get(path).raise_for_status()
            found.append((time.perf_counter() - began) * 1000)
    return sorted(found)


@click.command()
@click.argument("address", default="")
def main(address: str) -> None:
    print("| severity planted, sd | raw | calibrated |\n|---|---|---|")
    for sd in (0, 4, 8, 12, 16):
        raw, calibrated = compare(float(sd))
        print(f"| {sd} | {raw:.3f} | {calibrated:.3f} |")
    with tempfile.TemporaryDirectory() as folder:
        if not address:
            asyncio.run(propose_for(f"sqlite:///{folder}/large.sqlite", submissions=2000, mentors=300))
        address = address or f"sqlite:///{folder}/pages.sqlite"
        _crowd, office, mentor = asyncio.run(load_for_pages(address))
        print("\n| page, 1,000 submissions and 3,000 reviews | p50 ms | p99 ms | queries |\n|---|---|---|---|")
        with server_process(address, Path(folder)) as (base, _process):
            for (who, path), queries in COSTS.items():
                ms = ask(base, office if who == "organiser" else mentor, path)
                print(
                    f"| {path} | {statistics.median(ms):.0f} | {ms[int(len(ms) * 0.99)]:.0f} | {queries} |", flush=True
                )


if __name__ == "__main__":
    main()
