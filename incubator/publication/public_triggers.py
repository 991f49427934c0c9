"""Triggers that increment the public revision on every change of public content, and on no other (docs/adr/0007).

Because they are triggers, no verb, import or manual change can forget it. Every table that a public page reads
must be listed here; ``tests/http/test_public_tables.py`` opens the pages and checks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_ANY = ""
_PUBLISHED = 'EXISTS (SELECT 1 FROM "publication" p WHERE {} AND p."published_at" IS NOT NULL)'
_OWN = _PUBLISHED.format('p."project" = {row}."project"')
_TEAM = 'EXISTS (SELECT 1 FROM "member" m JOIN "publication" p ON p."project" = m."project" WHERE m."person" = {} AND p."published_at" IS NOT NULL)'
_SHOWN = 'EXISTS (SELECT 1 FROM "public_version" v WHERE v."submission" = {row}."submission" AND v."approved_at" IS NOT NULL AND v."ended_at" IS NULL)'
_NAMES = "{row}.\"purpose\" IN ('participation', 'public_name', 'staff')"
_FACES = '{row}."purpose" = \'photo\' AND EXISTS (SELECT 1 FROM "pictured" i WHERE i."person" = {row}."person")'
_MENTOR = 'EXISTS (SELECT 1 FROM "mentor" m WHERE m."person" = {row}."person")'


@dataclass(frozen=True, slots=True)
class Watched:
    """A table, and which of its changes the public can see."""

    rows: str = _ANY
    """SQL condition for public rows, before or after the change; ``{row}`` is that row. Empty: every row."""
    columns: tuple[str, ...] = ()
    """The columns whose changes count; none: all of them."""
    operations: str = "INSERT UPDATE DELETE"


WATCHED = {
    "publication": Watched('{row}."published_at" IS NOT NULL'),
    "project": Watched(_PUBLISHED.format('p."project" = {row}."id"'), ("slug", "stage", "state"), "UPDATE DELETE"),
    "former_slug": Watched(_OWN, ("slug", "project")),
    "member": Watched(_OWN, ("person", "role", "public_given", "public_family")),
    "public_version": Watched(_OWN),
    "news": Watched('{row}."approved_at" IS NOT NULL AND ' + _OWN, ("project", "published_at", "approved_at", "ended_at", "title", "content")),
    "passage": Watched('{row}."verdict" = \'named\' AND ' + _OWN),
    "decision": Watched('{row}."released_at" IS NOT NULL AND ' + _SHOWN, ("outcome", "released_at", "superseded_at")),
    "review": Watched('{row}."sent_at" IS NOT NULL AND ' + _SHOWN, ("sent_at", "mentor")),
    "affiliation": Watched(_MENTOR, ("organisation", "since", "until")),
    "person": Watched(_TEAM.format('{row}."id"'), ("given_name", "family_name"), "UPDATE"),
    "attachment": Watched(_OWN, ("people", "is_approved", "is_to_look_at", "is_hidden")),
    "pictured": Watched(_PUBLISHED.format('p."project" = (SELECT a."project" FROM "attachment" a WHERE a."id" = {row}."attachment")')),
    "consent": Watched(f"({_NAMES} OR {_FACES}) AND " + _TEAM.format('{row}."person"'), ("withdrawn_at", "voided_at", "starts_on", "ends_on", "awaits_age", "awaits_teenager")),
    "organisation": Watched(columns=("name",), operations="UPDATE DELETE"),
    "season": Watched(),
    "criterion": Watched('{row}."is_current"', ("is_current", "position", "title_ru", "title_en", "hint_ru", "hint_en", "weight", "lowest", "highest", "anchors_ru", "anchors_en")),
    "cluster": Watched(),
    "municipality": Watched(),
    "competency": Watched(),
    "award": Watched(),
    "consent_text": Watched(),
    "operator": Watched(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """One trigger: after ``operation`` on ``table`` the revision is incremented if ``when`` (SQL for PostgreSQL) holds."""

    table: str
    operation: str
    when: str


def moves() -> Iterator[Move]:
    for table, watched in WATCHED.items():
        for operation in watched.operations.split():
            yield Move(table, operation, _condition(watched, operation))


def _condition(watched: Watched, operation: str) -> str:
    """Return the condition, with one part per line."""
    before, after = watched.rows.format(row="OLD"), watched.rows.format(row="NEW")
    if operation != "UPDATE":
        return (after if operation == "INSERT" else before) or "TRUE"
    changed = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in watched.columns)
    seen = f"({before}\nOR {after})" if before else ""
    return "\nAND ".join(part for part in (f"({changed})" if changed else "", seen) if part) or "TRUE"


#: A trigger's own WHEN cannot query other tables, so each trigger has a function. Statements end at a blank line.
POSTGRES = """
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

SQLITE = """
CREATE TRIGGER "public_{table}_{event}" AFTER {operation} ON "{table}" WHEN {when}
BEGIN
    UPDATE "public_revision" SET "number" = "number" + 1;
END
"""

FIRST_ROW = 'INSERT INTO "public_revision" ("id", "number") VALUES (1, 1)'


def trigger(move: Move, template: str) -> list[str]:
    """Return the statements of one trigger, from the template ``POSTGRES`` or ``SQLITE``."""
    text = template.format(
        table=move.table, operation=move.operation, event=move.operation.lower(), when=move.when
    )  # fmt: skip
    return text.strip().split("\n\n")
