"""Consents on paper and by link: who operates the data, sheets and photographs of signed ones, families' codes, mailed links."""

from typing import Any

from piccolo.columns import Boolean, Date, Serial, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete

from incubator.core.clock import now
from incubator.db.conditions import Condition
from incubator.db.indexes import Index
from incubator.db.table import ForeignKey, Table
from incubator.files.tables import StoredFile
from incubator.mail.tables import Message
from incubator.people.tables import Consent, ConsentText, Person
from incubator.projects.tables import Project


class Operator(Table):
    """The office that answers for the data, as documents name it. One row at most."""

    id: Serial
    name_ru = Varchar(length=300)
    name_en = Varchar(length=300, default="")
    address = Varchar(length=300, default="")
    inn = Varchar(length=12, default="")
    ogrn = Varchar(length=15, default="")
    email = Varchar(length=254, default="")
    phone = Varchar(length=40, default="")
    hosting = Varchar(length=300, default="")
    """Who keeps the site's data, and in which country."""
    changed_at = Timestamptz()
    changed_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)


class SheetBatch(Table):
    """Sheets that were made together, to be printed as one file."""

    id: Serial
    made_by = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    made_at = Timestamptz()
    locale = Varchar(length=2, default="ru")


class ConsentSheet(Table):
    """One printed document: for whom, which text, until when. Its code files the signed sheet with the right person."""

    id: Serial
    batch = ForeignKey(SheetBatch, null=False, on_delete=OnDelete.cascade)
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    purpose = Varchar(length=20)
    text = ForeignKey(ConsentText, null=False, on_delete=OnDelete.restrict)
    signatory = Varchar(length=10, default="paper")
    """A Signatory: who signs it, a guardian or an adult for themselves."""
    term = Date()
    """The last day, as printed."""
    code = Varchar(length=16, unique=True)
    consent: "ForeignKey[Any]" = ForeignKey(Consent, null=True, default=None, on_delete=OnDelete.set_null)
    """As which it was filed."""


class SheetScan(Table):
    """A photograph or scan of one page that waits until somebody has looked at it."""

    id: Serial
    file = ForeignKey(StoredFile, null=False, on_delete=OnDelete.restrict)
    sheet = ForeignKey(ConsentSheet, null=True, default=None, on_delete=OnDelete.cascade)
    """Null: no code was found on it."""
    uploaded_by = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    uploaded_at = Timestamptz()


class FamilyCode(Table):
    """What opens a child's page for the family, without an account; printed below each sheet."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    code = Varchar(length=16, unique=True)
    made_at = Timestamptz()
    made_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    revoked_at = Timestamptz(null=True, default=None)

    @classmethod
    def working(cls) -> Condition:
        """Return the condition that it opens the page."""
        return cls.revoked_at.is_null()


class GuardianLink(Table):
    """A mailed link by which a guardian answers for a child, once, without an account.

    Name and address are kept as long as the consents that came of it; of a link that ended unused the address is erased at once.
    """

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    """The child."""
    project = ForeignKey(Project, null=True, default=None, on_delete=OnDelete.set_null)
    """The team, whose season says whether links are taken; null: a pupil of a class."""
    name = Varchar(length=120)
    """The guardian, as whoever asked calls them."""
    relation = Varchar(length=10)
    """A Relation."""
    email = Varchar(length=254, default="")
    """Empty: erased."""
    locale = Varchar(length=2, default="ru")
    secret_hash = Varchar(length=64, unique=True, null=True, default=None)
    """Null: imported, the mailed link works no more."""
    asked_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    asked_at = Timestamptz()
    expires_at = Timestamptz()
    """From then on it is no way to the family's page either."""
    opened_at = Timestamptz(null=True, default=None)
    """When it was first opened: the address is the mailbox of whoever answers."""
    answered_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
    is_replaced = Boolean(default=False)
    """Revoked because a newer link went to the same mailbox."""
    contact = Varchar(length=300, default="")
    """Where the guardian says they can be reached."""
    mail = ForeignKey(Message, null=True, default=None, on_delete=OnDelete.set_null)
    receipt = ForeignKey(Message, null=True, default=None, on_delete=OnDelete.set_null)

    @classmethod
    def open(cls) -> Condition:
        """Return the condition that it can still be answered."""
        return cls.answered_at.is_null() & cls.revoked_at.is_null() & (cls.expires_at > now())


class GuardianAnswer(Table):
    """What came of a mailed link: a consent, or a refusal."""

    id: Serial
    link = ForeignKey(GuardianLink, null=False, on_delete=OnDelete.cascade)
    consent = ForeignKey(Consent, null=False, on_delete=OnDelete.cascade)


class DestructionAct(Table):
    """Which consents were destroyed together, because the time for which they are kept was over. Nobody is named in it."""

    id: Serial
    made_at = Timestamptz()
    made_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    consents = Text()
    """JSON list of ``destruction.py: Destroyed``."""


TABLES = [
    *(Operator, SheetBatch, ConsentSheet, SheetScan),
    *(FamilyCode, GuardianLink, GuardianAnswer, DestructionAct),
]

INDEXES = [
    Index("consent_sheet_person", (ConsentSheet.person,)),
    Index("consent_sheet_batch", (ConsentSheet.batch,)),
    Index("sheet_scan_uploader", (SheetScan.uploaded_by,)),
    Index("family_code_person", (FamilyCode.person,)),
    Index("guardian_link_person", (GuardianLink.person,)),
    Index("guardian_answer_link", (GuardianAnswer.link,)),
    Index("guardian_answer_consent", (GuardianAnswer.consent,)),
]
