"""Seasons: opening one from the default programme, finding the current one, changing its rules."""

from datetime import date, timedelta
from typing import Any, cast

import msgspec

from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.tables import Person
from incubator.programme.defaults import default
from incubator.programme.stages import Stage
from incubator.programme.tables import Criterion, Season, Section, StageRule
from incubator.web.dates import now, today
from incubator.web.i18n import _
from incubator.web.refusal import Refusal


async def current_season() -> Season | None:
    """The newest season that is open today."""
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
    """A season with the stages, sections and criteria of the default programme.

    The gates' deadlines divide the season into three equal parts. Raises Refusal when
    the dates are the wrong way round.
    """
    if closes_on <= opens_on:
        raise Refusal(_("Сезон должен закончиться позже, чем начнётся"))
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
                season=season.id, stage=stage.value, submit_by=last, reviews_required=rule["reviews_required"],
                review_days=rule["review_days"], review_minutes=rule["minutes_to_review"],
            ).save()  # fmt: skip
            await Section.insert(*_default_sections(season, stage))
            await Criterion.insert(
                *(_criterion(season, stage, n, row) for n, row in enumerate(default("criteria")[stage]))
            )
        await record(Happened.SEASON_OPENED, by=by, season=season.id)
        return season


def _both(row: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {f"{f}_{locale}": row[f"{f}_{locale}"] for f in fields for locale in ("ru", "en")}


def _default_sections(season: Season, stage: Stage) -> list[Section]:
    return [_section(season, stage, n, row) for n, row in enumerate(default("sections")[stage])]


def default_sections_at(stage: str) -> list[Section]:
    """What a season that is yet to be opened would ask at ``stage``; rows that are not stored."""
    return _carried_over(
        [row for each in Stage(stage).and_before for row in _default_sections(Season(id=0), each)], stage
    )


def _section(season: Season, stage: Stage, position: int, row: dict[str, Any]) -> Section:
    return Section(
        season=season.id, stage=stage.value, key=row["key"], position=position, limit=row["limit"],
        is_required=row["required"], group=row.get("group", ""), **_both(row, "title", "guidance", "example"),
    )  # fmt: skip


def _criterion(season: Season, stage: Stage, position: int, row: dict[str, Any]) -> Criterion:
    return Criterion(
        season=season.id, stage=stage.value, key=row["key"], position=position, weight=row["weight"],
        anchors_ru=msgspec.json.encode(row["levels_ru"]).decode(),
        anchors_en=msgspec.json.encode(row["levels_en"]).decode(), **_both(row, "title", "hint"),
    )  # fmt: skip


async def rules_of(season_id: int) -> dict[str, StageRule]:
    """The rule of each stage, by stage."""
    rows = await StageRule.objects().where(StageRule.season == season_id)
    return {row.stage: row for row in rows}


async def sections_at(season_id: int, stage: str) -> list[Section]:
    """What the document asks at ``stage``: earlier stages' sections are carried over.

    A section that a later stage asks again stands where that stage asks it.
    """
    stages = [s.value for s in Stage(stage).and_before]
    rows = await Section.objects().where(
        (Section.season == season_id) & Section.is_current.eq(True) & Section.stage.is_in(stages)
    )
    return _carried_over(rows, stage)


def _carried_over(rows: list[Section], stage: str) -> list[Section]:
    """Each section once, as the latest stage asks it, in reading order."""
    stages = [s.value for s in Stage(stage).and_before]
    latest = {row.key: row for row in sorted(rows, key=lambda row: stages.index(row.stage))}
    return sorted(latest.values(), key=lambda row: (stages.index(row.stage), row.position))


async def criteria_at(season_id: int, stage: str) -> list[Criterion]:
    """The rubric of ``stage``, in order."""
    return (
        await Criterion.objects()
        .where((Criterion.season == season_id) & (Criterion.stage == stage) & Criterion.is_current.eq(True))
        .order_by(Criterion.position)
    )


async def mark_in_use(sections: list[Section], criteria: list[Criterion]) -> None:
    """A submission refers to them now. Call inside its transaction."""
    for table, rows in ((Section, sections), (Criterion, criteria)):
        fresh = [row.id for row in rows if not row.is_in_use]
        if fresh:
            await table.update({table.is_in_use: True}).where(table.id.is_in(fresh))


async def change_season(
    season: Season, *, title_ru: str, title_en: str, opens_on: date, closes_on: date, names_hidden: bool,
    stages: dict[str, dict[str, Any]], by: Person,
) -> None:  # fmt: skip
    """Titles, dates and the rule of each stage. Raises Refusal for dates the wrong way round."""
    if closes_on <= opens_on:
        raise Refusal(_("Сезон должен закончиться позже, чем начнётся"))
    async with writing():
        await Season.update(
            {
                Season.title_ru: title_ru, Season.title_en: title_en, Season.opens_on: opens_on,
                Season.closes_on: closes_on, Season.names_hidden: names_hidden,
            }
        ).where(Season.id == season.id)  # fmt: skip
        for stage, rule in stages.items():
            await StageRule.update(cast(Any, rule)).where((StageRule.season == season.id) & (StageRule.stage == stage))
        await record(Happened.SEASON_CHANGED, by=by, season=season.id)


async def change_section(section: Section, *, by: Person, **changes: Any) -> Section:
    """Change a section; once a submission refers to it, by a new revision."""
    return await _revise(section, Happened.SECTION_CHANGED, changes, by)  # type: ignore[return-value]


async def change_criterion(criterion: Criterion, *, by: Person, **changes: Any) -> Criterion:
    """Change a criterion; once a submission refers to it, by a new revision."""
    return await _revise(criterion, Happened.CRITERION_CHANGED, changes, by)  # type: ignore[return-value]


async def _revise(
    row: Section | Criterion, happened: Happened, changes: dict[str, Any], by: Person
) -> Section | Criterion:
    table: Any = type(row)
    async with writing():
        fresh = await table.objects().where((table.id == row.id) & table.is_current.eq(True)).first()
        if fresh is None:
            raise Refusal(_("Этот пункт уже изменили. Откройте его заново."))
        if fresh.is_in_use:
            await table.update({table.is_current: False}).where(table.id == fresh.id)
            values = {
                **fresh.to_dict(),
                **changes,
                "revision": fresh.revision + 1,
                "is_in_use": False,
                "is_current": True,
            }
            values.pop("id")
            changed = table(**values)
            await changed.save()
        else:
            changed = fresh
            for name, value in changes.items():
                setattr(changed, name, value)
            await changed.save()
        await record(happened, by=by, season=row.season, key=changed.key, revision=changed.revision)
        return changed  # type: ignore[no-any-return]


async def add_section(season: Season, stage: str, *, by: Person, **values: Any) -> Section:
    """A new section at the end of a stage."""
    async with writing():
        keys = {row.key for row in await Section.objects().where(Section.season == season.id)}
        row = Section(season=season.id, stage=stage, key=_free_key("extra", keys), position=len(keys), **values)
        await row.save()
        await record(Happened.SECTION_CHANGED, by=by, season=season.id, key=row.key, revision=1)
        return row


async def add_criterion(season: Season, stage: str, *, by: Person, key: str = "", **values: Any) -> Criterion:
    """A new criterion at the end of a stage's rubric."""
    async with writing():
        rows = await Criterion.objects().where((Criterion.season == season.id) & (Criterion.stage == stage))
        keys = {row.key for row in rows}
        row = Criterion(
            season=season.id, stage=stage, key=key or _free_key("extra", keys), position=len(keys), **values
        )
        await row.save()
        await record(Happened.CRITERION_CHANGED, by=by, season=season.id, key=row.key, revision=1)
        return row


def _free_key(base: str, taken: set[str]) -> str:
    return next(f"{base}_{n}" for n in range(1, len(taken) + 2) if f"{base}_{n}" not in taken)


async def remove(row: Section | Criterion, *, by: Person) -> None:
    """Ask (or judge by) this no more; what refers to it keeps it."""
    table: Any = type(row)
    happened = Happened.SECTION_CHANGED if isinstance(row, Section) else Happened.CRITERION_CHANGED
    async with writing():
        await table.update({table.is_current: False}).where(table.id == row.id)
        await record(happened, by=by, season=row.season, key=row.key, removed=True)
