"""The server is killed at any moment: acknowledged work is there, unfinished work is complete or absent.

A real server with a real SMTP server behind it is killed (SIGKILL, supervisor and worker) in the middle of
releasing, scoring and sending, again and again.
"""

import asyncio
import contextlib
import os
import re
import signal
import sys
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import httpx

from incubator.config import load
from incubator.core.clock import clock_at, now
from incubator.db.engines import AnyEngine
from incubator.gates.decide import decide, mark_of
from incubator.mail.delivery import LEASE, deliver_waiting
from incubator.mail.tables import Message
from incubator.people.sessions import begin_session
from incubator.programme.tables import Criterion
from incubator.projects.tables import Project
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Assignment, Decision, Review, ReviewScore
from tests.chromium import free_port
from tests.crowd import Crowd, make_crowd
from tests.engines import address_of
from tests.mail.sent import Post, post_office, tell
from tests.scale import scaled

#: On each engine: fifty in all in a full run.
KILLS = scaled(25)
SUBMISSIONS = scaled(240, share=4)


@dataclass(slots=True)
class Acknowledged:
    """What the server has acknowledged."""

    released: set[int] = field(default_factory=set)
    """Ids of submissions."""
    sent: dict[int, str] = field(default_factory=dict)
    """Advice by assignment."""
    drafts: dict[int, list[str]] = field(default_factory=dict)
    """Notes by assignment, in the order of acknowledgement; a later one may have been stored too."""
    tried: dict[int, set[str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.released) + len(self.sent) + sum(map(len, self.drafts.values()))


@asynccontextmanager
async def doomed(database: str, smtp: str, folder: Path) -> AsyncIterator[tuple[str, Process]]:
    """Run a server in its own process group until it answers."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    env = {
        **os.environ, "DATABASE_URL": database, "INCUBATOR_DATA": str(folder), "INCUBATOR_BASE_URL": base,
        "INCUBATOR_SMTP_URL": smtp,
    }  # fmt: skip
    command = [sys.executable, "-m", "incubator", "serve", "--port", str(port)]
    with (folder / "server.log").open("ab") as log:
        server = await asyncio.create_subprocess_exec(*command, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        async with httpx.AsyncClient() as client:
            async with asyncio.timeout(60):
                while True:
                    with contextlib.suppress(httpx.TransportError):
                        if (await client.get(f"{base}/ready")).status_code == 200:
                            break
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(server.wait(), 0.02)
                    assert server.returncode is None, (folder / "server.log").read_text("utf-8")[-2000:]
        yield base, server
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        await server.wait()


class Actor:
    """Somebody whose browser stays open while servers come and go."""

    def __init__(self, cookie: str) -> None:
        self._cookie = cookie
        self._token = ""

    @asynccontextmanager
    async def at(self, base: str) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(
            base_url=base, cookies={"session": self._cookie}, headers={"origin": base}
        ) as client:
            yield client

    async def token(self, client: httpx.AsyncClient) -> str:
        """Return the form token; it belongs to the session, so it outlives servers."""
        if not self._token:
            found = re.search(r'name="csrf" value="([0-9a-f]+)"', (await client.get("/profile")).text)
            assert found
            self._token = found[1]
        return self._token


async def release_on_and_on(actor: Actor, base: str, ids: dict[int, str], done: Acknowledged) -> None:
    async with actor.at(base) as client:
        token = await actor.token(client)
        for submission, mark in ids.items():
            answer = await client.post(
                f"/organiser/submissions/{submission}/decision/release", data={"csrf": token, "read": mark}
            )
            assert answer.status_code == 303, answer.text[:500]
            done.released.add(submission)


async def score_on_and_on(
    actor: Actor, base: str, work: list[Assignment], rubric: list[Criterion], round_number: int, done: Acknowledged
) -> None:
    """Save a draft, then send it."""
    async with actor.at(base) as client:
        token = await actor.token(client)
        for a in work:
            note = f"круг {round_number}, назначение {a.id}"
            page = (await client.get(f"/reviews/{a.id}")).text
            version = re.search(r'name="version" value="(\d+)"', page)
            assert version
            done.tried.setdefault(a.id, set()).add(note)
            draft = {"csrf": token, "version": version[1], "note": note}
            answer = await client.post(f"/reviews/{a.id}", data=draft, headers={"accept": "application/json"})
            assert answer.is_success, answer.text[:500]
            done.drafts.setdefault(a.id, []).append(note)
            whole = {
                **draft, "version": str(answer.json()["version"]), "advice": f"Совет по делу: {note}", "send": "1",
                "sure": "1", "recommendation": "return", **{f"level-{c.key}": str(a.id % 4) for c in rubric},
            }  # fmt: skip
            answer = await client.post(f"/reviews/{a.id}", data=whole)
            assert answer.status_code == 303, answer.text[:500]
            done.sent[a.id] = whole["advice"]


def answers(number: int, done: Acknowledged) -> Callable[[], bool]:
    """Return whether that many more answers have come."""
    before = done.count
    return lambda: done.count - before >= number


async def one_life(server: Process, work: list[Any], is_enough: Callable[[], bool], *, seconds: float) -> None:
    """Let everybody work until that is enough; a moment later the server is killed."""
    tasks = [asyncio.ensure_future(w) for w in work]
    while not is_enough() and not all(t.done() for t in tasks):
        await asyncio.wait(tasks, timeout=0.001)
    await asyncio.wait(tasks, timeout=seconds)
    os.killpg(server.pid, signal.SIGKILL)
    await server.wait()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        # Broken connections are expected.
        if isinstance(result, BaseException) and not isinstance(result, httpx.TransportError):
            raise result


async def test_killed_again_and_again(database: AnyEngine, tmp_path: Path) -> None:
    random = Random(11)
    crowd = await make_crowd(SUBMISSIONS, 3, reviews=2, waiting=1)
    rubric = await rubric_of(crowd.submissions[0])
    decided, undecided = crowd.submissions[: SUBMISSIONS // 2], crowd.submissions[SUBMISSIONS // 2 :]
    for n, submission in enumerate(decided):
        outcome = "return" if n % 3 == 0 else "advance"
        remarks = [("problem", "Сколько пасек?")] if outcome == "return" else []
        await decide(submission, outcome, reason=f"Решение {n}", remarks=remarks, by=crowd.organiser)
    never = {s.id for s in decided[-10:]}  # decided, but released by nobody
    office = Actor(await begin_session(crowd.organiser, user_agent="test"))
    mentors = {p.id: Actor(await begin_session(p, user_agent="test")) for p in crowd.mentors}
    done = Acknowledged()
    lived = 0
    with post_office() as (box, smtp):
        for number in range(KILLS):
            async with doomed(address_of(database), smtp, tmp_path) as (base, server):
                work: list[Any] = [
                    release_on_and_on(office, base, await _pending(decided, never), done),
                    *(
                        score_on_and_on(mentors[m], base, todo, rubric, number, done)
                        for m, todo in (await _unsent(undecided)).items() if todo
                    ),
                ]  # fmt: skip
                # The first server lives until something of each kind was acknowledged, which must then survive the others.
                is_enough = answers(random.randint(0, 8), done) if number else lambda: bool(done.released and done.sent)
                await one_life(server, work, is_enough, seconds=random.uniform(0, 0.05))
                lived += 1
            await whole(crowd, done, never, box)
        assert lived == KILLS
        settings = replace(load(), smtp_url=smtp, mail_from="office@example.org")
        await deliver_waiting(settings)
        with clock_at(now() + 2 * LEASE):  # what a dead server held becomes available again
            await deliver_waiting(settings)
        await everything_arrived(box)
    assert done.count > KILLS, "it was killed before it did anything"
    assert done.released
    assert done.sent


async def _pending(decided: list[Any], never: set[int]) -> dict[int, str]:
    """Return what an office page would say of each pending decision, by submission."""
    rows = await Decision.objects().where(
        Decision.submission.is_in([s.id for s in decided]) & Decision.released_at.is_null()
    )
    return {d.submission: mark_of(d) for d in rows if d.submission not in never}


async def _unsent(submissions: list[Any]) -> dict[int, list[Assignment]]:
    """Return what each mentor still owes."""
    sent = {r["assignment"] for r in await Review.select(Review.assignment).where(Review.sent_at.is_not_null())}
    found: dict[int, list[Assignment]] = {}
    for a in await Assignment.objects().where(Assignment.submission.is_in([s.id for s in submissions])):
        if a.id not in sent:
            found.setdefault(a.mentor, []).append(a)
    return found


async def whole(crowd: Crowd, done: Acknowledged, never: set[int], box: Post) -> None:
    """Assert that everything acknowledged is there, nothing is half done, and nothing unreleased was told."""
    decisions = {d.submission: d for d in await Decision.objects()}
    states = {p.id: (p.state, p.stage, p.round) for p in await Project.objects()}
    await tell()  # what the killed server had no time for
    told = Counter(row["to"] for row in await Message.select(Message.to))
    captains = {s.id: c.email for s, c in zip(crowd.submissions, crowd.captains, strict=True)}
    for submission in crowd.submissions:
        decision = decisions.get(submission.id)
        if decision is None:
            continue
        is_released = decision.released_at is not None
        assert is_released or submission.id not in done.released, "an acknowledged release is lost"
        assert (states[submission.project] != ("in_review", "idea", 1)) is is_released, (
            "released, and the project stays"
        )
        assert told[captains[submission.id]] == is_released, "one mail for each released decision, none for others"
    early = {captains[s] for s in never} & {str(mail["To"]) for mail in box.got}
    assert not early, "a decision was told that nobody released"
    reviews = {r.assignment: r for r in await Review.objects().where(Review.assignment.is_in(list(done.tried) or [0]))}
    for assignment, notes in done.drafts.items():
        assert reviews[assignment].note in {*notes[-1:], *(done.tried[assignment] - set(notes))}
    levels = Counter(row["review"] for row in await ReviewScore.select(ReviewScore.review))
    for assignment, advice in done.sent.items():
        review = reviews[assignment]
        assert review.sent_at is not None, "an acknowledged review is lost"
        assert review.advice == advice
    for review in reviews.values():
        if review.sent_at is not None:
            assert levels[review.id] == 6, "a sent review without its scores"


async def everything_arrived(box: Post) -> None:
    """Assert that each mail was sent at least once; twice only with the same Message-ID, so that programs show one."""
    rows = await Message.select(Message.message_id, Message.to, Message.subject, Message.sent_at)
    assert all(row["sent_at"] is not None for row in rows)
    got = {str(mail["Message-ID"]) for mail in box.got}
    assert got == {row["message_id"] for row in rows}
    once = {str(mail["Message-ID"]): (str(mail["To"]), str(mail["Subject"])) for mail in box.got}
    assert set(Counter(once.values()).values()) == {1}
