"""Accounts, sessions and links, roles and affiliations, and what people (or guardians) consented to."""

from typing import Any

from piccolo.columns import BigInt, Boolean, Date, Integer, Serial, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.reference import LazyTableReference
from piccolo.constraints import Unique

from incubator.core.clock import now, today
from incubator.core.logins import is_login
from incubator.db.conditions import Condition
from incubator.db.indexes import Index
from incubator.db.table import ForeignKey, Table
from incubator.files.tables import StoredFile
from incubator.names.first_name import first_name
from incubator.people.ages import AgeKnown, is_adult
from incubator.reference.tables import Organisation


def full_name(given: str, family: str, email: str) -> str:
    """Return the name, or the part of the address that others may see."""
    return f"{given} {family}".strip() or email.partition("@")[0]


class Person(Table):
    """An account: somebody who signs in."""

    id: Serial
    email = Varchar(length=254, unique=True)
    """Casefolded; used for signing in. Of a pupil without a mailbox: the login, at a domain that has none (logins.py)."""
    given_name = Varchar(length=60, default="")
    family_name = Varchar(length=60, default="")
    patronymic = Varchar(length=60, default="")
    """For documents; pages show the given and the family name."""
    born_on = Date(null=True, default=None)
    """Stated by the person; once ``age_known`` is set, only somebody responsible changes it."""
    age_known = Varchar(length=5, default="")
    """An AgeKnown: what somebody responsible knows of the age; empty: nobody but the person says it."""
    age_known_by: "ForeignKey[Any]" = ForeignKey(
        LazyTableReference("Person", app_name="incubator"), null=True, default=None, on_delete=OnDelete.set_null
    )
    """Null: known from the command line or an import."""
    age_known_at = Timestamptz(null=True, default=None)
    asked_for_own_consents_at = Timestamptz(null=True, default=None)
    """When the person was asked, before turning 18, for consents of their own."""
    password = Varchar(length=200, default="")
    """Argon2 hash; empty until a password is chosen."""
    email_confirmed_at = Timestamptz(null=True, default=None)
    locale = Varchar(length=2, default="")
    """Language of pages and mails; empty: the browser's preference."""
    factor_due_at = Timestamptz(null=True, default=None)
    """From when on the person's role needs a second factor; null: the grace has not begun."""
    created_at = Timestamptz()

    @property
    def name(self) -> str:
        """Return the full name, or the part of the address that others may see."""
        return full_name(self.given_name, self.family_name, self.email)

    @property
    def has_mailbox(self) -> bool:
        """Return whether mail can be sent to the person at all; a pupil whom a teacher enrolled may have a login only."""
        return not is_login(self.email)

    @property
    def is_confirmed(self) -> bool:
        """Return whether the account is whose it says: by the mailbox or, without one, by the teacher who enrolled the pupil."""
        return self.email_confirmed_at is not None or not self.has_mailbox

    @property
    def first_name(self) -> str:
        """What strangers read: the given name alone, whatever else was typed beside it."""
        return first_name(self.given_name)

    @property
    def is_adult(self) -> bool:
        """Return whether the person is 18 today, as far as anybody says."""
        return is_adult(self.born_on, self.age_known, today())

    @property
    def is_known_adult(self) -> bool:
        """Return whether somebody responsible knows that the person is 18 today: only then do own consents count."""
        return self.age_known != AgeKnown.UNKNOWN and self.is_adult


class Session(Table):
    """A device on which somebody is signed in."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    token_hash = Varchar(length=64, unique=True)
    device = Varchar(length=200, default="")
    created_at = Timestamptz()
    seen_at = Timestamptz()
    expires_at = Timestamptz()
    password_at = Timestamptz(null=True, default=None)
    """When the password was last typed in it; null: never."""
    factor_at = Timestamptz(null=True, default=None)
    """When a second factor was last shown in it; null: never. Where there is one, the session opens nothing before that."""
    challenge = Varchar(length=128, default="")
    """What a passkey is asked to sign; empty: nothing was asked, or it was answered."""
    challenge_until = Timestamptz(null=True, default=None)


class Authenticator(Table):
    """An app that shows codes (TOTP) as somebody's second factor: the confirmed one, and a new one that waits for its first code."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    secret = Varchar(length=64)
    """In base 32, as the app has it. Never exported, never logged."""
    created_at = Timestamptz()
    confirmed_at = Timestamptz(null=True, default=None)
    last_step = Integer(default=0)
    """The last step of time whose code was accepted: no code is accepted twice."""
    used_at = Timestamptz(null=True, default=None)


class Passkey(Table):
    """A passkey as somebody's second factor: a telephone, a computer or a key on a key ring."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    name = Varchar(length=60)
    """As the person calls it."""
    credential_id = Varchar(length=1400, unique=True)
    """In base64url."""
    public_key = Text()
    """In base64url."""
    sign_count = BigInt(default=0)
    """How often it has signed, as it says itself; a lower number than before is a copy's."""
    created_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)


class RecoveryCode(Table):
    """A code on paper, in place of a second factor, once."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    code_hash = Varchar(length=64)
    used_at = Timestamptz(null=True, default=None)

    @classmethod
    def unused(cls) -> Condition:
        """Return the condition that it still works."""
        return cls.used_at.is_null()


class Token(Table):
    """A single-use link: to confirm an address, reset a password or sign in."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    purpose = Varchar(length=20)
    token_hash = Varchar(length=64, unique=True)
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)


class AddressChange(Table):
    """A new address that a person asked for: it counts once it and the present one were confirmed."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    email = Varchar(length=254)
    """The new address."""
    new_hash = Varchar(length=64, unique=True)
    """Hash of the secret that was mailed to the new address."""
    old_hash = Varchar(length=64, unique=True)
    """Hash of the secret that was mailed to the present one."""
    asked_at = Timestamptz()
    expires_at = Timestamptz()
    new_confirmed_at = Timestamptz(null=True, default=None)
    old_confirmed_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    """When it took effect, was stopped or was replaced by another."""

    @classmethod
    def open(cls) -> Condition:
        """Return the condition that it may still take effect."""
        return cls.ended_at.is_null() & (cls.expires_at > now())


class Attempt(Table):
    """One counted act, such as a failed sign-in or a mail that somebody asked for, under each key that it counts for."""

    id: Serial
    key = Varchar(length=80, index=True)
    at = Timestamptz()


class Throttle(Table):
    """Wrong passwords in a row under one key, and how long it pauses; its row is also the lock of the key's attempts."""

    id: Serial
    key = Varchar(length=80, unique=True)
    failures = Integer(default=0)
    at = Timestamptz()
    """The last attempt."""
    until = Timestamptz()
    """No attempt before this moment."""


class KnownDevice(Table):
    """A browser in which somebody signed in before: wrong passwords from elsewhere do not lock it out."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    token_hash = Varchar(length=64, index=True)
    seen_at = Timestamptz()

    known_device_once = Unique([person, token_hash])


class Identity(Table):
    """An account at another site (an OpenID provider) with which a person signs in here."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    issuer = Varchar(length=300)
    """The provider, as it calls itself."""
    subject = Varchar(length=255)
    """The account there, as the provider calls it: the only name of it that never changes."""
    email = Varchar(length=254, default="")
    """The address that the provider named last; shown to the person alone."""
    is_by_address = Boolean(default=False)
    """Linked because the provider confirmed the person's own address; else by somebody who knew the password."""
    linked_at = Timestamptz()
    used_at = Timestamptz()

    identity_once = Unique([issuer, subject])


class PendingSignIn(Table):
    """A visit to a provider from which a browser has not come back; it may come back once."""

    id: Serial
    state_hash = Varchar(length=64, unique=True)
    browser_hash = Varchar(length=64)
    """Hash of the secret in the browser's cookie: nobody else's browser may come back with the state."""
    provider = Varchar(length=40)
    person = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.cascade)
    """Whose account gets another way in; null: somebody signs in."""
    next_page = Text(default="/")
    kept = Text(default="")
    """What was typed before signing in (kept_forms.py), sealed with the browser's secret."""
    expires_at = Timestamptz()


class Grant(Table):
    """A role of a person: over what, granted by whom, from when and until when."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    role = Varchar(length=20)
    """A StaffRole."""
    scope = Varchar(length=12, default="everything")
    """A Scope: the kind of thing that the role covers."""
    scope_id = Integer(null=True, default=None)
    """Id of the municipality, organisation, season or event; null: everything."""
    granted_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    since = Timestamptz()
    until = Timestamptz(null=True, default=None)
    """Null: indefinitely. A withdrawn role ends at the moment of withdrawal."""

    @classmethod
    def holding(cls) -> Condition:
        """Return the condition that the grant is in force now."""
        return (cls.since <= now()) & (cls.until.is_null() | (cls.until > now()))


#: For raw SQL: a grant ``g`` that is in force at a moment. Arguments: that moment, twice.
HOLDING_GRANT = """g."since" <= {} AND (g."until" IS NULL OR g."until" > {})"""

#: For raw SQL: whether the person ``p`` has a second factor.
HAS_FACTOR = """(EXISTS (SELECT 1 FROM "authenticator" a WHERE a."person" = p."id" AND a."confirmed_at" IS NOT NULL)
OR EXISTS (SELECT 1 FROM "passkey" k WHERE k."person" = p."id"))"""


class Affiliation(Table):
    """Where somebody studies or works: an organisation, a capacity, from when and until when."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    capacity = Varchar(length=12)
    """An AffiliationCapacity: student, teacher, employee."""
    course = Varchar(length=20, default="")
    """Class or course: «9», «2 курс»."""
    group = Varchar(length=40, default="")
    since = Date(null=True, default=None)
    until = Date(null=True, default=None)
    """The last day; null: current."""
    confirmed_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    confirmed_at = Timestamptz(null=True, default=None)

    @classmethod
    def holding(cls) -> Condition:
        """Return the condition that it is in force today."""
        day = today()
        return (cls.since.is_null() | (cls.since <= day)) & (cls.until.is_null() | (cls.until >= day))


class Enrolment(Table):
    """A pupil of a teacher's class, whose account the teacher opened from a list."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    teacher = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    course = Varchar(length=20, default="")
    """«8Б»."""
    made_at = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)

    @classmethod
    def holding(cls) -> Condition:
        """Return the condition that the pupil is in the class now."""
        return cls.ended_at.is_null()


class Substitution(Table):
    """A teacher who keeps a colleague's class until a day."""

    id: Serial
    teacher = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    """Whose class it is."""
    substitute = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    until = Date()
    """The last day."""
    made_at = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)
    """When it was ended before its time."""
    reason = Varchar(length=500, default="")
    """Why, if an organiser named the substitute."""

    @classmethod
    def holding(cls) -> Condition:
        """Return the condition that it is in force today."""
        return cls.ended_at.is_null() & (cls.until >= today())


class AccessCard(Table):
    """A printed card with a login and a code that works once: the pupil chooses a password with it."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    code_hash = Varchar(length=64, unique=True)
    made_at = Timestamptz()
    made_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    """When a newer card replaced it, or the pupil left the class."""

    @classmethod
    def working(cls) -> Condition:
        """Return the condition that its code opens the account."""
        return cls.used_at.is_null() & cls.ended_at.is_null() & (cls.expires_at > now())


class ConsentText(Table):
    """One version of a document's words: a draft that came with the program, or the operator's own."""

    id: Serial
    purpose = Varchar(length=20)
    version = Integer()
    title_ru = Varchar(length=200)
    title_en = Varchar(length=200)
    text_ru = Text()
    text_en = Text()
    packaged = Integer(null=True, default=None)
    """The number of the draft in the program; null: the operator's own words."""
    is_offered = Boolean(default=False)
    """A draft that came when the operator's own words were in force: they stay so, it is only offered."""
    made_at = Timestamptz(null=True, default=None)
    made_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    reason = Text(default="")
    """Why the operator changed the words."""
    lawyer = Varchar(length=300, default="")
    """Which lawyer checked this version, and when; empty: nobody yet. Families never see it."""
    checked_at = Timestamptz(null=True, default=None)

    consent_text_version = Unique([purpose, version])


class Consent(Table):
    """Consent of one person to one purpose: who signed and recorded it, when, under which text, until when."""

    id: Serial
    person = ForeignKey(Person, null=False, on_delete=OnDelete.cascade)
    purpose = Varchar(length=20)
    text = ForeignKey(ConsentText, null=False, on_delete=OnDelete.restrict)
    signatory = Varchar(length=10, default="person")
    """A Signatory: the person or a guardian, on the site or on paper."""
    signatory_name = Varchar(length=180, default="")
    """Name of the guardian, as typed in the form of a mailed link; on paper it is in the picture."""
    starts_on = Date(null=True, default=None)
    """The first day of validity: the 18th birthday for a consent given in advance; null: at once."""
    term = Date()
    """The last day, as the document says."""
    ends_on = Date()
    """The last day of validity: the term, for a guardian's consent at most the day before the 18th birthday."""
    asked_again_at = Timestamptz(null=True, default=None)
    """When somebody was asked for the next one, before it ends."""
    awaits_age = Boolean(default=False)
    """Given by a person whose age nobody responsible has confirmed: it counts once somebody does."""
    awaits_teenager = Boolean(default=False)
    """Given by a guardian through a mailed link: it counts once the teenager has agreed, too."""
    teenager_agreed_at = Timestamptz(null=True, default=None)
    """When the teenager agreed, in their own account."""
    bans = Text(default="[]")
    """JSON list: what the signatory forbids others to do with the data: keys of a Ban, or their own words."""
    is_refusal = Boolean(default=False)
    """No consent but a guardian's answer that there is none; withdrawn from the first moment, by the family."""
    scan = ForeignKey(StoredFile, null=True, default=None, on_delete=OnDelete.set_null)
    """The photographed or scanned paper."""
    given_at = Timestamptz()
    recorded_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    withdrawn_at = Timestamptz(null=True, default=None)
    withdrawn_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.restrict)
    withdrawn_by_family = Boolean(default=False)
    """By somebody with the family's code or a mailed link: only an organiser records the next one."""
    voided_at = Timestamptz(null=True, default=None)
    """When it was found that it never counted: whoever gave or recorded it was not entitled."""
    voided_by = ForeignKey(Person, null=True, default=None, on_delete=OnDelete.set_null)
    void_reason = Varchar(length=300, default="")
    """A VoidReason, or an organiser's own words."""
    checked_at = Timestamptz(null=True, default=None)
    """When an organiser last looked at it because its recorder had left the team."""

    @classmethod
    def standing(cls) -> Condition:
        """Return the condition that it was neither withdrawn nor found void, and has not expired."""
        return cls.withdrawn_at.is_null() & cls.voided_at.is_null() & (cls.ends_on >= today())

    @classmethod
    def begun(cls) -> Condition:
        """Return the condition that it is not for a time that is still to come."""
        return cls.starts_on.is_null() | (cls.starts_on <= today())

    @classmethod
    def holding(cls) -> Condition:
        """Return the condition that it is in force today."""
        return cls.standing() & cls.begun() & cls.awaits_age.eq(False) & cls.awaits_teenager.eq(False)


TABLES = [
    *(Person, Session, Authenticator, Passkey, RecoveryCode),
    *(Token, AddressChange, Attempt, Throttle, KnownDevice),
    *(Identity, PendingSignIn),
    *(Grant, Affiliation, Enrolment, Substitution, AccessCard),
    *(ConsentText, Consent),
]

INDEXES = [
    Index("session_person", (Session.person,)),
    Index("authenticator_person", (Authenticator.person,)),
    Index("passkey_person", (Passkey.person,)),
    Index("recovery_code_person", (RecoveryCode.person,)),
    Index("token_person", (Token.person,)),
    Index(
        "consent_person",
        (Consent.person, Consent.purpose),
    ),
    Index("identity_person", (Identity.person,)),
    Index("pending_sign_in_expires", (PendingSignIn.expires_at,)),
    Index("address_change_person", (AddressChange.person,)),
    Index("grant_person", (Grant.person,)),
    Index("affiliation_person", (Affiliation.person,)),
    Index("enrolment_person", (Enrolment.person,)),
    Index("enrolment_teacher", (Enrolment.teacher,)),
    Index("substitution_substitute", (Substitution.substitute,)),
    Index("access_card_person", (AccessCard.person,)),
]
