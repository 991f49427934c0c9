"""Publication as a record, and what the catalogue reads of a published project."""

from piccolo.columns import BigInt, ForeignKey, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique
from piccolo.table import Table

from incubator.db.conditions import Condition
from incubator.db.indexes import Index
from incubator.people.tables import Person
from incubator.programme.tables import Award
from incubator.projects.tables import Project


class Publication(Table):
    """The team asked, the organiser approved; either may end it.

    Beside it stands the index of the showcase, the table ``posting``: see ``postings.py``.
    """

    id: Serial
    project = ForeignKey(Project, null=False, unique=True, on_delete=OnDelete.cascade)
    asked_at = Timestamptz(null=True, default=None)
    asked_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    published_at = Timestamptz(null=True, default=None, index=True)
    published_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    place = Integer(null=True, default=None, unique=True)
    """Grows with every publication: the newest has the largest. Given anew when it is published again."""
    number = Integer(default=0)
    """Newest version of the project that the public may read."""
    title = Varchar(length=200, default="")
    team_name = Varchar(length=80, default="")
    help_wanted = Varchar(length=300, default="")
    organisation = Varchar(length=200, default="")
    """As they were when that version was approved: the team's draft goes on changing."""
    pitch = Text(default="")
    """Its first answer as plain text, for the card."""
    title_words = Text(default="")
    words = Text(default="")
    """Stems in order, of the title alone and of title, texts and names: what the index has of it."""
    facets = Text(default="")
    """``name=value`` of everything it is filtered by, a space apart; see ``facets.py``."""
    graduated_at = Timestamptz(null=True, default=None)
    changed_at = Timestamptz(null=True, default=None)

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    @classmethod
    def public(cls) -> Condition:
        """Condition: everybody may read it."""
        return cls.published_at.is_not_null()

    @classmethod
    def asked(cls) -> Condition:
        """Condition: the team has asked, and no organiser has approved yet."""
        return cls.asked_at.is_not_null() & cls.published_at.is_null()


class AwardGiven(Table):
    """An organiser honoured a project."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    award = ForeignKey(Award, null=False, on_delete=OnDelete.cascade)
    given_at = Timestamptz()
    given_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)

    award_given_once = Unique([project, award])


class PublicRevision(Table):
    """One row: a number that moves when something changes that the public may see.

    Triggers move it (``public_triggers.py``); pages kept in memory are good as
    long as it stays (``http/page_cache.py``).
    """

    id = SmallInt(primary_key=True, default=1)
    number = BigInt(default=1)


TABLES = [Publication, AwardGiven, PublicRevision]

INDEXES = [Index("publication_graduated", (Publication.graduated_at, Publication.place))]
