"""Accounts, what proves who someone is, and what they (or a guardian) consented to."""

from piccolo.columns import Boolean, ForeignKey, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique
from piccolo.table import Table

from incubator.db.indexes import Index


class Person(Table):
    id: Serial
    email = Varchar(length=254, unique=True)
    """Casefolded; the one name under which somebody signs in."""
    given_name = Varchar(length=60, default="")
    family_name = Varchar(length=60, default="")
    password = Varchar(length=200, default="")
    """Argon2 hash; empty until one is chosen."""
    email_confirmed_at = Timestamptz(null=True, default=None)
    is_adult = Boolean(default=False)
    is_mentor = Boolean(default=False)
    is_organiser = Boolean(default=False)
    locale = Varchar(length=2, default="")
    """Language of pages and mails; empty: as the browser asks."""
    created_at = Timestamptz()

    @property
    def name(self) -> str:
        """Full name, or the part of the address that others may see."""
        return f"{self.given_name} {self.family_name}".strip() or self.email.partition("@")[0]


class Session(Table):
    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    token_hash = Varchar(length=64, unique=True)
    device = Varchar(length=200, default="")
    created_at = Timestamptz()
    seen_at = Timestamptz()
    expires_at = Timestamptz()


class Token(Table):
    """A single-use link: to confirm an address, reset a password or sign in."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    purpose = Varchar(length=20)
    token_hash = Varchar(length=64, unique=True)
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)


class Attempt(Table):
    """One failed sign-in (or mail asked for), counted per account and per address."""

    id: Serial
    key = Varchar(length=80, index=True)
    at = Timestamptz()


class ConsentText(Table):
    id: Serial
    purpose = Varchar(length=20)
    version = Integer()
    title_ru = Varchar(length=200)
    title_en = Varchar(length=200)
    text_ru = Text()
    text_en = Text()

    consent_text_version = Unique([purpose, version])


class Consent(Table):
    """One purpose of one person: who recorded it, when, under which text, until when."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    purpose = Varchar(length=20)
    text = ForeignKey(ConsentText, null=False, on_delete=OnDelete.restrict)
    given_at = Timestamptz()
    recorded_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    by_guardian = Boolean(default=False)
    """The guardian's form was received (for a minor)."""
    withdrawn_at = Timestamptz(null=True, default=None)
    withdrawn_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.restrict)


TABLES = [
    Person,
    Session,
    Token,
    Attempt,
    ConsentText,
    Consent,
]

INDEXES = [
    Index("session_person", (Session.person,)),
    Index("token_person", (Token.person,)),
    Index("consent_current", (Consent.person, Consent.purpose), where='"withdrawn_at" IS NULL', is_unique=True),
]
