"""What becomes of ages, roles and consents when two accounts turn out to be one person's. Pure, over the rows."""

from collections.abc import Sequence
from datetime import date

from incubator.people.ages import AgeKnown
from incubator.people.consents import OWN, is_standing
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
    more than what the person said, and a date of birth that they know more than a form from which they know a minor.
    """
    known = [each for each in (kept, ended) if each.age_known != AgeKnown.UNKNOWN]
    stated = [each for each in (kept, ended) if each.born_on is not None]
    in_order = [*sorted(known, key=lambda each: each.born_on is None), *stated, kept]
    return next((each for each in in_order if is_said_to_be_minor(each)), in_order[0])


def role_in_both(one: str, other: str) -> str:
    """Return the role that stays of two in the same team."""
    return min((ProjectRole(one), ProjectRole(other)), key=_ORDER.index)


def are_mixed(one: str, other: str) -> bool:
    """Return whether one role is a student's and the other an adult's: nobody accompanies their own work."""
    roles = {ProjectRole(one), ProjectRole(other)}
    return bool(roles & STUDENT_ROLES) and bool(roles & ADULT_ROLES)


def taken_back(consents: Sequence[Consent], day: date) -> list[Consent]:
    """Return the standing consents that were given through one account and taken back through the other afterwards.

    Of two that stand both stay, as where somebody signs anew: each has its own term, and a withdrawal ends all of them.
    """
    return [
        consent for consent in consents if is_standing(consent, day) and any(_ends(word, consent) for word in consents)
    ]


def _ends(word: Consent, consent: Consent) -> bool:
    """Return whether a consent through the one account was withdrawn after that through the other, for both.

    What the family takes back is what the family gave, and one's own word for the time after 18 is one's own.
    """
    if word.person == consent.person or word.purpose != consent.purpose:
        return False
    if word.voided_at is not None or word.withdrawn_at is None or word.withdrawn_at < consent.given_at:
        return False
    concerns_all = word.signatory not in OWN and not word.withdrawn_by_family
    return concerns_all or (word.signatory in OWN) is (consent.signatory in OWN)


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
