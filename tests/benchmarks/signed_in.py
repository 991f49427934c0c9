"""What a signed-in page costs: processor time per request, queries and bytes, beside a bare app with the same bytes.

    python -m tests.benchmarks.signed_in [postgres://…/an_empty_database] [--submissions 1000]

A season is made with three reviews for each submission. Each page is requested through `incubator serve` with one worker, one
request after the other. The processor time is that of the server's whole tree of processes, and of PostgreSQL's.
"""

import asyncio
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("PICCOLO_CONF", "incubator.piccolo_conf")

import click
import httpx

from incubator.db import counting
from incubator.db.engines import engine_for
from incubator.db.migrating import migrate
from incubator.http.csrf import SESSION_COOKIE
from incubator.people.sessions import begin_session
from incubator.people.tables import Person
from incubator.programme.tables import Section
from incubator.projects.answers import save_answer
from incubator.projects.tables import Member, Project
from incubator.reviews.tables import Assignment
from tests.benchmarks.serving import Page, bare_process, cpu_of, database_of
from tests.browser import Browser, forms_of, signed_in
from tests.chromium import server_process
from tests.crowd import Crowd, make_crowd
from tests.engines import started

#: Requests of each page, after a warm-up.
TIMES = 60
TEXT = "Мы спросили тридцать пасечников, сколько ульев погибает зимой. " * 31
AS_A_SCRIPT = {"accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of request."""

    name: str
    path: str
    who: str
    is_save: bool = False


@dataclass(slots=True)
class Season:
    cases: list[Case]
    secrets: dict[str, str]
    queries: dict[str, int]


async def make_season(address: str, submissions: int) -> Season:
    """Make the season, sign its people in, and count the queries of each case."""
    async with started(engine_for(address)):
        await migrate()
        crowd = await make_crowd(submissions, submissions // 10, reviews=3, waiting=1, required=3)
        await _settle(address)
        cases, people = await cases_of(crowd)
        return Season(
            cases,
            {name: await begin_session(person, user_agent="benchmark") for name, person in people.items()},
            {case.name: await queries_of(case, people[case.who]) for case in cases},
        )


async def _settle(address: str) -> None:
    """Do at once what PostgreSQL does by itself some minutes after so many rows have come."""
    if address.startswith("postgres"):
        import asyncpg

        connection = await asyncpg.connect(address)
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
        await connection.close()


async def cases_of(crowd: Crowd) -> tuple[list[Case], dict[str, Person]]:
    """Return the requests, and who makes them."""
    writer = crowd.captains[-1]
    project = await _writing(crowd, writer)
    waiting = await Assignment.objects(Assignment.mentor).where(Assignment.waiting()).first()
    assert waiting
    cases = [
        Case("decisions of a gate", "/organiser/decisions?stage=idea", "organiser"),
        Case("decisions, with a search", "/organiser/decisions?stage=idea&q=улей", "organiser"),
        Case("one submission", f"/organiser/submissions/{crowd.submissions[0].id}", "organiser"),
        Case("organiser's overview", "/organiser", "organiser"),
        Case("desk", "/desk", "mentor"),
        Case("review", f"/reviews/{waiting.id}", "mentor"),
        Case("document of a team", f"/projects/{project.id}", "captain"),
        Case("saving a section", f"/projects/{project.id}/answers/problem", "captain", is_save=True),
    ]
    return cases, {"organiser": crowd.organiser, "mentor": waiting.mentor, "captain": writer}


async def _writing(crowd: Crowd, captain: Person) -> Project:
    """Return a project in draft with a long section."""
    row = await Member.objects(Member.project).where(Member.person == captain.id).first()
    assert row
    await Project.update({Project.state: "draft"}).where(Project.id == row.project.id)
    await Section.update({Section.limit: 4000}).where((Section.season == crowd.season.id) & (Section.key == "problem"))
    project = await Project.objects(Project.season).get(Project.id == row.project.id)
    assert project
    await save_answer(project, "problem", TEXT, version=0, by=captain)
    return project


async def queries_of(case: Case, person: Person) -> int:
    browser: Browser = await signed_in(person)
    if case.is_save:
        await browser.open(case.path.partition("/answers")[0])
        typed = {"csrf": browser.csrf(), "version": 1, "text": TEXT + "."}
        with counting() as seen:
            await browser.http.post(case.path, data=typed, headers=AS_A_SCRIPT)
        return len(seen)
    await browser.open(case.path)
    with counting() as seen:
        await browser.open(case.path)
    return len(seen)


def cost_of(pids: Sequence[int], ask: Callable[[], Any], times: int = TIMES) -> float:
    """Return the milliseconds of processor time that one request takes: the least of three rounds, since a task of the server's own,
    such as writing mails, may fall into one."""
    for _n in range(5):
        ask()
    rounds = []
    for _round in range(3):
        before = cpu_of(*pids)
        for _n in range(times):
            ask()
        rounds.append((cpu_of(*pids) - before) / times * 1000)
    return min(rounds)


def asking(client: httpx.Client, case: Case) -> Callable[[], httpx.Response]:
    if not case.is_save:
        return lambda: client.get(case.path).raise_for_status()
    fields = dict(next(values for action, values in forms_of(client.get(case.path).text) if action == case.path))
    csrf, state = fields["csrf"], {"version": int(fields["version"]), "n": 0}

    def save() -> httpx.Response:
        state["n"] += 1
        said = client.post(
            case.path, data={"csrf": csrf, "version": state["version"], "text": f"{TEXT}{state['n']}"},
            headers=AS_A_SCRIPT,
        ).raise_for_status()  # fmt: skip
        state["version"] = said.json()["version"]
        return said

    return save


def measured(base: str, pids: Sequence[int], case: Case, secret: str) -> tuple[httpx.Response, float]:
    """Return an answer, and what one costs."""
    with httpx.Client(base_url=base, cookies={SESSION_COOKIE: secret}, timeout=60) as client:
        ask = asking(client, case)
        return ask(), cost_of(pids, ask)


def least(said: httpx.Response, folder: Path) -> float:
    """Return what the same bytes cost a bare app."""
    headers = [(k, v) for k, v in said.headers.items() if k not in ("content-encoding", "content-length")]
    page = Page(said.status_code, 0, headers, said.content)
    with bare_process(page, folder) as (base, process), httpx.Client(base_url=base) as client:
        return cost_of([process], lambda: client.get("/"), 10 * TIMES)


@click.command()
@click.argument("address", default="")
@click.option("--submissions", default=1000)
def main(address: str, submissions: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        address = address or f"sqlite:///{folder}/season.sqlite"
        season = asyncio.run(make_season(address, submissions))
        print(f"\n| {submissions} submissions | CPU ms | bare ASGI | queries | size |\n|---|---|---|---|---|")
        with server_process(address, folder) as (base, server):
            for case in season.cases:
                said, mine = measured(base, [server, *database_of(address)], case, season.secrets[case.who])
                print(
                    f"| {case.name} | {mine:.1f} | {least(said, folder):.2f} | {season.queries[case.name]} "
                    f"| {len(said.content) / 1000:.1f} kB |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
