"""Who could review what: every mentor with load, room, conflicts and how well they fit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

import msgspec

from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.people.tables import Person
from incubator.programme.tables import StageRule
from incubator.projects.document import frozen_texts
from incubator.projects.tables import Member, Project, ProjectCompetency, Submission
from incubator.reviews.conflicts import Conflict, Declared, Facts, conflicts, is_named_in
from incubator.reviews.matching import MentorSide, SubmissionSide, Term, cost, is_away, language_of, terms
from incubator.reviews.tables import Assignment, Away, Bid, Mentor, MentorCluster, MentorCompetency, Review
from incubator.reviews.tables import Conflict as DeclaredRow
from incubator.web.dates import today

#: Piccolo types the first join only as a column.
_IS_MENTOR: Any = cast(Any, Mentor.person).is_mentor.eq(True)
_decode = msgspec.json.Decoder(dict[str, Any]).decode
#: Enough to tell the language of a text.
LETTERS = 1000


@dataclass(frozen=True, slots=True)
class Reader:
    """A mentor with everything that matters for whom to ask."""

    person: Person
    organisation: str
    organisation_id: int | None
    municipality: int | None
    side: MentorSide
    capacity: int
    season_capacity: int
    load: int
    """Reviews that wait for them now."""
    taken: dict[int, int]
    """Reviews of each season, waiting or sent."""

    def room_in(self, season: int) -> int:
        return max(0, min(self.capacity - self.load, self.season_capacity - self.taken.get(season, 0)))


@dataclass(frozen=True, slots=True)
class Case:
    """A submission with everything that matters for whom to ask."""

    submission: Submission
    project: Project
    side: SubmissionSide
    needed: int
    """Reviewers that the season asks for."""
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mentor as one submission sees them."""

    reader: Reader
    conflicts: tuple[Conflict, ...]
    terms: tuple[Term, ...]
    is_assigned: bool
    is_away: bool
    is_full: bool
    """They cannot take more at this time, or in this season."""

    @property
    def person(self) -> Person:
        return self.reader.person

    @property
    def organisation(self) -> str:
        return self.reader.organisation

    @property
    def load(self) -> int:
        return self.reader.load

    @property
    def capacity(self) -> int:
        return self.reader.capacity

    @property
    def is_barred(self) -> bool:
        return any(c.is_hard for c in self.conflicts)

    @property
    def cost(self) -> int:
        return cost(list(self.terms))


@dataclass(slots=True)
class Field:
    """All who could read, and all that waits to be read."""

    readers: list[Reader]
    cases: list[Case]
    _by_case: dict[int, list[Candidate]] = field(default_factory=dict)

    def candidate(self, case: Case, reader: Reader) -> Candidate:
        found = conflicts(_facts(reader, case))
        return Candidate(
            reader=reader,
            conflicts=tuple(found),
            terms=tuple(terms(reader.side, case.side, found, case.bids.get(reader.person.id, ""))),
            is_assigned=reader.person.id in case.asked,
            is_away=is_away(reader.side, today(), case.due),
            is_full=reader.room_in(_season_of(case.project)) == 0,
        )

    def candidates(self, case: Case) -> list[Candidate]:
        """All mentors, the best one to ask first."""
        rows = [self.candidate(case, reader) for reader in self.readers]
        return sorted(rows, key=lambda c: (c.is_barred, c.is_away, c.is_full, c.cost, c.load, c.person.name))


async def candidates_for(submission: Submission) -> list[Candidate]:
    """All mentors for one submission, the best one to ask first."""
    there = await field_of([submission])
    return there.candidates(there.cases[0])


async def field_of(submissions: list[Submission]) -> Field:
    """Everything that is known for choosing. Fifteen queries, whatever their number."""
    return Field(await readers(), await _cases(submissions))


def _season_of(project: Project) -> int:
    return int(project.season if isinstance(project.season, int) else project.season.id)


def _facts(reader: Reader, case: Case) -> Facts:
    return Facts(
        mentor=reader.person.id,
        mentor_organisation=reader.organisation_id,
        mentor_municipality=reader.municipality,
        project_organisation=case.project.organisation,
        project_municipality=case.project.municipality,
        members=case.members,
        member_organisations=case.member_organisations,
        former_coaches=case.former_coaches,
        is_partner=bool(reader.organisation and case.partners) and is_named_in(reader.organisation, case.partners),
        declared=case.declared.get(reader.person.id, ()),
    )


async def readers() -> list[Reader]:
    """All mentors. Seven queries."""
    mentors = await Mentor.objects(Mentor.person, Mentor.organisation).where(_IS_MENTOR)
    loads = await waiting_by_mentor()
    taken = await _taken_by_season()
    clusters = await _sets(MentorCluster, MentorCluster.cluster)
    competencies = await _sets(MentorCompetency, MentorCompetency.competency)
    away: dict[int, list[tuple[date, date]]] = {}
    for row in await Away.select():
        away.setdefault(row["mentor"], []).append((row["starts_on"], row["ends_on"]))
    found = []
    for m in mentors:
        person = m.person
        organisation = m.organisation if m.organisation and m.organisation.id else None
        side = MentorSide(
            person.id, frozenset(clusters.get(person.id, ())), frozenset(competencies.get(person.id, ())),
            frozenset(m.languages.split()), tuple(away.get(person.id, ())),
        )  # fmt: skip
        found.append(
            Reader(
                person=person, organisation=organisation.name if organisation else "",
                organisation_id=organisation.id if organisation else None,
                municipality=organisation.municipality if organisation else None, side=side, capacity=m.capacity,
                season_capacity=m.season_capacity, load=loads.get(person.id, 0), taken=taken.get(person.id, {}),
            )
        )  # fmt: skip
    return found


async def _sets(table: Any, column: Any) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for row in await table.select(table.mentor, column.as_alias("value")):
        found.setdefault(row["mentor"], set()).add(row["value"])
    return found


async def waiting_by_mentor() -> dict[int, int]:
    """How many reviews wait for each mentor: assigned, not declined, not sent."""
    rows = await Assignment.raw(
        'SELECT a."mentor" AS mentor, count(*) AS n FROM "assignment" a '
        'LEFT JOIN "review" r ON r."assignment" = a."id" AND r."sent_at" IS NOT NULL '
        'WHERE a."declined_at" IS NULL AND a."cancelled_at" IS NULL AND r."id" IS NULL GROUP BY a."mentor"'
    )
    return {row["mentor"]: row["n"] for row in rows}


async def _taken_by_season() -> dict[int, dict[int, int]]:
    rows = await Assignment.raw(
        'SELECT a."mentor" AS mentor, p."season" AS season, count(*) AS n FROM "assignment" a '
        'JOIN "submission" s ON s."id" = a."submission" JOIN "project" p ON p."id" = s."project" '
        'WHERE a."declined_at" IS NULL AND a."cancelled_at" IS NULL GROUP BY a."mentor", p."season"'
    )
    found: dict[int, dict[int, int]] = {}
    for row in rows:
        found.setdefault(row["mentor"], {})[row["season"]] = row["n"]
    return found


async def _cases(submissions: list[Submission]) -> list[Case]:
    """Nine queries."""
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
    cases = []
    for s in submissions:
        project, own = at[s.project], asked.get(s.id, [])
        rule = rules[_season_of(project), s.stage]
        texts = frozen_texts(s)
        cases.append(
            Case(
                submission=s, project=project,
                side=SubmissionSide(
                    s.id, project.cluster, frozenset(competencies.get(project.id, ())),
                    language_of(" ".join(texts.values())[:LETTERS]),
                    frozenset(m for m, stage, number in before.get(project.id, ()) if stage == s.stage and number < s.number),
                ),
                needed=rule.reviews_required, due=today() + timedelta(days=rule.review_days),
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
    for row in await DeclaredRow.objects().where(
        DeclaredRow.project.is_in(projects or [0]) & DeclaredRow.lifted_at.is_null()
    ):
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
