"""What the rows of a table of projects are checked against: its columns, the season's document, the reference lists."""

import asyncio
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from incubator.core.clock import today
from incubator.core.folding import folded
from incubator.core.languages import _
from incubator.core.text import slugify
from incubator.interchange.import_report import ImportRefused
from incubator.interchange.project_fields import project_fields
from incubator.interchange.project_import import Context, Listed, ProjectImport, ReferenceList
from incubator.interchange.table_fields import TableField, guessed, recognises
from incubator.programme.seasons import criteria_at, default_sections_at, open_season, sections_at
from incubator.programme.tables import Season, Section
from incubator.projects.kinds.registry import TEXT
from incubator.projects.start import RESERVED
from incubator.projects.tables import FormerSlug, Project
from incubator.reference.known_names import known_names
from incubator.reference.tables import Cluster, Competency, Municipality
from incubator.tabular.reading import TableFile, open_table


class UnknownField(Exception):
    """``--map`` names a field that projects do not have."""


async def project_context(path: Path, wish: ProjectImport, *, dry_run: bool) -> Context:
    """Return what the rows of the file are checked against. Raises UnknownFormat, UnknownField, ImportRefused."""
    season = await Season.objects().where(Season.slug == wish.season).first()
    sections = await _sections(season, wish.stage)
    table = await asyncio.to_thread(opened, path, wish, sections)
    columns = columns_read(table, wish, fields_of(sections))
    if season is None:
        season = Season(id=0) if dry_run else await _new_season(wish.season)
        sections = sections if dry_run else await _sections(season, wish.stage)
    return Context(
        wish=wish,
        season=season,
        sections=sections,
        rubric=await criteria_at(season.id, wish.stage),
        clusters=await _listed(Cluster),
        municipalities=await _listed(Municipality),
        competencies=await _listed(Competency),
        columns=columns,
        slugs=set(RESERVED) | {r["slug"] for t in (Project, FormerSlug) for r in await t.select(t.slug)},
    )


async def fields_at(wish: ProjectImport) -> list[TableField]:
    """Return the fields of a table of projects of this season and stage."""
    season = await Season.objects().where(Season.slug == wish.season).first()
    return fields_of(await _sections(season, wish.stage))


async def _sections(season: Season | None, stage: str) -> list[Section]:
    """Return the sections of text of the document; of the usual programme for a season that is not there yet."""
    sections = (await sections_at(season.id, stage) if season else []) or default_sections_at(stage)
    return [section for section in sections if section.kind == TEXT.key]


def fields_of(sections: Sequence[Section]) -> list[TableField]:
    """Return the fields of a table of projects whose document has these sections."""
    return project_fields([(section.key, section.title_ru, section.title_en) for section in sections])


def opened(path: Path, wish: ProjectImport, sections: Sequence[Section]) -> TableFile:
    return open_table(path, sheet=wish.sheet, is_known=recognises(fields_of(sections)), most=wish.most)


def columns_read(table: TableFile, wish: ProjectImport, wanted: Sequence[TableField]) -> dict[str, str]:
    """Return the column of each field: as the wish says, else as headings suggest. Raises UnknownField, ImportRefused."""
    if not table.columns:
        raise ImportRefused(_("в таблице нет ни одной строки с данными"))
    known = {field.key for field in wanted}
    unknown = set(wish.mapping) - known
    if unknown:
        raise UnknownField(
            _(
                "Неизвестное поле: %(names)s. Есть: %(known)s",
                names=", ".join(sorted(unknown)),
                known=", ".join(sorted(known)),
            )
        )
    said = dict(wish.mapping)
    if wish.id_column is not None:
        said["id"] = wish.id_column
    named = {field: column_named(table, column) for field, column in said.items() if column}
    free = [column for column in table.columns if column.name not in named.values()]
    columns = guessed(free, [field for field in wanted if field.key not in said]) | named
    if "title" not in columns:
        raise ImportRefused(_("не нашлось столбца с названием проекта. %(columns)s", columns=_there_are(table)))
    return columns


def column_named(table: TableFile, name: str) -> str:
    """Return the column with this name. Raises ImportRefused unless there is exactly one."""
    found = table.named(name)
    if len(found) > 1:
        raise ImportRefused(
            _(
                "столбцов «%(name)s» несколько. Назовите нужный: %(names)s",
                name=name,
                names=", ".join(c.name for c in found),
            )
        )
    if not found:
        raise ImportRefused(_("нет столбца «%(name)s». %(columns)s", name=name, columns=_there_are(table)))
    return found[0].name


def _there_are(table: TableFile) -> str:
    return _("Есть столбцы: %(names)s", names=", ".join(column.name for column in table.columns))


class _Titles:
    """Finds a row of a list by its key or title in either language, whatever its case."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._by_name = {
            folded(name): row["id"] for row in reversed(rows) for name in (row["key"], row["title_en"], row["title_ru"])
        }

    def find(self, name: str) -> int | None:
        return self._by_name.get(folded(name))


async def _listed(table: type[Cluster] | type[Municipality] | type[Competency]) -> ReferenceList:
    any_table: Any = table
    rows = await any_table.select(any_table.id, any_table.key, any_table.title_ru, any_table.title_en)
    names = _Titles(rows) if table is Competency else await known_names(any_table)
    return ReferenceList(names, {row["id"]: Listed(**row) for row in rows})


async def _new_season(slug: str) -> Season:
    """Create a closed season for the year named by the slug, or for the current year."""
    found = re.search(r"\d{4}", slug)
    year = int(found[0]) if found and 1990 <= int(found[0]) <= 2100 else today().year
    return await open_season(
        slugify(slug, 40) or "import", title_ru=f"Сезон {slug}"[:120], title_en=f"Season {slug}"[:120],
        opens_on=date(year, 1, 1), closes_on=date(year, 12, 31), by=None,
    )  # fmt: skip
