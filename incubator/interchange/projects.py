"""Importing projects: each row becomes a project with one frozen version.

People are not imported: nobody consented to that. A team's name may be.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from incubator.core.clock import now
from incubator.core.text import clean_line, slugify
from incubator.db import writing
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.http.markdown.renderer import render_all
from incubator.http.markdown.version import GRAMMAR
from incubator.http.prose import Prose
from incubator.interchange.html_to_markdown import as_markdown
from incubator.interchange.import_report import Progress, Report, batches
from incubator.programme.install import install_defaults
from incubator.programme.seasons import criteria_at, default_sections_at, mark_in_use, open_season, sections_at
from incubator.programme.tables import Criterion, Season, Section
from incubator.projects.document import Part, freeze
from incubator.projects.start import RESERVED
from incubator.projects.tables import Answer, FormerSlug, Project, Submission
from incubator.publication.facets import GRADUATED, facets_text
from incubator.publication.index import enter
from incubator.publication.publish import fill
from incubator.publication.tables import Publication
from incubator.reference.organisations import organisation_named
from incubator.reference.tables import Cluster, Municipality, Organisation
from incubator.tabular.rows import Problem, Row, read_rows

LONGEST_TEXT = 20_000
_LINES = {"title": 200, "team": 80, "help_wanted": 300, "organisation": 200}


@dataclass(frozen=True, slots=True)
class ProjectImport:
    """What the command line asked for. ``mapping``: field → column; a field's own name otherwise."""

    mapping: dict[str, str]
    id_column: str
    season: str
    stage: str
    publish: bool
    source: str
    state: str = "draft"

    def column(self, field_name: str) -> str:
        return self.mapping.get(field_name, field_name)


class UnknownField(Exception):
    """``--map`` names a field that projects do not have."""


class Listed(NamedTuple):
    """A cluster or a municipality, as the reference lists have it."""

    id: int
    key: str
    title_ru: str
    title_en: str


@dataclass(slots=True)
class Checked:
    """A row that can be written."""

    own_id: str
    title: str
    team: str
    help_wanted: str
    organisation: str
    cluster: Listed | None
    municipality: Listed | None
    texts: dict[str, str] = field(default_factory=dict)


def titles(listed: Listed | None) -> tuple[str, ...]:
    """What search finds it by."""
    return (listed.title_ru, listed.title_en) if listed else ()


@dataclass(slots=True)
class Context:
    """What every row is checked against and written with."""

    wish: ProjectImport
    season: Season
    sections: list[Section]
    rubric: list[Criterion]
    clusters: dict[str, Listed]
    municipalities: dict[str, Listed]
    slugs: set[str]


async def import_rows(path: Path, wish: ProjectImport, *, dry_run: bool, batch: int, progress: Progress) -> Report:
    """Import (or with ``dry_run`` only check) every row of ``path``.

    One transaction a batch; rows known by their id are left alone, bad ones reported and
    skipped. Raises UnknownFormat, UnknownField.
    """
    rows = read_rows(path)
    await install_defaults()
    context = await _context(wish, dry_run=dry_run)
    report = Report(rows=len(rows))
    known = set(await imported_projects(wish.source))
    good: list[Checked] = []
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
            texts = [text for row in part for text in row.texts.values()]
            prose = Prose(dict(zip(texts, await render_all(texts), strict=True)))
            async with writing():
                await _write(list(part), context, prose)
            report.created += len(part)
            bar.update(len(part))
    return report


async def imported_projects(source: str) -> dict[str, int]:
    """Project ids by the id of their row in ``source``."""
    start = f"{source}:"
    rows = await Project.select(Project.id, Project.external_id).where(Project.external_id.like(f"{start}%"))
    # LIKE takes % and _ in a source's name for anything at all.
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

    async def by_name(table: Any) -> dict[str, Listed]:
        rows = await table.select(table.id, table.key, table.title_ru, table.title_en)
        return {
            str(r[k]).casefold(): Listed(r["id"], r["key"], r["title_ru"], r["title_en"])
            for r in rows
            for k in ("key", "title_ru", "title_en")
        }

    return Context(
        wish=wish,
        season=season,
        sections=sections,
        rubric=await criteria_at(season.id, wish.stage),
        clusters=await by_name(Cluster),
        municipalities=await by_name(Municipality),
        slugs=set(RESERVED) | {r["slug"] for t in (Project, FormerSlug) for r in await t.select(t.slug)},
    )


async def _new_season(slug: str) -> Season:
    """A closed season of the year that the slug names, else of this one."""
    found = re.search(r"\d{4}", slug)
    year = int(found[0]) if found and 1990 <= int(found[0]) <= 2100 else now().year
    return await open_season(
        slugify(slug, 40) or "import", title_ru=f"Сезон {slug}"[:120], title_en=f"Season {slug}"[:120],
        opens_on=date(year, 1, 1), closes_on=date(year, 12, 31), by=None,
    )  # fmt: skip


def _check(row: Row, context: Context, report: Report) -> Checked | None:
    """The row ready to be written; None with problems in the report."""
    wish = context.wish
    problems: list[Problem] = []

    def wrong(column: str, text: str) -> None:
        problems.append(Problem(row.number, column, text))

    if row.problem:
        wrong("", row.problem)
        report.problems += problems
        return None
    own_id = row.text(wish.id_column)
    if not own_id or len(own_id) > 80:
        wrong(wish.id_column, "an id of at most 80 characters is needed")
    lines = {name: clean_line(row.text(wish.column(name))) for name in _LINES}
    if not lines["title"]:
        wrong(wish.column("title"), "the title is missing")
    for name, longest in _LINES.items():
        if len(lines[name]) > longest:
            wrong(wish.column(name), f"{len(lines[name])} characters, at most {longest}")
    places = {}
    for name, options in (("cluster", context.clusters), ("municipality", context.municipalities)):
        value = row.text(wish.column(name))
        places[name] = options.get(value.casefold()) if value else None
        if value and places[name] is None:
            wrong(wish.column(name), f"«{value[:60]}» is not on the list")
    texts = {}
    for section in context.sections:
        text = as_markdown(row.text(wish.column(section.key)))
        if len(text) > LONGEST_TEXT:
            wrong(wish.column(section.key), f"{len(text)} characters, at most {LONGEST_TEXT}")
        elif text:
            texts[section.key] = text
            report.long += len(text) > section.limit
    report.problems += problems
    if problems:
        return None
    return Checked(
        own_id=own_id, title=lines["title"], team=lines["team"],
        help_wanted=lines["help_wanted"], organisation=lines["organisation"], texts=texts, **places,
    )  # fmt: skip


async def _write(rows: list[Checked], context: Context, prose: Prose) -> None:
    """One batch. Call inside a transaction."""
    wish, at = context.wish, now()
    await mark_in_use(context.sections, context.rubric)
    organisations = {name: await organisation_named(name) for name in {r.organisation for r in rows} - {""}}
    projects = [
        Project(
            season=context.season.id, slug=_slug(row.title, context.slugs), title=row.title, team_name=row.team,
            stage=wish.stage, state=wish.state, round=1, cluster=row.cluster and row.cluster.id,
            municipality=row.municipality and row.municipality.id,
            organisation=organisations.get(row.organisation), help_wanted=row.help_wanted,
            external_id=f"{wish.source}:{row.own_id}", created_at=at, changed_at=at,
        )
        for row in rows
    ]  # fmt: skip
    ids = [r["id"] for r in await Project.insert(*projects)]
    answers: list[Answer] = []
    submissions: list[Submission] = []
    rubric = msgspec.json.encode([c.id for c in context.rubric]).decode()
    for project_id, row in zip(ids, rows, strict=True):
        own = {key: Answer(project=project_id, key=key, text=text, changed_at=at) for key, text in row.texts.items()}
        answers += own.values()
        parts = [Part(section, own.get(section.key)) for section in context.sections]
        submissions.append(
            Submission(
                project=project_id, number=1, stage=wish.stage, round=1, title=row.title, content=freeze(parts, prose), grammar=GRAMMAR,
                rubric=rubric, submitted_at=at,
            )
        )  # fmt: skip
    for part in batches(answers, 1000):
        await Answer.insert(*part)
    await Submission.insert(*submissions)
    if wish.publish:
        kinds = {
            r["id"]: r["kind"]
            for r in await Organisation.select(Organisation.id, Organisation.kind).where(
                Organisation.id.is_in([*organisations.values()] or [0])
            )
        }
        shown = [
            _publication(project_id, submission, row, context, kind=kinds.get(organisations.get(row.organisation, 0), ""))
            for project_id, submission, row in zip(ids, submissions, rows, strict=True)
        ]  # fmt: skip
        await enter(shown)
        await Publication.insert(*shown)
    await Event.insert(*(Event(at=at, happened=Happened.IMPORTED.value, project_id=project_id) for project_id in ids))


def _publication(project_id: int, submission: Submission, row: Checked, context: Context, *, kind: str) -> Publication:
    """As of the submission's moment, ready to be stored."""
    wish, at = context.wish, submission.submitted_at
    is_graduated = wish.state == GRADUATED
    publication = Publication(
        project=project_id, published_at=at, changed_at=at, graduated_at=at if is_graduated else None
    )
    fill(
        publication, submission, team_name=row.team, help_wanted=row.help_wanted, organisation=row.organisation,
        names=(*titles(row.cluster), *titles(row.municipality)),
        facets=facets_text(
            stage=GRADUATED if is_graduated else wish.stage, season=context.season.slug,
            cluster=row.cluster and row.cluster.key, municipality=row.municipality and row.municipality.key,
            kind=kind, help="yes" if row.help_wanted else "",
        ),
    )  # fmt: skip
    return publication


def _slug(title: str, taken: set[str]) -> str:
    base = slugify(title) or "project"
    slug, n = base, 1
    while slug in taken:
        n += 1
        slug = f"{base}-{n}"
    taken.add(slug)
    return slug
