"""Importing projects: each row becomes a project with one frozen version.

The file is gone through twice: first every row is checked and nothing is written, then the good rows are written in portions, so
that a file of any length takes little memory and an import that broke off is simply started again.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path

from incubator.core.languages import _
from incubator.db import run_sql, writing
from incubator.http.markdown.renderer import render_all
from incubator.http.prose import Prose
from incubator.interchange.import_batches import finish_import, record_import, require_running
from incubator.interchange.import_report import ImportRefused, ImportReport, Progress, Step, unseen
from incubator.interchange.invite_people import invite_people
from incubator.interchange.project_changes import StandingProject, changed, merged, standing_of, worked_on
from incubator.interchange.project_context import opened, project_context
from incubator.interchange.project_import import CheckedProject, Context, ProjectImport
from incubator.interchange.project_rows import check_row
from incubator.interchange.project_writing import write_batch
from incubator.interchange.slipped_titles import SlippedTitles
from incubator.people.tables import Person
from incubator.programme.install import install_defaults
from incubator.publication.findings import to_hide_unseen
from incubator.publication.public_copy import Hidden, hidden_of
from incubator.tabular.rows import Row

#: Rows that are checked, and compared with what is there, at a time.
_PORTION = 200
#: LIKE would take %, _ and \\ in a source's name for wildcards.
_IMPORTED = 'SELECT "id", "external_id" FROM "project" WHERE substr("external_id", 1, {}) = {}'


async def import_rows(
    path: Path, wish: ProjectImport, *, dry_run: bool, batch: int, progress: Progress = unseen,
    into: int = 0, step: Step | None = None, by: Person | None = None,
) -> ImportReport:  # fmt: skip
    """Import (or with ``dry_run`` only check) every row of ``path``, invite its people, and return what came of it.

    One transaction per portion of ``batch`` rows; rows that were imported before are left alone unless the wish updates them,
    invalid ones are reported and skipped. ``into`` is the number of the import if it is recorded already; ``by`` invites.
    Raises UnknownFormat, UnknownField, ImportRefused.
    """
    await install_defaults()
    context = await project_context(path, wish, dry_run=dry_run)
    report = ImportReport(columns=context.columns)
    async for _rows in _portions(path, context, report, _PORTION):
        pass
    if dry_run:
        return report
    if report.suspicion and not wish.is_looked_at:
        raise ImportRefused(report.suspicion)
    context.batch = into or (await record_import("projects", wish.source, path.name)).id
    with progress(report.created + report.updated) as bar:
        done = 0
        async for rows in _portions(path, context, ImportReport(), batch):
            await _write(rows, context, step, done := done + len(rows))
            bar.update(len(rows))
    report.invited = await invite_people(path, context, by=by) if wish.invites else 0
    return await finish_import(context.batch, report)


async def _portions(
    path: Path, context: Context, report: ImportReport, size: int
) -> AsyncIterator[list[CheckedProject]]:
    """Yield the rows that are to be written, ``size`` at a time at most; count in ``report`` what becomes of each."""
    table = await asyncio.to_thread(opened, path, context.wish, context.sections)
    report.notes = list(table.notes)
    known = await imported_projects(context.wish.source)
    first: dict[str, int] = {}
    slipped, emails = SlippedTitles(), set[str]()
    while rows := await asyncio.to_thread(_checked, table.rows, context, report, first, size):
        standing = await standing_of([known[row.own_id] for row in rows if row.own_id in known], context)
        old = [(row, standing[known[row.own_id]]) for row in rows if row.own_id in known]
        slipped.note([(row.number, row.title, project.title) for row, project in old])
        fresh = [row for row in rows if row.own_id not in known]
        report.created += len(fresh)
        emails |= _count_people(fresh, report)
        if wanted := fresh + await _to_update(old, context, report):
            yield wanted
    report.invited = len(emails)
    report.suspicion = slipped.suspicion()


def _count_people(rows: list[CheckedProject], report: ImportReport) -> set[str]:
    """Return the addresses in the rows; count in ``report`` who has none."""
    people = [person for row in rows for _role, person in row.people]
    report.unaddressed += sum(not person.email for person in people)
    return {person.email for person in people if person.email}


def _checked(
    rows: Iterator[Row], context: Context, report: ImportReport, first: dict[str, int], size: int
) -> list[CheckedProject]:
    """Return the next sound rows, ``size`` at most; none if the file ends."""
    found: list[CheckedProject] = []
    for row in rows:
        report.rows += 1
        if context.wish.most is not None and report.rows > context.wish.most:
            raise ImportRefused(_("строк больше %(most)s: разделите файл", most=context.wish.most))
        checked = check_row(row, context, report, first)
        if checked is None:
            continue
        found.append(checked)
        if len(found) == size:
            break
    return found


async def _to_update(
    old: list[tuple[CheckedProject, StandingProject]], context: Context, report: ImportReport
) -> list[CheckedProject]:
    """Return the rows that change what an earlier run made, as they are to be written."""
    busy = await worked_on([standing.project.id for _row, standing in old]) if context.wish.updates else set()
    found = []
    for row, standing in old:
        whole = merged(row, standing, context)
        changes = changed(whole, standing, context)
        if not context.wish.updates or not changes:
            report.known += 1
        elif standing.project.id in busy:
            report.kept += 1
        else:
            report.updated += 1
            report.change(*changes)
            found.append(whole)
    return found


async def _write(rows: Sequence[CheckedProject], context: Context, step: Step | None, done: int) -> None:
    """Write a portion of rows in one transaction."""
    if context.wish.publish or any(row.replaces for row in rows):
        before = {row.replaces.id: await hidden_of(row.replaces.id) for row in rows if row.replaces}
        await asyncio.to_thread(_hide_personal, rows, before)
    texts = [text for row in rows for own in row.texts.values() for text in {own, row.hidden.of(own)}]
    prose = Prose(dict(zip(texts, await render_all(texts), strict=True)))
    async with writing():
        await require_running(context.batch)
        await write_batch(list(rows), context, prose)
        if step is not None:
            await step(done)


def _hide_personal(rows: Sequence[CheckedProject], before: Mapping[int, Hidden]) -> None:
    """Note what the public does not read of each row: nobody looks through an import before it is public.

    ``before``: what is hidden already of the projects that are changed.
    """
    for row in rows:
        texts = (row.title, row.team, row.help_wanted, row.organisation, *row.texts.values())
        known = before.get(row.replaces.id, Hidden()) if row.replaces else Hidden()
        row.hidden = known.and_also(to_hide_unseen(texts, row.names))


async def imported_projects(source: str) -> dict[str, int]:
    """Return project ids by the id of their row in ``source``."""
    start = f"{source}:"
    rows = await run_sql(_IMPORTED, len(start), start)
    return {row["external_id"].removeprefix(start): row["id"] for row in rows}
