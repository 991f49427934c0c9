"""Permissions in the programme as a whole: one table of staff roles and actions. Pure.

Permissions within one project are in ``projects/permissions.py``, visibility of reviews
in ``reviews/access/visibility.py``; ``docs/permissions.md`` shows all three.
"""

from collections.abc import Collection
from enum import StrEnum


class StaffRole(StrEnum):
    """A role in the programme, given by a grant."""

    ORGANISER = "organiser"
    MENTOR = "mentor"
    COORDINATOR = "coordinator"
    """Of a school: sees, prints and files the consents of its pupils, and decides nothing."""


class Scope(StrEnum):
    """The kind of thing that a role covers."""

    EVERYTHING = "everything"
    MUNICIPALITY = "municipality"
    ORGANISATION = "organisation"
    SEASON = "season"
    EVENT = "event"


class StaffAction(StrEnum):
    """An action open to some staff roles."""

    ORGANISE = "organise"
    """Open the organisers' pages: all projects and people, with names and addresses."""
    CHANGE_SEASONS = "change_seasons"
    INVITE_STAFF = "invite_staff"
    TAKE_ROLES = "take_roles"
    """Take a role of the programme away from somebody."""
    MANAGE_ACCOUNTS = "manage_accounts"
    """Change the address of somebody who lost their mailbox, and merge two accounts of one person."""
    VOUCH = "vouch"
    """Confirm that an adult who joined a team is who they say; teachers may also for their own organisation."""
    ASSIGN = "assign"
    DECIDE = "decide"
    PUBLISH = "publish"
    AWARD = "award"
    CHANGE_MAIL = "change_mail"
    JOIN_DISCUSSIONS = "join_discussions"
    """Read and write in every discussion of reviewers, and remove posts."""
    IMPORT = "import"
    """Bring in projects and people from a file, and undo that."""
    REVIEW = "review"
    """Have a desk: be assigned submissions, and state preferences for them."""
    KEEP_CONSENTS = "keep_consents"
    """Print and file the consents of the pupils of a school, by a grant over it."""


_ORGANISER = frozenset({StaffRole.ORGANISER})

ALLOWED: dict[StaffAction, frozenset[StaffRole]] = {
    StaffAction.ORGANISE: _ORGANISER,
    StaffAction.CHANGE_SEASONS: _ORGANISER,
    StaffAction.INVITE_STAFF: _ORGANISER,
    StaffAction.TAKE_ROLES: _ORGANISER,
    StaffAction.MANAGE_ACCOUNTS: _ORGANISER,
    StaffAction.VOUCH: _ORGANISER,
    StaffAction.ASSIGN: _ORGANISER,
    StaffAction.DECIDE: _ORGANISER,
    StaffAction.PUBLISH: _ORGANISER,
    StaffAction.AWARD: _ORGANISER,
    StaffAction.CHANGE_MAIL: _ORGANISER,
    StaffAction.JOIN_DISCUSSIONS: _ORGANISER,
    StaffAction.IMPORT: _ORGANISER,
    StaffAction.REVIEW: frozenset({StaffRole.MENTOR}),
    StaffAction.KEEP_CONSENTS: frozenset({StaffRole.COORDINATOR}),
}

#: Roles that open the data of many people: who holds one signs in with a second factor (people/proof.py).
_WITH_SECOND_FACTOR = _ORGANISER | {StaffRole.COORDINATOR}

#: Roles that an organiser invites people to.
INVITED_STAFF = (StaffRole.MENTOR, StaffRole.ORGANISER)


def needs_second_factor(roles: Collection[str]) -> bool:
    """Return whether somebody with ``roles``, over whatever, has to have a second factor."""
    return not _WITH_SECOND_FACTOR.isdisjoint(roles)


def allowed_to(roles: Collection[str]) -> frozenset[StaffAction]:
    """Return every action allowed to somebody with ``roles`` over the whole programme."""
    return frozenset(action for action in StaffAction if may(roles, action))


def may(roles: Collection[str], action: StaffAction | str) -> bool:
    """Return whether ``roles`` over the whole programme allow ``action``. Raises ValueError for an unknown action."""
    return not ALLOWED[StaffAction(action)].isdisjoint(roles)
