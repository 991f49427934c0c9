"""Concurrent actions: one is first, the other is told, and nothing is half done."""

import asyncio
import os
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from incubator.core.limits import STUDENTS
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.engines import AnyEngine
from incubator.gates.decide import decide
from incubator.gates.submit import take_back
from incubator.history.tables import Event
from incubator.people.accounts import create_person
from incubator.projects.invitations import accept_into_team, invite_to_team
from incubator.projects.start import start
from incubator.projects.tables import Submission
from incubator.projects.team import join, team_of
from incubator.projects.vouching import vouch
from incubator.reviews.assignment.assign import assign, cancel_assignment
from incubator.reviews.reviewing.review import Opinion, ReviewStale, review_of, save_review, send_review
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Assignment, Decision, Review
from tests.cast import Cast, fresh_project, make_ready, reviewed, send, submitted
from tests.engines import address_of
from tests.scale import scaled

TIMES = 8


async def both(*verbs: Awaitable[Any]) -> list[Any]:
    """Return each result, or the Refusal that was raised; any other error fails the test."""
    results = await asyncio.gather(*verbs, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, Refusal):
            raise result
    return results


def refused(results: list[Any]) -> list[bool]:
    return [isinstance(result, Refusal) for result in results]


async def test_a_decision_and_a_taking_back(cast: Cast) -> None:
    for _time in range(TIMES):
        submission = await submitted(cast)
        project = await fresh_project(cast.project)
        results = await both(
            decide(submission, "advance", reason="Да", override="Спешим", by=cast.organiser),
            take_back(project, by=cast.captain),
        )
        assert sorted(refused(results)) == [False, True]
        if await Decision.exists().where(Decision.submission == submission.id):
            assert (await fresh_project(project)).state == "in_review"
            await Decision.delete(force=True)
            await take_back(project, by=cast.captain)


async def test_two_tabs_of_one_review(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    for version in range(TIMES):
        results = await both(
            *(
                save_review(assignment, Opinion({}, f"Совет {tab}", "", ""), version=version, by=cast.mentor)
                for tab in "аб"
            )
        )
        assert sorted(refused(results)) == [False, True]
        assert any(isinstance(result, ReviewStale) for result in results)
        kept = next(result for result in results if isinstance(result, Review))
        stored = await review_of(assignment)
        assert stored
        assert (stored.advice, stored.version) == (kept.advice, version + 1)


async def test_a_review_that_is_sent_while_its_assignment_is_cancelled(cast: Cast) -> None:
    submission = await submitted(cast)
    for _time in range(TIMES):
        assignment = await assign(submission, cast.mentor, by=cast.organiser)
        await save_review(assignment, Opinion({}, "Черновик", "", ""), version=0, by=cast.mentor)
        opinion = Opinion({c.id: 2 for c in await rubric_of(submission)}, "Совет", "", "advance")
        results = await both(
            cancel_assignment(assignment, by=cast.organiser),
            send_review(assignment, opinion, version=1, by=cast.mentor),
        )
        assert sorted(refused(results)) == [False, True]
        sent = await Review.exists().where((Review.assignment == assignment.id) & Review.sent_at.is_not_null())
        assert sent == refused(results)[0]  # what was acknowledged is stored
        await Review.delete(force=True)
        await Assignment.delete(force=True)


async def test_two_decisions(cast: Cast) -> None:
    submission = await submitted(cast)
    await reviewed(cast, submission)
    results = await both(
        *(decide(submission, "advance", reason=f"Да {n}", by=cast.organiser) for n in range(TIMES)),
    )
    assert sorted(refused(results)) == [False] + [True] * (TIMES - 1)
    assert await Decision.count() == 1


async def test_a_change_of_a_review_and_the_decision(cast: Cast) -> None:
    submission = await submitted(cast)
    assignment = await assign(submission, cast.mentor, by=cast.organiser)
    review = await send(assignment, submission, cast.mentor)
    opinion = Opinion({c.id: 0 for c in await rubric_of(submission)}, "Передумал", "", "stop")
    results = await both(
        save_review(assignment, opinion, version=review.version, by=cast.mentor),
        decide(submission, "advance", reason="Да", override="Спешим", by=cast.organiser),
    )
    order = [e["happened"] for e in await Event.select(Event.happened).order_by(Event.id)][-2:]
    assert order == ["review_sent" if refused(results)[0] else "review_changed", "decided"]


async def test_the_last_places_of_a_team(cast: Cast) -> None:
    secret = await invite_to_team(cast.project, "student", by=cast.captain)
    async with writing():
        people = [await create_person(f"new{n}@example.org", given_name=f"Н{n}", confirmed=True) for n in range(8)]
    results = await both(*(accept_into_team(secret, by=person) for person in people))
    students = sum(mate.is_student for mate in await team_of(cast.project.id))
    assert students == STUDENTS
    assert refused(results).count(False) == STUDENTS - 2  # captain and team mate were members already


async def test_two_processes_hand_in_side_by_side(cast: Cast, database: AnyEngine, tmp_path: Path) -> None:
    """As with `incubator serve --workers 2`: nothing is lost and nobody gets «database is locked»."""
    each, first = scaled(200, share=5), cast.project
    await make_ready(cast)
    cast.project = second = await start("Второй", season=cast.season, by=cast.captain)
    async with writing():
        await join(second.id, cast.teammate, "student")
        await join(second.id, cast.teacher, "teacher")
    await vouch(second, cast.teacher.id, by=cast.organiser)
    await make_ready(cast)
    env = {**os.environ, "DATABASE_URL": address_of(database), "INCUBATOR_DATA": str(tmp_path)}
    pipe, out = asyncio.subprocess.PIPE, asyncio.subprocess.STDOUT
    command = [sys.executable, "-m", "tests.stories.hand_in"]
    workers = [
        await asyncio.create_subprocess_exec(
            *command, str(project.id), str(each), env=env, stdin=pipe, stdout=pipe, stderr=out
        )
        for project in (first, second)
    ]
    async with asyncio.timeout(300):
        for worker in workers:
            assert worker.stdout
            assert await worker.stdout.readline() == b"ready\n"
        said = [out.decode() for out, _ in await asyncio.gather(*(worker.communicate(b"go\n") for worker in workers))]
    assert [worker.returncode for worker in workers] == [0, 0], said
    for project, lines in zip((first, second), said, strict=True):
        assert "locked" not in lines
        acknowledged = [int(line) for line in lines.split()]
        rows = await Submission.select(Submission.id, Submission.number).where(Submission.project == project.id)
        assert sorted(row["id"] for row in rows) == sorted(acknowledged)
        assert sorted(row["number"] for row in rows) == list(range(1, each + 1))
        told = await Event.count().where((Event.project_id == project.id) & (Event.happened == "submitted"))
        assert told == each
