"""Writing to the journal: one event for every write of the domain, in the same transaction."""

from enum import StrEnum
from typing import Any, Protocol

import msgspec

from incubator.core.clock import now
from incubator.db import on_commit, run_sql
from incubator.history.waiting import wake


class Actor(Protocol):
    """A person, as far as the journal needs to know."""

    @property
    def id(self) -> Any: ...


class Happened(StrEnum):
    """Every kind of event. The name is what is stored."""

    SIGNED_UP = "signed_up"
    EMAIL_CONFIRMED = "email_confirmed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a name, no password
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"
    PROFILE_CHANGED = "profile_changed"
    ADDRESS_CHANGE_ASKED = "address_change_asked"
    ADDRESS_CHANGE_CONFIRMED = "address_change_confirmed"
    ADDRESS_CHANGE_STOPPED = "address_change_stopped"
    ADDRESS_CHANGED = "address_changed"
    ACCOUNTS_MERGED = "accounts_merged"
    BIRTH_DATE_CHANGED = "birth_date_changed"
    AGE_CONFIRMED = "age_confirmed"
    ROLE_GIVEN = "role_given"
    ROLE_TAKEN = "role_taken"
    AFFILIATION_CHANGED = "affiliation_changed"
    ENROLLED = "enrolled"
    ENROLMENT_ENDED = "enrolment_ended"
    ENROLMENT_TAKEN_BACK = "enrolment_taken_back"
    NAME_CORRECTED = "name_corrected"
    CARD_MADE = "card_made"
    CARD_USED = "card_used"
    SUBSTITUTE_NAMED = "substitute_named"
    SUBSTITUTE_ENDED = "substitute_ended"
    SESSION_ENDED = "session_ended"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    FACTOR_RESET = "factor_reset"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    MAIL_PREFERENCE_CHANGED = "mail_preference_changed"
    CALENDAR_CHANGED = "calendar_changed"
    MAIL_RESENT = "mail_resent"
    MAIL_DROPPED = "mail_dropped"
    MAIL_TESTED = "mail_tested"
    REFERENCE_CHANGED = "reference_changed"

    SEASON_OPENED = "season_opened"
    SEASON_CHANGED = "season_changed"
    SECTION_CHANGED = "section_changed"
    CRITERION_CHANGED = "criterion_changed"

    STARTED = "started"
    DETAILS_CHANGED = "details_changed"
    FILE_ATTACHED = "file_attached"
    FILE_PEOPLE = "file_people"
    FILE_HIDDEN = "file_hidden"
    FILE_REMOVED = "file_removed"
    ANSWERED = "answered"
    COMMENTED = "commented"
    COMMENT_RESOLVED = "comment_resolved"
    COMMENT_REOPENED = "comment_reopened"
    REPLIED = "replied"
    INVITED = "invited"
    INVITATION_REVOKED = "invitation_revoked"
    JOINED = "joined"
    LEFT_TEAM = "left_team"
    ROLE_CHANGED = "role_changed"
    CONSENT_GIVEN = "consent_given"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_VOIDED = "consent_voided"
    CONSENT_CHECKED = "consent_checked"
    OWN_CONSENTS_ASKED = "own_consents_asked"
    OPERATOR_CHANGED = "operator_changed"
    CONSENT_TEXT_WRITTEN = "consent_text_written"
    CONSENT_TEXT_CHECKED = "consent_text_checked"
    SHEETS_MADE = "sheets_made"
    SHEET_FILED = "sheet_filed"
    SCAN_OPENED = "scan_opened"
    FAMILY_CODE_CHANGED = "family_code_changed"
    CONSENT_ENDING = "consent_ending"
    DOCUMENTS_MISSING = "documents_missing"
    SLIPS_MADE = "slips_made"
    CONSENTS_DESTROYED = "consents_destroyed"
    GUARDIAN_ASKED = "guardian_asked"
    GUARDIAN_LINK_REVOKED = "guardian_link_revoked"
    GUARDIAN_ANSWERED = "guardian_answered"
    TEENAGER_AGREED = "teenager_agreed"
    VOUCHED = "vouched"
    VOUCHING_REFUSED = "vouching_refused"
    CONFIRMATION_ENDED = "confirmation_ended"

    SUBMITTED = "submitted"
    TAKEN_BACK = "taken_back"
    ADVANCED = "advanced"
    RETURNED = "returned"
    STOPPED = "stopped"
    GRADUATED = "graduated"
    LEFT = "left"
    REOPENED = "reopened"
    EXTENDED = "extended"
    DATE_MOVED = "date_moved"
    DEADLINE_NEAR = "deadline_near"
    WITHDRAWN = "withdrawn"
    PROJECTS_MERGED = "projects_merged"
    DELETION_PLANNED = "deletion_planned"
    DELETION_STOPPED = "deletion_stopped"
    IDEA_DELETED = "idea_deleted"
    IDEA_RESTORED = "idea_restored"
    PROJECT_DELETED = "project_deleted"
    TYPO_CORRECTED = "typo_corrected"

    ASSIGNED = "assigned"
    ASSIGNMENT_CANCELLED = "assignment_cancelled"
    REASSIGNED = "reassigned"
    DECLINED = "declined"
    RECONSIDERED = "reconsidered"
    CONFLICT_DECLARED = "conflict_declared"
    REVIEW_SAVED = "review_saved"
    REVIEW_SENT = "review_sent"
    REVIEW_CHANGED = "review_changed"
    DECIDED = "decided"
    DECISION_UNDONE = "decision_undone"
    DECISION_CORRECTED = "decision_corrected"
    REMARK_ADDRESSED = "remark_addressed"
    REMARK_REOPENED = "remark_reopened"
    REMARK_CONFIRMED = "remark_confirmed"
    REMARK_DOUBTED = "remark_doubted"
    DECISION_ANSWERED = "decision_answered"
    POSTED = "posted"
    POST_REMOVED = "post_removed"
    BID = "bid"
    MENTOR_CHANGED = "mentor_changed"
    CONFLICT_LIFTED = "conflict_lifted"
    ASSIGNMENT_WITHDRAWN = "assignment_withdrawn"
    PROPOSAL_CHANGED = "proposal_changed"
    REMINDED = "reminded"
    DUE_DATES_MOVED = "due_dates_moved"
    WORDING_CHANGED = "wording_changed"
    PRACTISED = "practised"

    PUBLICATION_ASKED = "publication_asked"
    PUBLISHED = "published"
    PUBLICATION_REFUSED = "publication_refused"
    UNPUBLISHED = "unpublished"
    NEWS_WRITTEN = "news_written"
    NEWS_DELETED = "news_deleted"
    NEWS_OFFERED = "news_offered"
    NEWS_PUBLISHED = "news_published"
    NEWS_REFUSED = "news_refused"
    NEWS_TAKEN_OFF = "news_taken_off"
    PASSAGES_HIDDEN = "passages_hidden"
    PASSAGES_KEPT = "passages_kept"
    PASSAGE_SHOWN = "passage_shown"
    NAME_HIDDEN = "name_hidden"
    NAME_WAITS = "name_waits"
    FILE_WAITS = "file_waits"
    HELP_OFFERED = "help_offered"
    CONTENT_REPORTED = "content_reported"
    CONTENT_REPORT_CLOSED = "content_report_closed"
    AWARDED = "awarded"
    AWARD_TAKEN = "award_taken"
    AWARD_ADDED = "award_added"
    IMPORTED = "imported"
    IMPORT_BEGUN = "import_begun"
    IMPORT_STOPPED = "import_stopped"
    IMPORT_UNDONE = "import_undone"


#: Every verb needs it, and saving a row takes Piccolo longer than the database.
_INSERT = """INSERT INTO "event" ("at", "happened", "actor_id", "subject_id", "project_id", "submission_id", "data")
VALUES ({}, {}, {}, {}, {}, {}, {})"""


async def record(
    happened: Happened,
    *,
    by: Actor | None,
    project: int | None = None,
    submission: int | None = None,
    subject: int | None = None,
    **data: Any,
) -> None:
    """Add one event. Call it inside the transaction of the change that it records."""
    details = msgspec.json.encode(data).decode()
    await run_sql(_INSERT, now(), happened.value, by.id if by else None, subject, project, submission, details)
    on_commit(wake)
