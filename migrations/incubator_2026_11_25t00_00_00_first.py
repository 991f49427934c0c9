"""The whole schema as it was when the first release got its name.

Written by ``python -m tests.db.first_migration`` until then (docs/migrations.md); do not change it by hand.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T00:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The first schema"

# Statements end at a blank line.

#: In PostgreSQL's words; ``incubator/db/sqlite_ddl.py`` says the same to SQLite.
TABLES = """
CREATE TABLE "rendered_text" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "digest" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
    "grammar" INTEGER NOT NULL DEFAULT 0,
    "html" TEXT NOT NULL DEFAULT '',
    "rendered_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "form_answer" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "request" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
    "answer" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "stored_file" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "digest" VARCHAR(64) NOT NULL DEFAULT '',
    "size" BIGINT NOT NULL DEFAULT 0,
    "media_type" VARCHAR(100) NOT NULL DEFAULT '',
    "name" VARCHAR(120) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "uploaded_by" BIGINT
)

CREATE TABLE "job" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "kind" VARCHAR(60) NOT NULL DEFAULT '',
    "arguments" TEXT NOT NULL DEFAULT '{}',
    "state" VARCHAR(10) NOT NULL DEFAULT 'waiting',
    "done" BIGINT NOT NULL DEFAULT 0,
    "total" BIGINT NOT NULL DEFAULT 0,
    "cursor" TEXT NOT NULL DEFAULT 'null',
    "result" TEXT NOT NULL DEFAULT 'null',
    "error" VARCHAR(300) NOT NULL DEFAULT '',
    "attempts" SMALLINT NOT NULL DEFAULT 0,
    "is_cancel_asked" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "created_by" BIGINT,
    "started_at" TIMESTAMPTZ,
    "finished_at" TIMESTAMPTZ,
    "lease_until" TIMESTAMPTZ
)

CREATE TABLE "event" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "happened" VARCHAR(40) NOT NULL DEFAULT '',
    "actor_id" BIGINT,
    "subject_id" BIGINT,
    "project_id" BIGINT,
    "submission_id" BIGINT,
    "data" TEXT NOT NULL DEFAULT '{}',
    "told_at" TIMESTAMPTZ
)

CREATE TABLE "message" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "to" VARCHAR(254) NOT NULL DEFAULT '',
    "subject" VARCHAR(300) NOT NULL DEFAULT '',
    "body" TEXT NOT NULL DEFAULT '',
    "footer" TEXT NOT NULL DEFAULT '',
    "message_id" VARCHAR(120) UNIQUE NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ,
    "sent_at" TIMESTAMPTZ,
    "error" TEXT NOT NULL DEFAULT '',
    "unsubscribe" VARCHAR(200) NOT NULL DEFAULT '',
    "is_bundled" BOOLEAN NOT NULL DEFAULT false,
    "event_id" BIGINT
)

CREATE TABLE "cluster" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "key" VARCHAR(40) UNIQUE NOT NULL DEFAULT '',
    "code" VARCHAR(20) NOT NULL DEFAULT '',
    "title_ru" VARCHAR(120) NOT NULL DEFAULT '',
    "title_en" VARCHAR(120) NOT NULL DEFAULT '',
    "about_ru" TEXT NOT NULL DEFAULT '',
    "about_en" TEXT NOT NULL DEFAULT '',
    "hue_from" SMALLINT NOT NULL DEFAULT 150,
    "hue_to" SMALLINT NOT NULL DEFAULT 170,
    "motif" VARCHAR(20) NOT NULL DEFAULT 'waves'
)

CREATE TABLE "competency" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "key" VARCHAR(60) UNIQUE NOT NULL DEFAULT '',
    "standard" VARCHAR(20) NOT NULL DEFAULT '',
    "code" VARCHAR(20) NOT NULL DEFAULT '',
    "title_ru" VARCHAR(120) NOT NULL DEFAULT '',
    "title_en" VARCHAR(120) NOT NULL DEFAULT ''
)

CREATE TABLE "speciality" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "code" VARCHAR(12) UNIQUE NOT NULL DEFAULT '',
    "title" VARCHAR(200) NOT NULL DEFAULT '',
    "level" VARCHAR(40) NOT NULL DEFAULT ''
)

CREATE TABLE "municipality" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "key" VARCHAR(40) UNIQUE NOT NULL DEFAULT '',
    "title_ru" VARCHAR(120) NOT NULL DEFAULT '',
    "title_en" VARCHAR(120) NOT NULL DEFAULT '',
    "oktmo" VARCHAR(11) NOT NULL DEFAULT '',
    "lon" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
    "lat" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
    "border" TEXT NOT NULL DEFAULT '',
    "border_credit" VARCHAR(200) NOT NULL DEFAULT '',
    "merged_into" INTEGER REFERENCES "municipality" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "ended_on" DATE
)

CREATE TABLE "organisation" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "key" VARCHAR(80) UNIQUE NOT NULL DEFAULT '',
    "name" VARCHAR(200) NOT NULL DEFAULT '',
    "form" VARCHAR(200) NOT NULL DEFAULT '',
    "kind" VARCHAR(20) NOT NULL DEFAULT 'school',
    "is_kind_guessed" BOOLEAN NOT NULL DEFAULT false,
    "municipality" INTEGER REFERENCES "municipality" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "merged_into" INTEGER REFERENCES "organisation" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "ended_on" DATE
)

CREATE TABLE "municipality_name" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "municipality" INTEGER NOT NULL REFERENCES "municipality" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "name" VARCHAR(200) NOT NULL DEFAULT '',
    "form" VARCHAR(200) NOT NULL DEFAULT '',
    "until" DATE,
    CONSTRAINT "municipality_name_once" UNIQUE ("municipality", "name")
)

CREATE TABLE "cluster_name" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "cluster" INTEGER NOT NULL REFERENCES "cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "name" VARCHAR(200) NOT NULL DEFAULT '',
    "form" VARCHAR(200) NOT NULL DEFAULT '',
    CONSTRAINT "cluster_name_once" UNIQUE ("cluster", "name")
)

CREATE TABLE "organisation_name" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "organisation" INTEGER NOT NULL REFERENCES "organisation" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "name" VARCHAR(200) NOT NULL DEFAULT '',
    "form" VARCHAR(200) NOT NULL DEFAULT '',
    "until" DATE,
    CONSTRAINT "organisation_name_once" UNIQUE ("organisation", "name")
)

CREATE TABLE "person" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "email" VARCHAR(254) UNIQUE NOT NULL DEFAULT '',
    "given_name" VARCHAR(60) NOT NULL DEFAULT '',
    "family_name" VARCHAR(60) NOT NULL DEFAULT '',
    "patronymic" VARCHAR(60) NOT NULL DEFAULT '',
    "born_on" DATE,
    "age_known" VARCHAR(5) NOT NULL DEFAULT '',
    "age_known_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "age_known_at" TIMESTAMPTZ,
    "asked_for_own_consents_at" TIMESTAMPTZ,
    "password" VARCHAR(200) NOT NULL DEFAULT '',
    "email_confirmed_at" TIMESTAMPTZ,
    "locale" VARCHAR(2) NOT NULL DEFAULT '',
    "factor_due_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "session" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "token_hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
    "device" VARCHAR(200) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "seen_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "expires_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "password_at" TIMESTAMPTZ,
    "factor_at" TIMESTAMPTZ,
    "challenge" VARCHAR(128) NOT NULL DEFAULT '',
    "challenge_until" TIMESTAMPTZ
)

CREATE TABLE "authenticator" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "secret" VARCHAR(64) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "confirmed_at" TIMESTAMPTZ,
    "last_step" INTEGER NOT NULL DEFAULT 0,
    "used_at" TIMESTAMPTZ
)

CREATE TABLE "passkey" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "name" VARCHAR(60) NOT NULL DEFAULT '',
    "credential_id" VARCHAR(1400) UNIQUE NOT NULL DEFAULT '',
    "public_key" TEXT NOT NULL DEFAULT '',
    "sign_count" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "used_at" TIMESTAMPTZ
)

CREATE TABLE "recovery_code" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "code_hash" VARCHAR(64) NOT NULL DEFAULT '',
    "used_at" TIMESTAMPTZ
)

CREATE TABLE "token" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "purpose" VARCHAR(20) NOT NULL DEFAULT '',
    "token_hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
    "expires_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "used_at" TIMESTAMPTZ
)

CREATE TABLE "address_change" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "email" VARCHAR(254) NOT NULL DEFAULT '',
    "new_hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
    "old_hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
    "asked_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "expires_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "new_confirmed_at" TIMESTAMPTZ,
    "old_confirmed_at" TIMESTAMPTZ,
    "ended_at" TIMESTAMPTZ
)

CREATE TABLE "attempt" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "key" VARCHAR(80) NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "throttle" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "key" VARCHAR(80) UNIQUE NOT NULL DEFAULT '',
    "failures" INTEGER NOT NULL DEFAULT 0,
    "at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "until" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "known_device" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "token_hash" VARCHAR(64) NOT NULL DEFAULT '',
    "seen_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    CONSTRAINT "known_device_once" UNIQUE ("person", "token_hash")
)

CREATE TABLE "identity" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "issuer" VARCHAR(300) NOT NULL DEFAULT '',
    "subject" VARCHAR(255) NOT NULL DEFAULT '',
    "email" VARCHAR(254) NOT NULL DEFAULT '',
    "is_by_address" BOOLEAN NOT NULL DEFAULT false,
    "linked_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "used_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    CONSTRAINT "identity_once" UNIQUE ("issuer", "subject")
)

CREATE TABLE "pending_sign_in" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "state_hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
    "browser_hash" VARCHAR(64) NOT NULL DEFAULT '',
    "provider" VARCHAR(40) NOT NULL DEFAULT '',
    "person" INTEGER REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "next_page" TEXT NOT NULL DEFAULT '/',
    "kept" TEXT NOT NULL DEFAULT '',
    "expires_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "grant" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "role" VARCHAR(20) NOT NULL DEFAULT '',
    "scope" VARCHAR(12) NOT NULL DEFAULT 'everything',
    "scope_id" INTEGER,
    "granted_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "since" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "until" TIMESTAMPTZ
)

CREATE TABLE "affiliation" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "organisation" INTEGER NOT NULL REFERENCES "organisation" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "capacity" VARCHAR(12) NOT NULL DEFAULT '',
    "course" VARCHAR(20) NOT NULL DEFAULT '',
    "group" VARCHAR(40) NOT NULL DEFAULT '',
    "since" DATE,
    "until" DATE,
    "confirmed_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "confirmed_at" TIMESTAMPTZ
)

CREATE TABLE "enrolment" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "teacher" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "organisation" INTEGER NOT NULL REFERENCES "organisation" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "course" VARCHAR(20) NOT NULL DEFAULT '',
    "made_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "ended_at" TIMESTAMPTZ
)

CREATE TABLE "substitution" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "teacher" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "substitute" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "until" DATE NOT NULL DEFAULT CURRENT_DATE,
    "made_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "ended_at" TIMESTAMPTZ,
    "reason" VARCHAR(500) NOT NULL DEFAULT ''
)

CREATE TABLE "access_card" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "code_hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
    "made_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "made_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "expires_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "used_at" TIMESTAMPTZ,
    "ended_at" TIMESTAMPTZ
)

CREATE TABLE "consent_text" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "purpose" VARCHAR(20) NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 0,
    "title_ru" VARCHAR(200) NOT NULL DEFAULT '',
    "title_en" VARCHAR(200) NOT NULL DEFAULT '',
    "text_ru" TEXT NOT NULL DEFAULT '',
    "text_en" TEXT NOT NULL DEFAULT '',
    "packaged" INTEGER,
    "is_offered" BOOLEAN NOT NULL DEFAULT false,
    "made_at" TIMESTAMPTZ,
    "made_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "reason" TEXT NOT NULL DEFAULT '',
    "lawyer" VARCHAR(300) NOT NULL DEFAULT '',
    "checked_at" TIMESTAMPTZ,
    CONSTRAINT "consent_text_version" UNIQUE ("purpose", "version")
)

CREATE TABLE "consent" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "purpose" VARCHAR(20) NOT NULL DEFAULT '',
    "text" INTEGER NOT NULL REFERENCES "consent_text" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "signatory" VARCHAR(10) NOT NULL DEFAULT 'person',
    "signatory_name" VARCHAR(180) NOT NULL DEFAULT '',
    "starts_on" DATE,
    "term" DATE NOT NULL DEFAULT CURRENT_DATE,
    "ends_on" DATE NOT NULL DEFAULT CURRENT_DATE,
    "asked_again_at" TIMESTAMPTZ,
    "awaits_age" BOOLEAN NOT NULL DEFAULT false,
    "awaits_teenager" BOOLEAN NOT NULL DEFAULT false,
    "teenager_agreed_at" TIMESTAMPTZ,
    "bans" TEXT NOT NULL DEFAULT '[]',
    "is_refusal" BOOLEAN NOT NULL DEFAULT false,
    "scan" INTEGER REFERENCES "stored_file" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "given_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "recorded_by" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "withdrawn_at" TIMESTAMPTZ,
    "withdrawn_by" INTEGER REFERENCES "person" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "withdrawn_by_family" BOOLEAN NOT NULL DEFAULT false,
    "voided_at" TIMESTAMPTZ,
    "voided_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "void_reason" VARCHAR(300) NOT NULL DEFAULT '',
    "checked_at" TIMESTAMPTZ
)

CREATE TABLE "notification" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "event_id" BIGINT NOT NULL DEFAULT 0,
    "mail" VARCHAR(30) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "read_at" TIMESTAMPTZ,
    CONSTRAINT "notification_once" UNIQUE ("person", "event_id")
)

CREATE TABLE "mail_preference" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "kind" VARCHAR(12) NOT NULL DEFAULT '',
    "rhythm" VARCHAR(6) NOT NULL DEFAULT '',
    CONSTRAINT "mail_preference_once" UNIQUE ("person", "kind")
)

CREATE TABLE "mail_template" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "key" VARCHAR(30) UNIQUE NOT NULL DEFAULT '',
    "subject_ru" VARCHAR(200) NOT NULL DEFAULT '',
    "subject_en" VARCHAR(200) NOT NULL DEFAULT '',
    "body_ru" TEXT NOT NULL DEFAULT '',
    "body_en" TEXT NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1,
    "changed_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "season" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "slug" VARCHAR(40) UNIQUE NOT NULL DEFAULT '',
    "title_ru" VARCHAR(120) NOT NULL DEFAULT '',
    "title_en" VARCHAR(120) NOT NULL DEFAULT '',
    "opens_on" DATE NOT NULL DEFAULT CURRENT_DATE,
    "closes_on" DATE NOT NULL DEFAULT CURRENT_DATE,
    "visibility" VARCHAR(12) NOT NULL DEFAULT 'names_hidden',
    "may_answer" BOOLEAN NOT NULL DEFAULT false,
    "confidence" VARCHAR(10) NOT NULL DEFAULT 'shown',
    "electronic_consent" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "stage_rule" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "season" INTEGER NOT NULL REFERENCES "season" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "stage" VARCHAR(10) NOT NULL DEFAULT '',
    "submit_by" TIMESTAMPTZ,
    "reviews_required" SMALLINT NOT NULL DEFAULT 2,
    "review_days" SMALLINT NOT NULL DEFAULT 10,
    "review_minutes" SMALLINT NOT NULL DEFAULT 30,
    "revise_days" SMALLINT NOT NULL DEFAULT 14,
    CONSTRAINT "stage_rule_once" UNIQUE ("season", "stage")
)

CREATE TABLE "section" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "season" INTEGER NOT NULL REFERENCES "season" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "stage" VARCHAR(10) NOT NULL DEFAULT '',
    "key" VARCHAR(40) NOT NULL DEFAULT '',
    "position" SMALLINT NOT NULL DEFAULT 0,
    "revision" SMALLINT NOT NULL DEFAULT 1,
    "is_current" BOOLEAN NOT NULL DEFAULT true,
    "is_in_use" BOOLEAN NOT NULL DEFAULT false,
    "title_ru" VARCHAR(120) NOT NULL DEFAULT '',
    "title_en" VARCHAR(120) NOT NULL DEFAULT '',
    "guidance_ru" TEXT NOT NULL DEFAULT '',
    "guidance_en" TEXT NOT NULL DEFAULT '',
    "example_ru" TEXT NOT NULL DEFAULT '',
    "example_en" TEXT NOT NULL DEFAULT '',
    "limit" INTEGER NOT NULL DEFAULT 0,
    "is_required" BOOLEAN NOT NULL DEFAULT true,
    "group" VARCHAR(20) NOT NULL DEFAULT '',
    "kind" VARCHAR(20) NOT NULL DEFAULT 'text'
)

CREATE TABLE "criterion" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "season" INTEGER NOT NULL REFERENCES "season" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "stage" VARCHAR(10) NOT NULL DEFAULT '',
    "key" VARCHAR(40) NOT NULL DEFAULT '',
    "position" SMALLINT NOT NULL DEFAULT 0,
    "revision" SMALLINT NOT NULL DEFAULT 1,
    "is_current" BOOLEAN NOT NULL DEFAULT true,
    "is_in_use" BOOLEAN NOT NULL DEFAULT false,
    "title_ru" VARCHAR(120) NOT NULL DEFAULT '',
    "title_en" VARCHAR(120) NOT NULL DEFAULT '',
    "hint_ru" TEXT NOT NULL DEFAULT '',
    "hint_en" TEXT NOT NULL DEFAULT '',
    "weight" SMALLINT NOT NULL DEFAULT 0,
    "lowest" SMALLINT NOT NULL DEFAULT 0,
    "highest" SMALLINT NOT NULL DEFAULT 3,
    "anchors_ru" TEXT NOT NULL DEFAULT '[]',
    "anchors_en" TEXT NOT NULL DEFAULT '[]',
    "sections" TEXT NOT NULL DEFAULT '[]'
)

CREATE TABLE "tax_rate" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "season" INTEGER NOT NULL REFERENCES "season" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "tax" VARCHAR(20) NOT NULL DEFAULT '',
    "since" DATE NOT NULL DEFAULT CURRENT_DATE,
    "hundredths" INTEGER NOT NULL DEFAULT 0,
    "source" TEXT NOT NULL DEFAULT ''
)

CREATE TABLE "award" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "season" INTEGER NOT NULL REFERENCES "season" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "key" VARCHAR(60) UNIQUE NOT NULL DEFAULT '',
    "title_ru" VARCHAR(120) NOT NULL DEFAULT '',
    "title_en" VARCHAR(120) NOT NULL DEFAULT ''
)

CREATE TABLE "project" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "season" INTEGER NOT NULL REFERENCES "season" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "slug" VARCHAR(90) UNIQUE NOT NULL DEFAULT '',
    "title" VARCHAR(200) NOT NULL DEFAULT '',
    "team_name" VARCHAR(80) NOT NULL DEFAULT '',
    "folded" VARCHAR(300) NOT NULL DEFAULT '',
    "stage" VARCHAR(10) NOT NULL DEFAULT 'idea',
    "state" VARCHAR(12) NOT NULL DEFAULT 'draft',
    "round" SMALLINT NOT NULL DEFAULT 1,
    "cluster" INTEGER REFERENCES "cluster" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "municipality" INTEGER REFERENCES "municipality" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "organisation" INTEGER REFERENCES "organisation" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "help_wanted" VARCHAR(300) NOT NULL DEFAULT '',
    "details_version" INTEGER NOT NULL DEFAULT 1,
    "external_id" VARCHAR(120) UNIQUE,
    "merged_into" INTEGER REFERENCES "project" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "first_merged_into" INTEGER REFERENCES "project" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "begun_from" INTEGER REFERENCES "project" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "deletes_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "changed_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "former_slug" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "slug" VARCHAR(90) UNIQUE NOT NULL DEFAULT '',
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE
)

CREATE TABLE "project_competency" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "competency" INTEGER NOT NULL REFERENCES "competency" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "project_competency_once" UNIQUE ("project", "competency")
)

CREATE TABLE "member" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "role" VARCHAR(10) NOT NULL DEFAULT '',
    "joined_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "vouched_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "vouched_at" TIMESTAMPTZ,
    "public_given" VARCHAR(60) NOT NULL DEFAULT '',
    "public_family" VARCHAR(60) NOT NULL DEFAULT '',
    "asked_name" VARCHAR(130) NOT NULL DEFAULT '',
    CONSTRAINT "member_once" UNIQUE ("project", "person")
)

CREATE TABLE "former_member" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "was_coach" BOOLEAN NOT NULL DEFAULT false,
    CONSTRAINT "former_member_once" UNIQUE ("project", "person")
)

CREATE TABLE "expected_member" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "given_name" VARCHAR(60) NOT NULL DEFAULT '',
    "family_name" VARCHAR(60) NOT NULL DEFAULT '',
    "patronymic" VARCHAR(60) NOT NULL DEFAULT ''
)

CREATE TABLE "invitation" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "token_hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
    "role" VARCHAR(10) NOT NULL DEFAULT '',
    "project" INTEGER REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "organisation" INTEGER REFERENCES "organisation" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "email" VARCHAR(254) NOT NULL DEFAULT '',
    "invited_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "is_from_server" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "expires_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "accepted_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ
)

CREATE TABLE "answer" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "key" VARCHAR(40) NOT NULL DEFAULT '',
    "text" TEXT NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1,
    "changed_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "changed_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "begun_at" TIMESTAMPTZ,
    CONSTRAINT "answer_once" UNIQUE ("project", "key")
)

CREATE TABLE "answer_revision" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "key" VARCHAR(40) NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 0,
    "text" TEXT NOT NULL DEFAULT '',
    "saved_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "saved_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE
)

CREATE TABLE "self_check" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "stage" VARCHAR(20) NOT NULL DEFAULT '',
    "key" VARCHAR(40) NOT NULL DEFAULT '',
    "level" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "self_check_once" UNIQUE ("project", "stage", "key")
)

CREATE TABLE "submission" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "number" INTEGER NOT NULL DEFAULT 0,
    "stage" VARCHAR(10) NOT NULL DEFAULT '',
    "round" SMALLINT NOT NULL DEFAULT 0,
    "title" VARCHAR(200) NOT NULL DEFAULT '',
    "folded" VARCHAR(300) NOT NULL DEFAULT '',
    "grammar" SMALLINT NOT NULL DEFAULT 0,
    "rubric" TEXT NOT NULL DEFAULT '[]',
    "submitted_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "submitted_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "taken_back_at" TIMESTAMPTZ,
    "content" TEXT NOT NULL DEFAULT '',
    CONSTRAINT "submission_number" UNIQUE ("project", "number")
)

CREATE TABLE "erratum" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "submission" INTEGER NOT NULL REFERENCES "submission" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "key" VARCHAR(40) NOT NULL DEFAULT '',
    "before" TEXT NOT NULL DEFAULT '',
    "after" TEXT NOT NULL DEFAULT '',
    "html" TEXT NOT NULL DEFAULT '',
    "grammar" SMALLINT NOT NULL DEFAULT 0,
    "reason" VARCHAR(500) NOT NULL DEFAULT '',
    "corrected_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "round_deadline" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "stage" VARCHAR(10) NOT NULL DEFAULT '',
    "round" SMALLINT NOT NULL DEFAULT 0,
    "until" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "cause" VARCHAR(10) NOT NULL DEFAULT '',
    "reason" VARCHAR(500) NOT NULL DEFAULT '',
    "given_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "comment" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "key" VARCHAR(40) NOT NULL DEFAULT '',
    "text" TEXT NOT NULL DEFAULT '',
    "author" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "is_resolved" BOOLEAN NOT NULL DEFAULT false
)

CREATE TABLE "news" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "headline" VARCHAR(100) NOT NULL DEFAULT '',
    "text" TEXT NOT NULL DEFAULT '',
    "picture" VARCHAR(80) NOT NULL DEFAULT '',
    "caption" VARCHAR(200) NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1,
    "written_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "written_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "is_waiting" BOOLEAN NOT NULL DEFAULT false,
    "offered_at" TIMESTAMPTZ,
    "offered_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "published_at" TIMESTAMPTZ,
    "approved_at" TIMESTAMPTZ,
    "approved_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "ended_at" TIMESTAMPTZ,
    "refusal" TEXT NOT NULL DEFAULT '',
    "title" VARCHAR(200) NOT NULL DEFAULT '',
    "content" TEXT NOT NULL DEFAULT '[]',
    "grammar" SMALLINT NOT NULL DEFAULT 0
)

CREATE TABLE "attachment" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "code" VARCHAR(16) NOT NULL DEFAULT '',
    "sort" VARCHAR(10) NOT NULL DEFAULT '',
    "name" VARCHAR(120) NOT NULL DEFAULT '',
    "width" INTEGER NOT NULL DEFAULT 0,
    "height" INTEGER NOT NULL DEFAULT 0,
    "pages" SMALLINT NOT NULL DEFAULT 0,
    "size" INTEGER NOT NULL DEFAULT 0,
    "people" VARCHAR(6) NOT NULL DEFAULT '',
    "is_approved" BOOLEAN NOT NULL DEFAULT false,
    "is_to_look_at" BOOLEAN NOT NULL DEFAULT false,
    "is_hidden" BOOLEAN NOT NULL DEFAULT false,
    "is_hidden_by_office" BOOLEAN NOT NULL DEFAULT false,
    "unnamed_since" TIMESTAMPTZ,
    "uploaded_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "uploaded_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE
)

CREATE TABLE "rendition" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "attachment" INTEGER NOT NULL REFERENCES "attachment" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "name" VARCHAR(24) NOT NULL DEFAULT '',
    "file" INTEGER NOT NULL REFERENCES "stored_file" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "rendition_once" UNIQUE ("attachment", "name")
)

CREATE TABLE "paper_words" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "attachment" INTEGER UNIQUE NOT NULL REFERENCES "attachment" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "text" TEXT NOT NULL DEFAULT ''
)

CREATE TABLE "pictured" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "attachment" INTEGER NOT NULL REFERENCES "attachment" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "person" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "pictured_once" UNIQUE ("attachment", "person")
)

CREATE TABLE "mentor" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER UNIQUE NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "capacity" SMALLINT NOT NULL DEFAULT 5,
    "season_capacity" SMALLINT NOT NULL DEFAULT 20,
    "languages" VARCHAR(20) NOT NULL DEFAULT 'ru',
    "feed_hash" VARCHAR(64) NOT NULL DEFAULT ''
)

CREATE TABLE "mentor_cluster" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "mentor" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "cluster" INTEGER NOT NULL REFERENCES "cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "mentor_cluster_once" UNIQUE ("mentor", "cluster")
)

CREATE TABLE "mentor_competency" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "mentor" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "competency" INTEGER NOT NULL REFERENCES "competency" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "mentor_competency_once" UNIQUE ("mentor", "competency")
)

CREATE TABLE "away" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "mentor" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "starts_on" DATE NOT NULL DEFAULT CURRENT_DATE,
    "ends_on" DATE NOT NULL DEFAULT CURRENT_DATE
)

CREATE TABLE "bid" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "mentor" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "wish" VARCHAR(10) NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    CONSTRAINT "bid_once" UNIQUE ("mentor", "project")
)

CREATE TABLE "conflict" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "mentor" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "is_hard" BOOLEAN NOT NULL DEFAULT true,
    "reason" VARCHAR(300) NOT NULL DEFAULT '',
    "kind" VARCHAR(10) NOT NULL DEFAULT 'other',
    "is_pinned" BOOLEAN NOT NULL DEFAULT false,
    "lifted_at" TIMESTAMPTZ,
    "declared_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "assignment" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "submission" INTEGER NOT NULL REFERENCES "submission" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "mentor" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "assigned_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "assigned_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "due_on" DATE,
    "declined_at" TIMESTAMPTZ,
    "decline_reason" VARCHAR(500) NOT NULL DEFAULT '',
    "cancelled_at" TIMESTAMPTZ,
    "cancelled_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "cancel_code" VARCHAR(20) NOT NULL DEFAULT '',
    "cancel_reason" VARCHAR(500) NOT NULL DEFAULT '',
    "reminders" SMALLINT NOT NULL DEFAULT 0
)

CREATE TABLE "proposed" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "submission" INTEGER NOT NULL REFERENCES "submission" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "mentor" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "state" VARCHAR(10) NOT NULL DEFAULT 'solved',
    "why" TEXT NOT NULL DEFAULT '[]',
    CONSTRAINT "proposed_once" UNIQUE ("submission", "mentor")
)

CREATE TABLE "review" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "assignment" INTEGER UNIQUE NOT NULL REFERENCES "assignment" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "submission" INTEGER NOT NULL REFERENCES "submission" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "mentor" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "advice" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',
    "recommendation" VARCHAR(10) NOT NULL DEFAULT '',
    "confidence" SMALLINT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "changed_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "sent_at" TIMESTAMPTZ
)

CREATE TABLE "review_score" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "review" INTEGER NOT NULL REFERENCES "review" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "criterion" INTEGER NOT NULL REFERENCES "criterion" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "level" SMALLINT,
    CONSTRAINT "review_score_once" UNIQUE ("review", "criterion")
)

CREATE TABLE "review_summary" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "submission" INTEGER UNIQUE NOT NULL REFERENCES "submission" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "season" INTEGER NOT NULL REFERENCES "season" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "stage" VARCHAR(10) NOT NULL DEFAULT '',
    "reviews" TEXT NOT NULL DEFAULT '',
    "sent" SMALLINT NOT NULL DEFAULT 0,
    "partial" SMALLINT NOT NULL DEFAULT 0,
    "coverage" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
    "mean" DOUBLE PRECISION,
    "weighed_mean" DOUBLE PRECISION,
    "range" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
    "covers_little" BOOLEAN NOT NULL DEFAULT false,
    "is_divided" BOOLEAN NOT NULL DEFAULT false,
    "is_unsure" BOOLEAN NOT NULL DEFAULT false,
    "changed_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "queued_submission" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "submission" INTEGER UNIQUE NOT NULL REFERENCES "submission" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "season" INTEGER NOT NULL REFERENCES "season" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "stage" VARCHAR(10) NOT NULL DEFAULT '',
    "needs" VARCHAR(10) NOT NULL DEFAULT '',
    "folded" VARCHAR(300) NOT NULL DEFAULT '',
    "submitted_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "required" SMALLINT NOT NULL DEFAULT 0,
    "assigned" SMALLINT NOT NULL DEFAULT 0,
    "sent" SMALLINT NOT NULL DEFAULT 0,
    "outcome" VARCHAR(10) NOT NULL DEFAULT '',
    "due_on" DATE,
    "reminders" SMALLINT NOT NULL DEFAULT 0,
    "mean" DOUBLE PRECISION,
    "range" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
    "partial" SMALLINT NOT NULL DEFAULT 0,
    "covers_little" BOOLEAN NOT NULL DEFAULT false,
    "is_divided" BOOLEAN NOT NULL DEFAULT false,
    "is_unsure" BOOLEAN NOT NULL DEFAULT false
)

CREATE TABLE "section_note" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "review" INTEGER NOT NULL REFERENCES "review" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "key" VARCHAR(40) NOT NULL DEFAULT '',
    "text" TEXT NOT NULL DEFAULT '',
    CONSTRAINT "section_note_once" UNIQUE ("review", "key")
)

CREATE TABLE "decision" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "submission" INTEGER NOT NULL REFERENCES "submission" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "outcome" VARCHAR(10) NOT NULL DEFAULT '',
    "reason" TEXT NOT NULL DEFAULT '',
    "next_step" TEXT NOT NULL DEFAULT '',
    "revise_days" SMALLINT,
    "override_reason" TEXT NOT NULL DEFAULT '',
    "decided_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "decided_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "released_at" TIMESTAMPTZ,
    "released_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "supersedes" INTEGER REFERENCES "decision" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "correction_reason" TEXT NOT NULL DEFAULT '',
    "superseded_at" TIMESTAMPTZ
)

CREATE TABLE "remark" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "decision" INTEGER NOT NULL REFERENCES "decision" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "key" VARCHAR(40) NOT NULL DEFAULT '',
    "text" TEXT NOT NULL DEFAULT '',
    "addressed_at" TIMESTAMPTZ,
    "addressed_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "answer" VARCHAR(500) NOT NULL DEFAULT '',
    "confirmed_at" TIMESTAMPTZ,
    "confirmed_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "doubt" VARCHAR(500) NOT NULL DEFAULT '',
    "doubted_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE
)

CREATE TABLE "answered" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "submission" INTEGER NOT NULL REFERENCES "submission" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "decision" INTEGER UNIQUE NOT NULL REFERENCES "decision" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "text" TEXT NOT NULL DEFAULT '',
    "author" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "post" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "submission" INTEGER REFERENCES "submission" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "comment" INTEGER REFERENCES "comment" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "remark" INTEGER REFERENCES "remark" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "is_from_reviewer" BOOLEAN NOT NULL DEFAULT false,
    "author" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "text" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "removed_at" TIMESTAMPTZ,
    "removed_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE
)

CREATE TABLE "post_mention" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "post" INTEGER NOT NULL REFERENCES "post" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "start" INTEGER NOT NULL DEFAULT 0,
    "end" INTEGER NOT NULL DEFAULT 0
)

CREATE TABLE "practice" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "mentor" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "levels" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "publication" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER UNIQUE NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "published_at" TIMESTAMPTZ,
    "place" INTEGER UNIQUE,
    "number" INTEGER NOT NULL DEFAULT 0,
    "title" VARCHAR(200) NOT NULL DEFAULT '',
    "team_name" VARCHAR(80) NOT NULL DEFAULT '',
    "help_wanted" VARCHAR(300) NOT NULL DEFAULT '',
    "organisation" VARCHAR(200) NOT NULL DEFAULT '',
    "pitch" TEXT NOT NULL DEFAULT '',
    "cover" VARCHAR(80) NOT NULL DEFAULT '',
    "title_words" TEXT NOT NULL DEFAULT '',
    "words" TEXT NOT NULL DEFAULT '',
    "files" TEXT NOT NULL DEFAULT '',
    "facets" TEXT NOT NULL DEFAULT '',
    "graduated_at" TIMESTAMPTZ,
    "changed_at" TIMESTAMPTZ
)

CREATE TABLE "public_version" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "submission" INTEGER UNIQUE NOT NULL REFERENCES "submission" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "number" INTEGER NOT NULL DEFAULT 0,
    "stage" VARCHAR(10) NOT NULL DEFAULT '',
    "round" SMALLINT NOT NULL DEFAULT 1,
    "submitted_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "is_waiting" BOOLEAN NOT NULL DEFAULT false,
    "offered_at" TIMESTAMPTZ,
    "offered_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "approved_at" TIMESTAMPTZ,
    "approved_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "ended_at" TIMESTAMPTZ,
    "ended_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "refusal" TEXT NOT NULL DEFAULT '',
    "title" VARCHAR(200) NOT NULL DEFAULT '',
    "content" TEXT NOT NULL DEFAULT '[]',
    "grammar" SMALLINT NOT NULL DEFAULT 0,
    CONSTRAINT "public_version_number" UNIQUE ("project", "number")
)

CREATE TABLE "passage" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "text" TEXT NOT NULL DEFAULT '',
    "key" VARCHAR(40) NOT NULL DEFAULT '',
    "verdict" VARCHAR(10) NOT NULL DEFAULT '',
    "person" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "made_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "made_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE
)

CREATE TABLE "award_given" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "award" INTEGER NOT NULL REFERENCES "award" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "given_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "given_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "award_given_once" UNIQUE ("project", "award")
)

CREATE TABLE "content_report" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "number" INTEGER NOT NULL DEFAULT 0,
    "wrong" VARCHAR(13) NOT NULL DEFAULT '',
    "place" VARCHAR(7) NOT NULL DEFAULT '',
    "text" TEXT NOT NULL DEFAULT '',
    "email" VARCHAR(254) NOT NULL DEFAULT '',
    "locale" VARCHAR(2) NOT NULL DEFAULT '',
    "reported_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "hidden_at" TIMESTAMPTZ,
    "hidden_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "closed_at" TIMESTAMPTZ,
    "closed_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "answer" TEXT NOT NULL DEFAULT '',
    "erased_at" TIMESTAMPTZ
)

CREATE TABLE "follower" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "project" INTEGER NOT NULL REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "person" INTEGER REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "email" VARCHAR(254) NOT NULL DEFAULT '',
    "locale" VARCHAR(2) NOT NULL DEFAULT '',
    "secret" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
    "asked_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "confirmed_at" TIMESTAMPTZ,
    "told_until" TIMESTAMPTZ,
    "mailed_at" TIMESTAMPTZ,
    CONSTRAINT "follower_once" UNIQUE ("project", "person")
)

CREATE TABLE "follower_mail" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "follower" INTEGER NOT NULL REFERENCES "follower" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "message" INTEGER NOT NULL REFERENCES "message" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "told_from" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "public_revision" (
    "id" SMALLINT PRIMARY KEY NOT NULL DEFAULT 1,
    "number" BIGINT NOT NULL DEFAULT 1
)

CREATE TABLE "operator" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "name_ru" VARCHAR(300) NOT NULL DEFAULT '',
    "name_en" VARCHAR(300) NOT NULL DEFAULT '',
    "address" VARCHAR(300) NOT NULL DEFAULT '',
    "inn" VARCHAR(12) NOT NULL DEFAULT '',
    "ogrn" VARCHAR(15) NOT NULL DEFAULT '',
    "email" VARCHAR(254) NOT NULL DEFAULT '',
    "phone" VARCHAR(40) NOT NULL DEFAULT '',
    "hosting" VARCHAR(300) NOT NULL DEFAULT '',
    "changed_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "changed_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE
)

CREATE TABLE "sheet_batch" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "made_by" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "made_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "locale" VARCHAR(2) NOT NULL DEFAULT 'ru'
)

CREATE TABLE "consent_sheet" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "batch" INTEGER NOT NULL REFERENCES "sheet_batch" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "purpose" VARCHAR(20) NOT NULL DEFAULT '',
    "text" INTEGER NOT NULL REFERENCES "consent_text" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "signatory" VARCHAR(10) NOT NULL DEFAULT 'paper',
    "term" DATE NOT NULL DEFAULT CURRENT_DATE,
    "code" VARCHAR(16) UNIQUE NOT NULL DEFAULT '',
    "consent" INTEGER REFERENCES "consent" ("id") ON DELETE SET NULL ON UPDATE CASCADE
)

CREATE TABLE "sheet_scan" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "file" INTEGER NOT NULL REFERENCES "stored_file" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "sheet" INTEGER REFERENCES "consent_sheet" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "uploaded_by" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "uploaded_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp
)

CREATE TABLE "family_code" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "code" VARCHAR(16) UNIQUE NOT NULL DEFAULT '',
    "made_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "made_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "revoked_at" TIMESTAMPTZ
)

CREATE TABLE "guardian_link" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "person" INTEGER NOT NULL REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "project" INTEGER REFERENCES "project" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "name" VARCHAR(120) NOT NULL DEFAULT '',
    "relation" VARCHAR(10) NOT NULL DEFAULT '',
    "email" VARCHAR(254) NOT NULL DEFAULT '',
    "locale" VARCHAR(2) NOT NULL DEFAULT 'ru',
    "secret_hash" VARCHAR(64) UNIQUE,
    "asked_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "asked_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "expires_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "opened_at" TIMESTAMPTZ,
    "answered_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ,
    "is_replaced" BOOLEAN NOT NULL DEFAULT false,
    "contact" VARCHAR(300) NOT NULL DEFAULT '',
    "mail" INTEGER REFERENCES "message" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "receipt" INTEGER REFERENCES "message" ("id") ON DELETE SET NULL ON UPDATE CASCADE
)

CREATE TABLE "guardian_answer" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "link" INTEGER NOT NULL REFERENCES "guardian_link" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "consent" INTEGER NOT NULL REFERENCES "consent" ("id") ON DELETE CASCADE ON UPDATE CASCADE
)

CREATE TABLE "destruction_act" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "made_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "made_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "consents" TEXT NOT NULL DEFAULT ''
)

CREATE TABLE "import_batch" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "kind" VARCHAR(10) NOT NULL DEFAULT '',
    "state" VARCHAR(10) NOT NULL DEFAULT '',
    "source" VARCHAR(40) NOT NULL DEFAULT '',
    "file_name" VARCHAR(120) NOT NULL DEFAULT '',
    "file" INTEGER REFERENCES "stored_file" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "options" TEXT NOT NULL DEFAULT '{}',
    "report" TEXT NOT NULL DEFAULT '{}',
    "job" INTEGER REFERENCES "job" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT current_timestamp,
    "created_by" INTEGER REFERENCES "person" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "finished_at" TIMESTAMPTZ,
    "undone_at" TIMESTAMPTZ
)

CREATE TABLE "imported_row" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "batch" INTEGER NOT NULL REFERENCES "import_batch" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "number" INTEGER NOT NULL DEFAULT 0,
    "project" INTEGER REFERENCES "project" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "assignment" INTEGER REFERENCES "assignment" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "is_new" BOOLEAN NOT NULL DEFAULT true,
    "mentor_key" VARCHAR(8) NOT NULL DEFAULT '',
    "former_rubric" TEXT NOT NULL DEFAULT ''
)

CREATE TABLE "posting" (
    "term" TEXT COLLATE "C" NOT NULL,
    "chunk" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,
    "moved" BIGINT NOT NULL,
    "docs" BYTEA NOT NULL,
    PRIMARY KEY ("term", "chunk")
)
"""

INDEXES = """
CREATE INDEX stored_file_digest ON "stored_file" USING btree ("digest")

CREATE INDEX stored_file_created_at ON "stored_file" USING btree ("created_at")

CREATE INDEX job_state ON "job" USING btree ("state")

CREATE INDEX event_happened ON "event" USING btree ("happened")

CREATE INDEX event_project_id ON "event" USING btree ("project_id")

CREATE INDEX message_next_attempt_at ON "message" USING btree ("next_attempt_at")

CREATE INDEX organisation_form ON "organisation" USING btree ("form")

CREATE INDEX municipality_name_form ON "municipality_name" USING btree ("form")

CREATE INDEX cluster_name_form ON "cluster_name" USING btree ("form")

CREATE INDEX organisation_name_form ON "organisation_name" USING btree ("form")

CREATE INDEX attempt_key ON "attempt" USING btree ("key")

CREATE INDEX known_device_token_hash ON "known_device" USING btree ("token_hash")

CREATE INDEX notification_created_at ON "notification" USING btree ("created_at")

CREATE INDEX publication_published_at ON "publication" USING btree ("published_at")

CREATE INDEX "event_actor" ON "event" ("actor_id", "id")

CREATE INDEX "event_untold" ON "event" ("id") WHERE "told_at" IS NULL

CREATE INDEX "message_to" ON "message" ("to", "created_at")

CREATE INDEX "message_unsubscribe" ON "message" ("unsubscribe") WHERE "unsubscribe" <> ''

CREATE INDEX "message_bundled" ON "message" ("to") WHERE "is_bundled" AND "sent_at" IS NULL

CREATE INDEX "organisation_named" ON "organisation" ("name")

CREATE INDEX "session_person" ON "session" ("person")

CREATE INDEX "authenticator_person" ON "authenticator" ("person")

CREATE INDEX "passkey_person" ON "passkey" ("person")

CREATE INDEX "recovery_code_person" ON "recovery_code" ("person")

CREATE INDEX "token_person" ON "token" ("person")

CREATE INDEX "consent_person" ON "consent" ("person", "purpose")

CREATE INDEX "identity_person" ON "identity" ("person")

CREATE INDEX "pending_sign_in_expires" ON "pending_sign_in" ("expires_at")

CREATE INDEX "address_change_person" ON "address_change" ("person")

CREATE INDEX "grant_person" ON "grant" ("person")

CREATE INDEX "affiliation_person" ON "affiliation" ("person")

CREATE INDEX "enrolment_person" ON "enrolment" ("person")

CREATE INDEX "enrolment_teacher" ON "enrolment" ("teacher")

CREATE INDEX "substitution_substitute" ON "substitution" ("substitute")

CREATE INDEX "access_card_person" ON "access_card" ("person")

CREATE INDEX "notification_person" ON "notification" ("person", "id")

CREATE INDEX "notification_unread" ON "notification" ("person") WHERE "read_at" IS NULL

CREATE UNIQUE INDEX "section_current" ON "section" ("season", "stage", "key") WHERE "is_current"

CREATE UNIQUE INDEX "criterion_current" ON "criterion" ("season", "stage", "key") WHERE "is_current"

CREATE UNIQUE INDEX "captain_once" ON "member" ("project") WHERE "role" = 'captain'

CREATE UNIQUE INDEX "teacher_once" ON "member" ("project") WHERE "role" = 'teacher'

CREATE INDEX "member_person" ON "member" ("person")

CREATE INDEX "project_season" ON "project" ("season", "merged_into", "stage", "state")

CREATE INDEX "project_state" ON "project" ("state")

CREATE INDEX "project_merged" ON "project" ("merged_into")

CREATE INDEX "project_begun_from" ON "project" ("begun_from")

CREATE INDEX "project_first_merged_into" ON "project" ("first_merged_into")

CREATE INDEX "project_folded" ON "project" ("folded", "id")

CREATE INDEX "project_changed" ON "project" ("changed_at", "id")

CREATE INDEX "invitation_project" ON "invitation" ("project")

CREATE INDEX "answer_revision_section" ON "answer_revision" ("project", "key", "id")

CREATE INDEX "erratum_submission" ON "erratum" ("submission")

CREATE INDEX "round_deadline_project" ON "round_deadline" ("project")

CREATE INDEX "comment_project" ON "comment" ("project")

CREATE INDEX "news_project" ON "news" ("project", "published_at")

CREATE INDEX "news_waiting" ON "news" ("offered_at") WHERE "is_waiting"

CREATE INDEX "news_published" ON "news" ("published_at", "id")

CREATE INDEX "attachment_project" ON "attachment" ("project")

CREATE INDEX "pictured_person" ON "pictured" ("person")

CREATE INDEX "rendition_file" ON "rendition" ("file")

CREATE INDEX "away_mentor" ON "away" ("mentor")

CREATE INDEX "conflict_project" ON "conflict" ("project")

CREATE UNIQUE INDEX "assignment_open" ON "assignment" ("submission", "mentor") WHERE "declined_at" IS NULL AND "cancelled_at" IS NULL

CREATE INDEX "assignment_mentor" ON "assignment" ("mentor")

CREATE INDEX "assignment_due" ON "assignment" ("due_on")

CREATE INDEX "review_submission" ON "review" ("submission")

CREATE INDEX "review_mentor" ON "review" ("mentor")

CREATE INDEX "review_summary_stage" ON "review_summary" ("season", "stage", "changed_at", "sent")

CREATE INDEX "queued_submission_oldest" ON "queued_submission" ("stage", "submitted_at", "submission", "project", "folded")

CREATE INDEX "queued_submission_needs" ON "queued_submission" ("stage", "needs", "submitted_at", "submission", "project")

CREATE INDEX "queued_submission_heap" ON "queued_submission" ("needs", "submitted_at", "submission")

CREATE INDEX "queued_submission_due" ON "queued_submission" ("needs", "due_on", "project")

CREATE UNIQUE INDEX "decision_standing" ON "decision" ("submission") WHERE "superseded_at" IS NULL

CREATE INDEX "decision_submission" ON "decision" ("submission")

CREATE INDEX "post_mention_post" ON "post_mention" ("post")

CREATE INDEX "remark_decision" ON "remark" ("decision")

CREATE INDEX "remark_project" ON "remark" ("project")

CREATE INDEX "answered_submission" ON "answered" ("submission")

CREATE INDEX "post_project" ON "post" ("project")

CREATE INDEX "post_submission" ON "post" ("submission")

CREATE INDEX "post_comment" ON "post" ("comment")

CREATE INDEX "post_remark" ON "post" ("remark")

CREATE INDEX "practice_mentor" ON "practice" ("mentor")

CREATE INDEX "content_report_closed" ON "content_report" ("closed_at", "id")

CREATE UNIQUE INDEX "follower_email_once" ON "follower" ("project", "email") WHERE "email" <> ''

CREATE INDEX "follower_email" ON "follower" ("email") WHERE "email" <> ''

CREATE INDEX "follower_person" ON "follower" ("person")

CREATE INDEX "passage_project" ON "passage" ("project")

CREATE INDEX "public_version_waiting" ON "public_version" ("is_waiting", "offered_at")

CREATE INDEX "publication_graduated" ON "publication" ("graduated_at", "place")

CREATE INDEX "consent_sheet_person" ON "consent_sheet" ("person")

CREATE INDEX "consent_sheet_batch" ON "consent_sheet" ("batch")

CREATE INDEX "sheet_scan_uploader" ON "sheet_scan" ("uploaded_by")

CREATE INDEX "family_code_person" ON "family_code" ("person")

CREATE INDEX "guardian_link_person" ON "guardian_link" ("person")

CREATE INDEX "guardian_answer_link" ON "guardian_answer" ("link")

CREATE INDEX "guardian_answer_consent" ON "guardian_answer" ("consent")

CREATE INDEX "imported_row_batch" ON "imported_row" ("batch", "id")

CREATE INDEX "imported_row_project" ON "imported_row" ("project")

CREATE INDEX "imported_row_assignment" ON "imported_row" ("assignment")

CREATE INDEX "import_batch_state" ON "import_batch" ("state", "id")

CREATE INDEX "posting_counts" ON "posting" ("term", "n")
"""

ROWS = """
INSERT INTO "public_revision" ("id", "number") VALUES (1, 1)

INSERT INTO "posting" ("term", "chunk", "n", "moved", "docs") VALUES ('', 0, 0, 0, '')
"""

#: What PostgreSQL alone has.
POSTGRES = """
ALTER TABLE "posting" ALTER COLUMN "docs" SET STORAGE EXTERNAL

CREATE FUNCTION public_revision_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('incubator.waited', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM pg_advisory_xact_lock_shared(727070001);
        PERFORM pg_sleep(0.012);
        PERFORM set_config('incubator.waited', pg_current_xact_id()::text, true);
    END IF;
    RETURN NULL;
END $$

CREATE FUNCTION public_revision_now(OUT number bigint, OUT is_lease boolean) LANGUAGE plpgsql AS $$
BEGIN
    is_lease := pg_try_advisory_xact_lock(727070001);
    SELECT r."number" INTO number FROM "public_revision" r WHERE r."id" = 1;
END $$

CREATE TRIGGER public_revision_lease BEFORE UPDATE ON public_revision
    FOR EACH STATEMENT EXECUTE FUNCTION public_revision_wait()

CREATE FUNCTION "requeue"(changed integer[]) RETURNS void LANGUAGE plpgsql SET enable_seqscan TO off AS $$
BEGIN
    PERFORM 1 FROM "submission" WHERE "id" = ANY(changed) ORDER BY "id" FOR NO KEY UPDATE;
    DELETE FROM "queued_submission" WHERE "submission" = ANY(changed);
    INSERT INTO "queued_submission" ("submission", "project", "season", "stage", "needs", "folded", "submitted_at", "required", "assigned", "sent", "outcome", "due_on", "reminders", "mean", "range", "partial", "covers_little", "is_divided", "is_unsure")
    SELECT "submission", "project", "season", "stage", CASE WHEN x."outcome" <> '' THEN 'release'
WHEN x."sent" < x."required" THEN CASE WHEN x."assigned" >= x."required" THEN 'wait' ELSE 'assign' END
WHEN x."sent" = x."required" AND (x."is_divided" OR x."covers_little" OR x."partial" > 0) THEN 'another' ELSE 'decide' END, "folded", "submitted_at", "required", "assigned", "sent", "outcome", "due_on", "reminders", "mean", "range", "partial", "covers_little", "is_divided", "is_unsure"
FROM (SELECT s."id" AS "submission", s."project", p."season", s."stage", s."folded", s."submitted_at",
t."reviews_required" AS "required",
(SELECT count(*) FROM "assignment" a WHERE a."submission" = s."id" AND a."declined_at" IS NULL AND a."cancelled_at" IS NULL) AS "assigned",
coalesce(m."sent", 0) AS "sent", coalesce(d."outcome", '') AS "outcome",
(SELECT min(a."due_on") FROM "assignment" a WHERE a."submission" = s."id" AND a."declined_at" IS NULL AND a."cancelled_at" IS NULL
AND NOT EXISTS (SELECT 1 FROM "review" r WHERE r."assignment" = a."id" AND r."sent_at" IS NOT NULL)) AS "due_on", coalesce((SELECT max(a."reminders") FROM "assignment" a WHERE a."submission" = s."id" AND a."declined_at" IS NULL AND a."cancelled_at" IS NULL
AND NOT EXISTS (SELECT 1 FROM "review" r WHERE r."assignment" = a."id" AND r."sent_at" IS NOT NULL)), 0) AS "reminders",
CASE n."confidence" WHEN 'weighed' THEN m."weighed_mean" ELSE m."mean" END AS "mean",
coalesce(m."range", 0) AS "range", coalesce(m."partial", 0) AS "partial",
coalesce(m."covers_little", FALSE) AS "covers_little", coalesce(m."is_divided", FALSE) AS "is_divided",
coalesce(m."is_unsure", FALSE) AS "is_unsure"
FROM "submission" s JOIN "project" p ON p."id" = s."project" AND p."state" || '' = 'in_review' AND p."stage" = s."stage" AND p."round" = s."round" AND s."taken_back_at" IS NULL JOIN "season" n ON n."id" = p."season"
JOIN "stage_rule" t ON t."season" = p."season" AND t."stage" = s."stage"
LEFT JOIN "review_summary" m ON m."submission" = s."id"
LEFT JOIN "decision" d ON d."submission" = s."id" AND d."superseded_at" IS NULL
WHERE s."id" = ANY(changed)) x;
END $$

CREATE FUNCTION "keep_revision"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "answer_revision" ("project", "key", "version", "text", "saved_at", "saved_by")
VALUES (OLD."project", OLD."key", OLD."version", OLD."text", OLD."changed_at", OLD."changed_by");
    RETURN NULL;
END $$

CREATE TRIGGER "keep_revision" AFTER UPDATE OF "text" ON "answer" FOR EACH ROW
WHEN (OLD."text" <> '' AND OLD."text" <> NEW."text" AND (OLD."begun_at" IS NULL
OR NEW."begun_at" IS DISTINCT FROM OLD."begun_at" OR NEW."changed_by" IS DISTINCT FROM OLD."changed_by")) EXECUTE FUNCTION "keep_revision"()
"""

#: What SQLite says in its own words.
SQLITE = """
CREATE TRIGGER "keep_revision" AFTER UPDATE OF "text" ON "answer"
WHEN OLD."text" <> '' AND OLD."text" <> NEW."text" AND (OLD."begun_at" IS NULL
OR NEW."begun_at" IS NOT OLD."begun_at" OR NEW."changed_by" IS NOT OLD."changed_by")
BEGIN
    INSERT INTO "answer_revision" ("project", "key", "version", "text", "saved_at", "saved_by")
VALUES (OLD."project", OLD."key", OLD."version", OLD."text", OLD."changed_at", OLD."changed_by");
END
"""

#: What moves the public revision: table, operation, and when. SQLite says IS NOT for IS DISTINCT FROM.
MOVES = (
    ("publication", "INSERT", 'NEW."published_at" IS NOT NULL'),
    ("publication", "UPDATE", '''
        (OLD."published_at" IS NOT NULL
        OR NEW."published_at" IS NOT NULL)
    '''),
    ("publication", "DELETE", 'OLD."published_at" IS NOT NULL'),
    ("project", "UPDATE", '''
        (OLD."slug" IS DISTINCT FROM NEW."slug" OR OLD."stage" IS DISTINCT FROM NEW."stage" OR OLD."state" IS DISTINCT FROM NEW."state")
        AND (EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = OLD."id" AND p."published_at" IS NOT NULL)
        OR EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = NEW."id" AND p."published_at" IS NOT NULL))
    '''),
    ("project", "DELETE", 'EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = OLD."id" AND p."published_at" IS NOT NULL)'),
    ("former_slug", "INSERT", 'EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = NEW."project" AND p."published_at" IS NOT NULL)'),
    ("former_slug", "UPDATE", '''
        (OLD."slug" IS DISTINCT FROM NEW."slug" OR OLD."project" IS DISTINCT FROM NEW."project")
        AND (EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = OLD."project" AND p."published_at" IS NOT NULL)
        OR EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = NEW."project" AND p."published_at" IS NOT NULL))
    '''),
    ("former_slug", "DELETE", 'EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = OLD."project" AND p."published_at" IS NOT NULL)'),
    ("member", "INSERT", 'EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = NEW."project" AND p."published_at" IS NOT NULL)'),
    ("member", "UPDATE", '''
        (OLD."person" IS DISTINCT FROM NEW."person" OR OLD."role" IS DISTINCT FROM NEW."role" OR OLD."public_given" IS DISTINCT FROM NEW."public_given" OR OLD."public_family" IS DISTINCT FROM NEW."public_family")
        AND (EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = OLD."project" AND p."published_at" IS NOT NULL)
        OR EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = NEW."project" AND p."published_at" IS NOT NULL))
    '''),
    ("member", "DELETE", 'EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = OLD."project" AND p."published_at" IS NOT NULL)'),
    ("public_version", "INSERT", 'EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = NEW."project" AND p."published_at" IS NOT NULL)'),
    ("public_version", "UPDATE", '''
        (EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = OLD."project" AND p."published_at" IS NOT NULL)
        OR EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = NEW."project" AND p."published_at" IS NOT NULL))
    '''),
    ("public_version", "DELETE", 'EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = OLD."project" AND p."published_at" IS NOT NULL)'),
    ("news", "INSERT", 'NEW."approved_at" IS NOT NULL AND EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = NEW."project" AND p."published_at" IS NOT NULL)'),
    ("news", "UPDATE", '''
        (OLD."project" IS DISTINCT FROM NEW."project" OR OLD."published_at" IS DISTINCT FROM NEW."published_at" OR OLD."approved_at" IS DISTINCT FROM NEW."approved_at" OR OLD."ended_at" IS DISTINCT FROM NEW."ended_at" OR OLD."title" IS DISTINCT FROM NEW."title" OR OLD."content" IS DISTINCT FROM NEW."content")
        AND (OLD."approved_at" IS NOT NULL AND EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = OLD."project" AND p."published_at" IS NOT NULL)
        OR NEW."approved_at" IS NOT NULL AND EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = NEW."project" AND p."published_at" IS NOT NULL))
    '''),
    ("news", "DELETE", 'OLD."approved_at" IS NOT NULL AND EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = OLD."project" AND p."published_at" IS NOT NULL)'),
    ("passage", "INSERT", '''NEW."verdict" = 'named' AND EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = NEW."project" AND p."published_at" IS NOT NULL)'''),
    ("passage", "UPDATE", '''
        (OLD."verdict" = 'named' AND EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = OLD."project" AND p."published_at" IS NOT NULL)
        OR NEW."verdict" = 'named' AND EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = NEW."project" AND p."published_at" IS NOT NULL))
    '''),
    ("passage", "DELETE", '''OLD."verdict" = 'named' AND EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = OLD."project" AND p."published_at" IS NOT NULL)'''),
    ("decision", "INSERT", 'NEW."released_at" IS NOT NULL AND EXISTS (SELECT 1 FROM "public_version" v WHERE v."submission" = NEW."submission" AND v."approved_at" IS NOT NULL AND v."ended_at" IS NULL)'),
    ("decision", "UPDATE", '''
        (OLD."outcome" IS DISTINCT FROM NEW."outcome" OR OLD."released_at" IS DISTINCT FROM NEW."released_at" OR OLD."superseded_at" IS DISTINCT FROM NEW."superseded_at")
        AND (OLD."released_at" IS NOT NULL AND EXISTS (SELECT 1 FROM "public_version" v WHERE v."submission" = OLD."submission" AND v."approved_at" IS NOT NULL AND v."ended_at" IS NULL)
        OR NEW."released_at" IS NOT NULL AND EXISTS (SELECT 1 FROM "public_version" v WHERE v."submission" = NEW."submission" AND v."approved_at" IS NOT NULL AND v."ended_at" IS NULL))
    '''),
    ("decision", "DELETE", 'OLD."released_at" IS NOT NULL AND EXISTS (SELECT 1 FROM "public_version" v WHERE v."submission" = OLD."submission" AND v."approved_at" IS NOT NULL AND v."ended_at" IS NULL)'),
    ("review", "INSERT", 'NEW."sent_at" IS NOT NULL AND EXISTS (SELECT 1 FROM "public_version" v WHERE v."submission" = NEW."submission" AND v."approved_at" IS NOT NULL AND v."ended_at" IS NULL)'),
    ("review", "UPDATE", '''
        (OLD."sent_at" IS DISTINCT FROM NEW."sent_at" OR OLD."mentor" IS DISTINCT FROM NEW."mentor")
        AND (OLD."sent_at" IS NOT NULL AND EXISTS (SELECT 1 FROM "public_version" v WHERE v."submission" = OLD."submission" AND v."approved_at" IS NOT NULL AND v."ended_at" IS NULL)
        OR NEW."sent_at" IS NOT NULL AND EXISTS (SELECT 1 FROM "public_version" v WHERE v."submission" = NEW."submission" AND v."approved_at" IS NOT NULL AND v."ended_at" IS NULL))
    '''),
    ("review", "DELETE", 'OLD."sent_at" IS NOT NULL AND EXISTS (SELECT 1 FROM "public_version" v WHERE v."submission" = OLD."submission" AND v."approved_at" IS NOT NULL AND v."ended_at" IS NULL)'),
    ("affiliation", "INSERT", 'EXISTS (SELECT 1 FROM "mentor" m WHERE m."person" = NEW."person")'),
    ("affiliation", "UPDATE", '''
        (OLD."organisation" IS DISTINCT FROM NEW."organisation" OR OLD."since" IS DISTINCT FROM NEW."since" OR OLD."until" IS DISTINCT FROM NEW."until")
        AND (EXISTS (SELECT 1 FROM "mentor" m WHERE m."person" = OLD."person")
        OR EXISTS (SELECT 1 FROM "mentor" m WHERE m."person" = NEW."person"))
    '''),
    ("affiliation", "DELETE", 'EXISTS (SELECT 1 FROM "mentor" m WHERE m."person" = OLD."person")'),
    ("person", "UPDATE", '''
        (OLD."given_name" IS DISTINCT FROM NEW."given_name" OR OLD."family_name" IS DISTINCT FROM NEW."family_name")
        AND (EXISTS (SELECT 1 FROM "member" m JOIN "publication" p ON p."project" = m."project" WHERE m."person" = OLD."id" AND p."published_at" IS NOT NULL)
        OR EXISTS (SELECT 1 FROM "member" m JOIN "publication" p ON p."project" = m."project" WHERE m."person" = NEW."id" AND p."published_at" IS NOT NULL))
    '''),
    ("attachment", "INSERT", 'EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = NEW."project" AND p."published_at" IS NOT NULL)'),
    ("attachment", "UPDATE", '''
        (OLD."people" IS DISTINCT FROM NEW."people" OR OLD."is_approved" IS DISTINCT FROM NEW."is_approved" OR OLD."is_to_look_at" IS DISTINCT FROM NEW."is_to_look_at" OR OLD."is_hidden" IS DISTINCT FROM NEW."is_hidden")
        AND (EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = OLD."project" AND p."published_at" IS NOT NULL)
        OR EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = NEW."project" AND p."published_at" IS NOT NULL))
    '''),
    ("attachment", "DELETE", 'EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = OLD."project" AND p."published_at" IS NOT NULL)'),
    ("pictured", "INSERT", 'EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = (SELECT a."project" FROM "attachment" a WHERE a."id" = NEW."attachment") AND p."published_at" IS NOT NULL)'),
    ("pictured", "UPDATE", '''
        (EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = (SELECT a."project" FROM "attachment" a WHERE a."id" = OLD."attachment") AND p."published_at" IS NOT NULL)
        OR EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = (SELECT a."project" FROM "attachment" a WHERE a."id" = NEW."attachment") AND p."published_at" IS NOT NULL))
    '''),
    ("pictured", "DELETE", 'EXISTS (SELECT 1 FROM "publication" p WHERE p."project" = (SELECT a."project" FROM "attachment" a WHERE a."id" = OLD."attachment") AND p."published_at" IS NOT NULL)'),
    ("consent", "INSERT", '''(NEW."purpose" IN ('participation', 'public_name', 'staff') OR NEW."purpose" = 'photo' AND EXISTS (SELECT 1 FROM "pictured" i WHERE i."person" = NEW."person")) AND EXISTS (SELECT 1 FROM "member" m JOIN "publication" p ON p."project" = m."project" WHERE m."person" = NEW."person" AND p."published_at" IS NOT NULL)'''),
    ("consent", "UPDATE", '''
        (OLD."withdrawn_at" IS DISTINCT FROM NEW."withdrawn_at" OR OLD."voided_at" IS DISTINCT FROM NEW."voided_at" OR OLD."starts_on" IS DISTINCT FROM NEW."starts_on" OR OLD."ends_on" IS DISTINCT FROM NEW."ends_on" OR OLD."awaits_age" IS DISTINCT FROM NEW."awaits_age" OR OLD."awaits_teenager" IS DISTINCT FROM NEW."awaits_teenager")
        AND ((OLD."purpose" IN ('participation', 'public_name', 'staff') OR OLD."purpose" = 'photo' AND EXISTS (SELECT 1 FROM "pictured" i WHERE i."person" = OLD."person")) AND EXISTS (SELECT 1 FROM "member" m JOIN "publication" p ON p."project" = m."project" WHERE m."person" = OLD."person" AND p."published_at" IS NOT NULL)
        OR (NEW."purpose" IN ('participation', 'public_name', 'staff') OR NEW."purpose" = 'photo' AND EXISTS (SELECT 1 FROM "pictured" i WHERE i."person" = NEW."person")) AND EXISTS (SELECT 1 FROM "member" m JOIN "publication" p ON p."project" = m."project" WHERE m."person" = NEW."person" AND p."published_at" IS NOT NULL))
    '''),
    ("consent", "DELETE", '''(OLD."purpose" IN ('participation', 'public_name', 'staff') OR OLD."purpose" = 'photo' AND EXISTS (SELECT 1 FROM "pictured" i WHERE i."person" = OLD."person")) AND EXISTS (SELECT 1 FROM "member" m JOIN "publication" p ON p."project" = m."project" WHERE m."person" = OLD."person" AND p."published_at" IS NOT NULL)'''),
    ("organisation", "UPDATE", '(OLD."name" IS DISTINCT FROM NEW."name")'),
    ("organisation", "DELETE", 'TRUE'),
    ("season", "INSERT", 'TRUE'),
    ("season", "UPDATE", 'TRUE'),
    ("season", "DELETE", 'TRUE'),
    ("criterion", "INSERT", 'NEW."is_current"'),
    ("criterion", "UPDATE", '''
        (OLD."is_current" IS DISTINCT FROM NEW."is_current" OR OLD."position" IS DISTINCT FROM NEW."position" OR OLD."title_ru" IS DISTINCT FROM NEW."title_ru" OR OLD."title_en" IS DISTINCT FROM NEW."title_en" OR OLD."hint_ru" IS DISTINCT FROM NEW."hint_ru" OR OLD."hint_en" IS DISTINCT FROM NEW."hint_en" OR OLD."weight" IS DISTINCT FROM NEW."weight" OR OLD."lowest" IS DISTINCT FROM NEW."lowest" OR OLD."highest" IS DISTINCT FROM NEW."highest" OR OLD."anchors_ru" IS DISTINCT FROM NEW."anchors_ru" OR OLD."anchors_en" IS DISTINCT FROM NEW."anchors_en")
        AND (OLD."is_current"
        OR NEW."is_current")
    '''),
    ("criterion", "DELETE", 'OLD."is_current"'),
    ("cluster", "INSERT", 'TRUE'),
    ("cluster", "UPDATE", 'TRUE'),
    ("cluster", "DELETE", 'TRUE'),
    ("municipality", "INSERT", 'TRUE'),
    ("municipality", "UPDATE", 'TRUE'),
    ("municipality", "DELETE", 'TRUE'),
    ("competency", "INSERT", 'TRUE'),
    ("competency", "UPDATE", 'TRUE'),
    ("competency", "DELETE", 'TRUE'),
    ("award", "INSERT", 'TRUE'),
    ("award", "UPDATE", 'TRUE'),
    ("award", "DELETE", 'TRUE'),
    ("consent_text", "INSERT", 'TRUE'),
    ("consent_text", "UPDATE", 'TRUE'),
    ("consent_text", "DELETE", 'TRUE'),
    ("operator", "INSERT", 'TRUE'),
    ("operator", "UPDATE", 'TRUE'),
    ("operator", "DELETE", 'TRUE'),
)

POSTGRES_TRIGGER = """
CREATE FUNCTION "public_{table}_{event}"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {when} THEN
        UPDATE "public_revision" SET "number" = "number" + 1;
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER "public_{table}_{event}" AFTER {operation} ON "{table}"
    FOR EACH ROW EXECUTE FUNCTION "public_{table}_{event}"()
"""

SQLITE_TRIGGER = """
CREATE TRIGGER "public_{table}_{event}" AFTER {operation} ON "{table}" WHEN {when}
BEGIN
    UPDATE "public_revision" SET "number" = "number" + 1;
END
"""

#: What keeps the queue of submissions in review: name, event, table, and which submissions: a condition, and their ids.
QUEUE = (
    (
        "queue_submission_insert",
        "INSERT",
        "submission",
        's."id" = NEW."id"',
        'SELECT NEW."id"',
    ),
    (
        "queue_submission_update",
        'UPDATE OF "taken_back_at", "folded"',
        "submission",
        's."id" = NEW."id"',
        'SELECT NEW."id"',
    ),
    (
        "queue_project_update",
        'UPDATE OF "state", "stage", "round", "season"',
        "project",
        's."project" = NEW."id"',
        'SELECT s."id" FROM "submission" s JOIN "project" p ON p."id" = s."project" WHERE s."project" = NEW."id"',
    ),
    (
        "queue_stage_rule_update",
        'UPDATE OF "reviews_required"',
        "stage_rule",
        'p."season" = NEW."season" AND p."stage" = NEW."stage"',
        'SELECT s."id" FROM "submission" s JOIN "project" p ON p."id" = s."project" WHERE p."season" = NEW."season" AND p."stage" = NEW."stage"',
    ),
    (
        "queue_season_update",
        'UPDATE OF "confidence"',
        "season",
        'p."season" = NEW."id"',
        'SELECT s."id" FROM "submission" s JOIN "project" p ON p."id" = s."project" WHERE p."season" = NEW."id"',
    ),
    (
        "queue_assignment_insert",
        "INSERT",
        "assignment",
        's."id" = NEW."submission"',
        'SELECT NEW."submission"',
    ),
    (
        "queue_assignment_update",
        'UPDATE OF "declined_at", "cancelled_at", "due_on", "reminders"',
        "assignment",
        's."id" = NEW."submission"',
        'SELECT NEW."submission"',
    ),
    (
        "queue_assignment_delete",
        "DELETE",
        "assignment",
        's."id" = OLD."submission"',
        'SELECT OLD."submission"',
    ),
    (
        "queue_review_insert",
        "INSERT",
        "review",
        's."id" = NEW."submission"',
        'SELECT NEW."submission"',
    ),
    (
        "queue_review_update",
        'UPDATE OF "sent_at"',
        "review",
        's."id" = NEW."submission"',
        'SELECT NEW."submission"',
    ),
    (
        "queue_review_delete",
        "DELETE",
        "review",
        's."id" = OLD."submission"',
        'SELECT OLD."submission"',
    ),
    (
        "queue_review_summary_insert",
        "INSERT",
        "review_summary",
        's."id" = NEW."submission"',
        'SELECT NEW."submission"',
    ),
    (
        "queue_review_summary_update",
        'UPDATE OF "sent", "mean", "weighed_mean"',
        "review_summary",
        's."id" = NEW."submission"',
        'SELECT NEW."submission"',
    ),
    (
        "queue_review_summary_delete",
        "DELETE",
        "review_summary",
        's."id" = OLD."submission"',
        'SELECT OLD."submission"',
    ),
    (
        "queue_decision_insert",
        "INSERT",
        "decision",
        's."id" = NEW."submission"',
        'SELECT NEW."submission"',
    ),
    (
        "queue_decision_update",
        'UPDATE OF "outcome", "superseded_at"',
        "decision",
        's."id" = NEW."submission"',
        'SELECT NEW."submission"',
    ),
    (
        "queue_decision_delete",
        "DELETE",
        "decision",
        's."id" = OLD."submission"',
        'SELECT OLD."submission"',
    ),
)

QUEUE_POSTGRES = """
CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM "requeue"(ARRAY({ids}));
    RETURN NULL;
END $$

CREATE TRIGGER "{name}" AFTER {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()
"""

QUEUE_SQLITE = """
CREATE TRIGGER "{name}" AFTER {event} ON "{table}"
BEGIN
    DELETE FROM "queued_submission" WHERE "submission" IN ({ids});
    INSERT INTO "queued_submission" ("submission", "project", "season", "stage", "needs", "folded", "submitted_at", "required", "assigned", "sent", "outcome", "due_on", "reminders", "mean", "range", "partial", "covers_little", "is_divided", "is_unsure")
    SELECT "submission", "project", "season", "stage", CASE WHEN x."outcome" <> '' THEN 'release'
WHEN x."sent" < x."required" THEN CASE WHEN x."assigned" >= x."required" THEN 'wait' ELSE 'assign' END
WHEN x."sent" = x."required" AND (x."is_divided" OR x."covers_little" OR x."partial" > 0) THEN 'another' ELSE 'decide' END, "folded", "submitted_at", "required", "assigned", "sent", "outcome", "due_on", "reminders", "mean", "range", "partial", "covers_little", "is_divided", "is_unsure"
FROM (SELECT s."id" AS "submission", s."project", p."season", s."stage", s."folded", s."submitted_at",
t."reviews_required" AS "required",
(SELECT count(*) FROM "assignment" a WHERE a."submission" = s."id" AND a."declined_at" IS NULL AND a."cancelled_at" IS NULL) AS "assigned",
coalesce(m."sent", 0) AS "sent", coalesce(d."outcome", '') AS "outcome",
(SELECT min(a."due_on") FROM "assignment" a WHERE a."submission" = s."id" AND a."declined_at" IS NULL AND a."cancelled_at" IS NULL
AND NOT EXISTS (SELECT 1 FROM "review" r WHERE r."assignment" = a."id" AND r."sent_at" IS NOT NULL)) AS "due_on", coalesce((SELECT max(a."reminders") FROM "assignment" a WHERE a."submission" = s."id" AND a."declined_at" IS NULL AND a."cancelled_at" IS NULL
AND NOT EXISTS (SELECT 1 FROM "review" r WHERE r."assignment" = a."id" AND r."sent_at" IS NOT NULL)), 0) AS "reminders",
CASE n."confidence" WHEN 'weighed' THEN m."weighed_mean" ELSE m."mean" END AS "mean",
coalesce(m."range", 0) AS "range", coalesce(m."partial", 0) AS "partial",
coalesce(m."covers_little", FALSE) AS "covers_little", coalesce(m."is_divided", FALSE) AS "is_divided",
coalesce(m."is_unsure", FALSE) AS "is_unsure"
FROM "submission" s JOIN "project" p ON p."id" = s."project" AND p."state" || '' = 'in_review' AND p."stage" = s."stage" AND p."round" = s."round" AND s."taken_back_at" IS NULL JOIN "season" n ON n."id" = p."season"
JOIN "stage_rule" t ON t."season" = p."season" AND t."stage" = s."stage"
LEFT JOIN "review_summary" m ON m."submission" = s."id"
LEFT JOIN "decision" d ON d."submission" = s."id" AND d."superseded_at" IS NULL
WHERE {condition}) x;
END
"""


def queue_triggers(template: str) -> list[str]:
    return [
        statement
        for name, event, table, condition, ids in QUEUE
        for statement in template.format(name=name, event=event, table=table, condition=condition, ids=ids).strip().split("\n\n")
    ]


def triggers(template: str) -> list[str]:
    return [
        statement
        for table, operation, when in MOVES
        for statement in template.format(
            table=table, operation=operation, event=operation.lower(), when=when.strip()
        ).strip().split("\n\n")
    ]  # fmt: skip


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)

    async def create() -> None:
        engine = engine_finder()
        is_postgres = engine.engine_type == "postgres"
        texts = [TABLES, INDEXES, ROWS, POSTGRES if is_postgres else SQLITE]
        statements = [statement for text in texts for statement in text.strip().split("\n\n")]
        statements += triggers(POSTGRES_TRIGGER if is_postgres else SQLITE_TRIGGER)
        statements += queue_triggers(QUEUE_POSTGRES if is_postgres else QUEUE_SQLITE)
        for statement in statements:
            await engine.run_ddl(statement)

    manager.add_raw(create)
    return manager
