"""Deciding on a submission: pending and undoable until released, told to the team then."""

from collections.abc import Sequence

from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.letters import write_to
from incubator.people.organisers import require_organiser
from incubator.people.tables import Person
from incubator.programme.seasons import rules_of
from incubator.programme.stages import Stage, stage_title
from incubator.projects.access import require_office
from incubator.projects.document import frozen_parts, lies_in_review
from incubator.projects.held import held_with
from incubator.projects.lifecycle import Step
from incubator.projects.move import StageChanged, move
from incubator.projects.tables import Project, Submission
from incubator.projects.team import team_of
from incubator.reviews.review import OUTCOMES, sent_reviews
from incubator.reviews.tables import Decision, Remark
from incubator.showcase.postings import hold
from incubator.showcase.publish import show_version
from incubator.web.dates import now
from incubator.web.i18n import _, ngettext, speaking
from incubator.web.markdown import render
from incubator.web.refusal import Refusal

#: The step, and what the journal calls it, of every outcome but the last advance.
STEPS = {
    "advance": (Step.ADVANCE, Happened.ADVANCED),
    "return": (Step.RETURN, Happened.RETURNED),
    "stop": (Step.STOP, Happened.STOPPED),
}


class ReviewsMissing(Refusal):
    """Fewer reviews than the season requires, and no reason to go without them."""


async def missing_reviews(submission: Submission, project: Project) -> int:
    """How many of the required reviews have not come in."""
    required = (await rules_of(project.season))[submission.stage].reviews_required
    given = len((await sent_reviews([submission.id])).get(submission.id, []))
    return max(0, int(required) - given)


async def decide(
    submission: Submission, outcome: str, *, reason: str, by: Person,
    remarks: Sequence[tuple[str, str]] = (), next_step: str = "", override: str = "",
) -> Decision:  # fmt: skip
    """Take a decision; it stays invisible until ``release``.

    ``remarks``: (section key, text) pairs, at least one for a return. ``next_step``: what
    the team can do now, needed for a stop. ``override``: why it is taken without the
    required reviews. Raises Refusal where something is missing,
    StageChanged when the submission is not in review (any more) or was decided.
    """
    require_organiser(by)
    _require_words(submission, outcome, reason, remarks, next_step)
    async with writing():
        project, submission = await _in_review(submission.id)
        await require_office(by, project.id)
        missing = await missing_reviews(submission, project)
        if missing and not override:
            raise ReviewsMissing(
                ngettext(
                    "Не хватает %(n)s рецензии. Решить без неё можно, если записать причину.",
                    "Не хватает %(n)s рецензий. Решить без них можно, если записать причину.",
                    missing,
                )
            )
        if await Decision.exists().where(Decision.submission == submission.id):
            raise StageChanged
        decision = Decision(
            submission=submission.id, outcome=outcome, reason=reason, reason_html=render(reason),
            next_step=next_step, override_reason=override if missing else "", decided_by=by.id, decided_at=now(),
        )  # fmt: skip
        await decision.save()
        if outcome == "return":
            await Remark.insert(
                *(Remark(decision=decision.id, project=project.id, key=key, text=text) for key, text in remarks)
            )
        await record(
            Happened.DECIDED, by=by, project=project.id, submission=submission.id, outcome=outcome,
            override=decision.override_reason,
        )  # fmt: skip
        return decision


def _require_words(
    submission: Submission, outcome: str, reason: str, remarks: Sequence[tuple[str, str]], next_step: str
) -> None:
    if outcome not in OUTCOMES:
        raise Refusal(_("Выберите решение"))
    if not reason:
        raise Refusal(_("Напишите команде, почему решение такое"))
    keys = {part.key for part in frozen_parts(submission)}
    if outcome == "return" and not remarks:
        raise Refusal(_("Возврат без замечаний команде не поможет: добавьте хотя бы одно"))
    if outcome == "stop" and not next_step:
        raise Refusal(_("Остановка без совета обидит: напишите, что команда может сделать дальше"))
    if any(key not in keys or not text for key, text in remarks):
        raise Refusal(_("У каждого замечания должны быть раздел и текст"))


async def _in_review(submission_id: int) -> tuple[Project, Submission]:
    """The project, held, if exactly this submission lies in review; else StageChanged."""
    project, submission = await held_with(submission_id)
    if not lies_in_review(project, submission):
        raise StageChanged
    return project, submission


def mark_of(decision: Decision) -> str:
    """What a form carries, so that pressing its button means the decision that was read."""
    return f"{decision.id} {decision.decided_at.isoformat()}"


async def undo_decision(decision: Decision, *, by: Person) -> None:
    """Take a decision back that was not yet released. Raises StageChanged when it is another one by now."""
    require_organiser(by)
    async with writing():
        project, submission = await held_with(_id_of(decision.submission))
        await require_office(by, project.id)
        await _require_same(decision)
        gone = (
            await Decision.delete()
            .where((Decision.id == decision.id) & Decision.released_at.is_null())
            .returning(Decision.id)
        )
        if not gone:
            raise StageChanged
        await record(Happened.DECISION_UNDONE, by=by, project=submission.project, submission=submission.id)


async def _require_same(read: Decision) -> None:
    """What is to be announced or undone is what was read: ids come again, moments do not."""
    now_there = await Decision.objects().get(Decision.id == read.id)
    if now_there is None or (now_there.decided_at, now_there.outcome) != (read.decided_at, read.outcome):
        raise StageChanged


async def release(decision: Decision, *, by: Person) -> Project:
    """Make the decision real and tell the team. Raises StageChanged when it was released or undone."""
    require_organiser(by)
    async with writing():
        # The project first, as everywhere: who holds rows in another order waits for ever for somebody.
        project, submission = await _in_review(_id_of(decision.submission))
        await require_office(by, project.id)
        await _require_same(decision)
        await hold()
        released = (
            await Decision.update({Decision.released_at: now(), Decision.released_by: by.id})
            .where((Decision.id == decision.id) & Decision.released_at.is_null())
            .returning(Decision.id)
        )
        if not released:
            raise StageChanged
        moved, happened = await _carry_out(decision.outcome, project)
        await record(happened, by=by, project=project.id, submission=submission.id, decision=decision.id)
        if decision.outcome == "advance":
            await show_version(moved, submission)
        await _tell_team(moved, submission, decision)
        return moved


def _id_of(submission: Submission | int) -> int:
    return int(submission if isinstance(submission, int) else submission.id)


async def _carry_out(outcome: str, project: Project) -> tuple[Project, Happened]:
    step, happened = STEPS[outcome]
    if outcome == "return":
        return await move(project, step, round=project.round + 1), happened
    if outcome == "stop":
        return await move(project, step), happened
    following = Stage(project.stage).next
    if following is None:
        return await move(project, Step.GRADUATE), Happened.GRADUATED
    return await move(project, step, stage=following, round=1), happened


async def _tell_team(project: Project, submission: Submission, decision: Decision) -> None:
    for mate in await team_of(project.id):
        key, paragraphs, values = await letter_of(
            project.state, project.stage, submission, decision, mate.person.locale
        )
        await write_to(
            mate.person, key, *paragraphs, link=f"/projects/{project.id}/submissions/{submission.number}", **values
        )


async def letter_of(
    state: str, stage: str, submission: Submission, decision: Decision, locale: str
) -> tuple[str, list[str], dict[str, str]]:
    """What a team is told: the mail's key, what follows its body, and the values of its fields.

    ``state`` and ``stage`` are those of the project after the release. Written for a
    fifteen-year-old: what is good and missing, remark by remark, and what to do next.
    """
    key = "graduated" if state == "graduated" else decision.outcome
    with speaking(locale):
        titles = {part.key: part.title for part in frozen_parts(submission)}
        remarks = await Remark.objects().where(Remark.decision == decision.id).order_by(Remark.id)
        lines = [f"• {titles.get(r.key, '')}: {r.text}" for r in remarks]
        paragraphs = [decision.reason]
        if lines:
            paragraphs.append("\n".join([_("Что поправить:"), *lines]))
        if decision.next_step:
            paragraphs.append(_("Что дальше: %(step)s", step=decision.next_step))
        return key, paragraphs, {"title": submission.title, "stage": stage_title(stage)}
