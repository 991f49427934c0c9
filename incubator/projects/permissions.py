"""Permissions within a project: one table of roles and actions. Pure.

Verbs, pages, templates and the API all ask here; ``docs/permissions.md`` shows the
table. Rules that depend on more than the role are predicates below it.
"""

from enum import StrEnum

from incubator.projects.lifecycle import WRITABLE


class ProjectRole(StrEnum):
    """A person's role in one project; an outsider has no role and no permissions."""

    CAPTAIN = "captain"
    STUDENT = "student"
    TEACHER = "teacher"
    COACH = "coach"
    UNVOUCHED = "unvouched"
    """A teacher or coach for whom nobody responsible has vouched yet."""
    ORGANISER = "organiser"
    """An organiser who is not in the team."""
    COORDINATOR = "coordinator"
    """The coordinator of the team's school who is not in the team: keeps consents, and does not open the project."""


class Action(StrEnum):
    """An action on a project."""

    SEE = "see"
    SEE_NAMES = "see_names"
    """Full names of the team's members; without it, given names only."""
    SEE_CONTACTS = "see_contacts"
    """Email addresses of the team's members."""
    WRITE = "write"
    """The project's sections and details."""
    READ_REVISIONS = "read_revisions"
    """What stood in the sections before, and who wrote it."""
    COMMENT = "comment"
    RESOLVE_COMMENT = "resolve_comment"
    """Closing the thread of a comment, and opening it again."""
    ANSWER_COMMENT = "answer_comment"
    """Writing below a comment, or below a remark of a return."""
    INVITE = "invite"
    INVITE_COACH = "invite_coach"
    REVOKE_INVITATION = "revoke_invitation"
    REMOVE_MEMBER = "remove_member"
    CHANGE_CAPTAIN = "change_captain"
    RECORD_CONSENT = "record_consent"
    """Recording that the guardian's form for a minor was received."""
    WITHDRAW_CONSENT = "withdraw_consent"
    """Somebody else's consent; everybody may withdraw their own."""
    CONFIRM_AGE = "confirm_age"
    """See a student's date of birth, confirm it or correct it."""
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    LEAVE = "leave"
    REOPEN = "reopen"
    DELETE_IDEA = "delete_idea"
    """Deleting an idea that was never handed in, and taking that back."""
    BEGIN_AGAIN = "begin_again"
    """Beginning the idea of a project that has ended again in a new season."""
    EXTEND = "extend"
    """Giving the team a later date."""
    ADDRESS_REMARK = "address_remark"
    REPLY = "reply"
    """Replying to a released decision."""
    ASK_PUBLICATION = "ask_publication"
    UNPUBLISH = "unpublish"
    WRITE_NEWS = "write_news"
    """Short news for the public; offering and taking them off is that of a version."""
    MANAGE = "manage"
    """What the office alone does with a project: merging a duplicate, deleting, correcting what the public reads."""
    HIDE_PASSAGE = "hide_passage"
    """Hiding a passage of the team's texts from the public."""
    TALK = "talk"
    DECLARE_CONFLICT = "declare_conflict"


_CAPTAIN, _STUDENT, _TEACHER, _COACH, _UNVOUCHED, _ORGANISER, _COORDINATOR = ProjectRole
_WRITERS = frozenset({_CAPTAIN, _STUDENT})
_LEADERS = frozenset({_CAPTAIN, _TEACHER})
_KNOWN = frozenset(ProjectRole) - {_UNVOUCHED, _COORDINATOR}

ALLOWED: dict[Action, frozenset[ProjectRole]] = {
    Action.SEE: frozenset(ProjectRole) - {_COORDINATOR},
    Action.SEE_NAMES: _KNOWN,
    Action.SEE_CONTACTS: _LEADERS | {_ORGANISER},
    Action.WRITE: _WRITERS,
    Action.READ_REVISIONS: _WRITERS | {_TEACHER, _COACH},
    Action.COMMENT: frozenset({_TEACHER, _COACH, _UNVOUCHED, _ORGANISER}),
    Action.RESOLVE_COMMENT: _KNOWN,
    Action.ANSWER_COMMENT: frozenset(ProjectRole) - {_COORDINATOR},
    Action.INVITE: _LEADERS | {_ORGANISER},
    Action.INVITE_COACH: frozenset({_ORGANISER}),
    Action.REVOKE_INVITATION: _LEADERS | {_ORGANISER},
    Action.REMOVE_MEMBER: _LEADERS | {_ORGANISER},
    Action.CHANGE_CAPTAIN: _LEADERS | {_ORGANISER},
    Action.RECORD_CONSENT: frozenset({_TEACHER, _ORGANISER, _COORDINATOR}),
    Action.WITHDRAW_CONSENT: frozenset({_TEACHER, _ORGANISER}),
    Action.CONFIRM_AGE: frozenset({_TEACHER, _ORGANISER}),
    Action.SUBMIT: frozenset({_CAPTAIN}),
    Action.TAKE_BACK: frozenset({_CAPTAIN}),
    Action.LEAVE: _LEADERS | {_ORGANISER},
    Action.REOPEN: frozenset({_ORGANISER}),
    Action.DELETE_IDEA: frozenset({_CAPTAIN}),
    Action.BEGIN_AGAIN: _WRITERS,
    Action.EXTEND: frozenset({_ORGANISER}),
    Action.ADDRESS_REMARK: _WRITERS,
    Action.REPLY: _WRITERS,
    Action.ASK_PUBLICATION: _LEADERS | {_ORGANISER},
    Action.UNPUBLISH: _LEADERS | {_ORGANISER},
    Action.WRITE_NEWS: _WRITERS | {_TEACHER},
    Action.MANAGE: frozenset({_ORGANISER}),
    Action.HIDE_PASSAGE: _WRITERS | {_TEACHER, _ORGANISER},
    Action.TALK: _KNOWN,
    Action.DECLARE_CONFLICT: _KNOWN,
}

#: Actions that also require the document to be open.
NEED_OPEN_DOCUMENT = frozenset({Action.WRITE})

#: Roles to which a team can invite people.
INVITED_ROLES = (_STUDENT, _TEACHER, _COACH)
#: Roles of those who write the document and are reviewed.
STUDENT_ROLES = _WRITERS
#: Roles of those who speak for the team.
LEADING_ROLES = _LEADERS
#: Roles that only adults may take.
ADULT_ROLES = frozenset({_TEACHER, _COACH})
#: The order in which a page lists a team.
MEMBER_ROLES = (_CAPTAIN, _STUDENT, _TEACHER, _COACH)


def may(role: str, action: Action | str) -> bool:
    """Return whether the role (empty: an outsider) allows ``action``. Raises ValueError for an unknown action."""
    return role in ALLOWED[Action(action)]


def may_in_state(role: str, action: Action | str, state: str) -> bool:
    """Return whether ``may`` allows the action and, where needed, the document is open."""
    return may(role, action) and (Action(action) not in NEED_OPEN_DOCUMENT or state in WRITABLE)


def may_invite(role: str, invited: str) -> bool:
    """Return whether ``role`` may invite somebody as ``invited``: coaches are sent by the programme."""
    return may(role, Action.INVITE_COACH if invited == _COACH else Action.INVITE)


def may_remove_member(role: str, *, is_own: bool) -> bool:
    """Return whether ``role`` may remove a member; everybody may leave."""
    return is_own or may(role, Action.REMOVE_MEMBER)


def may_give_consent(role: str, *, is_own: bool, is_adult: bool) -> bool:
    """Return whether a consent may be given: adults consent themselves; for a minor, others record the guardian's form."""
    return is_own if is_adult else not is_own and may(role, Action.RECORD_CONSENT)


def may_withdraw_consent(role: str, *, is_own: bool) -> bool:
    """Return whether a consent may be withdrawn; the person themselves may at any age."""
    return is_own or may(role, Action.WITHDRAW_CONSENT)
