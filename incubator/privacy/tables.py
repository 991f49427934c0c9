"""Consents on paper: who operates the data, the sheets that were printed, photographs of signed ones, and families' codes."""

from typing import Any

from piccolo.columns import Date, Serial, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete

from incubator.db.conditions import Condition
from incubator.db.indexes import Index
from incubator.db.table import ForeignKey, Table
from incubator.files.tables import StoredFile
from incubator.people.tables import Consent, ConsentText, Person


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
    lawyer = Text(default="")
    """Who checked the texts of the consents, and when; empty: nobody yet."""
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


class DestructionAct(Table):
    """Which consents were destroyed together, because the time for which they are kept was over. Nobody is named in it."""

    id: Serial
    made_at = Timestamptz()
    made_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    consents = Text()
    """JSON list of ``destruction.py: Destroyed``."""


TABLES = [Operator, SheetBatch, ConsentSheet, SheetScan, FamilyCode, DestructionAct]

INDEXES = [
    Index("consent_sheet_person", (ConsentSheet.person,)),
    Index("consent_sheet_batch", (ConsentSheet.batch,)),
    Index("sheet_scan_uploader", (SheetScan.uploaded_by,)),
    Index("family_code_person", (FamilyCode.person,)),
]
