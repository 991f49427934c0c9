"""Changing a season: its dates and stages, its sections and criteria. For organisers only.

Every change states the wording that it was based on (``version``, ``revision``); if somebody
else has saved in the meantime, nothing is overwritten.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar, cast

from incubator.core.clock import day_of
from incubator.core.formatting import day
from incubator.core.languages import _
from incubator.core.refusals import Refusal, Repeated, Stale
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.programme.locking import lock_season
from incubator.programme.seasons import require_order, rules_of
from incubator.programme.tables import Criterion, Season, Section, StageRule

Row = TypeVar("Row", Section, Criterion)

#: How the keys of sections and criteria begin that organisers add to a season; the number after it is given anew in each.
OWN_KEY = "extra_"


async def change_season(
    season: Season, *, version: int, title_ru: str, title_en: str, opens_on: date, closes_on: date, visibility: str,
    may_answer: bool, confidence: str, electronic_consent: bool, stages: dict[str, dict[str, Any]], by: Person,
) -> dict[str, datetime | None]:  # fmt: skip
    """Change titles, dates and the rule of each stage; return the former date of each stage whose date moved.

    Pages call ``projects/season_changes.py``, which tells the teams.

    Raises Refusal for dates in the wrong order or a deadline outside the season,
    Stale when ``version`` is not the newest.
    """
    await require_staff(by, StaffAction.CHANGE_SEASONS)
    require_order(opens_on, closes_on)
    for rule in stages.values():
        until = rule.get("submit_by")
        if until and not opens_on <= day_of(until) <= closes_on:
            raise Refusal(
                _("Срок сдачи %(day)s не попадает в сезон: он идёт с %(opens)s по %(closes)s",
                  day=day(until), opens=day(opens_on), closes=day(closes_on))
            )  # fmt: skip
    async with writing():
        won = await Season.update(
            {
                Season.title_ru: title_ru, Season.title_en: title_en, Season.opens_on: opens_on,
                Season.closes_on: closes_on, Season.visibility: visibility,
                Season.may_answer: may_answer, Season.confidence: confidence,
                Season.electronic_consent: electronic_consent, Season.version: version + 1,
            }
        ).where((Season.id == season.id) & (Season.version == version)).returning(Season.id)  # fmt: skip
        if not won:
            raise Stale
        former = {rule.stage: rule.submit_by for rule in (await rules_of(season.id)).values()}
        for stage, rule in stages.items():
            await StageRule.update(cast(Any, rule)).where((StageRule.season == season.id) & (StageRule.stage == stage))
        await record(Happened.SEASON_CHANGED, by=by, season=season.id)
        return {s: former[s] for s, rule in stages.items() if "submit_by" in rule and rule["submit_by"] != former[s]}


async def change(row: Row, *, revision: int, by: Person, **changes: Any) -> Row:
    """Change a section or a criterion that was read as ``revision``; return the row that is now in force.

    Once a submission refers to it, the change is a new row and the old one stays as it
    was judged. Raises Stale when ``revision`` is not the newest.
    """
    await require_staff(by, StaffAction.CHANGE_SEASONS)
    table: Any = type(row)
    read = (table.id == row.id) & (table.revision == revision) & table.is_current.eq(True)
    news = {**changes, "revision": revision + 1}
    async with writing():
        # A team may submit at this very moment: only the row itself can say whether anything refers to it.
        if await table.update(news).where(read & table.is_in_use.eq(False)).returning(table.id):
            fresh = await table.objects().get(table.id == row.id)
        elif await table.update({table.is_current: False}).where(read).returning(table.id):
            values = (await table.objects().get(table.id == row.id)).to_dict()
            del values["id"]
            fresh = table(**{**values, **news, "is_current": True, "is_in_use": False})
            await fresh.save()
        else:
            raise Stale
        await _tell(fresh, by)
        return cast(Row, fresh)


async def add_section(season: Season, stage: str, *, by: Person, **values: Any) -> Section:
    """Add a section at the end of a stage. Raises Repeated."""
    await require_staff(by, StaffAction.CHANGE_SEASONS)
    async with writing():
        await lock_season(season.id)
        rows = await Section.objects().where(Section.season == season.id)
        if _is_there([row for row in rows if row.stage == stage], values):
            raise Repeated(_("Такой раздел уже есть: вот он."), f"/organiser/seasons/{season.id}#sections-{stage}")
        keys = {row.key for row in rows}
        row = Section(season=season.id, stage=stage, key=_free_key(keys), position=len(keys), **values)
        await row.save()
        await _tell(row, by)
        return row


async def add_criterion(season: Season, stage: str, *, by: Person, **values: Any) -> Criterion:
    """Add a criterion at the end of a stage's rubric. Raises Repeated."""
    await require_staff(by, StaffAction.CHANGE_SEASONS)
    async with writing():
        await lock_season(season.id)
        rows = await Criterion.objects().where((Criterion.season == season.id) & (Criterion.stage == stage))
        if _is_there(rows, values):
            raise Repeated(_("Такой критерий уже есть: вот он."), f"/organiser/seasons/{season.id}#criteria-{stage}")
        keys = {row.key for row in rows}
        row = Criterion(season=season.id, stage=stage, key=_free_key(keys), position=len(keys), **values)
        await row.save()
        await _tell(row, by)
        return row


async def remove(row: Section | Criterion, *, by: Person) -> None:
    """Stop asking (or judging) this; whatever refers to it keeps it. Repeating it does nothing."""
    await require_staff(by, StaffAction.CHANGE_SEASONS)
    table: Any = type(row)
    async with writing():
        still = (table.id == row.id) & table.is_current.eq(True)
        if await table.update({table.is_current: False}).where(still).returning(table.id):
            await _tell(row, by, removed=True)


async def _tell(row: Section | Criterion, by: Person, **details: Any) -> None:
    happened = Happened.SECTION_CHANGED if isinstance(row, Section) else Happened.CRITERION_CHANGED
    await record(happened, by=by, season=row.season, key=row.key, revision=row.revision, **details)


def _is_there(rows: Iterable[Section | Criterion], values: dict[str, Any]) -> bool:
    """Return whether one of the rows in force is the same in every word."""
    return any(row.is_current and all(getattr(row, name) == value for name, value in values.items()) for row in rows)


def _free_key(taken: set[str]) -> str:
    return next(key for n in range(1, len(taken) + 2) if (key := f"{OWN_KEY}{n}") not in taken)
