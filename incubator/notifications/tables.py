"""What happened for somebody, as the bell lists it; mail preferences, and organisers' own mail texts."""

from piccolo.columns import BigInt, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique

from incubator.db.conditions import Condition
from incubator.db.indexes import Index
from incubator.db.table import ForeignKey, Table
from incubator.people.tables import Person


class Notification(Table):
    """Something that happened for a person. What it says follows from its event, each time it is read."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    event_id = BigInt()
    """The event of the journal."""
    mail = Varchar(length=30)
    """Key of its sentence and of the mail that tells the same (``mails.py``)."""
    created_at = Timestamptz(index=True)
    read_at = Timestamptz(null=True, default=None)

    notification_once = Unique([person, event_id])

    @classmethod
    def unread(cls) -> Condition:
        return cls.read_at.is_null()


class MailPreference(Table):
    """A person's choice for one kind of mail, if it is not "at once"."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    kind = Varchar(length=12)
    rhythm = Varchar(length=6)
    """now, daily or never."""

    mail_preference_once = Unique([person, kind])


class MailTemplate(Table):
    """An organiser's own text of a mail, replacing the packaged one."""

    id: Serial
    key = Varchar(length=30, unique=True)
    subject_ru = Varchar(length=200)
    subject_en = Varchar(length=200)
    body_ru = Text()
    body_en = Text()
    version = Integer(default=1)
    changed_at = Timestamptz()


TABLES = [Notification, MailPreference, MailTemplate]

INDEXES = [
    Index("notification_person", (Notification.person, Notification.id)),
    Index("notification_unread", (Notification.person,), where='"read_at" IS NULL'),
]
