"""Publication as a record, and the catalogue's data about a published project."""

from enum import StrEnum

from piccolo.columns import BigInt, Boolean, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique

from incubator.db.conditions import Condition
from incubator.db.indexes import Index
from incubator.db.table import ForeignKey, Table
from incubator.mail.tables import Message
from incubator.people.tables import Person
from incubator.programme.tables import Award
from incubator.projects.tables import Project, Submission


class Publication(Table):
    """A project's entry in the catalogue, made of its newest public version; public while it has one.

    The index of the showcase is separate, in the table ``posting``: see ``index.py``.
    """

    id: Serial
    project = ForeignKey(Project, null=False, unique=True, on_delete=OnDelete.cascade)
    published_at = Timestamptz(null=True, default=None, index=True)
    """When its first version became public; null: nothing of it is."""
    place = Integer(null=True, default=None, unique=True)
    """Grows with every publication, so the newest has the largest. Assigned anew when it is published again."""
    number = Integer(default=0)
    """The newest public version."""
    title = Varchar(length=200, default="")
    team_name = Varchar(length=80, default="")
    help_wanted = Varchar(length=300, default="")
    organisation = Varchar(length=200, default="")
    """As they were when that version was approved: the team's draft may have changed since."""
    pitch = Text(default="")
    """The first answer as plain text, for the card."""
    cover = Varchar(length=80, default="")
    """The picture that its newest public version has as its cover, as sections name it; empty: a drawn one."""
    title_words = Text(default="")
    words = Text(default="")
    """Stems in order, of the title alone and of title, texts and names: the terms in the index."""
    files = Text(default="")
    """Ids of the pictures and papers whose captions are among its words, ascending, separated by spaces."""
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


class PublicVersion(Table):
    """A submitted version that the team offered to the public: it waits for an organiser, is public, or has ended.

    Public pages read versions from here alone, never from ``Submission``: ``title`` and ``content`` are the texts as
    an organiser approved them, without what was hidden. They are empty before the approval and after the end.
    """

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    submission = ForeignKey(Submission, null=False, unique=True, on_delete=OnDelete.cascade)
    number = Integer()
    stage = Varchar(length=10)
    round = SmallInt(default=1)
    submitted_at = Timestamptz()
    is_waiting = Boolean(default=False)
    """The team has offered it and no organiser has answered; a public version waits again when its details changed."""
    offered_at = Timestamptz(null=True, default=None)
    offered_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    """Null while it waits: nobody offered it, but a name in the team is new (``team_names.py``)."""
    approved_at = Timestamptz(null=True, default=None)
    """The last approval; null: an organiser never approved it, or not since it was offered again."""
    approved_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    ended_at = Timestamptz(null=True, default=None)
    """When it was refused, recalled, or taken off."""
    ended_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    refusal = Text(default="")
    """The organiser's reason for refusing the last offer; empty: it was not refused."""
    title = Varchar(length=200, default="")
    content = Text(default="[]")
    """JSON list of sections; see ``projects/document.py: Frozen``."""
    grammar = SmallInt(default=0)
    """Version of the Markdown grammar that rendered the HTML in ``content``."""

    public_version_number = Unique([project, number])

    @property
    def is_public(self) -> bool:
        return self.approved_at is not None and self.ended_at is None

    @property
    def is_offered(self) -> bool:
        """Return whether the team asks for an approval, and not only a new name of somebody."""
        return self.is_waiting and not (self.is_public and self.offered_by is None)

    @classmethod
    def public(cls) -> Condition:
        """Return the condition that everybody may read it."""
        return cls.approved_at.is_not_null() & cls.ended_at.is_null()

    @classmethod
    def waiting(cls) -> Condition:
        """Return the condition that the team has offered it and no organiser has answered yet."""
        return cls.is_waiting.eq(True)


class Verdict(StrEnum):
    """What somebody said about a passage."""

    HIDDEN = "hidden"
    """The public does not read it, in no version."""
    KEPT = "kept"
    """An organiser says that everybody may read it."""
    NAMED = "named"
    """It names somebody who consented; without the consent it is hidden."""


class Passage(Table):
    """A passage of a project's texts about which somebody decided whether the public reads it.

    It counts in every version, also in those that come later.
    """

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    text = Text(default="")
    """As it was written; compared by ``hiding.py: canonical``."""
    key = Varchar(length=40, default="")
    """A section that is hidden as a whole; then ``text`` is empty."""
    verdict = Varchar(length=10)
    """A Verdict."""
    person = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    """Who is named."""
    made_at = Timestamptz()
    made_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    """Null: the program, because a consent ended."""


class AwardGiven(Table):
    """An award given to a project by an organiser."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    award = ForeignKey(Award, null=False, on_delete=OnDelete.cascade)
    given_at = Timestamptz()
    given_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)

    award_given_once = Unique([project, award])


class ContentReport(Table):
    """What somebody without an account says about a public page; organisers alone read it."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    number = Integer(default=0)
    """The newest public version at that moment."""
    wrong = Varchar(length=13)
    """A Wrong."""
    place = Varchar(length=7)
    """A Spot: the page, its picture, its poster."""
    text = Text(default="")
    email = Varchar(length=254, default="")
    """For the answer; empty: whoever it was wants none. Erased with the text some time after the end."""
    locale = Varchar(length=2, default="")
    reported_at = Timestamptz()
    hidden_at = Timestamptz(null=True, default=None)
    hidden_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    closed_at = Timestamptz(null=True, default=None)
    """Null: open."""
    closed_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    answer = Text(default="")
    """What the organiser answered; empty: nothing."""
    erased_at = Timestamptz(null=True, default=None)

    @classmethod
    def open(cls) -> Condition:
        """Return the condition that no organiser has closed it."""
        return cls.closed_at.is_null()


class Follower(Table):
    """Somebody who gets a project's news by mail: a person with an account, or a visitor who left an address and confirmed it."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.cascade)
    """Null: a visitor."""
    email = Varchar(length=254, default="")
    """Of a visitor; a person is written to at the address of the account."""
    locale = Varchar(length=2, default="")
    """Of the page on which a visitor asked."""
    secret = Varchar(length=64, unique=True)
    """In the link of its mails, which shows and ends it."""
    asked_at = Timestamptz()
    confirmed_at = Timestamptz(null=True, default=None)
    told_until = Timestamptz(null=True, default=None)
    """What became public until then was told, or was there before."""
    mailed_at = Timestamptz(null=True, default=None)

    follower_once = Unique([project, person])

    @classmethod
    def confirmed(cls) -> Condition:
        return cls.confirmed_at.is_not_null()


class FollowerMail(Table):
    """A mail with news to a follower, for the case that it has to be taken back before it is sent."""

    id: Serial
    follower = ForeignKey(Follower, null=False, on_delete=OnDelete.cascade)
    message = ForeignKey(Message, null=False, on_delete=OnDelete.cascade)
    told_from = Timestamptz()
    """What became public since then is in it."""


class PublicRevision(Table):
    """One row with a number that is incremented when public content changes.

    Triggers increment it (``public_triggers.py``); cached pages stay valid as
    long as it does not change (``http/page_cache.py``).
    """

    id = SmallInt(primary_key=True, default=1)
    number = BigInt(default=1)


TABLES = [Publication, PublicVersion, Passage, AwardGiven, ContentReport, Follower, FollowerMail, PublicRevision]

INDEXES = [
    Index("content_report_closed", (ContentReport.closed_at, ContentReport.id)),
    Index("follower_email_once", (Follower.project, Follower.email), where="\"email\" <> ''", is_unique=True),
    Index("follower_email", (Follower.email,), where="\"email\" <> ''"),
    Index("follower_person", (Follower.person,)),
    Index("passage_project", (Passage.project,)),
    Index("public_version_waiting", (PublicVersion.is_waiting, PublicVersion.offered_at)),
    Index("publication_graduated", (Publication.graduated_at, Publication.place)),
]
