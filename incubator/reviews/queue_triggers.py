"""Triggers that keep ``QueuedSubmission``: what organisers' lists count, filter and order of everything in review.

Because they are triggers, no verb, import or manual change can forget it. ``tests/reviews/test_queue.py`` compares
after every verb. ``incubator figures`` does the same for a running site.
"""

from dataclasses import dataclass

from incubator.programme.presets import Confidence
from incubator.projects.tables import SUBMISSIONS_IN_REVIEW
from incubator.reviews.tables import OPEN_ASSIGNMENT, SENT_REVIEW, QueuedSubmission

COLUMNS = ", ".join(f'"{column._meta.name}"' for column in QueuedSubmission._meta.columns if column._meta.name != "id")

_UNSENT = f"""FROM "assignment" a WHERE a."submission" = s."id" AND {OPEN_ASSIGNMENT}
AND NOT EXISTS (SELECT 1 FROM "review" r WHERE r."assignment" = a."id" AND {SENT_REVIEW})"""  # noqa: S608 - our own words

#: The state is disguised from the planner, who would begin with the index of all projects in review if tables were empty when it planned.
_IN_REVIEW = SUBMISSIONS_IN_REVIEW.replace('p."state" =', """p."state" || '' =""")

_FACTS = f"""SELECT s."id" AS "submission", s."project", p."season", s."stage", s."folded", s."submitted_at",
t."reviews_required" AS "required",
(SELECT count(*) FROM "assignment" a WHERE a."submission" = s."id" AND {OPEN_ASSIGNMENT}) AS "assigned",
coalesce(m."sent", 0) AS "sent", coalesce(d."outcome", '') AS "outcome",
(SELECT min(a."due_on") {_UNSENT}) AS "due_on", coalesce((SELECT max(a."reminders") {_UNSENT}), 0) AS "reminders",
CASE n."confidence" WHEN '{Confidence.WEIGHED.value}' THEN m."weighed_mean" ELSE m."mean" END AS "mean",
coalesce(m."range", 0) AS "range", coalesce(m."partial", 0) AS "partial",
coalesce(m."covers_little", FALSE) AS "covers_little", coalesce(m."is_divided", FALSE) AS "is_divided",
coalesce(m."is_unsure", FALSE) AS "is_unsure"
FROM {_IN_REVIEW} JOIN "season" n ON n."id" = p."season"
JOIN "stage_rule" t ON t."season" = p."season" AND t."stage" = s."stage"
LEFT JOIN "review_summary" m ON m."submission" = s."id"
LEFT JOIN "decision" d ON d."submission" = s."id" AND d."superseded_at" IS NULL
WHERE {{which}}"""  # noqa: S608 - our own words

#: What the table holds of the submissions in review for which ``{which}``, a condition on ``s``, is true.
#: ``needs`` is what an organiser has to do next: at most one review more than required, where
#: they differ or one of those that are required answered little (``scores.py``).
ROWS = f'''SELECT {
    COLUMNS.replace(
        '"needs"',
        """CASE WHEN x."outcome" <> '' THEN 'release'
WHEN x."sent" < x."required" THEN CASE WHEN x."assigned" >= x."required" THEN 'wait' ELSE 'assign' END
WHEN x."sent" = x."required" AND (x."is_divided" OR x."covers_little" OR x."partial" > 0) THEN 'another' ELSE 'decide' END""",
    )
}
FROM ({_FACTS}) x'''  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class QueueChange:
    """A change of ``table``, and the submissions of which it changes something."""

    table: str
    event: str
    """INSERT, DELETE, or UPDATE with the columns that count."""
    condition: str
    """SQL for these submissions, ``s``, and their projects, ``p``. Equality with an id lets SQLite begin with that row."""
    ids: str
    """SELECT of their ids."""

    @property
    def name(self) -> str:
        return f"queue_{self.table}_{self.event.split()[0].lower()}"


def _of_one(table: str, event: str, submission: str) -> QueueChange:
    """``submission``: the column of the changed row that has the submission's id."""
    return QueueChange(table, event, f's."id" = {submission}', f"SELECT {submission}")


def _of_many(table: str, event: str, condition: str) -> QueueChange:
    ids = f'SELECT s."id" FROM "submission" s JOIN "project" p ON p."id" = s."project" WHERE {condition}'  # noqa: S608
    return QueueChange(table, event, condition, ids)


def _rows_of(table: str, columns: str) -> tuple[QueueChange, ...]:
    """Return the changes of a table whose rows name their submission."""
    return (
        _of_one(table, "INSERT", 'NEW."submission"'),
        _of_one(table, f"UPDATE OF {columns}", 'NEW."submission"'),
        _of_one(table, "DELETE", 'OLD."submission"'),
    )


CHANGES = (
    _of_one("submission", "INSERT", 'NEW."id"'),
    _of_one("submission", 'UPDATE OF "taken_back_at", "folded"', 'NEW."id"'),
    _of_many("project", 'UPDATE OF "state", "stage", "round", "season"', 's."project" = NEW."id"'),
    _of_many("stage_rule", 'UPDATE OF "reviews_required"', 'p."season" = NEW."season" AND p."stage" = NEW."stage"'),
    _of_many("season", 'UPDATE OF "confidence"', 'p."season" = NEW."id"'),
    *_rows_of("assignment", '"declined_at", "cancelled_at", "due_on", "reminders"'),
    *_rows_of("review", '"sent_at"'),
    *_rows_of("review_summary", '"sent", "mean", "weighed_mean"'),
    *_rows_of("decision", '"outcome", "superseded_at"'),
)

#: The row of the submission is locked first: of two changes at once the second counts what the first has committed.
#: A connection keeps its plans; one made while the queue is empty would read all of it ever after, hence the setting.
POSTGRES_FUNCTION = f"""CREATE FUNCTION "requeue"(changed integer[]) RETURNS void LANGUAGE plpgsql SET enable_seqscan TO off AS $$
BEGIN
    PERFORM 1 FROM "submission" WHERE "id" = ANY(changed) ORDER BY "id" FOR NO KEY UPDATE;
    DELETE FROM "queued_submission" WHERE "submission" = ANY(changed);
    INSERT INTO "queued_submission" ({COLUMNS})
    {ROWS.format(which='s."id" = ANY(changed)')};
END $$"""  # noqa: S608 - our own words

#: Statements end at a blank line.
POSTGRES = """
CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM "requeue"(ARRAY({ids}));
    RETURN NULL;
END $$

CREATE TRIGGER "{name}" AFTER {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()
"""

SQLITE = f"""
CREATE TRIGGER "{{name}}" AFTER {{event}} ON "{{table}}"
BEGIN
    DELETE FROM "queued_submission" WHERE "submission" IN ({{ids}});
    INSERT INTO "queued_submission" ({COLUMNS})
    {ROWS.format(which="{condition}")};
END
"""  # noqa: S608 - our own words


def trigger(change: QueueChange, template: str) -> list[str]:
    """Return the statements of one trigger, from the template ``POSTGRES`` or ``SQLITE``."""
    text = template.format(
        name=change.name, table=change.table, event=change.event, condition=change.condition, ids=change.ids
    )
    return text.strip().split("\n\n")
