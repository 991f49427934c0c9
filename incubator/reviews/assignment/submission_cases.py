"""Submissions with the facts that matter for assigning mentors: field, language, team, declared conflicts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from incubator.core.clock import today
from incubator.core.folding import folded
from incubator.people.affiliations import AffiliationCapacity, affiliations_by_person
from incubator.programme.tables import StageRule
from incubator.projects.document import frozen_texts
from incubator.projects.former_members import ever_coaches_of
from incubator.projects.tables import Member, Project, ProjectCompetency, Submission
from incubator.reference.merging import present_ids
from incubator.reference.tables import Organisation
from incubator.reviews.assignment.conflicts import Declared
from incubator.reviews.assignment.matching import SubmissionSide, language_of
from incubator.reviews.review_statistics import ReviewStatistics, statistics_of
from incubator.reviews.tables import Assignment, Bid, Conflict, Review

#: Characters enough to detect the language of a text.
LETTERS = 1000


@dataclass(frozen=True, slots=True)
class SubmissionCase:
    """A submission with the facts that matter for assigning mentors."""

    submission: Submission
    project: Project
    side: SubmissionSide
    needed: int
    """Reviewers that the season requires, plus one if the reviews differ widely."""
    due: date
    season: int
    municipality: int | None
    organisation: int | None
    """The organisation's present successor, where it was merged."""
    members: frozenset[int]
    member_organisations: frozenset[int]
    former_coaches: frozenset[int]
    partners: str
    """What the team wrote about its partners, folded."""
    declared: dict[int, tuple[Declared, ...]]
    bids: dict[int, str]
    asked: frozenset[int]
    """Mentors who are assigned, or have sent their review."""
    ended: dict[int, Assignment]
    """The last assignment of each mentor who was asked before, and is not any more."""

    @property
    def active(self) -> int:
        """Return how many mentors are assigned, or have sent their review."""
        return len(self.asked)

    @property
    def short(self) -> int:
        """Return how many reviewers are missing."""
        return max(0, self.needed - self.active)


def season_of(project: Project) -> int:
    return int(project.season if isinstance(project.season, int) else project.season.id)


@dataclass(frozen=True, slots=True)
class _Facts:
    """The facts about all submissions, loaded at once; by project, except for ``asked`` and ``counted``."""

    projects: dict[int, Project]
    rules: dict[tuple[int, str], StageRule]
    """By season and stage."""
    competencies: dict[int, set[int]]
    members: dict[int, set[int]]
    organisations: dict[int, int]
    """The present successor of each project's organisation."""
    employers: dict[int, set[int]]
    """Where members work or teach."""
    coaches: dict[int, set[int]]
    declared: dict[int, dict[int, tuple[Declared, ...]]]
    bids: dict[int, dict[int, str]]
    reviewed: dict[int, list[tuple[int, str, int]]]
    asked: dict[int, list[Assignment]]
    """By submission."""
    counted: dict[int, ReviewStatistics]
    """What the reviews of each submission add up to, where there are some."""


async def cases_for(submissions: list[Submission]) -> list[SubmissionCase]:
    """Load the cases. Twelve queries, whatever their number."""
    facts = await _facts([s.id for s in submissions], sorted({s.project for s in submissions}))
    return [_case(submission, facts) for submission in submissions]


async def _facts(submissions: list[int], projects: list[int]) -> _Facts:
    members = await _by_project(Member, Member.person, projects)
    rows = await Project.objects().where(Project.id.is_in(projects or [0]))
    return _Facts(
        projects={p.id: p for p in rows},
        organisations=await present_ids(Organisation, (p.organisation for p in rows)),
        rules={(r.season, r.stage): r for r in await StageRule.objects()},
        competencies=await _by_project(ProjectCompetency, ProjectCompetency.competency, projects),
        members=members,
        employers=await _employers(set().union(*members.values())),
        coaches=await ever_coaches_of(projects),
        declared=await _declared(projects),
        bids=await _bids(projects),
        reviewed=await _reviewed_before(projects),
        asked=await _asked(submissions),
        counted=await statistics_of(submissions),
    )


def _case(submission: Submission, facts: _Facts) -> SubmissionCase:
    project, asked = facts.projects[submission.project], facts.asked.get(submission.id, [])
    rule = facts.rules[season_of(project), submission.stage]
    texts = frozen_texts(submission)
    active = frozenset(a.mentor for a in asked if a.is_open)
    members = frozenset(facts.members.get(project.id, ()))
    return SubmissionCase(
        submission=submission,
        project=project,
        side=_side(submission, project, texts, facts),
        needed=_needed(rule.reviews_required, facts.counted.get(submission.id)),
        due=today() + timedelta(days=rule.review_days),
        season=season_of(project),
        municipality=project.municipality,
        organisation=facts.organisations.get(project.organisation),
        members=members,
        member_organisations=frozenset(o for m in members for o in facts.employers.get(m, ())),
        former_coaches=frozenset(facts.coaches.get(project.id, ())),
        partners=folded(texts.get("partners", "")),
        declared=facts.declared.get(project.id, {}),
        bids=facts.bids.get(project.id, {}),
        asked=active,
        ended={a.mentor: a for a in asked if a.mentor not in active},
    )


def _needed(required: int, counted: ReviewStatistics | None) -> int:
    return required + (counted is not None and (counted.needs_another or counted.is_short_of(required)))


def _side(submission: Submission, project: Project, texts: dict[str, str], facts: _Facts) -> SubmissionSide:
    return SubmissionSide(
        submission.id,
        project.cluster,
        frozenset(facts.competencies.get(project.id, ())),
        language_of(" ".join(texts.values())[:LETTERS]),
        frozenset(
            mentor
            for mentor, stage, number in facts.reviewed.get(project.id, ())
            if stage == submission.stage and number < submission.number
        ),
    )


async def _employers(people: set[int]) -> dict[int, set[int]]:
    return {
        person: {row.organisation.present_id for row in rows if row.capacity != AffiliationCapacity.STUDENT}
        for person, rows in (await affiliations_by_person(people)).items()
    }


async def _bids(projects: list[int]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for row in await Bid.select().where(Bid.project.is_in(projects or [0])):
        found.setdefault(row["project"], {})[row["mentor"]] = row["wish"]
    return found


async def _asked(submissions: list[int]) -> dict[int, list[Assignment]]:
    found: dict[int, list[Assignment]] = {}
    for row in (
        await Assignment.objects().where(Assignment.submission.is_in(submissions or [0])).order_by(Assignment.id)
    ):
        found.setdefault(row.submission, []).append(row)
    return found


async def _by_project(table: Any, column: Any, projects: list[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for row in await table.select(table.project, column.as_alias("value")).where(table.project.is_in(projects or [0])):
        found.setdefault(row["project"], set()).add(row["value"])
    return found


async def _declared(projects: list[int]) -> dict[int, dict[int, tuple[Declared, ...]]]:
    found: dict[int, dict[int, tuple[Declared, ...]]] = {}
    for row in await Conflict.objects().where(Conflict.project.is_in(projects or [0]) & Conflict.in_force()):
        own = found.setdefault(row.project, {})
        own[row.mentor] = (*own.get(row.mentor, ()), Declared(row.is_hard, row.kind, row.reason))
    return found


async def _reviewed_before(projects: list[int]) -> dict[int, list[tuple[int, str, int]]]:
    """Return (mentor, stage, version) of every sent review."""
    found: dict[int, list[tuple[int, str, int]]] = {}
    rows: Iterable[dict[str, Any]] = await Review.select(
        Review.mentor, Review.submission.project.as_alias("project"), Review.submission.stage.as_alias("stage"),
        Review.submission.number.as_alias("number"),
    ).where(Review.sent() & cast(Any, Review.submission).project.is_in(projects or [0]))  # fmt: skip
    for row in rows:
        found.setdefault(row["project"], []).append((row["mentor"], row["stage"], row["number"]))
    return found
