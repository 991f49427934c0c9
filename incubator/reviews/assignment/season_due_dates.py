"""Changing a season whose mentors are at work: what they were promised holds, and days that were given move where the organiser wants it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from piccolo.query.functions.aggregate import Count

from incubator.core.clock import day_of, today
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.db.conditions import Condition
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.programme.presets import Preset
from incubator.programme.seasons import rules_of
from incubator.programme.tables import Season, StageRule
from incubator.projects.season_changes import change_season_of_teams
from incubator.reviews.assignment.reminders import BEFORE, due_reminder
from incubator.reviews.tables import Assignment, Review


@dataclass(frozen=True, slots=True)
class Told:
    """How many have another date now, and a mailbox to read it in."""

    teams: int
    mentors: int


class NamesPromised(Refusal):
    """Reviews were written on the promise that nobody would read these names."""


async def change_season_of_everybody(season: Season, *, by: Person, moved: Collection[str], **values: Any) -> Told:
    """Change the season as ``change_season_of_teams``, and the due dates of reviews under way at the stages ``moved``.

    Each mentor whose days move is told once, in one mail. Raises what that raises, and NamesPromised.
    """
    async with writing():
        await _require_promise_kept(season.id, Preset(values["visibility"]))
        teams = await change_season_of_teams(season, by=by, **values)
        rules = await rules_of(season.id)
        mentors: dict[int, dict[str, str]] = defaultdict(dict)
        for row in await _rows_of(season.id, moved):
            if due_on := await _move(row, rules[row["stage"]]):
                mentors[row["mentor"]][str(row["id"])] = due_on.isoformat()
        for mentor, days in sorted(mentors.items()):
            await record(Happened.DUE_DATES_MOVED, by=by, subject=mentor, season=season.id, days=days)
        is_told = Person.id.is_in([*mentors] or [0]) & Person.email_confirmed_at.is_not_null() & (Person.id != by.id)
        return Told(teams, await Person.count().where(is_told))


async def _require_promise_kept(season_id: int, visibility: Preset) -> None:
    """Raise NamesPromised if names would be shown under which somebody has sent a review that hid them."""
    stored = await Season.select(Season.visibility).where(Season.id == season_id)
    project: Any = Review.submission.project
    if visibility.shows_more_than(Preset(stored[0]["visibility"])) and await Review.exists().where(
        (project.season == season_id) & Review.sent()
    ):
        raise NamesPromised(
            _(
                "Рецензии этого сезона писали, зная, что имён не откроют. Показать имена можно будет со следующего сезона."
            )
        )


async def reviews_under_way(season_id: int, stages: Collection[str]) -> dict[str, int]:
    """Return for each stage how many reviews mentors are writing."""
    stage: Any = Assignment.submission.stage
    rows = (
        await Assignment.select(stage.as_alias("stage"), Count().as_alias("n"))
        .where(_under_way(season_id, stages))
        .group_by(stage)
    )
    return dict.fromkeys(stages, 0) | {row["stage"]: row["n"] for row in rows}


def moved_day(given: date, days: int, was: date | None, on: date) -> date:
    """Return the last day of a review asked for on the day ``given``; ``was``: the one that was said then.

    Fewer days make nobody late at once: who is still in time keeps as long as the first reminder comes before.
    """
    day = given + timedelta(days=days)
    return day if was is None or day >= was else max(day, min(was, on + BEFORE))


def _under_way(season_id: int, stages: Collection[str]) -> Condition:
    """Return the condition that a review of a season, at one of the stages, is being written."""
    submission: Any = Assignment.submission
    of = (submission.project.season == season_id) & submission.stage.is_in([*stages] or [""])
    found: Condition = of & submission.taken_back_at.is_null() & Assignment.waiting()
    return found


async def _rows_of(season_id: int, stages: Collection[str]) -> list[dict[str, Any]]:
    """Return what moving them asks for, without the texts that are reviewed."""
    stage: Any = Assignment.submission.stage
    columns = (Assignment.id, Assignment.mentor, Assignment.assigned_at, Assignment.due_on, stage.as_alias("stage"))
    return await Assignment.select(*columns).where(_under_way(season_id, stages)).order_by(Assignment.id)


async def _move(row: dict[str, Any], rule: StageRule) -> date | None:
    """Move the due date and return it, unless the mentor has just sent the review; reminders begin anew."""
    due_on = moved_day(day_of(row["assigned_at"]), rule.review_days, row["due_on"], today())
    if due_on == row["due_on"]:
        return None
    won = (
        await Assignment.update({Assignment.due_on: due_on, Assignment.reminders: due_reminder(due_on, today())})
        .where((Assignment.id == row["id"]) & Assignment.waiting())
        .returning(Assignment.id)
    )
    return due_on if won else None
