"""Importing projects: each row becomes a project with one frozen version.

People are not imported, since nobody consented to that. A team's name may be.
"""

import asyncio
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from incubator.core.clock import today
from incubator.core.text import clean_line, slugify
from incubator.core.visible import says_something
from incubator.db import writing
from incubator.http.markdown.renderer import render_all
from incubator.http.prose import Prose
from incubator.interchange.html_to_markdown import as_markdown
from incubator.interchange.import_report import ImportReport, Progress, batches
from incubator.interchange.project_writing import (
    CheckedProject,
    Context,
    Listed,
    ProjectImport,
    ReferenceList,
    write_batch,
)
from incubator.programme.install import install_defaults
from incubator.programme.seasons import criteria_at, default_sections_at, open_season, sections_at
from incubator.programme.tables import Season
from incubator.projects.start import RESERVED
from incubator.projects.tables import FormerSlug, Project
from incubator.publication.findings import contacts_to_hide
from incubator.publication.public_copy import Hidden
from incubator.reference.known_names import known_names
from incubator.reference.tables import Cluster, Municipality
from incubator.tabular.reading import read_rows
from incubator.tabular.rows import Problem, Row

LONGEST_TEXT = 20_000
_LINES = {"title": 200, "team": 80, "help_wanted": 300, "organisation": 200}


class UnknownField(Exception):
    """``--map`` names a field that projects do not have."""


async def import_rows(
    path: Path, wish: ProjectImport, *, dry_run: bool, batch: int, progress: Progress
) -> ImportReport:
    """Import (or with ``dry_run`` only check) every row of ``path``.

    One transaction per batch; rows that were imported before are left alone, invalid ones are reported and
    skipped. Raises UnknownFormat, UnknownField.
    """
    rows = read_rows(path)
    await install_defaults()
    context = await _context(wish, dry_run=dry_run)
    report = ImportReport(rows=len(rows))
    known = set(await imported_projects(wish.source))
    good: list[CheckedProject] = []
    for row in rows:
        checked = _check(row, context, report)
        if checked is None:
            continue
        if checked.own_id in known:
            report.known += 1
            continue
        known.add(checked.own_id)
        good.append(checked)
    if dry_run:
        report.created = len(good)
        return report
    with progress(len(good)) as bar:
        for part in batches(good, batch):
            if wish.publish:
                await asyncio.to_thread(_hide_contacts, part)
            texts = [text for row in part for own in row.texts.values() for text in {own, row.hidden.of(own)}]
            prose = Prose(dict(zip(texts, await render_all(texts), strict=True)))
            async with writing():
                await write_batch(list(part), context, prose)
            report.created += len(part)
            bar.update(len(part))
    return report


def _hide_contacts(rows: Sequence[CheckedProject]) -> None:
    """Note what the public does not read of each row: nobody looks through an import before it is public."""
    for row in rows:
        row.hidden = Hidden(
            contacts_to_hide((row.title, row.team, row.help_wanted, row.organisation, *row.texts.values()))
        )


async def imported_projects(source: str) -> dict[str, int]:
    """Return project ids by the id of their row in ``source``."""
    start = f"{source}:"
    rows = await Project.select(Project.id, Project.external_id).where(Project.external_id.like(f"{start}%"))
    # LIKE treats % and _ in a source's name as wildcards.
    return {r["external_id"].removeprefix(start): r["id"] for r in rows if r["external_id"].startswith(start)}


async def _context(wish: ProjectImport, *, dry_run: bool) -> Context:
    season = await Season.objects().where(Season.slug == wish.season).first()
    if season is None:
        season = Season(id=0) if dry_run else await _new_season(wish.season)
    sections = (await sections_at(season.id, wish.stage)) or default_sections_at(wish.stage)
    fields = {s.key for s in sections} | set(_LINES) | {"cluster", "municipality"}
    unknown = set(wish.mapping) - fields
    if unknown:
        raise UnknownField(f"Unknown field {', '.join(sorted(unknown))}. Known: {', '.join(sorted(fields))}")

    return Context(
        wish=wish,
        season=season,
        sections=sections,
        rubric=await criteria_at(season.id, wish.stage),
        clusters=await _listed(Cluster),
        municipalities=await _listed(Municipality),
        slugs=set(RESERVED) | {r["slug"] for t in (Project, FormerSlug) for r in await t.select(t.slug)},
    )


async def _listed(table: type[Cluster] | type[Municipality]) -> ReferenceList:
    rows: Any = table
    return ReferenceList(
        await known_names(table),
        {row["id"]: Listed(**row) for row in await rows.select(rows.id, rows.key, rows.title_ru, rows.title_en)},
    )


async def _new_season(slug: str) -> Season:
    """Create a closed season for the year named by the slug, or for the current year."""
    found = re.search(r"\d{4}", slug)
    year = int(found[0]) if found and 1990 <= int(found[0]) <= 2100 else today().year
    return await open_season(
        slugify(slug, 40) or "import", title_ru=f"Сезон {slug}"[:120], title_en=f"Season {slug}"[:120],
        opens_on=date(year, 1, 1), closes_on=date(year, 12, 31), by=None,
    )  # fmt: skip


def _check(row: Row, context: Context, report: ImportReport) -> CheckedProject | None:
    """Return the row ready to be written; None, with problems in the report, if it is invalid."""
    if row.problem:
        report.problems.append(Problem(row.number, "", row.problem))
        return None
    problems: list[Problem] = []
    wish = context.wish
    own_id = row.text(wish.id_column)
    if not own_id or len(own_id) > 80:
        problems.append(Problem(row.number, wish.id_column, "an id of at most 80 characters is needed"))
    lines = _lines(row, wish, problems)
    places = _places(row, context, problems)
    texts = _texts(row, context, report, problems)
    report.problems += problems
    if problems:
        return None
    return CheckedProject(
        own_id=own_id, title=lines["title"], team=lines["team"],
        help_wanted=lines["help_wanted"], organisation=lines["organisation"], texts=texts,
        cluster=places["cluster"], municipality=places["municipality"],
    )  # fmt: skip


def _lines(row: Row, wish: ProjectImport, problems: list[Problem]) -> dict[str, str]:
    """Return the single-line values, by field."""
    lines = {name: clean_line(row.text(wish.column(name))) for name in _LINES}
    if not says_something(lines["title"]):
        problems.append(Problem(row.number, wish.column("title"), "the title is missing"))
    for name, longest in _LINES.items():
        if len(lines[name]) > longest:
            problems.append(Problem(row.number, wish.column(name), f"{len(lines[name])} characters, at most {longest}"))
    return lines


def _places(row: Row, context: Context, problems: list[Problem]) -> dict[str, Listed | None]:
    """Return cluster and municipality from the reference lists."""
    places: dict[str, Listed | None] = {}
    for name, options in (("cluster", context.clusters), ("municipality", context.municipalities)):
        value = row.text(context.wish.column(name))
        places[name] = options.find(value) if value else None
        if value and places[name] is None:
            problems.append(Problem(row.number, context.wish.column(name), f"“{value[:60]}” is not on the list"))
    return places


def _texts(row: Row, context: Context, report: ImportReport, problems: list[Problem]) -> dict[str, str]:
    """Return non-empty sections by key; those over their limit are counted and kept."""
    texts = {}
    for section in context.sections:
        column = context.wish.column(section.key)
        text = as_markdown(row.text(column))
        if len(text) > LONGEST_TEXT:
            problems.append(Problem(row.number, column, f"{len(text)} characters, at most {LONGEST_TEXT}"))
        elif says_something(text):
            texts[section.key] = text
            report.long += len(text) > section.limit
    return texts
