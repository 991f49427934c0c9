"""The table of the index (docs/adr/0008): no table of the domain, and its key is a pair, so it is made by hand."""

#: In PostgreSQL's words. Terms are compared by code point on both engines. The sets come last: what reads only
#: numbers never touches them.
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

#: The row by which changes of the index are counted; see ``postings.py``.
FIRST_ROW = """INSERT INTO "posting" ("term", "chunk", "n", "moved", "docs") VALUES ('', 0, 0, 0, '')"""

#: The sets are packed already.
POSTGRES = 'ALTER TABLE "posting" ALTER COLUMN "docs" SET STORAGE EXTERNAL'
