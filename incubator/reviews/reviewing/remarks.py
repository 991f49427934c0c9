"""The checklist of a return: the team marks each remark as addressed, and a mentor confirms it."""

from collections.abc import Sequence
from typing import Any, cast

from piccolo.columns import Column

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.frozen import frozen_for_one
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.projects.access import require_may
from incubator.projects.document import frozen_parts, parts_of
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action
from incubator.projects.tables import Project, Submission
from incubator.reviews.reviewing.review import require_open
from incubator.reviews.tables import Assignment, Decision, Remark

#: Piccolo types the first join only.
_earlier: Any = cast(Any, Remark.decision).submission


@frozen_for_one
def _released_in(project_ids: list[int]) -> Any:
    project: Any = cast(Any, Decision.submission).project
    return (
        Decision.select(Decision.id, Decision.outcome, project.as_alias("project"))
        .where(project.is_in(project_ids) & Decision.released())
        .order_by(Decision.submission)
    )


@frozen_for_one
def _remarks_of(decisions: list[int]) -> Any:
    return Remark.objects().where(Remark.decision.is_in(decisions)).order_by(Remark.id)


async def open_remarks(project_id: int) -> list[Remark]:
    """Return the remarks of the latest released return, which this round has to address."""
    return (await open_remarks_of([project_id]))[project_id]


async def open_remarks_of(project_ids: Sequence[int]) -> dict[int, list[Remark]]:
    """Return the remarks of each project, as ``open_remarks``. Two queries, whatever their number."""
    latest = {row["project"]: row for row in await _released_in(project_ids)}
    returns = [row["id"] for row in latest.values() if row["outcome"] == "return"]
    remarks: dict[int, list[Remark]] = {project_id: [] for project_id in project_ids}
    for remark in await _remarks_of(returns) if returns else ():
        remarks[remark.project].append(remark)
    return remarks


async def remarks_on(submission: Submission) -> list[Remark]:
    """Return the remarks that the submission had to address: those of the return before it, whatever was taken back since."""
    before = (
        Submission.select(Submission.id)
        .where(
            (Submission.project == submission.project) & (Submission.number < submission.number) & Submission.standing()
        )
        .order_by(Submission.number, ascending=False)
        .limit(1)
    )
    return (
        await Remark.objects()
        .where(
            (Remark.project == submission.project)
            & _earlier.is_in(before)
            & Remark.decision.released_at.is_not_null()
            & Remark.decision.superseded_at.is_null()
        )
        .order_by(Remark.id)
    )


async def is_unchanged(project: Project, remark: Remark) -> bool:
    """Return whether the remark's section still says what it said when it was returned."""
    decision = await Decision.objects(Decision.submission).get(Decision.id == remark.decision)
    returned = {part.key: part.value or part.text for part in frozen_parts(decision.submission)} if decision else {}
    return any(part.key == remark.key and part.value == returned.get(part.key) for part in await parts_of(project))


async def address_remark(project: Project, remark_id: int, answer: str, *, by: Person) -> None:
    """Mark a remark as addressed, and say in ``answer`` what the team did. Repeating it does nothing.

    Raises Refusal if a mate was faster with other words.
    """
    values: dict[Column | str, Any] = {
        Remark.answer: answer, Remark.addressed_at: now(), Remark.addressed_by: by.id,
    }  # fmt: skip
    async with writing():
        if not await _mark(project, remark_id, values, Happened.REMARK_ADDRESSED, if_addressed=False, by=by):
            _require_same_answer(await _remark(remark_id), answer)


async def reopen_remark(project: Project, remark_id: int, *, by: Person) -> None:
    """Take the mark back; what was said stays, so that it can be said better. Repeating it does nothing."""
    values: dict[Column | str, Any] = {Remark.addressed_at: None, Remark.addressed_by: None}
    await _mark(project, remark_id, values, Happened.REMARK_REOPENED, if_addressed=True, by=by)


async def _mark(
    project: Project,
    remark_id: int,
    values: dict[Column | str, Any],
    happened: Happened,
    *,
    if_addressed: bool,
    by: Person,
) -> bool:
    """Change a remark of the round, unless it was changed or confirmed before; return whether it was. Raises NotAllowed and Refusal."""
    async with writing():
        await lock_project(project.id)
        await require_may(by, Action.ADDRESS_REMARK, project.id)
        if remark_id not in {r.id for r in await open_remarks(project.id)}:
            raise Refusal(_("Этого замечания здесь нет"))
        still = Remark.addressed_at.is_not_null() if if_addressed else Remark.addressed_at.is_null()
        done = (
            await Remark.update(values)
            .where((Remark.id == remark_id) & (Remark.project == project.id) & Remark.confirmed_at.is_null() & still)
            .returning(Remark.id)
        )
        if done:
            await record(happened, by=by, project=project.id, remark=remark_id)
        return bool(done)


async def _remark(remark_id: int) -> Remark:
    remark = await Remark.objects().get(Remark.id == remark_id)
    assert remark is not None
    return remark


def _require_same_answer(remark: Remark, answer: str) -> None:
    if remark.answer == answer:
        return
    if remark.confirmed_at is not None:
        raise Refusal(_("Наставник это замечание уже подтвердил: отвечать на него больше не нужно"))
    raise Refusal(
        _(
            "Пока вы писали, на это замечание ответил кто-то ещё из команды: «%(answer)s». Снимите отметку, если хотите ответить иначе.",
            answer=remark.answer,
        )
    )


async def require_on_it(assignment: Assignment, remark_id: int, by: Person) -> Submission:
    """Return the submission; raise Refusal unless the remark is from the return before this round and the mentor still reviews it."""
    submission = await require_open(assignment, by)
    if remark_id not in {r.id for r in await remarks_on(submission)}:
        raise Refusal(_("Этого замечания здесь нет"))
    return submission


async def doubt_remark(assignment: Assignment, remark_id: int, text: str, *, by: Person) -> None:
    """Mark a remark as "not yet" addressed and say what is missing, as a mentor who has read the diff.

    Raises Refusal if another mentor has confirmed it or said something else: both would not fit, and theirs stays.
    """
    submission = assignment.submission
    async with writing():
        await require_on_it(assignment, remark_id, by)
        _require_no_other_doubt(await _remark(remark_id), text, by)
        done = (
            await Remark.update({Remark.doubt: text, Remark.doubted_by: by.id})
            .where((Remark.id == remark_id) & (Remark.project == submission.project) & Remark.confirmed_at.is_null())
            .returning(Remark.id)
        )
        if done:
            await record(
                Happened.REMARK_DOUBTED, by=by, project=submission.project, submission=submission.id, remark=remark_id
            )


def _require_no_other_doubt(remark: Remark, text: str, by: Person) -> None:
    if remark.confirmed_at is not None and remark.confirmed_by != by.id:
        raise Refusal(
            _(
                "Другой рецензент это замечание уже подтвердил. Если не согласны, напишите под замечанием или организатору."
            )
        )
    if remark.doubt and remark.doubt != text and remark.doubted_by not in {None, by.id}:
        raise Refusal(
            _(
                "Другой рецензент уже написал, чего не хватает: «%(doubt)s». Добавьте своё ответом под замечанием.",
                doubt=remark.doubt,
            )
        )


async def confirm_remark(assignment: Assignment, remark_id: int, *, by: Person) -> None:
    """Confirm that a remark is addressed, as a mentor who reviews the new round and has read the diff.

    What another mentor found missing stays. Raises Refusal if the team has taken its mark back. Repeating it does nothing.
    """
    submission = assignment.submission
    async with writing():
        await require_on_it(assignment, remark_id, by)
        before = await _remark(remark_id)
        if before.addressed_at is None:
            raise Refusal(_("Команда сняла отметку с этого замечания: подтверждать пока нечего"))
        own_doubt_ended: dict[Column | str, Any] = {Remark.doubt: ""} if before.doubted_by == by.id else {}
        done = (
            await Remark.update({Remark.confirmed_at: now(), Remark.confirmed_by: by.id, **own_doubt_ended})
            .where(
                (Remark.id == remark_id)
                & (Remark.project == submission.project)
                & Remark.addressed_at.is_not_null()
                & Remark.confirmed_at.is_null()
            )
            .returning(Remark.id)
        )
        if done:
            await record(
                Happened.REMARK_CONFIRMED, by=by, project=submission.project, submission=submission.id, remark=remark_id
            )
