"""Imports: which file was brought when and by whom, and what came of each of its rows."""

from piccolo.columns import Boolean, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete

from incubator.db.indexes import Index
from incubator.db.table import ForeignKey, Table
from incubator.files.tables import StoredFile
from incubator.jobs.tables import Job
from incubator.people.tables import Person
from incubator.projects.tables import Project
from incubator.reviews.tables import Assignment


class ImportBatch(Table):
    """One file that is being brought in, or was."""

    id: Serial
    kind = Varchar(length=10)
    """projects or reviews."""
    state = Varchar(length=10)
    """See ``batch_states.BatchState``."""
    source = Varchar(length=40)
    """What distinguishes the ids of its rows from those of other files."""
    file_name = Varchar(length=120)
    file = ForeignKey(StoredFile, null=True, default=None, on_delete=OnDelete.set_null)
    """The uploaded file, as long as it is needed; None: it was read by a command, or is done with."""
    options = Text(default="{}")
    """JSON: how its columns are read."""
    report = Text(default="{}")
    """JSON: see ``import_report.ImportReport``."""
    job = ForeignKey(Job, null=True, default=None, on_delete=OnDelete.set_null)
    created_at = Timestamptz()
    created_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    """None: the command line."""
    finished_at = Timestamptz(null=True, default=None)
    undone_at = Timestamptz(null=True, default=None)


class ImportedRow(Table):
    """What came of one row of a file."""

    id: Serial
    batch = ForeignKey(ImportBatch, null=False, on_delete=OnDelete.cascade)
    number = Integer()
    """As a spreadsheet counts rows."""
    project = ForeignKey(Project, null=True, default=None, on_delete=OnDelete.cascade)
    assignment = ForeignKey(Assignment, null=True, default=None, on_delete=OnDelete.cascade)
    """Of an imported review."""
    is_new = Boolean(default=True)
    """The row made it; otherwise it changed what an earlier import had made."""
    mentor_key = Varchar(length=8, default="")
    """Of an imported review: stands for what the file calls its reviewer, whatever becomes of the account."""
    former_rubric = Text(default="")
    """JSON: what the reviewed version asked before imported reviews came; undoing them puts it back."""


TABLES = [ImportBatch, ImportedRow]

INDEXES = [
    Index("imported_row_batch", (ImportedRow.batch, ImportedRow.id)),
    Index("imported_row_project", (ImportedRow.project,)),
    Index("imported_row_assignment", (ImportedRow.assignment,)),
    Index("import_batch_state", (ImportBatch.state, ImportBatch.id)),
]
