"""Mail preferences, and organisers' own mail texts."""

from piccolo.columns import Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique

from incubator.db.table import ForeignKey, Table
from incubator.people.tables import Person


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


TABLES = [MailPreference, MailTemplate]
