"""Publication as a record, and the catalogue's data about a published project."""

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
    """The public state of a project: the team asked, an organiser approved; either may end it.

    The index of the showcase is separate, in the table ``posting``: see ``postings.py``.
    """

    id: Serial
    project = ForeignKey(Project, null=False, unique=True, on_delete=OnDelete.cascade)
    asked_at = Timestamptz(null=True, default=None)
    asked_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    published_at = Timestamptz(null=True, default=None, index=True)
    published_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    place = Integer(null=True, default=None, unique=True)
    """Grows with every publication, so the newest has the largest. Assigned anew when it is published again."""
    number = Integer(default=0)
    """The newest version that the public may read."""
    title = Varchar(length=200, default="")
    team_name = Varchar(length=80, default="")
    help_wanted = Varchar(length=300, default="")
    organisation = Varchar(length=200, default="")
    """As they were when that version was approved: the team's draft may have changed since."""
    pitch = Text(default="")
    """The first answer as plain text, for the card."""
    title_words = Text(default="")
    words = Text(default="")
    """Stems in order, of the title alone and of title, texts and names: the terms in the index."""
    facets = Text(default="")
    """``name=value`` of all filter values, separated by spaces; see ``facets.py``."""
    graduated_at = Timestamptz(null=True, default=None)
    changed_at = Timestamptz(null=True, default=None)

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    @classmethod
    def public(cls) -> Condition:
        """Return the condition that everybody may read it."""
        return cls.published_at.is_not_null()

    @classmethod
    def asked(cls) -> Condition:
        """Return the condition that the team has asked and no organiser has approved yet."""
        return cls.asked_at.is_not_null() & cls.published_at.is_null()


class AwardGiven(Table):
    """An award given to a project by an organiser."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    award = ForeignKey(Award, null=False, on_delete=OnDelete.cascade)
    given_at = Timestamptz()
    given_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)

    award_given_once = Unique([project, award])


class PublicRevision(Table):
    """One row with a number that is incremented when public content changes.

    Triggers increment it (``public_triggers.py``); cached pages stay valid as
    long as it does not change (``http/page_cache.py``).
    """

    id = SmallInt(primary_key=True, default=1)
    number = BigInt(default=1)


TABLES = [Publication, AwardGiven, PublicRevision]

INDEXES = [Index("publication_graduated", (Publication.graduated_at, Publication.place))]
