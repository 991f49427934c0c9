"""A mentor's desk: waiting reviews with their age and expected duration, and sent ones."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from incubator.core.clock import as_day, as_moment, today
from incubator.db import run_sql
from incubator.db.frozen import frozen_with
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.people.tables import Person
from incubator.programme.presets import Preset
from incubator.projects.document import frozen_texts, rubric_ids_in
from incubator.projects.tables import Submission
from incubator.reviews.access.masking import NO_MASK, Mask
from incubator.reviews.access.masks import masks_for
from incubator.reviews.access.review_access import phase_after
from incubator.reviews.access.visibility import BLIND, Field, Phase, ReviewAccess, ReviewRole
from incubator.reviews.reviewing.review_duration import usual_minutes
from incubator.reviews.tables import OPEN_ASSIGNMENT

#: How many recent reviews are used to estimate the duration.
_LOOKED_AT = 400


@dataclass(frozen=True, slots=True)
class Item:
    assignment: int
    assigned_at: datetime
    title: str
    team: str
    """Its name and school, where the mentor may know them."""
    stage: str
    round: int
    minutes: int
    """Expected duration: the median of this mentor's own reviews, else the season's estimate."""
    due_on: date | None
    is_begun: bool
    """There is a review, sent or not."""
    sent_at: datetime | None
    is_decided: bool
    """A decision was taken, released or not: the review can no longer change."""
    is_told: bool
    """The decision is released; until then the mentor does not learn of it."""
    scored: int
    """Criteria with a level, or marked as not applicable."""
    criteria: int
    changed: int | None
    """Sections that differ from the version that this mentor reviewed before; None if there is none."""

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    @property
    def is_late(self) -> bool:
        return not self.is_sent and self.due_on is not None and self.due_on < today()


@dataclass(frozen=True, slots=True)
class Desk:
    waiting: list[Item]
    """Oldest first."""
    sent: list[Item]
    """Newest first."""

    @property
    def minutes(self) -> int:
        """Return the expected minutes for everything that waits."""
        return sum(item.minutes for item in self.waiting)


#: Everything asked of a mentor. S608: our own words.
_ASKED = f'''SELECT a."id" AS assignment, a."assigned_at" AS assigned, a."due_on" AS due, s."id" AS submission,
s."project" AS project, s."number" AS number, s."title" AS title, s."stage" AS stage, s."round" AS round, s."rubric" AS rubric,
r."id" AS review, r."sent_at" AS sent, d."id" AS decision, d."released_at" AS released,
p."team_name" AS team, o."name" AS school, n."visibility" AS preset, t."review_minutes" AS minutes,
CASE WHEN r."sent_at" IS NULL THEN (SELECT count(*) FROM "review_score" x WHERE x."review" = r."id") ELSE 0 END AS scored
FROM "assignment" a JOIN "submission" s ON s."id" = a."submission" JOIN "project" p ON p."id" = s."project"
JOIN "season" n ON n."id" = p."season" JOIN "stage_rule" t ON t."season" = n."id" AND t."stage" = s."stage"
LEFT JOIN "organisation" o ON o."id" = p."organisation"
LEFT JOIN "review" r ON r."assignment" = a."id"
LEFT JOIN "decision" d ON d."submission" = s."id" AND d."superseded_at" IS NULL
WHERE a."mentor" = {{}} AND {OPEN_ASSIGNMENT} ORDER BY a."assigned_at", a."id"'''  # noqa: S608


async def desk_of(mentor: Person) -> Desk:
    """Return everything assigned to ``mentor`` and not declined or withdrawn. Two queries; up to eight for new versions of
    what they reviewed before, and where they may not know the teams."""
    rows = await run_sql(_ASKED, mentor.id)
    if not rows:
        return Desk([], [])
    usual = await usual_for(mentor)
    masks = await masks_for(sorted({row["project"] for row in rows if row["preset"] in BLIND}))
    changed = await _changed_since(rows)
    items = [
        _item(row, usual, masks.get(row["project"], NO_MASK), changed.get(row["assignment"])) for row in rows
    ]  # fmt: skip
    return Desk(
        waiting=[i for i in items if not i.is_sent and not i.is_told],
        sent=[i for i in reversed(items) if i.is_sent],
    )


def _item(row: dict[str, Any], usual: int | None, hide: Mask, changed: int | None) -> Item:
    role = ReviewRole.REVIEWED if row["sent"] else ReviewRole.READING
    phase = phase_after(row["released"]) if row["decision"] else Phase.IN_REVIEW
    access = ReviewAccess(Preset(row["preset"]), role, phase)
    return Item(
        assignment=row["assignment"],
        assigned_at=as_moment(row["assigned"]),
        title=hide(row["title"]),
        team=", ".join(filter(None, (row["team"], row["school"]))) if access.sees(Field.TEAM) else "",
        stage=row["stage"],
        round=row["round"],
        minutes=usual or row["minutes"],
        due_on=as_day(row["due"]),
        is_begun=row["review"] is not None,
        sent_at=as_moment(row["sent"]) if row["sent"] else None,
        is_decided=phase >= Phase.DECIDED,
        is_told=access.sees(Field.DECISION),
        scored=row["scored"],
        criteria=len(rubric_ids_in(row["rubric"])),
        changed=changed,
    )


async def _changed_since(rows: list[dict[str, Any]]) -> dict[int, int]:
    """Return how many sections differ from the version of the same project that this mentor reviewed last, by assignment.

    One query, and only if there is such a version.
    """
    pairs = _pairs(rows)
    ids = sorted({each for pair in pairs.values() for each in pair})
    texts = {each.id: frozen_texts(each) for each in await _versions(ids)} if ids else {}
    return {
        assignment: sum(texts[old].get(key) != text for key, text in texts[new].items())
        for assignment, (new, old) in pairs.items()
    }


def _pairs(rows: list[dict[str, Any]]) -> dict[int, tuple[int, int]]:
    """Return each new version with the one of the same project that was reviewed last, by assignment."""
    reviewed: dict[int, list[tuple[int, int]]] = {}
    for row in rows:
        if row["sent"]:
            reviewed.setdefault(row["project"], []).append((row["number"], row["submission"]))
    pairs = {}
    for row in rows:
        earlier = [each for each in reviewed.get(row["project"], ()) if each[0] < row["number"]]
        if earlier and not row["sent"]:
            pairs[row["assignment"]] = row["submission"], max(earlier)[1]
    return pairs


async def _versions(ids: list[int]) -> list[Submission]:
    return await Submission.objects().where(Submission.id.is_in(ids))


@frozen_with
def _latest_saves(mentor: int) -> Any:
    saved = Event.happened.is_in([Happened.REVIEW_SAVED.value, Happened.REVIEW_SENT.value])
    return (
        Event.select(Event.submission_id, Event.happened, Event.at)
        .where((Event.actor_id == mentor) & saved)
        .order_by(Event.id, ascending=False)
        .limit(_LOOKED_AT)
    )


async def usual_for(mentor: Person) -> int | None:
    """Return the minutes that a review usually takes them; None if they have sent too few. One query."""
    saves: dict[int, list[datetime]] = {}
    sent: set[int] = set()
    for row in reversed(await _latest_saves(mentor.id)):
        saves.setdefault(row["submission_id"], []).append(row["at"])
        if row["happened"] == Happened.REVIEW_SENT.value:
            sent.add(row["submission_id"])
    return usual_minutes([moments for submission, moments in saves.items() if submission in sent])
