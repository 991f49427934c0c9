"""Every column that refers to a person: the foreign keys of the schema, and plain numbers in packages below accounts."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from piccolo.columns import Column, ForeignKey
from piccolo.conf.apps import Finder
from piccolo.constraints import Unique

from incubator.files.tables import StoredFile
from incubator.history.tables import Event
from incubator.jobs.tables import Job
from incubator.people.tables import Person


class PersonColumn(NamedTuple):
    """A column that holds the id of a person."""

    table: Any
    column: Column

    @property
    def name(self) -> str:
        return f"{self.table._meta.tablename}.{self.column._meta.name}"


#: Columns without a foreign key, because their packages lie below accounts.
PLAIN = (
    PersonColumn(Event, Event.actor_id),
    PersonColumn(Event, Event.subject_id),
    PersonColumn(StoredFile, StoredFile.uploaded_by),
    PersonColumn(Job, Job.created_by),
)


#: Rules that an index of some rows keeps, taken for all rows: nobody is asked twice to review one submission.
_BY_INDEX = {"assignment.mentor": ("submission",)}


def references() -> list[PersonColumn]:
    """Return every column that refers to a person, in all tables that Piccolo's configuration names."""
    keys = [
        PersonColumn(table, column)
        for table in Finder().get_table_classes()
        for column in table._meta.foreign_key_columns
        if column._foreign_key_meta.resolved_references is Person
    ]
    return [*keys, *PLAIN]


def unique_with(reference: PersonColumn) -> Iterator[tuple[str, ...]]:
    """Yield, for each rule by which a person occurs once, the other columns of the rule."""
    name = reference.column._meta.name
    if isinstance(reference.column, ForeignKey) and reference.column._meta.unique:
        yield ()
    if reference.name in _BY_INDEX:
        yield _BY_INDEX[reference.name]
    for constraint in reference.table._meta.constraints:
        if isinstance(constraint, Unique):
            names = [each if isinstance(each, str) else each._meta.name for each in constraint.columns]
            if name in names:
                yield tuple(each for each in names if each != name)
