"""Every submission with what matters for whom to ask: its fields and language, its team, what was told of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

import msgspec

from incubator.core.clock import today
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.programme.tables import StageRule
from incubator.projects.document import frozen_texts
from incubator.projects.tables import Member, Project, ProjectCompetency, Submission
from incubator.reviews.assignment.conflicts import Declared
from incubator.reviews.assignment.matching import SubmissionSide, language_of
from incubator.reviews.review_statistics import statistics_of
from incubator.reviews.tables import Assignment, Bid, Conflict, Mentor, Review

_decode = msgspec.json.Decoder(dict[str, Any]).decode
#: Enough to tell the language of a text.
LETTERS = 1000


@dataclass(frozen=True, slots=True)
class SubmissionCase:
    """A submission with everything that matters for whom to ask."""

    submission: Submission
    project: Project
    side: SubmissionSide
    needed: int
    """Reviewers that the season asks for, and one more where the mentors see it very differently."""
    due: date
    members: frozenset[int]
    member_organisations: frozenset[int]
    former_coaches: frozenset[int]
    partners: str
    declared: dict[int, tuple[Declared, ...]]
    bids: dict[int, str]
    asked: frozenset[int]
    """Mentors who were ever asked: declined and cancelled ones are not asked again."""
    active: int
    """Of those: assigned still, or with a sent review."""


def season_of(project: Project) -> int:
    return int(project.season if isinstance(project.season, int) else project.season.id)


async def cases_for(submissions: list[Submission]) -> list[SubmissionCase]:
    """Eleven queries."""
    ids, projects = [s.id for s in submissions], sorted({s.project for s in submissions})
    at = {p.id: p for p in await Project.objects().where(Project.id.is_in(projects or [0]))}
    rules = {(r.season, r.stage): r for r in await StageRule.objects()}
    competencies = await _by_project(ProjectCompetency, ProjectCompetency.competency, projects)
    members = await _by_project(Member, Member.person, projects)
    employers = {
        r["person"]: r["organisation"]
        for r in await Mentor.select(Mentor.person, Mentor.organisation).where(
            Mentor.person.is_in(sorted({m for some in members.values() for m in some}) or [0])
        )
    }
    coaches = await _former_coaches(projects)
    declared = await _declared(projects)
    bids: dict[int, dict[int, str]] = {}
    for said in await Bid.select().where(Bid.project.is_in(projects or [0])):
        bids.setdefault(said["project"], {})[said["mentor"]] = said["wish"]
    asked: dict[int, list[Assignment]] = {}
    for row in await Assignment.objects().where(Assignment.submission.is_in(ids or [0])):
        asked.setdefault(row.submission, []).append(row)
    before = await _reviewed_before(projects)
    disputed = {s for s, statistics in (await statistics_of(ids)).items() if statistics.needs_another}
    cases = []
    for s in submissions:
        project, own = at[s.project], asked.get(s.id, [])
        rule = rules[season_of(project), s.stage]
        texts = frozen_texts(s)
        cases.append(
            SubmissionCase(
                submission=s, project=project,
                side=SubmissionSide(
                    s.id, project.cluster, frozenset(competencies.get(project.id, ())),
                    language_of(" ".join(texts.values())[:LETTERS]),
                    frozenset(m for m, stage, number in before.get(project.id, ()) if stage == s.stage and number < s.number),
                ),
                needed=rule.reviews_required + (s.id in disputed), due=today() + timedelta(days=rule.review_days),
                members=frozenset(members.get(project.id, ())),
                member_organisations=frozenset(
                    o for m in members.get(project.id, ()) if (o := employers.get(m)) is not None
                ),
                former_coaches=frozenset(coaches.get(project.id, ())), partners=texts.get("partners", ""),
                declared=declared.get(project.id, {}), bids=bids.get(project.id, {}),
                asked=frozenset(a.mentor for a in own),
                active=sum(a.declined_at is None and a.cancelled_at is None for a in own),
            )
        )  # fmt: skip
    return cases


async def _by_project(table: Any, column: Any, projects: list[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for row in await table.select(table.project, column.as_alias("value")).where(table.project.is_in(projects or [0])):
        found.setdefault(row["project"], set()).add(row["value"])
    return found


async def _former_coaches(projects: list[int]) -> dict[int, set[int]]:
    """Everybody who ever joined as a coach, as the journal tells."""
    found: dict[int, set[int]] = {}
    for row in await Event.select(Event.project_id, Event.actor_id, Event.data).where(
        Event.project_id.is_in(projects or [0]) & (Event.happened == Happened.JOINED.value)
    ):
        if row["actor_id"] and _decode(row["data"]).get("role") == "coach":
            found.setdefault(row["project_id"], set()).add(row["actor_id"])
    return found


async def _declared(projects: list[int]) -> dict[int, dict[int, tuple[Declared, ...]]]:
    found: dict[int, dict[int, tuple[Declared, ...]]] = {}
    for row in await Conflict.objects().where(Conflict.project.is_in(projects or [0]) & Conflict.lifted_at.is_null()):
        own = found.setdefault(row.project, {})
        own[row.mentor] = (*own.get(row.mentor, ()), Declared(row.is_hard, row.kind, row.reason))
    return found


async def _reviewed_before(projects: list[int]) -> dict[int, list[tuple[int, str, int]]]:
    """(mentor, stage, version) of every sent review."""
    found: dict[int, list[tuple[int, str, int]]] = {}
    rows: Iterable[dict[str, Any]] = await Review.select(
        Review.mentor, Review.submission.project.as_alias("project"), Review.submission.stage.as_alias("stage"),
        Review.submission.number.as_alias("number"),
    ).where(Review.sent_at.is_not_null() & cast(Any, Review.submission).project.is_in(projects or [0]))  # fmt: skip
    for row in rows:
        found.setdefault(row["project"], []).append((row["mentor"], row["stage"], row["number"]))
    return found
