"""Random walks of all verbs by all roles: no state outside the table, no event missing."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from incubator.core.refusals import Refusal
from incubator.gates.decide import decide, undo_decision
from incubator.gates.release import release
from incubator.gates.submit import leave, pending_submission, reopen, submit, take_back
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.people.tables import Consent
from incubator.programme.changes import change
from incubator.programme.seasons import sections_at
from incubator.programme.tables import Section
from incubator.projects.access import role_of
from incubator.projects.comments import comment, resolve_comment
from incubator.projects.consents import PURPOSES, give_consent
from incubator.projects.details import Details, change_details
from incubator.projects.invitations import accept_into_team, invite_to_team, revoke_invitation
from incubator.projects.lifecycle import TABLE, State
from incubator.projects.tables import Answer, Comment, Invitation, Member, Project, ProjectCompetency, Submission
from incubator.projects.team import make_captain, team_of
from incubator.publication.publish import ask_publication, publish, unpublish
from incubator.publication.tables import Publication
from incubator.publication.withdrawals import remove_member, withdraw_consent
from incubator.reviews.assignment.assign import assign, cancel_assignment
from incubator.reviews.assignment.decline import decline
from incubator.reviews.reviewing.remarks import address_remark, confirm_remark, open_remarks
from incubator.reviews.reviewing.review import Opinion, save_review
from incubator.reviews.rubric import rubric_of
from incubator.reviews.tables import Assignment, Conflict, Decision, Remark, Review, ReviewScore
from tests import engines
from tests.cast import Cast, consent_all, fill_details, fill_sections, fresh_project, make_cast, send
from tests.emptied import Databases
from tests.scale import scaled

#: Tables that the verbs write.
WRITTEN: list[Any] = [
    Answer, Assignment, Comment, Conflict, Consent, Decision, Invitation, Member, Project, ProjectCompetency, Publication,
    Remark, Review, ReviewScore, Section, Submission,
]  # fmt: skip

ROLES = ["captain", "teammate", "teacher", "coach", "outsider", "mentor", "second_mentor", "organiser"]
WHO = st.sampled_from(ROLES)
#: Permitted people are chosen more often than others, so that a walk of thirty steps gets somewhere.
LEADERS = st.sampled_from(["captain", "teacher", "organiser", "teammate", "outsider"])
STUDENTS = st.sampled_from(["captain", "teammate"])

#: How the event of each step changes (stage, state, round).
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
    """Tries any verb as anybody; a refusal must leave everything unchanged."""

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

    async def _digest(self) -> int:
        """Return everything that verbs write, except the journal itself and mail."""
        rows = [await table.select().order_by(table.id) for table in WRITTEN]
        return hash(repr(rows))

    def _try(self, work: Any, *, several: bool = False) -> None:
        """Run one verb; afterwards the events must explain exactly the change of state.

        With ``several`` verbs in a row, a refusal may leave the effects of earlier ones.
        """
        self.loop.run(self._attempt(work, several))

    async def _attempt(self, work: Any, several: bool) -> None:
        before, rows_before = self.where, await self._digest()
        refused = False
        try:
            await work()
        except Refusal:
            refused = True
        after = await self._where()
        events = await Event.objects().where(Event.id > 0).order_by(Event.id)
        new, self.seen = events[self.seen :], len(events)
        steps = [e for e in new if e.happened in set(STEPS)]
        changed = await self._digest() != rows_before
        if refused and not several:
            assert after == before
            assert new == []
            assert not changed, "a refused verb left something behind"
        elif after == before:
            assert steps == []
        else:
            assert len(steps) == 1
            sources, target = STEPS[Happened(steps[0].happened)]
            assert before[1] in sources if isinstance(sources, tuple) else before[1] == sources
            assert after[1] == target
            assert (State(before[1]), State(after[1])) in {(s, t) for (s, _step), t in TABLE.items()}
        assert new or not changed or several, "something changed and the journal says nothing"
        self.where = after

    def _as(self, who: str) -> Any:
        return getattr(self.cast, who)

    @rule(who=WHO)
    def write(self, who: str) -> None:
        async def work() -> None:
            await fill_sections(self.cast, by=self._as(who))
            for remark in await open_remarks(self.cast.project.id):
                if remark.addressed_at is None:
                    await address_remark(self.cast.project, remark.id, "Переписали", by=self._as(who))

        self._try(work, several=True)

    @rule(who=WHO)
    def hand_in(self, who: str) -> None:
        async def work() -> None:
            await submit(await fresh_project(self.cast.project), by=self._as(who))

        self._try(work)

    @rule()
    def get_ready_and_hand_in(self) -> None:
        self._try(self._restore, several=True)
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
            await send(assignment, submission, self._as(mentor))

        self._try(work, several=True)

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

    async def _restore(self) -> None:
        """Restore what other rules took away: the captain's role and the consents."""
        if await role_of(self.cast.captain, self.cast.project.id) != "captain":
            await make_captain(self.cast.project, self.cast.captain.id, by=self.cast.organiser)
        for mate in await team_of(self.cast.project.id):
            if mate.is_student:
                await give_consent(self.cast.project, mate.person, "participation", by=self.cast.teacher)

    # --- verbs that leave the stage unchanged ---------------------------------

    @rule(who=WHO, version=st.integers(1, 3))
    def describe(self, who: str, version: int) -> None:
        details = Details("Громкий улей", "Рой", "", None, None, "", ())
        self._verb(lambda project: change_details(project, details, version=version, by=self._as(who)))

    @rule(who=WHO)
    def say(self, who: str) -> None:
        self._verb(lambda project: comment(project, "problem", "А кто заплатит?", by=self._as(who)))

    @rule(who=WHO, number=st.integers(1, 3))
    def tick_off(self, who: str, number: int) -> None:
        self._verb(lambda project: resolve_comment(project, number, by=self._as(who)))

    @rule(who=WHO, role=st.sampled_from(["student", "teacher", "coach"]), guest=st.sampled_from(["outsider", "mentor"]))
    def invite(self, who: str, role: str, guest: str) -> None:
        async def work() -> None:
            project = await fresh_project(self.cast.project)
            await accept_into_team(await invite_to_team(project, role, by=self._as(who)), by=self._as(guest))

        self._try(work, several=True)

    @rule(who=WHO, number=st.integers(1, 3))
    def revoke(self, who: str, number: int) -> None:
        self._verb(lambda project: revoke_invitation(project, number, by=self._as(who)))

    @rule(who=WHO, whom=st.sampled_from(["teammate", "coach", "outsider", "mentor"]))
    def remove(self, who: str, whom: str) -> None:
        self._verb(lambda project: remove_member(project, self._as(whom).id, by=self._as(who)))

    @rule(who=LEADERS, whom=STUDENTS)
    def crown(self, who: str, whom: str) -> None:
        self._verb(lambda project: make_captain(project, self._as(whom).id, by=self._as(who)))

    @rule(who=LEADERS, whom=STUDENTS, purpose=st.sampled_from(PURPOSES), give=st.booleans())
    def consent(self, who: str, whom: str, purpose: str, give: bool) -> None:
        verb = give_consent if give else withdraw_consent
        self._verb(lambda project: verb(project, self._as(whom), purpose, by=self._as(who)))

    @rule(who=LEADERS, verb=st.sampled_from([ask_publication, publish, unpublish]))
    def show(self, who: str, verb: Any) -> None:
        self._verb(lambda project: verb(project, by=self._as(who)))

    @rule(
        who=st.sampled_from(["mentor", "second_mentor", "organiser"]),
        version=st.integers(0, 2),
        level=st.integers(0, 3),
    )
    def draft_review(self, who: str, version: int, level: int) -> None:
        async def work(assignment: Assignment) -> None:
            submission = await Submission.objects().get(Submission.id == assignment.submission)
            assert submission
            opinion = Opinion({c.id: level for c in await rubric_of(submission)}, "Совет", "", "return")
            await save_review(assignment, opinion, version=version, by=self._as(who))

        self._with_assignment(work)

    @rule(who=st.sampled_from(["mentor", "second_mentor", "captain"]), is_conflict=st.booleans())
    def refuse_to_review(self, who: str, is_conflict: bool) -> None:
        self._with_assignment(lambda a: decline(a, reason="Некогда", is_conflict=is_conflict, by=self._as(who)))

    @rule(who=WHO)
    def call_off(self, who: str) -> None:
        self._with_assignment(lambda a: cancel_assignment(a, by=self._as(who)))

    @rule(who=WHO, number=st.integers(1, 2))
    def confirm(self, who: str, number: int) -> None:
        self._with_assignment(lambda a: confirm_remark(a, number, by=self._as(who)))

    @rule(who=WHO, title=st.sampled_from(["Суть", "Главное"]))
    def rename_a_section(self, who: str, title: str) -> None:
        async def work() -> None:
            rows = await sections_at(self.cast.season.id, "idea")
            await change(rows[0], revision=rows[0].revision, by=self._as(who), title_ru=title)

        self._try(work)

    def _verb(self, verb: Callable[[Project], Awaitable[Any]]) -> None:
        """Try one verb of the project in its current state."""

        async def work() -> None:
            await verb(await fresh_project(self.cast.project))

        self._try(work)

    def _with_assignment(self, verb: Callable[[Assignment], Awaitable[Any]]) -> None:
        async def work() -> None:
            assignment = await Assignment.objects().order_by(Assignment.id, ascending=False).first()
            if assignment is None:
                raise Refusal("nobody was asked")
            await verb(assignment)

        self._try(work)

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


def _walk(open_database: Any, examples: int, steps: int, *, phases: Sequence[Phase] = tuple(Phase)) -> None:
    machine = type("Walk", (Walk,), {"address": staticmethod(open_database)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck),
            derandomize=True, database=None, phases=phases,
        ),
    )  # fmt: skip


def test_on_sqlite(sqlite_template: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="incubator-walk-"))
    try:
        _walk(
            lambda: engines.sqlite_copy(sqlite_template, Path(tempfile.mkdtemp(dir=folder))),
            examples=scaled(100),
            steps=30,
        )
    finally:
        shutil.rmtree(folder)


def test_on_postgres(postgres_databases: Databases) -> None:
    _walk(postgres_databases.one, examples=scaled(30), steps=25)


def test_the_walk_would_notice_a_missing_event(
    sqlite_template: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The property is not vacuous: without the event of submitting, it fails."""
    from incubator.history.record import record as real

    async def forgetful(happened: Happened, **rest: Any) -> None:
        if happened is not Happened.SUBMITTED:
            await real(happened, **rest)

    monkeypatch.setattr("incubator.gates.submit.record", forgetful)
    with pytest.raises((AssertionError, ExceptionGroup)):
        _walk(
            lambda: engines.sqlite_copy(sqlite_template, Path(tempfile.mkdtemp(dir=tmp_path))),
            examples=5, steps=10, phases=[Phase.generate],
        )  # fmt: skip
