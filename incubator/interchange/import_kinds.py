"""What can be imported from a table: projects, or reviews of imported projects."""

from pathlib import Path

import msgspec

from incubator.interchange import projects, reviews
from incubator.interchange.import_report import ImportReport, Step
from incubator.interchange.project_import import ProjectImport
from incubator.interchange.review_rows import ReviewImport
from incubator.interchange.tables import ImportBatch
from incubator.people.tables import Person

PROJECTS, REVIEWS = "projects", "reviews"

#: How a table is to be brought in.
Wish = ProjectImport | ReviewImport


def kind_of(wish: Wish) -> str:
    return REVIEWS if isinstance(wish, ReviewImport) else PROJECTS


def wish_of(batch: ImportBatch) -> Wish:
    """Return how the file of an import is to be brought in."""
    kind: type[Wish] = ReviewImport if batch.kind == REVIEWS else ProjectImport
    return msgspec.json.decode(batch.options, type=kind)


async def check(path: Path, wish: Wish) -> ImportReport:
    """Return what bringing in a table would do. Raises UnknownFormat, ImportRefused."""
    if isinstance(wish, ReviewImport):
        return await reviews.import_rows(path, wish, dry_run=True, batch=1)
    return await projects.import_rows(path, wish, dry_run=True, batch=1)


async def bring_in(path: Path, wish: Wish, *, batch: int, into: int, step: Step, by: Person | None) -> ImportReport:
    """Bring in a table whose import ``into`` is recorded, ``batch`` rows in a transaction. Raises UnknownFormat, ImportRefused."""
    if isinstance(wish, ReviewImport):
        return await reviews.import_rows(path, wish, dry_run=False, batch=batch, into=into, step=step)
    return await projects.import_rows(path, wish, dry_run=False, batch=batch, into=into, step=step, by=by)
