"""Random walks of all verbs by all roles: no state outside the table, no event missing."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.journey.decide import decide, release, undo_decision
from incubator.journey.submit import leave, pending_submission, reopen, submit, take_back
from incubator.projects.lifecycle import TABLE, State
from incubator.projects.tables import Submission
from incubator.reviews.assign import assign
from incubator.reviews.remarks import mark_addressed, open_remarks
from incubator.reviews.tables import Decision
from incubator.web.refusal import Refusal
from tests import engines
from tests.cast import Cast, consent_all, fill_details, fill_sections, fresh_project, make_cast, send

ROLES = ["captain", "teammate", "teacher", "coach", "outsider", "mentor", "second_mentor", "organiser"]
WHO = st.sampled_from(ROLES)

#: What each event of a step does to (stage, state, round).
STEPS = {
    Happened.SUBMITTED: ("draft", "in_review"),
    Happened.TAKEN_BACK: ("in_review", "draft"),
    Happened.ADVANCED: ("in_review", "draft"),
    Happened.GRADUATED: ("in_review", "graduated"),
    Happened.RETURNED: ("in_review", "draft"),
    Happened.STOPPED: ("in_review", "stopped"),
    Happened.LEFT: (("draft", "in_review"), "withdrawn"),
    Happened.REOPENED: (("stopped", "withdrawn"), "draft"),
}


class Walk(RuleBasedStateMachine):
    """Tries any verb as anybody; a refusal must leave everything as it was."""

    address: Any  # set by the test: how to open a fresh database

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.context = self.address()
        self.loop.run(self.context.__aenter__())
        self.cast: Cast = self.loop.run(make_cast())
        self.loop.run(self._prepare())
        self.where = self.loop.run(self._where())
        self.seen = self.loop.run(Event.count().run())

    async def _prepare(self) -> None:
        await fill_details(self.cast)
        await consent_all(self.cast)

    def teardown(self) -> None:
        self.loop.run(self.context.__aexit__(None, None, None))
        self.loop.close()

    async def _where(self) -> tuple[str, str, int]:
        project = await fresh_project(self.cast.project)
        return project.stage, project.state, project.round

    def _try(self, work: Any) -> None:
        """Run one verb; afterwards the events must explain exactly the way from there to here."""
        self.loop.run(self._attempt(work))

    async def _attempt(self, work: Any) -> None:
        before = self.where
        refused = False
        try:
            await work()
        except Refusal:
            refused = True
        after = await self._where()
        events = await Event.objects().where(Event.id > 0).order_by(Event.id)
        new, self.seen = events[self.seen :], len(events)
        steps = [e for e in new if e.happened in set(STEPS)]
        if refused:
            assert after == before
            assert new == []
        elif after == before:
            assert steps == []
        else:
            assert len(steps) == 1
            sources, target = STEPS[Happened(steps[0].happened)]
            assert before[1] in sources if isinstance(sources, tuple) else before[1] == sources
            assert after[1] == target
            assert (State(before[1]), State(after[1])) in {(s, t) for (s, _step), t in TABLE.items()}
        self.where = after

    def _as(self, who: str) -> Any:
        return getattr(self.cast, who)

    @rule(who=WHO)
    def write(self, who: str) -> None:
        async def work() -> None:
            await fill_sections(self.cast, by=self._as(who))
            for remark in await open_remarks(self.cast.project.id):
                if remark.addressed_at is None:
                    await mark_addressed(self.cast.project, remark.id, is_addressed=True, by=self._as(who))

        async def one_by_one() -> None:
            # several verbs in a row: a refusal in the middle is allowed to leave the earlier ones
            try:
                await work()
            finally:
                self.seen = await Event.count().run()

        self._try(one_by_one)

    @rule(who=WHO)
    def hand_in(self, who: str) -> None:
        async def work() -> None:
            await submit(await fresh_project(self.cast.project), by=self._as(who))

        self._try(work)

    @rule()
    def get_ready_and_hand_in(self) -> None:
        self.write("captain")
        self.hand_in("captain")

    @rule(who=WHO)
    def fetch_back(self, who: str) -> None:
        async def work() -> None:
            await take_back(await fresh_project(self.cast.project), by=self._as(who))

        self._try(work)

    @rule(who=WHO, stale=st.booleans())
    def submit_stale(self, who: str, stale: bool) -> None:
        async def work() -> None:
            await submit(self.cast.project if stale else await fresh_project(self.cast.project), by=self._as(who))

        self._try(work)

    @rule(who=st.sampled_from(["captain", "outsider", "mentor"]))
    def go(self, who: str) -> None:
        async def work() -> None:
            await leave(await fresh_project(self.cast.project), by=self._as(who))

        self._try(work)

    @rule(who=st.sampled_from(["captain", "organiser", "organiser"]))
    def come_back(self, who: str) -> None:
        async def work() -> None:
            await reopen(await fresh_project(self.cast.project), by=self._as(who))

        self._try(work)

    @rule(who=WHO, mentor=st.sampled_from(["mentor", "second_mentor", "coach", "captain"]))
    def ask_mentor(self, who: str, mentor: str) -> None:
        async def work() -> None:
            submission = await self._submission()
            assignment = await assign(submission, self._as(mentor), by=self._as(who))
            self.seen = await Event.count().run()
            await send(assignment, submission, self._as(mentor))

        self._try(work)

    @rule(who=WHO, outcome=st.sampled_from(["advance", "return", "stop", "advance"]), override=st.booleans())
    def judge(self, who: str, outcome: str, override: bool) -> None:
        async def work() -> None:
            remarks = [("pitch", "Короче")] if outcome == "return" else []
            await decide(
                await self._submission(), outcome, reason="Потому что", remarks=remarks, by=self._as(who),
                override="Наставник заболел" if override else "",
            )  # fmt: skip

        self._try(work)

    @rule(who=WHO, undo=st.booleans())
    def announce(self, who: str, undo: bool) -> None:
        async def work() -> None:
            decision = await Decision.objects().order_by(Decision.id, ascending=False).first()
            if decision is None:
                raise Refusal("nothing to announce")
            await (undo_decision if undo else release)(decision, by=self._as(who))

        self._try(work)

    @rule(outcome=st.sampled_from(["advance", "advance", "return", "stop"]))
    def whole_round(self, outcome: str) -> None:
        self.get_ready_and_hand_in()
        self.judge("organiser", outcome, True)
        self.announce("organiser", False)

    async def _submission(self) -> Submission:
        submission = await pending_submission(await fresh_project(self.cast.project))
        if submission is None:
            raise Refusal("nothing in review")
        return submission

    @invariant()
    def in_review_means_one_open_submission(self) -> None:
        self.loop.run(self._check())

    async def _check(self) -> None:
        _stage, state, _round = self.where
        assert state in set(State)
        pending = await pending_submission(await fresh_project(self.cast.project))
        if state == "in_review":
            assert pending is not None
        numbers = [s["number"] for s in await Submission.select(Submission.number).order_by(Submission.number)]
        assert numbers == list(range(1, len(numbers) + 1))


def _walk(open_database: Any, examples: int, steps: int) -> None:
    machine = type("Walk", (Walk,), {"address": staticmethod(open_database)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck),
            derandomize=True, database=None,
        ),
    )  # fmt: skip


def test_on_sqlite(sqlite_template: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="incubator-walk-"))
    try:
        _walk(lambda: engines.sqlite_copy(sqlite_template, Path(tempfile.mkdtemp(dir=folder))), examples=25, steps=30)
    finally:
        shutil.rmtree(folder)


def test_on_postgres(postgres_server: engines.Server, postgres_template: str) -> None:
    _walk(lambda: engines.postgres_copy(postgres_server, postgres_template), examples=6, steps=25)


def test_the_walk_would_notice_a_missing_event(
    sqlite_template: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The property is not empty: without the event of handing in, it fails."""
    from incubator.history.record import record as real

    async def forgetful(happened: Happened, **rest: Any) -> None:
        if happened is not Happened.SUBMITTED:
            await real(happened, **rest)

    monkeypatch.setattr("incubator.journey.submit.record", forgetful)
    with pytest.raises((AssertionError, ExceptionGroup)):
        _walk(lambda: engines.sqlite_copy(sqlite_template, Path(tempfile.mkdtemp(dir=tmp_path))), examples=5, steps=10)
