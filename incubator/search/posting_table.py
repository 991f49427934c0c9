"""The table of the index (docs/adr/0008): not a domain table, and with a composite key, so it is created with SQL."""

#: Written for PostgreSQL. Terms are compared by code point on both engines. The sets come last, so that reading
#: only numbers never touches them.
TABLE = """
CREATE TABLE "posting" (
    "term" TEXT COLLATE "C" NOT NULL,
    "chunk" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,
    "moved" BIGINT NOT NULL,
    "docs" BYTEA NOT NULL,
    PRIMARY KEY ("term", "chunk")
)
""".strip()

INDEX = 'CREATE INDEX "posting_counts" ON "posting" ("term", "n")'

#: The row that counts changes of the index; see ``postings.py``.
FIRST_ROW = """INSERT INTO "posting" ("term", "chunk", "n", "moved", "docs") VALUES ('', 0, 0, 0, '')"""

#: The sets are already compressed.
POSTGRES = 'ALTER TABLE "posting" ALTER COLUMN "docs" SET STORAGE EXTERNAL'
