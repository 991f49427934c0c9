"""The presets of who sees whom take over from one switch; pairs that exist once, and indexes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.table import Table

ID = "2026-11-24T09:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Presets of visibility; indexes of reviewing"

STATEMENTS = (
    'UPDATE "season" SET "visibility" = \'open\' WHERE NOT "names_hidden"',
    'CREATE UNIQUE INDEX "mail_choice_once" ON "mail_choice" ("person", "kind")',
    'CREATE UNIQUE INDEX "mentor_cluster_once" ON "mentor_cluster" ("mentor", "cluster")',
    'CREATE UNIQUE INDEX "mentor_competency_once" ON "mentor_competency" ("mentor", "competency")',
    'CREATE UNIQUE INDEX "bid_once" ON "bid" ("mentor", "project")',
    'CREATE UNIQUE INDEX "proposed_once" ON "proposed" ("submission", "mentor")',
    'CREATE UNIQUE INDEX "section_note_once" ON "section_note" ("review", "key")',
    'CREATE INDEX "away_mentor" ON "away" ("mentor")',
    'CREATE INDEX "conflict_project" ON "conflict" ("project")',
    'CREATE INDEX "post_project" ON "post" ("project")',
    'CREATE INDEX "post_submission" ON "post" ("submission")',
    'CREATE INDEX "event_actor" ON "event" ("actor_id", "id")',
    'CREATE INDEX "assignment_due" ON "assignment" ("due_on")',
    'CREATE INDEX "practice_mentor" ON "practice" ("mentor")',
    'CREATE INDEX "message_unsubscribe" ON "message" ("unsubscribe") WHERE "unsubscribe" <> \'\'',
    'CREATE INDEX "message_bundled" ON "message" ("to") WHERE "is_bundled" AND "sent_at" IS NULL',
)


class Anything(Table):
    """Raw statements are run by a table; this one is never created."""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)

    async def create() -> None:
        for statement in STATEMENTS:
            await Anything.raw(statement)

    manager.add_raw(create)
    return manager
