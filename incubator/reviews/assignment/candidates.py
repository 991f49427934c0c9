"""Who could review what: each mentor as each submission sees them, the best one to ask first."""

from dataclasses import dataclass

from incubator.core.clock import today
from incubator.people.tables import Person
from incubator.projects.tables import Submission
from incubator.reviews.assignment.cases import Case, cases_of, season_of
from incubator.reviews.assignment.conflicts import Conflict, Facts, conflicts, is_named_in
from incubator.reviews.assignment.matching import Term, cost, is_away, terms
from incubator.reviews.assignment.reviewers import Reader, readers


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

    def candidate(self, case: Case, reader: Reader) -> Candidate:
        found = conflicts(_facts(reader, case))
        return Candidate(
            reader=reader,
            conflicts=tuple(found),
            terms=tuple(terms(reader.side, case.side, found, case.bids.get(reader.person.id, ""))),
            is_assigned=reader.person.id in case.asked,
            is_away=is_away(reader.side, today(), case.due),
            is_full=reader.room_in(season_of(case.project)) == 0,
        )

    def candidates(self, case: Case) -> list[Candidate]:
        """All mentors, the best one to ask first."""
        rows = [self.candidate(case, reader) for reader in self.readers]
        return sorted(rows, key=lambda c: (c.is_barred, c.is_away, c.is_full, c.cost, c.load, c.person.name))


async def candidates_for(submission: Submission) -> list[Candidate]:
    """All mentors for one submission, the best one to ask first."""
    there = await field_of([submission])
    return there.candidates(there.cases[0])


async def candidate_for(submission: Submission, mentor: Person) -> Candidate | None:
    """One mentor; None for who is none."""
    there = await field_of([submission], only=mentor.id)
    return there.candidate(there.cases[0], there.readers[0]) if there.readers else None


async def field_of(submissions: list[Submission], *, only: int = 0) -> Field:
    """Everything that is known for choosing, of all mentors or of ``only`` one. Eighteen queries, whatever their number."""
    return Field(await readers(only), await cases_of(submissions))


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
