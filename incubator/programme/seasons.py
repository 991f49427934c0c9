"""Seasons: opening one from the default programme, finding the current one, reading its rules."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

import msgspec

from incubator.core.clock import end_of_day, now, today
from incubator.core.languages import _
from incubator.core.packaged import in_both_languages
from incubator.core.refusals import Refusal
from incubator.db import run_sql, writing
from incubator.db.frozen import frozen_for_one
from incubator.db.table import row_of
from incubator.history.record import Happened, record
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.programme.defaults import default
from incubator.programme.season_rates import insert_rates
from incubator.programme.stages import Stage
from incubator.programme.tables import Criterion, Season, Section, StageRule


async def current_season() -> Season | None:
    """Return the newest season that is open today."""
    day = today()
    return (
        await Season.objects()
        .where((Season.opens_on <= day) & (Season.closes_on >= day))
        .order_by(Season.opens_on, ascending=False)
        .first()
    )


async def open_season(
    slug: str, *, title_ru: str, title_en: str, opens_on: date, closes_on: date, by: Person | None
) -> Season:
    """Open a season with the stages, sections, criteria and rates of taxes of the default programme.

    The gates' deadlines divide the season into three equal parts. ``by`` is None for an
    import or the demo. Raises Refusal for dates in the wrong order.
    """
    require_order(opens_on, closes_on)
    if by is not None:
        await require_staff(by, StaffAction.CHANGE_SEASONS)
    async with writing():
        season = Season(
            slug=slug, title_ru=title_ru, title_en=title_en, opens_on=opens_on, closes_on=closes_on, created_at=now()
        )
        await season.save()
        third = (closes_on - opens_on) // 3
        for number, stage in enumerate(Stage, start=1):
            rule = default("stages")["stage"][stage.value]
            last = closes_on if number == 3 else opens_on + timedelta(days=third.days * number)
            await StageRule(
                season=season.id, stage=stage.value, submit_by=end_of_day(last), reviews_required=rule["reviews_required"],
                review_days=rule["review_days"], review_minutes=rule["minutes_to_review"],
                revise_days=rule["revise_days"],
            ).save()  # fmt: skip
            await Section.insert(*_default_sections(season, stage))
            await Criterion.insert(
                *(_criterion(season, stage, n, row) for n, row in enumerate(default("criteria")[stage]))
            )
        await insert_rates(season.id)
        await record(Happened.SEASON_OPENED, by=by, season=season.id)
        return season


def require_order(opens_on: date, closes_on: date) -> None:
    """Raise Refusal for a season that would end before it begins."""
    if closes_on <= opens_on:
        raise Refusal(_("Сезон должен закончиться позже, чем начнётся"))


def _default_sections(season: Season, stage: Stage) -> list[Section]:
    return [_section(season, stage, n, row) for n, row in enumerate(default("sections")[stage])]


def default_sections_at(stage: str) -> list[Section]:
    """Return the default sections at ``stage`` as unsaved rows, for use before a season is opened."""
    return _carried_over(
        [row for each in Stage(stage).and_before for row in _default_sections(Season(id=0), each)], stage
    )


def _section(season: Season, stage: Stage, position: int, row: dict[str, Any]) -> Section:
    return Section(
        season=season.id, stage=stage.value, key=row["key"], position=position, limit=row["limit"],
        is_required=row["required"], group=row.get("group", ""), kind=row.get("kind", "text"), **in_both_languages(row, "title", "guidance", "example"),
    )  # fmt: skip


def _criterion(season: Season, stage: Stage, position: int, row: dict[str, Any]) -> Criterion:
    return Criterion(
        season=season.id, stage=stage.value, key=row["key"], position=position, weight=row["weight"],
        anchors_ru=msgspec.json.encode(row["levels_ru"]).decode(),
        anchors_en=msgspec.json.encode(row["levels_en"]).decode(),
        sections=msgspec.json.encode(row["sections"]).decode(), **in_both_languages(row, "title", "hint"),
    )  # fmt: skip


async def rules_of(season_id: int) -> dict[str, StageRule]:
    """Return the rules of a season by stage."""
    return {stage: rule for (_season, stage), rule in (await rules_of_seasons([season_id])).items()}


async def rules_of_seasons(season_ids: Iterable[int]) -> dict[tuple[int, str], StageRule]:
    """Return the rules of several seasons by season and stage. One query."""
    return {(row.season, row.stage): row for row in await _rules(season_ids)}


@frozen_for_one
def _rules(season_ids: list[int]) -> Any:
    return StageRule.objects().where(StageRule.season.is_in(season_ids))


async def sections_at(season_id: int, stage: str) -> list[Section]:
    """Return the sections of the document at ``stage``, including those carried over from earlier stages.

    A section that a later stage asks again appears where that stage asks it.
    """
    return (await sections_of({(season_id, stage)}))[season_id, stage]


async def section_at(season_id: int, stage: str, key: str) -> Section | None:
    """Return one section of the document at ``stage``, as ``sections_at``. One query."""
    rows = [row_of(Section, row) for row in await run_sql(_SECTIONS, season_id, key)]
    return next(iter(_carried_over(rows, stage)), None)


async def once_asked(season_id: int, keys: Collection[str]) -> list[Section]:
    """Return the sections with these keys that the season asks or has asked at any stage, the latest wording of each last."""
    if not keys:
        return []
    wanted = (Section.season == season_id) & Section.key.is_in(list(keys))
    return await Section.objects().where(wanted).order_by(Section.id)


_SECTIONS = 'SELECT * FROM "section" WHERE "season" = {} AND "key" = {} AND "is_current"'


async def sections_of(documents: Collection[tuple[int, str]]) -> dict[tuple[int, str], list[Section]]:
    """Return the sections of each document, as ``sections_at``, by season and stage. One query."""
    rows = await _current_sections({season for season, _stage in documents})
    return {
        (season, stage): _carried_over([row for row in rows if row.season == season], stage)
        for season, stage in documents
    }


@frozen_for_one
def _current_sections(season_ids: list[int]) -> Any:
    return Section.objects().where(Section.season.is_in(season_ids) & Section.is_current.eq(True))


def _carried_over(rows: list[Section], stage: str) -> list[Section]:
    """Return each section once, as the latest stage asks it, in reading order."""
    stages = [s.value for s in Stage(stage).and_before]
    asked = [row for row in rows if row.stage in stages]
    latest = {row.key: row for row in sorted(asked, key=lambda row: stages.index(row.stage))}
    return sorted(latest.values(), key=lambda row: (stages.index(row.stage), row.position))


def sections_of_criterion(criterion: Criterion) -> tuple[str, ...]:
    """Return the keys of the sections that the criterion looks at. Pure."""
    return tuple(msgspec.json.decode(criterion.sections))


async def criteria_at(season_id: int, stage: str) -> list[Criterion]:
    """Return the rubric of ``stage``, in order."""
    return (
        await Criterion.objects()
        .where((Criterion.season == season_id) & (Criterion.stage == stage) & Criterion.is_current.eq(True))
        .order_by(Criterion.position)
    )


async def criteria_of_season(season_id: int) -> list[Criterion]:
    """Return the rubrics of all stages, each in order."""
    return (
        await Criterion.objects()
        .where((Criterion.season == season_id) & Criterion.is_current.eq(True))
        .order_by(Criterion.position)
    )


async def mark_in_use(sections: list[Section], criteria: list[Criterion]) -> None:
    """Mark rows that a submission refers to from now on. Call inside its transaction."""
    for table, rows in ((Section, sections), (Criterion, criteria)):
        fresh = [row.id for row in rows if not row.is_in_use]
        if fresh:
            await table.update({table.is_in_use: True}).where(table.id.is_in(fresh))
