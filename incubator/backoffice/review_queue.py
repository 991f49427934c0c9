"""Everything in review, as organisers' lists show it: counted, filtered and ordered by the database, read for one page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from incubator.core.clock import as_moment, today
from incubator.core.folding import folded
from incubator.db import containing, in_thread, run_sql
from incubator.http.keyset import After, following
from incubator.programme.presets import Confidence
from incubator.reviews.review_statistics import ReviewStatistics, calibration_of, statistics_from
from incubator.reviews.scoring.calibration import Quality
from incubator.reviews.scoring.scores import rank_of

NEEDS = ("assign", "wait", "another", "decide", "release")
FLAGS = {
    "late": """q."needs" = 'wait' AND q."due_on" < {}""",
    "apart": 'q."is_divided"',
    "partial": 'q."partial" > 0',
    "unsure": 'q."is_unsure"',
}
#: The score corrected for the mentors' severity, by which no table is ordered.
CALIBRATED = "calibrated"


@dataclass(eq=False)
class InReview:
    """A submission waiting for reviews, a decision or its release."""

    id: int
    title: str
    stage: str
    round: int
    submitted: datetime | str
    """As the database has it."""
    season: int
    needs: str
    """What the organiser has to do next."""
    required: int
    outcome: str
    """Outcome of the pending decision; empty if there is none."""
    is_late: bool
    """A review is overdue (``FLAGS``)."""
    mean: float | None
    """In percent, as the season weighs the reviews."""
    range: float
    covers_little: bool
    reviews: str
    """As ``ReviewSummary`` has them."""
    confidence: str
    """What the season does with the mentors' confidence."""
    team: str = ""
    school: str = ""
    """Where the team studies; with its name it tells equal titles apart."""
    calibrated: float | None = None
    """The mean corrected for the mentors' severity; advisory."""
    error: float | None = None

    @property
    def submitted_at(self) -> datetime:
        return as_moment(self.submitted)

    @cached_property
    def statistics(self) -> ReviewStatistics:
        found = statistics_from(self.reviews, is_weighed=self.confidence == Confidence.WEIGHED)
        found.calibrated, found.error = self.calibrated, self.error
        return found


#: The first value is today.
_ROWS = f'''SELECT q."submission" AS id, s."title" AS title, q."stage" AS stage, s."round" AS round, q."submitted_at" AS submitted, q."season" AS season, q."needs" AS needs, q."required" AS required,
q."outcome" AS outcome, coalesce({FLAGS["late"]}, FALSE) AS is_late, q."mean" AS mean, q."range" AS range, q."covers_little" AS covers_little,
coalesce(m."reviews", '[]') AS reviews, n."confidence" AS confidence, p."team_name" AS team, coalesce(o."name", '') AS school
FROM "queued_submission" q JOIN "submission" s ON s."id" = q."submission" JOIN "season" n ON n."id" = q."season"
JOIN "project" p ON p."id" = s."project" LEFT JOIN "organisation" o ON o."id" = p."organisation"
LEFT JOIN "review_summary" m ON m."submission" = q."submission"'''  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class QueueOrder:
    """How a list is ordered: columns, all ascending, before the submission's id."""

    columns: tuple[str, ...]
    types: tuple[type, ...]

    @property
    def sql(self) -> str:
        return ", ".join([*self.columns, 'q."submission"'])

    def beyond(self, after: After | None) -> "Where":
        """Return the condition for rows after this one; none for an address typed by hand."""
        given = after.value.split(",") if after else []
        try:
            values = [_parsed(kind, text) for kind, text in zip(self.types, given, strict=True)]
        except (ValueError, OverflowError):
            return Where()
        assert after is not None
        marks = ", ".join(["{}"] * (len(values) + 1))
        return Where((f"({self.sql}) > ({marks})",), (*values, after.id))


def _parsed(kind: type, text: str) -> Any:
    return as_moment(text).astimezone(UTC) if kind is datetime else kind(float(text))


ORDERS = {
    "oldest": QueueOrder(('q."submitted_at"',), (datetime,)),
    "best": QueueOrder(('(q."mean" IS NULL OR q."covers_little")', '-coalesce(q."mean", 0)'), (bool, float)),
    "apart": QueueOrder(('-q."range"',), (float,)),
}


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions that all hold, with the values for their ``{}``."""

    conditions: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()

    def __and__(self, other: "Where") -> "Where":
        return Where(self.conditions + other.conditions, self.values + other.values)

    @property
    def sql(self) -> str:
        return f"WHERE {' AND '.join(self.conditions)}" if self.conditions else ""


def not_of(person: int) -> Where:
    """Return the condition that it is not of the person's own team."""
    return Where(('q."project" NOT IN (SELECT "project" FROM "member" WHERE "person" = {})',), (person,))


def at_stage(stage: str) -> Where:
    return Where(('q."stage" = {}',), (stage,))


def needing(what: str) -> Where:
    return Where(('q."needs" = {}',), (what,))


def flagged(flag: str) -> Where:
    return Where((FLAGS[flag],), (today(),) if flag == "late" else ())


def saying(words: str) -> Where:
    """Return the condition that the title contains ``words``, however both are spelt (``core/folding.py``)."""
    return Where((containing('q."folded"'),), (folded(words),))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many submissions need what at each gate."""

    rows: tuple[tuple[str, str, int, datetime | str], ...]
    """Stage, need, number, and when the oldest was submitted."""

    @property
    def by_stage(self) -> Counter[str]:
        return sum((Counter({stage: n}) for stage, _need, n, _oldest in self.rows), Counter())

    def by_need(self, stage: str) -> Counter[str]:
        return Counter({need: n for at, need, n, _oldest in self.rows if at == stage})

    def needing(self, what: str) -> int:
        return sum(n for _stage, need, n, _oldest in self.rows if need == what)

    @property
    def first_stage(self) -> str | None:
        """Return the gate at which somebody has waited longest."""
        return min(self.rows, key=lambda row: as_moment(row[3]))[0] if self.rows else None


async def counts(which: Where) -> Counts:
    """Count what is in review. One query."""
    rows = await run_sql(
        f'SELECT q."stage", q."needs", count(*) AS n, min(q."submitted_at") AS oldest FROM "queued_submission" q {which.sql} '  # noqa: S608 - our own words
        'GROUP BY q."stage", q."needs"',
        *which.values,
    )
    return Counts(tuple((row["stage"], row["needs"], row["n"], row["oldest"]) for row in rows))


async def number_of(which: Where) -> int:
    rows = await run_sql(f'SELECT count(*) AS n FROM "queued_submission" q {which.sql}', *which.values)  # noqa: S608 - our own words
    return int(rows[0]["n"])


async def queued(
    which: Where, *, order: str = "oldest", after: After | None = None, most: int = 100_000
) -> list[InReview]:
    """Return the first of these submissions in an order of ``ORDERS``. One query."""
    found = which & ORDERS[order].beyond(after)
    with in_thread():
        rows = await run_sql(f"{_ROWS} {found.sql} ORDER BY {ORDERS[order].sql} LIMIT {most}", today(), *found.values)
    return [InReview(**row) for row in rows]


async def page_of(
    which: Where, stage: str, *, order: str, after: After | None, size: int
) -> tuple[list[InReview], After | None]:
    """Return a page of a gate's submissions with their corrected scores, and the cursor of the next page, or None."""
    if order == CALIBRATED:
        return await _by_calibrated(which, stage, after, size)
    rows = await queued(which, order=order, after=after, most=size + 1)
    page = rows[:size]
    _calibrate(page, await _qualities({item.season for item in page if item.reviews != "[]"}, stage))
    return page, _cursor(page[-1], order) if len(rows) > size else None


def _cursor(item: InReview, order: str) -> After:
    if order == "oldest":
        return After(item.id, item.submitted_at.isoformat())
    if order == "best":
        is_last, _value = rank_of(item.mean, covers_little=item.covers_little)
        return After(item.id, f"{int(is_last)},{-(item.mean or 0.0)!r}")
    return After(item.id, repr(-item.range))


async def _by_calibrated(
    which: Where, stage: str, after: After | None, size: int
) -> tuple[list[InReview], After | None]:
    with in_thread():
        rows = await run_sql(
            f'SELECT q."submission" AS id, q."season" AS season, q."covers_little" AS little FROM "queued_submission" q {which.sql}',  # noqa: S608 - our own words
            *which.values,
        )
    known = await _qualities({row["season"] for row in rows}, stage)

    def key(row: dict[str, Any]) -> tuple[float, ...]:
        score = known[row["id"]].calibrated if row["id"] in known else None
        return (*rank_of(score, covers_little=bool(row["little"])), row["id"])

    page, following_page = following(rows, key, after, size)
    ids = [row["id"] for row in page] or [0]
    these = Where((f'q."submission" IN ({", ".join(["{}"] * len(ids))})',), tuple(ids))
    items = {item.id: item for item in await queued(these, most=size)}
    _calibrate(items.values(), known)
    return [items[each] for each in ids if each in items], following_page


def _calibrate(items: Iterable[InReview], known: dict[Any, Quality]) -> None:
    for item in items:
        if quality := known.get(item.id):
            item.calibrated, item.error = quality.calibrated, quality.error


async def _qualities(seasons: set[int], stage: str) -> dict[Any, Quality]:
    """Return the corrected scores by submission. One query for each season, two after a review has changed."""
    found: dict[Any, Quality] = {}
    for season in seasons:
        found |= (await calibration_of(season, stage)).submissions
    return found


@dataclass(frozen=True, slots=True)
class Heap:
    """Submissions of one kind: how many, and the first of them."""

    total: int
    first: Sequence[InReview]


#: What the overview shows of each heap.
SHOWN = 6
_LATE_FIRST = f'-q."reminders", {ORDERS["oldest"].sql}'


async def heaps(which: Where) -> dict[str, Heap]:
    """Return what of ``which`` waits, by need, the oldest first, and what is late, with the most reminders first. Three queries."""
    late = which & flagged("late")
    counted = await counts(which)
    totals = {need: counted.needing(need) for need in NEEDS} | {"late": await number_of(late)}
    kinds = {"late": (late, _LATE_FIRST)} | {need: (which & needing(need), ORDERS["oldest"].sql) for need in NEEDS}
    arms = [
        f"SELECT {{}} AS heap, x.* FROM ({_ROWS} {heap.sql} ORDER BY {order} LIMIT {SHOWN}) x"  # noqa: S608 - our own words
        for heap, order in kinds.values()
    ]
    values = [each for kind, (heap, _order) in kinds.items() for each in (kind, today(), *heap.values)]
    found: dict[str, list[InReview]] = {kind: [] for kind in kinds}
    for row in await run_sql(" UNION ALL ".join(arms), *values):
        found[row.pop("heap")].append(InReview(**row))
    return {kind: Heap(totals[kind], found[kind]) for kind in kinds}
