"""Unique pairs, and indexes for what pages look up by: plain SQL that both engines read."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-23T21:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Unique pairs and indexes"

UNIQUE = {
    "member_once": '"member" ("project", "person")',
    "answer_once": '"answer" ("project", "key")',
    "submission_number": '"submission" ("project", "number")',
    "assignment_once": '"assignment" ("submission", "mentor")',
    "review_score_once": '"review_score" ("review", "criterion")',
    "stage_rule_once": '"stage_rule" ("season", "stage")',
    "section_current": '"section" ("season", "stage", "key") WHERE "is_current"',
    "criterion_current": '"criterion" ("season", "stage", "key") WHERE "is_current"',
    "consent_current": '"consent" ("person", "purpose") WHERE "withdrawn_at" IS NULL',
    "consent_text_version": '"consent_text" ("purpose", "version")',
    "competency_once": '"project_competency" ("project", "competency")',
    "captain_once": '"member" ("project") WHERE "role" = \'captain\'',
    "teacher_once": '"member" ("project") WHERE "role" = \'teacher\'',
}

PLAIN = {
    "member_person": '"member" ("person")',
    "assignment_mentor": '"assignment" ("mentor")',
    "review_submission": '"review" ("submission")',
    "review_mentor": '"review" ("mentor")',
    "remark_decision": '"remark" ("decision")',
    "remark_project": '"remark" ("project")',
    "comment_project": '"comment" ("project")',
    "session_person": '"session" ("person")',
    "token_person": '"token" ("person")',
    "invitation_project": '"invitation" ("project")',
    "project_season": '"project" ("season")',
    "project_state": '"project" ("state")',
}


class Anything(Table):
    """Raw statements are run by a table; this one is never created."""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)

    async def create() -> None:
        for name, on in UNIQUE.items():
            await Anything.raw(f'CREATE UNIQUE INDEX "{name}" ON {on}')
        for name, on in PLAIN.items():
            await Anything.raw(f'CREATE INDEX "{name}" ON {on}')

    manager.add_raw(create)
    return manager
