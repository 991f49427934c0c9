"""Reading and giving the deadlines of teams; the rule itself is in ``deadline.py``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from incubator.core.clock import now
from incubator.core.formatting import deadline as formatted
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db.frozen import frozen_for_one
from incubator.db.references import some_id_of
from incubator.people.tables import Person
from incubator.programme.seasons import rules_of, rules_of_seasons
from incubator.programme.stages import Stage, stage_title
from incubator.programme.tables import Season, StageRule
from incubator.projects.deadline import Cause, Deadline, deadline_of, time_to_work
from incubator.projects.lifecycle import WRITABLE, State
from incubator.projects.tables import Project, RoundDeadline, Submission


async def binding_deadline(project: Project) -> Deadline | None:
    """Return until when the team may submit in its current round; None: whenever it likes. Two queries."""
    return (await binding_deadlines([project]))[project.id]


async def binding_deadlines(projects: Sequence[Project]) -> dict[int, Deadline | None]:
    """Return the deadline of each project, as ``binding_deadline``. Two queries, whatever their number."""
    rules = await rules_of_seasons({some_id_of(project.season) for project in projects})
    own = await own_deadlines(projects)
    return {
        project.id: deadline_of(
            rules[some_id_of(project.season), project.stage].submit_by, project.round, own.get(project.id)
        )
        for project in projects
    }


@frozen_for_one
def _own_dates_of(project_ids: list[int]) -> Any:
    return RoundDeadline.objects().where(RoundDeadline.project.is_in(project_ids)).order_by(RoundDeadline.id)


async def own_deadlines(projects: Sequence[Project]) -> dict[int, Deadline]:
    """Return the date of its own of each project that has one in its current round. One query."""
    rows = await _own_dates_of(project.id for project in projects)
    given = {(row.project, row.stage, row.round): _deadline(row) for row in rows}
    found = {project.id: given.get((project.id, project.stage, project.round)) for project in projects}
    return {project_id: deadline for project_id, deadline in found.items() if deadline is not None}


def _deadline(row: RoundDeadline) -> Deadline:
    return Deadline(row.until, Cause(row.cause), row.reason)


async def deadline_for_ideas(season: Season | None) -> Deadline | None:
    """Return until when an idea that is started now may be submitted."""
    if season is None:
        return None
    rule = (await rules_of(season.id)).get(Stage.IDEA.value)
    return deadline_of(rule.submit_by, 1, None) if rule else None


async def rule_of(project: Project) -> StageRule:
    """Return the rule of the project's current stage."""
    return (await rules_of(some_id_of(project.season)))[project.stage]


async def time_from_now(
    season_id: int, stage: str, round: int, cause: Cause, *, days: int | None = None
) -> Deadline | None:
    """Return the deadline of a round that begins now: ``days`` from now (None: the season's number), or everybody's date if later.

    None for a first round where the season names no date: then nobody else has one either.
    """
    rule = (await rules_of(season_id))[stage]
    has_none = rule.submit_by is None and round == 1 and days is None
    return None if has_none else time_by_rule(rule, round, cause, days=days)


def time_by_rule(rule: StageRule, round: int, cause: Cause, *, days: int | None = None) -> Deadline:
    """Return ``time_from_now`` by the rule of a stage."""
    until = time_to_work(rule.submit_by, rule.revise_days if days is None else days, now())
    for_everybody = deadline_of(rule.submit_by, round, None)
    return for_everybody if for_everybody and for_everybody.until >= until else Deadline(until, cause)


async def give_days(project: Project, cause: Cause, *, days: int | None = None, by: Person | None) -> Deadline | None:
    """Give the team ``time_from_now`` for the round that it begins, and return its deadline.

    A row is written only if everybody's date would leave less, or a date that it was given for this very round before,
    in which it is again after a correction, or after it had left. Call inside the transaction that starts the round.
    """
    found = await time_from_now(some_id_of(project.season), project.stage, project.round, cause, days=days)
    kept = await _kept_if_later(project, project.round, found)
    if kept is not None or found is None or found.cause is Cause.STAGE:
        return kept or found
    return await give_until(project, found.until, cause, by=by)


async def _kept_if_later(project: Project, round: int, found: Deadline | None) -> Deadline | None:
    """Return the date of its own that the team has for ``round`` already, unless ``found`` leaves it more time. One query."""
    rows = [row for row in await _own_dates_of([project.id]) if (row.stage, row.round) == (project.stage, round)]
    kept = _deadline(rows[-1]) if rows else None
    return kept if kept is not None and (found is None or kept.until >= found.until) else None


async def round_after_reopening(project: Project) -> int:
    """Return the round in which a stopped team starts again; a team that left goes on where it was.

    Unless that round has a version by now: a decision that was corrected after they left put them back into it.
    """
    is_used = project.state == State.STOPPED or await Submission.exists().where(Submission.pending_of(project))
    return project.round + 1 if is_used else project.round


async def deadline_if_reopened(project: Project) -> Deadline | None:
    """Return what a stopped or withdrawn team gets if it is reopened now; None for every other team."""
    if project.state not in {State.STOPPED, State.WITHDRAWN}:
        return None
    season, begins = some_id_of(project.season), await round_after_reopening(project)
    found = await time_from_now(season, project.stage, begins, Cause.REOPENED)
    return await _kept_if_later(project, begins, found) or found


async def give_until(
    project: Project, until: datetime, cause: Cause, *, reason: str = "", by: Person | None
) -> Deadline:
    """Give the team a date of its own for its current round. Call inside a transaction that has locked the project."""
    await RoundDeadline(
        project=project.id, stage=project.stage, round=project.round, until=until, cause=cause.value, reason=reason,
        given_by=by.id if by else None, at=now(),
    ).save()  # fmt: skip
    return Deadline(until, cause, reason)


def require_ahead(until: datetime) -> None:
    """Raise Refusal for a date that is over already."""
    if Deadline(until).is_over(now()):
        raise Refusal(_("Этот срок уже прошёл: выберите более поздний"))


async def require_not_earlier_than_everybody(project: Project, until: datetime) -> None:
    """Raise Refusal for a date that would not bind, since everybody has longer."""
    everybody = deadline_of((await rule_of(project)).submit_by, project.round, None)
    if everybody is not None and until < everybody.until:
        raise Refusal(_("Для всех команд срок позже: %(until)s", until=formatted(everybody.until)))


async def join_deadlines(duplicate: Project, into: Project, *, was_submitted: bool, by: Person) -> None:
    """Give the team the later date of its two projects at one stage; if one was handed in, time to hand in the other.

    Call inside a transaction that has locked both, before the duplicate is closed.
    """
    dates = await binding_deadlines([duplicate, into])
    own, other = dates[into.id], dates[duplicate.id]
    if own is None or into.state not in WRITABLE:
        return
    given = [other.until] if other and duplicate.stage == into.stage else []
    more = await time_from_now(some_id_of(into.season), into.stage, into.round, Cause.EXTENDED)
    if was_submitted and more:
        given.append(more.until)
    if given and max(given) > own.until:
        await give_until(into, max(given), Cause.EXTENDED, by=by)


def deadline_in_words(stage: str, deadline: Deadline | None) -> str:
    """Return until when the team may submit, as a sentence of a mail in the current language."""
    if deadline is None:
        return ""
    return _("Сдать этап «%(stage)s» можно до %(until)s.", stage=stage_title(stage), until=formatted(deadline.until))
