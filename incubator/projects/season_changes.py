"""Changing a season whose teams are at work: those whose date moves are told, once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.programme.changes import change_season
from incubator.programme.stages import stage_title
from incubator.programme.tables import Season
from incubator.projects.deadline import Cause, Deadline, deadline_of
from incubator.projects.deadlines import binding_deadlines, own_deadlines, rule_of
from incubator.projects.lifecycle import WRITABLE
from incubator.projects.tables import Member, Project, RoundDeadline


async def change_season_of_teams(season: Season, *, by: Person, **values: Any) -> int:
    """Change the season as ``change_season``; return how many teams are told of another date, which all their journals say.

    Raises what that raises, and Refusal for a date that is over already for teams at work.
    """
    async with writing():
        former = await change_season(season, by=by, **values)
        concerned = await _writing_at(season.id, tuple(former))
        own = await own_deadlines(concerned)
        await _end_extensions(concerned)
        now_binding = await binding_deadlines(concerned)
        moved = list[int]()
        for project in concerned:
            before = deadline_of(former[project.stage], project.round, own.get(project.id))
            after = now_binding[project.id]
            if _until(before) != _until(after):
                _require_ahead(project.stage, after)
                moved.append(project.id)
                await record(
                    Happened.DATE_MOVED, by=by, project=project.id, stage=project.stage, before=written(before),
                    until=written(after),
                )  # fmt: skip
        return await _told_of(moved, by)


async def _end_extensions(projects: Sequence[Project]) -> None:
    """End what gave a team more time for its first round than everybody had, where nobody has a date any more: it would bind that team alone."""
    for project in projects:
        if project.round == 1 and (await rule_of(project)).submit_by is None:
            await RoundDeadline.delete().where(
                (RoundDeadline.project == project.id)
                & (RoundDeadline.stage == project.stage)
                & (RoundDeadline.round == project.round)
                & RoundDeadline.cause.is_in([Cause.EXTENDED.value, Cause.ADVANCED.value])
            )


async def _told_of(projects: list[int], by: Person) -> int:
    """Return how many of the teams have somebody else than ``by`` who gets mail."""
    person: Any = Member.person
    rows = await Member.select(Member.project).where(
        Member.project.is_in(projects or [0]) & person.email_confirmed_at.is_not_null() & (person.id != by.id)
    )
    return len({row["project"] for row in rows})


def _require_ahead(stage: str, deadline: Deadline | None) -> None:
    if deadline and deadline.is_over(now()):
        raise Refusal(
            _("Новый срок этапа «%(stage)s» уже прошёл: команды опоздали бы сразу.", stage=stage_title(stage))
        )


def written(deadline: Deadline | None) -> str:
    """Return the deadline as its event keeps it; empty if there is none."""
    return deadline.until.astimezone(UTC).isoformat(timespec="seconds") if deadline else ""


def _until(deadline: Deadline | None) -> datetime | None:
    return deadline.until if deadline else None


async def _writing_at(season_id: int, stages: Sequence[str]) -> list[Project]:
    return (
        await Project.objects()
        .where(
            (Project.season == season_id)
            & Project.stage.is_in([*stages] or [""])
            & Project.state.is_in([state.value for state in WRITABLE])
        )
        .order_by(Project.id)
    )
