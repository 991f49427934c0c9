"""Exporting all data as JSON Lines, and importing it into an empty database with the same ids.

The export includes the rows of stored files; their bytes are copied separately, as a folder or bucket.

Secrets are left out: passwords, second factors, sessions, links (also those in queued mail, and changes of addresses that wait for
one); followers get new links. A family's code and an access card's stay: the paper with it lies at home, and whoever keeps an export
keeps what families signed as well.
"""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from piccolo.columns import Date, Timestamptz
from piccolo.table import Table

from incubator.db import run_sql, writing
from incubator.db.engines import current_engine
from incubator.history.tables import Event
from incubator.http.tables import FormAnswer, RenderedText
from incubator.interchange.consent_terms import with_term
from incubator.interchange.tables import ImportBatch
from incubator.jobs.tables import Job
from incubator.mail.tables import Message
from incubator.people.hashing import new_secret
from incubator.people.tables import (
    AddressChange,
    Attempt,
    Authenticator,
    Consent,
    KnownDevice,
    Passkey,
    PendingSignIn,
    Person,
    RecoveryCode,
    Session,
    Throttle,
    Token,
)
from incubator.piccolo_app import APP_CONFIG
from incubator.privacy.tables import GuardianLink
from incubator.programme.tables import Season
from incubator.projects.tables import Invitation
from incubator.publication.index import rebuild
from incubator.publication.tables import Follower, FollowerMail, PublicRevision
from incubator.reviews.tables import Mentor, QueuedSubmission

_SECRET_TABLES = (
    *(Message, Session, Authenticator, Passkey, RecoveryCode),
    *(Token, Attempt, Throttle, KnownDevice, PendingSignIn, Invitation, AddressChange),
)
#: Tables that belong to one database: change counters, caches, answers to forms, running jobs, mails, what triggers keep.
_OWN_TABLES = (FollowerMail, PublicRevision, RenderedText, FormAnswer, Job, QueuedSubmission)
_SECRET_COLUMNS = {
    *((Person, "password"), (Person, "factor_due_at"), (Mentor, "feed_hash")),
    *((GuardianLink, "secret_hash"), (GuardianLink, "mail"), (GuardianLink, "receipt"), (Follower, "secret")),
    # jobs stay with the database that runs them
    (ImportBatch, "job"),
}
_CHUNK = 500
#: The key of the last line, with the number of rows before it: a file that was cut off has none.
_END = "rows"
#: In the same line: the highest id that each table ever gave. What is deleted keeps its number, which the journal knows.
_GIVEN = "ids"


class NotEmpty(Exception):
    """The database already contains people or seasons."""


class NotAnExport(Exception):
    """The file was not written by `export_to`, or not to its end."""


def _tables() -> list[type[Table]]:
    return [table for table in APP_CONFIG.table_classes if table not in (*_SECRET_TABLES, *_OWN_TABLES)]


async def export_to(path: Path) -> int:
    """Write every row to ``path``; return their number. One transaction, hence one moment.

    The file appears only when complete, so an interrupted export never replaces a good one.
    """
    written = 0
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8", newline="\n") as out:
        async with writing():
            for table in _tables():
                async for row in _rows(table):
                    out.write(json.dumps({"table": table._meta.tablename, **row}, ensure_ascii=False) + "\n")
                    written += 1
            given = {table._meta.tablename: await last_id_of(table) for table in _tables()}
        out.write(json.dumps({_END: written, _GIVEN: given}) + "\n")
    part.replace(path)
    return written


async def _rows(table: Any) -> AsyncIterator[dict[str, Any]]:
    last = 0
    while chunk := await table.select().where(table.id > last).order_by(table.id).limit(_CHUNK):
        for row in chunk:
            yield {
                name: value.isoformat() if isinstance(value, (date, datetime)) else value
                for name, value in row.items()
                if (table, name) not in _SECRET_COLUMNS
            }
        last = chunk[-1]["id"]


async def mails_left_behind() -> int:
    """Return how many mails wait, for the next round or a digest: an export leaves them out, and their events count as told."""
    number: int = await Message.count().where(Message.sent_at.is_null())
    return number


async def import_from(path: Path) -> int:
    """Read an export into an empty database; return the number of rows.

    Reference lists inserted by migrations are replaced. Raises NotEmpty, NotAnExport. All or nothing.
    """
    by_name = {table._meta.tablename: table for table in _tables()}
    async with writing():
        if await Person.exists() or await Season.exists():
            raise NotEmpty("The database is not empty: an export is read into a fresh one only.")
        for table in reversed(list(by_name.values())):
            await table.delete(force=True)
        read, given = 0, dict[str, int]()
        for table, rows in groupby(_rows_in(path, by_name, given), key=type):
            while portion := list(islice(rows, _CHUNK)):
                await table.insert(*portion)
                read += len(portion)
        await _go_on_counting(list(by_name.values()), given)
        await rebuild()
    return read


def _rows_in(path: Path, by_name: dict[str, type[Table]], given: dict[str, int]) -> Iterator[Table]:
    """Yield the rows of an export; ``given`` gets the highest ids. Raises NotAnExport, at the latest at its end if that was cut off."""
    read, is_whole = 0, False
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if is_whole:
                raise NotAnExport(f"Line {number} stands behind the end of the export.")
            values = _values(line, number)
            if _END in values and values.keys() <= {_END, _GIVEN}:
                is_whole = values[_END] == read
                given |= values.get(_GIVEN, {})
                continue
            yield _row_of(values, by_name, number)
            read += 1
    if not is_whole:
        raise NotAnExport(f"The export is cut off after {read} rows: nothing was read. Copy the file once more.")


def _values(line: str, number: int) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError as error:
        raise NotAnExport(f"Line {number} is not from an export, or cut off: {error}") from None
    if not isinstance(values, dict):
        raise NotAnExport(f"Line {number} is not from an export of this version: no object")
    return values


def _row_of(values: dict[str, Any], by_name: dict[str, type[Table]], number: int) -> Table:
    try:
        table = by_name[values.pop("table")]
        return _row(table, with_term(values) if table is Consent else values)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise NotAnExport(f"Line {number} is not from an export of this version: {error}") from None


def _row(table: type[Table], values: dict[str, Any]) -> Table:
    for column in table._meta.columns:
        value = values.get(column._meta.name)
        if isinstance(value, str) and isinstance(column, Timestamptz):
            values[column._meta.name] = datetime.fromisoformat(value)
        elif isinstance(value, str) and isinstance(column, Date):
            values[column._meta.name] = date.fromisoformat(value)
    if table is Follower:
        values["secret"] = new_secret()
    return table(**values)


async def last_id_of(table: type[Table]) -> int:
    """Return the highest id that a table ever gave, also of a row that is gone; 0 if it gave none."""
    name = table._meta.tablename
    if current_engine().engine_type == "sqlite":
        rows = await run_sql("SELECT seq AS last FROM sqlite_sequence WHERE name = {}", name)
    else:
        rows = await run_sql(
            f'SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS last FROM "{name}_id_seq"'  # noqa: S608 - our own table names
        )
    return int(rows[0]["last"]) if rows else 0


async def _go_on_counting(tables: list[type[Table]], given: dict[str, int]) -> None:
    """Let ids go on behind all that were ever given: those of the rows, those that the file names, those in the journal."""
    known = {**given}
    for name, column in (("project", Event.project_id), ("person", Event.actor_id), ("person", Event.subject_id)):
        rows = await Event.select(column.as_alias("id")).where(column.is_not_null()).order_by(column, ascending=False).limit(1)  # fmt: skip
        known[name] = max(known.get(name, 0), *(row["id"] for row in rows), 0)
    for table in tables:
        name = table._meta.tablename
        rows = await run_sql(f'SELECT coalesce(max("id"), 0) AS last FROM "{name}"')  # noqa: S608 - our own table names
        if last := max(int(rows[0]["last"]), known.get(name, 0)):
            await _count_from(name, last)


async def _count_from(name: str, last: int) -> None:
    if current_engine().engine_type == "postgres":
        await run_sql(f"SELECT setval('\"{name}_id_seq\"', {{}})", last)
        return
    await run_sql("DELETE FROM sqlite_sequence WHERE name = {}", name)
    await run_sql("INSERT INTO sqlite_sequence (name, seq) VALUES ({}, {})", name, last)
