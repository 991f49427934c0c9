"""Deciding on a submission: pending and reversible until released, and only then visible to the team."""

from collections.abc import Sequence
from typing import Any

import msgspec

from incubator.core.clock import now
from incubator.core.languages import _, ngettext
from incubator.core.refusals import Refusal
from incubator.core.visible import says_something
from incubator.db import writing
from incubator.db.references import some_id_of
from incubator.history.record import Happened, record
from incubator.history.tables import Event
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.programme.seasons import rules_of
from incubator.projects.access import require_office
from incubator.projects.document import frozen_parts, lies_in_review
from incubator.projects.locking import lock_project_of
from incubator.projects.tables import Project, Submission
from incubator.projects.transition import StageChanged
from incubator.reviews.outcomes import OUTCOMES
from incubator.reviews.sent_reviews import sent_reviews
from incubator.reviews.tables import Decision, Remark


class ReviewsMissing(Refusal):
    """Fewer reviews than the season requires, and no reason given."""


async def missing_reviews(submission: Submission, project: Project) -> int:
    """Return how many of the required reviews are missing."""
    required = (await rules_of(project.season))[submission.stage].reviews_required
    given = len((await sent_reviews([submission.id])).get(submission.id, []))
    return max(0, int(required) - given)


async def decide(
    submission: Submission, outcome: str, *, reason: str, by: Person,
    remarks: Sequence[tuple[str, str]] = (), next_step: str = "", override: str = "", revise_days: int | None = None,
) -> Decision:  # fmt: skip
    """Take a decision; it stays invisible until ``release``.

    ``remarks``: (section key, text) pairs, at least one for a return. ``next_step``: what
    the team can do now, required for a stop. ``override``: why the decision is taken without
    the required reviews. ``revise_days``: how long a returned team has, counted from the release
    (None: as long as the season says). Raises Refusal if something is missing,
    StageChanged if the submission is not (or no longer) in review, or already decided.
    """
    await require_staff(by, StaffAction.DECIDE)
    async with writing():
        project, submission = await lock_in_review(submission.id)
        await require_office(by, project.id)
        if await Decision.exists().where(Decision.submission == submission.id):
            raise StageChanged
        require_words(submission, outcome, reason, remarks, next_step)
        missing = await missing_reviews(submission, project)
        if missing and not says_something(override):
            raise ReviewsMissing(
                ngettext(
                    "Не хватает %(n)s рецензии. Решить без неё можно, если записать причину.",
                    "Не хватает %(n)s рецензий. Решить без них можно, если записать причину.",
                    missing,
                )
            )
        decision = Decision(
            submission=submission.id, outcome=outcome, reason=reason,
            next_step=next_step, revise_days=revise_days if outcome == "return" else None, override_reason=override if missing else "", decided_by=by.id, decided_at=now(),
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


def require_words(
    submission: Submission, outcome: str, reason: str, remarks: Sequence[tuple[str, str]], next_step: str
) -> None:
    """Raise Refusal unless the decision says all that the team needs to read."""
    if outcome not in OUTCOMES:
        raise Refusal(_("Выберите решение"))
    if not says_something(reason):
        raise Refusal(_("Напишите команде, почему решение такое"))
    keys = {part.key for part in frozen_parts(submission)}
    if outcome == "return" and not remarks:
        raise Refusal(_("Возврат без замечаний команде не поможет: добавьте хотя бы одно"))
    if outcome == "stop" and not says_something(next_step):
        raise Refusal(_("Остановка без совета обидит: напишите, что команда может сделать дальше"))
    if any(key not in keys or not says_something(text) for key, text in remarks):
        raise Refusal(_("У каждого замечания должны быть раздел и текст"))


async def lock_in_review(submission_id: int) -> tuple[Project, Submission]:
    """Lock and return the project if it is in review with exactly this submission; else raise StageChanged."""
    project, submission = await lock_project_of(submission_id)
    if not lies_in_review(project, submission):
        raise StageChanged
    return project, submission


def mark_of(decision: Decision) -> str:
    """Return a token for forms, so that pressing a button refers to the decision that was read."""
    return f"{decision.id} {decision.decided_at.isoformat()}"


async def undo_decision(decision: Decision, *, by: Person) -> None:
    """Undo a decision that has not been released; its words stay for the next one. Raises StageChanged if it has changed since it was read."""
    await require_staff(by, StaffAction.DECIDE)
    async with writing():
        project, submission = await lock_project_of(some_id_of(decision.submission))
        await require_office(by, project.id)
        await require_same(decision)
        remarks = await Remark.select(Remark.key, Remark.text).where(Remark.decision == decision.id).order_by(Remark.id)
        gone = (
            await Decision.delete()
            .where((Decision.id == decision.id) & Decision.released_at.is_null())
            .returning(Decision.id)
        )
        if not gone:
            raise StageChanged
        await record(
            Happened.DECISION_UNDONE, by=by, project=submission.project, submission=submission.id,
            outcome=decision.outcome, reason=decision.reason, next_step=decision.next_step,
            override=decision.override_reason, revise_days=decision.revise_days,
            remarks=[[row["key"], row["text"]] for row in remarks],
        )  # fmt: skip


async def words_undone(submission_id: int) -> dict[str, Any]:
    """Return what the last decision said that was undone, as its event keeps it; empty if none was. One query."""
    last = (
        await Event.select(Event.data)
        .where((Event.submission_id == submission_id) & (Event.happened == Happened.DECISION_UNDONE.value))
        .order_by(Event.id, ascending=False)
        .first()
    )
    return dict(msgspec.json.decode(last["data"])) if last else {}


async def require_same(read: Decision) -> None:
    """Raise StageChanged unless the decision is the one that was read: ids can be reused, moments cannot."""
    now_there = await Decision.objects().get(Decision.id == read.id)
    if now_there is None or (now_there.decided_at, now_there.outcome) != (read.decided_at, read.outcome):
        raise StageChanged
