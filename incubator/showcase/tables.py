"""Publication as a record, and what the catalogue reads of a published project."""

from piccolo.columns import BigInt, ForeignKey, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from incubator.people.tables import Person
from incubator.projects.tables import Project


class Publication(Table):
    """The team asked, the organiser approved; either may end it."""

    id: Serial
    project = ForeignKey(Project, null=False, unique=True, on_delete=OnDelete.cascade)
    asked_at = Timestamptz(null=True, default=None)
    asked_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    published_at = Timestamptz(null=True, default=None, index=True)
    published_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    number = Integer(default=0)
    """Newest version of the project that the public may read."""
    title = Varchar(length=200, default="")
    team_name = Varchar(length=80, default="")
    help_wanted = Varchar(length=300, default="")
    """As they were when that version was approved: the team's draft goes on changing."""
    pitch = Text(default="")
    """Its first answer as plain text, for the card."""
    words = Text(default="")
    """Stems of title, texts and names, each between spaces: what search reads."""
    changed_at = Timestamptz(null=True, default=None)


class PublicRevision(Table):
    """One row: a number that moves when something changes that the public may see.

    Triggers move it (migrations/…public_revision.py); pages kept in memory are good as
    long as it stays (``web/page_cache.py``).
    """

    id = SmallInt(primary_key=True, default=1)
    number = BigInt(default=1)


TABLES = [Publication, PublicRevision]
