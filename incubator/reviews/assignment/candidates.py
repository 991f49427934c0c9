"""Candidates for reviewing each submission: all mentors, best first."""

from dataclasses import dataclass

from incubator.core.clock import today
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.people.tables import Person
from incubator.projects.tables import Submission
from incubator.reviews.assignment.conflicts import Facts, FoundConflict, conflicts, is_named_in
from incubator.reviews.assignment.matching import CostTerm, cost, is_away, terms
from incubator.reviews.assignment.reviewers import Reviewer, reviewers_for
from incubator.reviews.assignment.submission_cases import SubmissionCase, cases_for
from incubator.reviews.tables import CANCELLED, DECLINED, Assignment


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mentor as a candidate for one submission."""

    reviewer: Reviewer
    conflicts: tuple[FoundConflict, ...]
    terms: tuple[CostTerm, ...]
    is_assigned: bool
    """They have it now, or have sent their review."""
    before: Assignment | None
    """Their last assignment to it, which ended."""
    is_away: bool
    is_full: bool
    """They have no capacity left now, or in this season."""

    @property
    def person(self) -> Person:
        return self.reviewer.person

    @property
    def organisation(self) -> str:
        return self.reviewer.organisation

    @property
    def load(self) -> int:
        return self.reviewer.load

    @property
    def capacity(self) -> int:
        return self.reviewer.capacity

    @property
    def is_barred(self) -> bool:
        return any(c.is_hard for c in self.conflicts)

    @property
    def has_withdrawn(self) -> bool:
        """Return whether they took back the consent to process their data: nobody assigns them anything new."""
        return self.reviewer.has_withdrawn

    @property
    def could_be_asked(self) -> bool:
        """Return whether an organiser may assign them, even if away, over capacity, or after a refusal."""
        return not (self.is_barred or self.is_assigned or self.has_withdrawn)

    @property
    def is_free(self) -> bool:
        """Return whether they can be proposed: no hard conflict, not away, with capacity left, not gone by choice."""
        return self.could_be_asked and not (self.is_away or self.is_full or self.has_left)

    @property
    def has_left(self) -> bool:
        """Return whether they declined it, or an organiser took them off: only a person asks them again."""
        return self.before is not None and self.before.ended in {DECLINED, CANCELLED}

    @property
    def cost(self) -> int:
        return cost(list(self.terms))


def require_assignable(candidate: Candidate) -> None:
    """Raise Refusal for a conflict of interest, and for who took back the consent to process their data."""
    name = candidate.person.name
    if candidate.is_barred:
        raise Refusal(_("%(name)s не может рецензировать эту заявку: конфликт интересов", name=name))
    if candidate.has_withdrawn:
        raise Refusal(_("%(name)s: согласие на обработку данных отозвано, новых рецензий назначать нельзя", name=name))


@dataclass(slots=True)
class Matcher:
    """All mentors and all waiting submissions."""

    reviewers: list[Reviewer]
    cases: list[SubmissionCase]

    def candidate(self, case: SubmissionCase, reviewer: Reviewer) -> Candidate:
        found = conflicts(_facts(reviewer, case))
        mentor = reviewer.side.id
        return Candidate(
            reviewer=reviewer,
            conflicts=tuple(found),
            terms=tuple(terms(reviewer.side, case.side, found, case.bids.get(mentor, ""))),
            is_assigned=mentor in case.asked,
            before=case.ended.get(mentor),
            is_away=is_away(reviewer.side, today(), case.due),
            is_full=reviewer.room_in(case.season) == 0,
        )

    def candidates(self, case: SubmissionCase) -> list[Candidate]:
        """Return all mentors, best first."""
        rows = [self.candidate(case, reviewer) for reviewer in self.reviewers]
        return sorted(
            rows,
            key=lambda c: (
                c.is_barred,
                c.has_withdrawn,
                c.has_left,
                c.is_away,
                c.is_full,
                c.cost,
                c.load,
                c.person.name,
            ),
        )


async def candidates_for(submission: Submission) -> list[Candidate]:
    """Return all mentors for one submission, best first."""
    matcher = await matcher_for([submission])
    return matcher.candidates(matcher.cases[0])


async def candidate_for(submission: Submission, mentor: Person) -> Candidate | None:
    """Return one mentor as a candidate; None for somebody who is not a mentor."""
    matcher = await matcher_for([submission], only=mentor.id)
    return matcher.candidate(matcher.cases[0], matcher.reviewers[0]) if matcher.reviewers else None


async def matcher_for(submissions: list[Submission], *, only: int = 0) -> Matcher:
    """Load the facts for matching, about all mentors or ``only`` one. Twenty-two queries, whatever their number."""
    return Matcher(await reviewers_for(only), await cases_for(submissions))


def _facts(reviewer: Reviewer, case: SubmissionCase) -> Facts:
    mentor, workplace = reviewer.side.id, reviewer.workplace
    return Facts(
        mentor=mentor,
        mentor_organisations=workplace.organisations,
        mentor_municipalities=workplace.municipalities,
        project_organisation=case.organisation,
        project_municipality=case.municipality,
        members=case.members,
        member_organisations=case.member_organisations,
        former_coaches=case.former_coaches,
        is_partner=is_named_in(workplace.names, case.partners),
        declared=case.declared.get(mentor, ()),
    )
