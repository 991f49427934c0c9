"""What becomes of ages, roles and consents when two accounts turn out to be one person's. Pure, over the rows."""

from collections.abc import Sequence
from datetime import date, datetime

from incubator.people.ages import AgeKnown
from incubator.people.consents import OWN
from incubator.people.tables import Consent, Person
from incubator.projects.permissions import ADULT_ROLES, STUDENT_ROLES, ProjectRole

#: Which role of a person who is twice in one team stays.
_ORDER = (ProjectRole.CAPTAIN, ProjectRole.STUDENT, ProjectRole.TEACHER, ProjectRole.COACH)


def is_said_to_be_minor(person: Person) -> bool:
    """Return whether anything says that the person is under age: the date of birth, or somebody responsible."""
    return not person.is_adult and (person.born_on is not None or person.age_known == AgeKnown.MINOR)


def age_source(kept: Person, ended: Person) -> Person:
    """Return the account whose age the person has afterwards.

    Of two ages a minor's counts, whoever says so: nobody grows up by merging. Else what somebody responsible knows counts
    more than what the person said.
    """
    known = [each for each in (kept, ended) if each.age_known != AgeKnown.UNKNOWN]
    stated = [each for each in (kept, ended) if each.born_on is not None]
    in_order = [*known, *stated, kept]
    return next((each for each in in_order if is_said_to_be_minor(each)), in_order[0])


def role_in_both(one: str, other: str) -> str:
    """Return the role that stays of two in the same team."""
    return min((ProjectRole(one), ProjectRole(other)), key=_ORDER.index)


def are_mixed(one: str, other: str) -> bool:
    """Return whether one role is a student's and the other an adult's: nobody accompanies their own work."""
    roles = {ProjectRole(one), ProjectRole(other)}
    return bool(roles & STUDENT_ROLES) and bool(roles & ADULT_ROLES)


def surplus(consents: Sequence[Consent], day: date) -> list[Consent]:
    """Return the standing consents that end, because the person said something later, or said the same twice.

    The last word counts for each purpose: a withdrawal through either account takes back what was given before it.
    """
    ended: list[Consent] = []
    for purpose in sorted({consent.purpose for consent in consents}):
        own = [consent for consent in consents if consent.purpose == purpose and consent.voided_at is None]
        withdrawn = max((c.withdrawn_at for c in own if c.withdrawn_at is not None), default=None)
        for is_own in (False, True):  # a guardian's and one's own from the 18th birthday on stand side by side
            standing = [c for c in own if _stands(c, day) and (c.signatory in OWN) is is_own]
            ended += _all_but_last(standing, withdrawn)
    return ended


def against_familys_no(consents: Sequence[Consent]) -> list[Consent]:
    """Return the last word of the family through one account, for each purpose to which it said no through the other.

    Nobody who recorded it knew of the no, and no later word may make the program forget it: the stricter one holds.
    """
    ended: list[Consent] = []
    for purpose in sorted({consent.purpose for consent in consents}):
        last: dict[object, Consent] = {}
        for consent in sorted(consents, key=lambda each: each.id):
            counts = consent.voided_at is None or consent.withdrawn_by_family
            if consent.purpose == purpose and consent.signatory not in OWN and counts:
                last[consent.person] = consent
        if any(consent.withdrawn_by_family for consent in last.values()):
            ended += [consent for consent in last.values() if not consent.withdrawn_by_family]
    return ended


def _stands(consent: Consent, day: date) -> bool:
    return consent.withdrawn_at is None and consent.ends_on >= day


def _all_but_last(standing: list[Consent], withdrawn: datetime | None) -> list[Consent]:
    in_order = sorted(standing, key=lambda consent: (consent.given_at, consent.id))
    if in_order and withdrawn is not None and in_order[-1].given_at <= withdrawn:
        return in_order
    return in_order[:-1]
