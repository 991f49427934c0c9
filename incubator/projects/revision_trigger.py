"""The trigger that keeps what a save replaces, where it begins another revision (``revisions.py``).

Because it is a trigger, no verb, import or correction can forget it, and a save asks no question more.
"""

NAME = "keep_revision"

#: An empty section is nothing to go back to.
_WHEN = """OLD."text" <> '' AND OLD."text" <> NEW."text" AND (OLD."begun_at" IS NULL
OR NEW."begun_at" IS DISTINCT FROM OLD."begun_at" OR NEW."changed_by" IS DISTINCT FROM OLD."changed_by")"""

_KEEP = """INSERT INTO "answer_revision" ("project", "key", "version", "text", "saved_at", "saved_by")
VALUES (OLD."project", OLD."key", OLD."version", OLD."text", OLD."changed_at", OLD."changed_by");"""

POSTGRES = (
    f"""CREATE FUNCTION "{NAME}"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_KEEP}
    RETURN NULL;
END $$""",
    f"""CREATE TRIGGER "{NAME}" AFTER UPDATE OF "text" ON "answer" FOR EACH ROW
WHEN ({_WHEN}) EXECUTE FUNCTION "{NAME}"()""",
)

SQLITE = (
    f"""CREATE TRIGGER "{NAME}" AFTER UPDATE OF "text" ON "answer"
WHEN {_WHEN.replace("IS DISTINCT FROM", "IS NOT")}
BEGIN
    {_KEEP}
END""",
)
