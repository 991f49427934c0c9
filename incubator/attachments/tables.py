"""What teams attach to their documents: pictures, presentations, papers; what is served of them, and who is on them."""

from enum import StrEnum

from piccolo.columns import Boolean, Integer, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique

from incubator.db.indexes import Index
from incubator.db.table import ForeignKey, Table
from incubator.files.tables import StoredFile
from incubator.people.tables import Person
from incubator.projects.tables import Project

#: The names of the renditions that hold a paper: as its team uploaded it, and without what says who wrote it, for others.
ITSELF, PLAIN = "", "plain"


class People(StrEnum):
    """What the team says about people on a picture, or inside a paper."""

    UNSAID = ""
    NOBODY = "nobody"
    """Nobody whom one could recognise."""
    TEAM = "team"
    """People of the team alone: rows of ``Pictured``."""
    OTHERS = "others"
    """Also people outside the team, whose consents nobody here knows."""


class Attachment(Table):
    """A picture or a paper of one project. Sections name it by its id (``projects/kinds/files.py``), so it is never changed."""

    id: Serial
    project = ForeignKey(Project, null=False, on_delete=OnDelete.cascade)
    code = Varchar(length=16)
    """Of its content: in the addresses of what is served."""
    sort = Varchar(length=10)
    """A Sort of ``imaging/opened.py``."""
    name = Varchar(length=120)
    """Of the uploaded file; for the team alone, since people name files after themselves."""
    width = Integer(default=0)
    height = Integer(default=0)
    """Of the largest picture that is served, in pixels; of a PDF of its first page; 0: nothing is drawn."""
    pages = SmallInt(default=0)
    size = Integer()
    """Bytes of all that is stored of it."""
    people = Varchar(length=6, default="")
    """A People."""
    is_approved = Boolean(default=False)
    """A version or a piece of news that the public reads shows it: kept with each change of those (``publication/public_files.py``)."""
    is_to_look_at = Boolean(default=False)
    """The team has said something else of the people on it since an organiser approved it: not public until one has looked again."""
    is_hidden = Boolean(default=False)
    """The team or an organiser took it off everything that the public sees, at once, whatever was approved."""
    is_hidden_by_office = Boolean(default=False)
    """An organiser did; the team cannot undo that."""
    unnamed_since = Timestamptz(null=True, default=None)
    """Since when neither the document nor a submitted version names it, as the daily sweep found (``removal.py``)."""
    uploaded_at = Timestamptz()
    uploaded_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)


class Rendition(Table):
    """One file that is served of an attachment: a picture in one width, a page of a PDF, or the paper itself."""

    id: Serial
    attachment = ForeignKey(Attachment, null=False, on_delete=OnDelete.cascade)
    name = Varchar(length=24)
    """The last part of its address, after the code: ``0-960.webp``, ``3-1280.webp``; ``ITSELF`` or ``PLAIN`` for a paper."""
    file = ForeignKey(StoredFile, null=False, on_delete=OnDelete.restrict)

    rendition_once = Unique([attachment, name])


class PaperWords(Table):
    """What is written in a paper: names in it are found before an approval, and when a consent ends."""

    id: Serial
    attachment = ForeignKey(Attachment, null=False, unique=True, on_delete=OnDelete.cascade)
    text = Text()


class Pictured(Table):
    """Somebody of the team who is on a picture."""

    id: Serial
    attachment = ForeignKey(Attachment, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    """Null: the account is gone, and with it the consent; the picture is not public any more."""

    pictured_once = Unique([attachment, person])


TABLES = [Attachment, Rendition, PaperWords, Pictured]

INDEXES = [
    Index("attachment_project", (Attachment.project,)),
    Index("pictured_person", (Pictured.person,)),
    Index("rendition_file", (Rendition.file,)),
]
