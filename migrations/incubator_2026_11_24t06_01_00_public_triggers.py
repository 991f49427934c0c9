"""The public revision moves with every change of what the public may see, and with no other (docs/adr/0007).

Triggers move it, so that no verb, import or hand at the database can forget to.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder
from piccolo.table import Table

ID = "2026-11-24T06:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What moves the public revision"

ALWAYS = "1 = 1"
_SHOWN = 'EXISTS (SELECT 1 FROM "publication" p WHERE {} AND p."published_at" IS NOT NULL)'
OWN = _SHOWN.format('p."project" = {row}."project"')
_TEAM = 'EXISTS (SELECT 1 FROM "member" m JOIN "publication" p ON p."project" = m."project" WHERE m."person" = {} AND p."published_at" IS NOT NULL)'
_SUBMITTED = 'EXISTS (SELECT 1 FROM "submission" s JOIN "publication" p ON p."project" = s."project" WHERE s."id" = {row}."submission" AND p."published_at" IS NOT NULL)'

#: Table: columns whose change counts (none: any), operations, and of which rows.
SEEN = {
    "publication": ((), "INSERT UPDATE DELETE", '{row}."published_at" IS NOT NULL'),
    "project": (
        ("slug", "stage", "state"),
        "UPDATE DELETE",
        _SHOWN.format('p."project" = {row}."id"'),
    ),
    "member": (("person", "role"), "INSERT UPDATE DELETE", OWN),
    "submission": (("taken_back_at", "content", "title"), "UPDATE DELETE", OWN),
    "decision": (("outcome", "released_at"), "INSERT UPDATE DELETE", '{row}."released_at" IS NOT NULL AND ' + _SUBMITTED),
    "review": (("sent_at", "mentor"), "INSERT UPDATE DELETE", '{row}."sent_at" IS NOT NULL AND ' + _SUBMITTED),
    "mentor": (("organisation",), "INSERT UPDATE DELETE", ALWAYS),
    "person": (("given_name", "family_name"), "UPDATE", _TEAM.format('{row}."id"')),
    "consent": (("withdrawn_at",), "INSERT UPDATE DELETE", '{row}."purpose" IN (\'participation\', \'public_name\') AND ' + _TEAM.format('{row}."person"')),
    "organisation": (("name",), "UPDATE DELETE", ALWAYS),
    "season": ((), "INSERT UPDATE DELETE", ALWAYS),
    "cluster": ((), "INSERT UPDATE DELETE", ALWAYS),
    "municipality": ((), "INSERT UPDATE DELETE", ALWAYS),
    "competency": ((), "INSERT UPDATE DELETE", ALWAYS),
    "consent_text": ((), "INSERT UPDATE DELETE", ALWAYS),
}  # fmt: skip

MOVE = 'UPDATE "public_revision" SET "number" = "number" + 1'


class Anything(Table):
    """Raw statements are run by a table; this one is never created."""


def condition(operation: str, columns: tuple[str, ...], rows: str, differs: str) -> str:
    """When a row that was inserted, changed or deleted moves the number."""
    before, after = rows.format(row="OLD"), rows.format(row="NEW")
    if operation == "INSERT":
        return after
    if operation == "DELETE":
        return before
    changed = " OR ".join(f'OLD."{name}" {differs} NEW."{name}"' for name in columns) or ALWAYS
    return f"({changed}) AND (({before}) OR ({after}))"


def for_sqlite(table: str, operation: str, when: str) -> list[str]:
    name = f"public_{table}_{operation.lower()}"
    return [f'CREATE TRIGGER "{name}" AFTER {operation} ON "{table}" WHEN {when} BEGIN {MOVE}; END']


def for_postgres(table: str, operation: str, when: str) -> list[str]:
    """A function each, for a trigger's own WHEN must not ask other tables."""
    name = f"public_{table}_{operation.lower()}"
    return [
        f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS '
        f"$$ BEGIN IF {when} THEN {MOVE}; END IF; RETURN NULL; END $$",
        f'CREATE TRIGGER "{name}" AFTER {operation} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()',
    ]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)

    async def watch() -> None:
        await Anything.raw('INSERT INTO "public_revision" ("id", "number") VALUES (1, 1)')
        is_sqlite = engine_finder().engine_type == "sqlite"
        for table, (columns, operations, rows) in SEEN.items():
            for operation in operations.split():
                when = condition(operation, columns, rows, "IS NOT" if is_sqlite else "IS DISTINCT FROM")
                for statement in (for_sqlite if is_sqlite else for_postgres)(table, operation, when):
                    await Anything.raw(statement)

    manager.add_raw(watch)
    return manager
