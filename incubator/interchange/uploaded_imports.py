"""An uploaded table: kept as a draft, looked at, its columns chosen; nothing is written before it is started."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.core.text import clean_line, fingerprint
from incubator.db import writing
from incubator.files.keep import uploaded
from incubator.files.names import clean_name
from incubator.files.store import current_store
from incubator.history.record import Happened, record
from incubator.interchange.batch_states import BatchState
from incubator.interchange.import_batches import require_draft
from incubator.interchange.import_kinds import Wish, check, kind_of, wish_of
from incubator.interchange.import_report import ImportRefused, ImportReport
from incubator.interchange.project_context import fields_at
from incubator.interchange.project_import import LONGEST_SOURCE, ProjectImport
from incubator.interchange.review_columns import guessed_wish, review_fields, roles_of, words_in
from incubator.interchange.review_rows import ReviewImport
from incubator.interchange.reviews import opened
from incubator.interchange.table_fields import TableField, recognises
from incubator.interchange.tables import ImportBatch
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.tabular.reading import open_table
from incubator.tabular.rows import Row, UnknownFormat
from incubator.tabular.uploads import require_acceptable

#: Rows of an uploaded table, and bytes of the file.
MOST_ROWS, MOST_BYTES = 50_000, 12 * 2**20
#: Rows that the page shows of it, and those from which is guessed what columns hold.
SHOWN, _LOOKED_AT = 5, 200


async def upload_import(name: str, content: bytes, wish: Wish, *, by: Person) -> ImportBatch:
    """Keep a table as a draft, with what a check of it says; columns of reviews are guessed. Raises UnknownFormat, NotAllowed."""
    suffix = require_acceptable(name, content)
    async with uploaded(content) as upload:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"table{suffix}"
            path.write_bytes(content)
            wish = await asyncio.to_thread(_guessed, path, wish)
            report = await _checked(path, wish)
        async with writing():
            await require_staff(by, StaffAction.IMPORT)
            file = await upload.keep(name=name, media_type="application/octet-stream", by=by.id)
            batch = ImportBatch(
                kind=kind_of(wish), state=BatchState.DRAFT.value, source=wish.source, file_name=clean_name(name.replace("\0", "")), file=file.id,
                options=_json(wish), report=_json(report), created_at=now(), created_by=by.id,
            )  # fmt: skip
            await batch.save()
            await record(Happened.IMPORT_BEGUN, by=by, batch=batch.id)
    return batch


def _guessed(path: Path, wish: Wish) -> Wish:
    """Return the wish with what the first rows of a table of reviews suggest; the columns of projects are guessed anew at each check."""
    if not isinstance(wish, ReviewImport):
        return wish
    table = opened(path, wish)
    return guessed_wish(wish, table.columns, list(islice(table.rows, _LOOKED_AT)))


async def choose_columns(batch: ImportBatch, wish: Wish, *, by: Person) -> ImportReport:
    """Store how a draft is to be read, and return what a check says. Raises Refusal if it is no draft any more."""
    require_draft(batch)
    if isinstance(wish, ProjectImport):
        known = {field.key for field in await fields_at(wish)}  # another stage has other sections
        wish = replace(wish, mapping={key: column for key, column in wish.mapping.items() if key in known})
    async with file_of(batch) as path:
        try:
            if isinstance(wish, ReviewImport) and not roles_of(wish):  # another sheet
                wish = await asyncio.to_thread(_guessed, path, wish)
            report = await _checked(path, wish)
        except UnknownFormat as error:
            report = ImportReport(refusal=str(error))
    async with writing():
        await require_staff(by, StaffAction.IMPORT)
        stored = (
            await ImportBatch.update(
                {ImportBatch.options: _json(wish), ImportBatch.report: _json(report), ImportBatch.source: wish.source}
            )
            .where((ImportBatch.id == batch.id) & (ImportBatch.state == BatchState.DRAFT.value))
            .returning(ImportBatch.id)
        )
        if stored:
            await record(Happened.IMPORT_BEGUN, by=by, batch=batch.id)
    return report


async def discard_import(batch: ImportBatch, *, by: Person) -> None:
    """Forget a draft. Repeating it does nothing."""
    async with writing():
        await require_staff(by, StaffAction.IMPORT)
        gone = await ImportBatch.delete().where(
            (ImportBatch.id == batch.id) & (ImportBatch.state == BatchState.DRAFT.value)
        ).returning(ImportBatch.id)  # fmt: skip
        if gone:
            await record(Happened.IMPORT_UNDONE, by=by, batch=batch.id)


async def _checked(path: Path, wish: Wish) -> ImportReport:
    """Return what a check says, also if the columns are not those that are needed. Raises UnknownFormat."""
    try:
        return await check(path, wish)
    except ImportRefused as refused:
        return ImportReport(refusal=str(refused))


@dataclass(frozen=True, slots=True)
class Preview:
    """What the page shows of a table."""

    columns: tuple[str, ...] = ()
    rows: Sequence[Row] = ()
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    fields: Sequence[TableField] = ()
    """Of a table of projects."""
    words: Sequence[str] = ()
    """That stand for levels in a table of reviews."""

    def examples(self, column: str) -> list[str]:
        """Return different values of a column in the rows that are shown."""
        return list(dict.fromkeys(text for row in self.rows if (text := row.readable(column))))


async def preview_of(batch: ImportBatch) -> Preview:
    """Return the columns and the first rows of a draft. Raises UnknownFormat, Refusal."""
    wish = wish_of(batch)
    wanted = review_fields() if isinstance(wish, ReviewImport) else await fields_at(wish)
    async with file_of(batch) as path:
        return await asyncio.to_thread(_previewed, path, wish, wanted)


def _previewed(path: Path, wish: Wish, wanted: Sequence[TableField]) -> Preview:
    is_known = recognises(wanted)
    try:
        table = open_table(path, sheet=wish.sheet, is_known=is_known, most=MOST_ROWS)
    except UnknownFormat:
        table = open_table(path, is_known=is_known, most=MOST_ROWS)
    rows = list(islice(table.rows, SHOWN))
    words: list[str] = []
    if isinstance(wish, ReviewImport):
        words = words_in(chain(rows, islice(table.rows, MOST_ROWS)), list(wish.criteria.values()))
    return Preview(tuple(column.name for column in table.columns), rows, table.sheets, table.sheet, wanted, words)


def source_of(name: str) -> str:
    """Return what a file is called as a source; a digest stands for the end of a long name, so that two of them do not become one."""
    stem = clean_line(Path(name.replace("\0", "")).stem) or "import"
    return stem if len(stem) <= LONGEST_SOURCE else f"{stem[: LONGEST_SOURCE - 9].strip()}-{fingerprint(stem)[:8]}"


def looked_at(wish: Wish) -> Wish:
    """Return the wish of somebody who has looked at rows that seem to be shifted."""
    return replace(wish, is_looked_at=True)


def report_of(batch: ImportBatch) -> ImportReport:
    return msgspec.json.decode(batch.report, type=ImportReport)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


@asynccontextmanager
async def file_of(batch: ImportBatch) -> AsyncIterator[Path]:
    """Yield the path of a copy of an uploaded file. Raises Refusal if it is gone."""
    if not (batch.file and batch.file.id):
        raise Refusal(_("файла больше нет: загрузите его ещё раз"))
    content = await current_store().get(batch.file.digest)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"table{Path(batch.file_name).suffix.lower()}"
        path.write_bytes(content)
        yield path
