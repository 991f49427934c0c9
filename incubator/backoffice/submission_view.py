"""The data for an organiser's page of one submission."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from incubator.backoffice.narrowing import Narrowed, narrowed
from incubator.gates.decide import mark_of
from incubator.http.lookup import get_or_404
from incubator.http.prose import Prose, prose_of
from incubator.people.grants import names_of_those_who_may
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.programme.presets import Preset
from incubator.programme.seasons import rules_of
from incubator.programme.tables import Season
from incubator.projects.deadline import Cause, Deadline
from incubator.projects.deadlines import time_by_rule
from incubator.projects.document import Frozen, frozen_parts, lies_in_review
from incubator.projects.tables import Project, Submission
from incubator.reviews.access.review_access import notes_of, phase_after
from incubator.reviews.access.visibility import Phase, ReviewAccess, ReviewRole
from incubator.reviews.assignment.candidates import Candidate, candidates_for
from incubator.reviews.assignment.declared_conflicts import conflicts_on
from incubator.reviews.reviewing.discussion import ShownPost, people_to_call, posts_of_submission
from incubator.reviews.rubric import Anchored, anchored, rubric_of
from incubator.reviews.scoring.scores import ScoreSummary, Spread, criteria_spreads
from incubator.reviews.sent_reviews import Draft, Sent, drafts_of, sent_reviews_by, summary_of
from incubator.reviews.tables import Answered, Assignment, Conflict, Decision, Remark

#: Candidates that are offered at once.
MOST_OFFERED = 20


@dataclass(frozen=True)
class SubmissionView:
    """Its fields are the variables of ``backoffice/submission.html``."""

    submission: Submission
    parts: list[Frozen]
    project: Project
    season: Season

    assignments: list[Assignment]
    candidates: list[Candidate]
    """Candidates to ask, best first; empty once it is decided, and until somebody asks for them."""
    offered: Narrowed[Candidate]
    """Those of them who are shown: in whom the words of the reader stand."""
    is_long: bool
    """There are more of them than are shown at once."""
    is_short: bool
    """Fewer mentors are asked than the season requires."""
    declared: list[Conflict]
    shows_conflict: bool
    mentors: list[tuple[int, str]]
    """Whom a conflict can be declared for, if the form is shown."""
    """Id and name of everybody of whom a conflict can be declared."""

    rubric: list[Anchored]
    reviews: list[Sent]
    sent_by: set[int]
    """Assignments whose review was sent."""
    drafts: dict[int, Draft]
    """What was written on assignments that ended, by assignment."""
    summary: ScoreSummary
    criteria: dict[int, Spread]
    """By criterion id, in levels."""
    notes: dict[int, dict[str, str]]
    """HTML of the notes on sections, by review and key."""
    posts: list[ShownPost]
    people: list[str]
    """Names of those whom the reader can call in the discussion."""
    room: str
    """The address to which a post is sent."""

    is_open: bool
    """It is in review and undecided."""
    missing: int
    """Number of required reviews that are missing."""
    revision: Deadline
    """Until when the team could revise if a return were released now."""
    revise_days: int
    """Days for revising, as the season says."""
    decision: Decision | None
    superseded: list[Decision]
    """Earlier decisions that were corrected, newest first."""
    mark: str
    """Token for forms about the decision; empty without one."""
    remarks: list[Remark]
    answered: Answered | None
    prose: Prose
    """HTML of advice, the decision and the team's reply."""


async def submission_view(
    submission: Submission,
    project: Project,
    reader: Person,
    *,
    shows_candidates: bool = False,
    shows_conflict: bool = False,
    who: str = "",
) -> SubmissionView:
    """Return the current data of the page. ``shows_candidates``: also where there are mentors enough.

    ``who``: a name or a place of work that candidates are looked for by. ``shows_conflict``: with the form for a new conflict and the names of all mentors in it.
    """
    rule = (await rules_of(project.season.id))[submission.stage]
    rubric = await rubric_of(submission)
    reviews = await sent_reviews_by(rubric, submission.id, project.season.confidence)
    decided = await _decided(submission)
    is_open = decided.decision is None and lies_in_review(project, submission)
    assignments = await _assignments(submission)
    is_short = _asked(assignments) < rule.reviews_required
    candidates = await candidates_for(submission) if is_open and (shows_candidates or is_short) else []
    unasked = _unasked(candidates)
    drafts = await drafts_of([a.id for a in assignments if not a.is_open])
    written: list[Sent | Draft] = [*reviews, *drafts.values()]
    access = ReviewAccess(Preset(project.season.visibility), ReviewRole.ORGANISER, decided.phase)
    return SubmissionView(
        submission=submission,
        parts=frozen_parts(submission),
        project=project,
        season=project.season,
        assignments=assignments,
        candidates=candidates,
        offered=narrowed(unasked, who, _name_and_work, most=MOST_OFFERED),
        is_long=len(unasked) > MOST_OFFERED,
        is_short=is_short,
        declared=await conflicts_on(project.id),
        shows_conflict=shows_conflict,
        mentors=await _mentors_if(shows_conflict),
        rubric=list(map(anchored, rubric)),
        reviews=reviews,
        sent_by={sent.review.assignment for sent in reviews},
        drafts=drafts,
        summary=summary_of(reviews),
        criteria=criteria_spreads(sent.marks for sent in reviews),
        notes=await notes_of([each.review.id for each in written]),
        posts=await posts_of_submission(submission.id, reader),
        people=_names(await people_to_call(submission, reader, access)),
        room=f"/organiser/submissions/{submission.id}/posts",
        is_open=is_open,
        missing=max(0, rule.reviews_required - len(reviews)),
        revision=time_by_rule(rule, submission.round + 1, Cause.RETURNED, days=decided.revise_days),
        revise_days=rule.revise_days,
        decision=decided.decision,
        superseded=decided.superseded,
        mark=mark_of(decided.decision) if decided.decision else "",
        remarks=decided.remarks,
        answered=decided.answered,
        prose=await prose_of([*(each.review.advice for each in written), *decided.texts]),
    )


def _unasked(candidates: Iterable[Candidate]) -> list[Candidate]:
    return [each for each in candidates if not each.is_assigned]


def _name_and_work(candidate: Candidate) -> str:
    return f"{candidate.person.name} {candidate.organisation or ''}"


def _asked(assignments: Iterable[Assignment]) -> int:
    """Return how many mentors have the submission now."""
    return sum(assignment.is_open for assignment in assignments)


def _names(people: Iterable[Person]) -> list[str]:
    return [person.name for person in people]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided on a submission, and what the team said to it."""

    decision: Decision | None
    superseded: list[Decision]
    remarks: list[Remark]
    answered: Answered | None

    @property
    def phase(self) -> Phase:
        return phase_after(self.decision.released_at) if self.decision else Phase.IN_REVIEW

    @property
    def revise_days(self) -> int | None:
        return self.decision.revise_days if self.decision else None

    @property
    def texts(self) -> list[str]:
        """Return the Markdown that the page shows as prose."""
        decisions = [*self.superseded, *([self.decision] if self.decision else [])]
        return [*(each.reason for each in decisions), *([self.answered.text] if self.answered else [])]


async def _decided(submission: Submission) -> Decided:
    """Return the decision with all that belongs to it. One query where there is none."""
    decision, superseded = await _decisions(submission)
    if decision is None:
        return Decided(None, superseded, [], None)
    remarks = await Remark.objects().where(Remark.decision == decision.id)
    return Decided(decision, superseded, remarks, await _answered(submission))


async def _decisions(submission: Submission) -> tuple[Decision | None, list[Decision]]:
    """Return the decision that stands, and those that were corrected, newest first. One query."""
    rows = await Decision.objects().where(Decision.submission == submission.id).order_by(Decision.id, ascending=False)
    return next((row for row in rows if row.superseded_at is None), None), [row for row in rows if row.superseded_at]


async def _answered(submission: Submission) -> Answered | None:
    return (
        await Answered.objects(Answered.author)
        .where(Answered.submission == submission.id)
        .order_by(Answered.id, ascending=False)
        .first()
    )


async def _mentors_if(asked: bool) -> list[tuple[int, str]]:
    return await names_of_those_who_may(StaffAction.REVIEW) if asked else []


async def _assignments(submission: Submission) -> list[Assignment]:
    """Return the assignments with their mentors, also those that ended, oldest first."""
    return (
        await Assignment.objects(Assignment.mentor)
        .where(Assignment.submission == submission.id)
        .order_by(Assignment.id)
    )


async def with_project(submission_id: int) -> tuple[Submission, Project]:
    """Return a submission, and its project with season, organisation, district and cluster. One query, or 404."""
    project: Any = Submission.project
    submission = get_or_404(
        await Submission.objects(
            project, project.season, project.organisation, project.municipality, project.cluster
        ).get(Submission.id == submission_id)
    )
    found, submission.project = submission.project, submission.project.id
    return submission, found
