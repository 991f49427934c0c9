"""Declared conflicts of interest, and withdrawing assignments when one comes up late."""

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.portions import portions
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.people.grants import may_in_programme
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.access import require, role_of
from incubator.projects.locking import lock_project
from incubator.projects.permissions import MEMBER_ROLES, Action, ProjectRole, may
from incubator.projects.tables import Member, Submission
from incubator.reviews.assignment.candidates import Matcher, matcher_for
from incubator.reviews.assignment.conflicts import FoundConflict
from incubator.reviews.assignment.reviewers import reviewers_for
from incubator.reviews.assignment.submission_cases import cases_for
from incubator.reviews.tables import Assignment, Conflict, Proposed

KINDS = ("family", "coach", "other")
#: A limit, because a team that excluded one mentor after another would choose its judges.
MOST_BY_TEAM = 3
#: Submissions that are read at once, with their texts.
_AT_ONCE = 20


async def declare_conflict(
    project_id: int, mentor: Person, *, is_hard: bool, reason: str, by: Person, kind: str = "other"
) -> None:
    """Declare a conflict, as the mentor, somebody of the team or an organiser; an organiser's is pinned.

    What the same person said before about the pair is replaced; repeating it does nothing.
    Open assignments that it excludes are withdrawn in the same transaction. Raises NotAllowed
    for everybody else.
    """
    async with writing():
        await lock_project(project_id)
        role = await role_of(by, project_id)
        require(by.id == mentor.id or may(role, Action.DECLARE_CONFLICT))
        own = (Conflict.project == project_id) & (Conflict.mentor == mentor.id) & (Conflict.declared_by == by.id)
        same = (Conflict.is_hard.eq(is_hard)) & (Conflict.kind == kind) & (Conflict.reason == reason)
        if await Conflict.exists().where(own & same & Conflict.in_force()):
            return
        await Conflict.update({Conflict.lifted_at: now()}).where(own & Conflict.in_force())
        if role in MEMBER_ROLES and await _told_by_team(project_id) >= MOST_BY_TEAM:
            raise Refusal(_("Команда уже назвала нескольких наставников. Если есть ещё, напишите организатору."))
        await Conflict(
            mentor=mentor.id, project=project_id, is_hard=is_hard, reason=reason, kind=kind, is_pinned=role == ProjectRole.ORGANISER,
            declared_by=by.id, at=now(),
        ).save()  # fmt: skip
        await record(Happened.CONFLICT_DECLARED, by=by, project=project_id, subject=mentor.id, is_hard=is_hard)
        await withdraw_barred(project_id)


async def _told_by_team(project_id: int) -> int:
    """Count the conflicts in force that team members declared."""
    members = [row["person"] for row in await Member.select(Member.person).where(Member.project == project_id)]
    count: int = await Conflict.count().where(
        (Conflict.project == project_id) & Conflict.in_force() & Conflict.declared_by.is_in(members or [0])
    )
    return count


async def lift_conflict(conflict_id: int, *, by: Person) -> None:
    """Lift a conflict, as the person who declared it; a pinned one only as organiser. The row is kept."""
    async with writing():
        conflict = await _lock_conflict(conflict_id)
        is_own = conflict.declared_by == by.id and not conflict.is_pinned
        require(is_own or await may_in_programme(by, StaffAction.ASSIGN))
        lifted = (
            await Conflict.update({Conflict.lifted_at: now()})
            .where((Conflict.id == conflict.id) & Conflict.in_force())
            .returning(Conflict.id)
        )
        if not lifted:
            raise Refusal(_("Этого конфликта уже нет"))
        await record(Happened.CONFLICT_LIFTED, by=by, project=conflict.project, subject=conflict.mentor)


async def _lock_conflict(conflict_id: int) -> Conflict:
    """Lock the conflict's project and return the current conflict."""
    of = await Conflict.select(Conflict.project).where(Conflict.id == conflict_id)
    await lock_project(of[0]["project"])
    conflict = await Conflict.objects().get(Conflict.id == conflict_id)
    assert conflict is not None
    return conflict


async def conflicts_on(project_id: int) -> list[Conflict]:
    """Return declared conflicts in force, oldest first."""
    return (
        await Conflict.objects(Conflict.mentor, Conflict.declared_by)
        .where((Conflict.project == project_id) & Conflict.in_force())
        .order_by(Conflict.id)
    )


async def withdraw_barred(project_id: int) -> int:
    """Withdraw every open assignment that a hard conflict now excludes; return how many.

    Called when something changes later: a member joins, the school changes, a conflict is declared. A review
    that was sent is kept and left to the organiser. Call inside a transaction.
    """
    await lock_project(project_id)
    waiting = (
        await Assignment.objects(Assignment.submission, Assignment.mentor)
        .where((Assignment.submission.project == project_id) & Assignment.waiting())
        .order_by(Assignment.id)
    )
    if not waiting:
        return 0
    submissions = {a.submission.id: a.submission for a in waiting}
    barred = _barred_pairs(await matcher_for(list(submissions.values())))
    gone = [a for a in waiting if (a.submission.id, a.mentor.id) in barred]
    for a in gone:
        conflict = barred[a.submission.id, a.mentor.id]
        await _withdraw(a, a.submission, a.mentor, conflict.code, conflict.text)
    await Proposed.delete().where(
        Proposed.submission.is_in(list(submissions)) & Proposed.mentor.is_in([m for _s, m in barred] or [0])
    )
    return len(gone)


def _barred_pairs(matcher: Matcher) -> dict[tuple[int, int], FoundConflict]:
    """Return every (submission, mentor) pair excluded by a hard conflict, with the first such conflict."""
    return {
        (case.submission.id, candidate.person.id): next(found for found in candidate.conflicts if found.is_hard)
        for case in matcher.cases
        for candidate in matcher.candidates(case)
        if candidate.is_barred
    }


async def _withdraw(assignment: Assignment, submission: Submission, mentor: Person, code: str, text: str) -> None:
    await Assignment.update(
        {Assignment.cancelled_at: now(), Assignment.cancel_code: code, Assignment.cancel_reason: text}
    ).where(Assignment.id == assignment.id)
    await record(
        Happened.ASSIGNMENT_WITHDRAWN, by=None, project=submission.project, submission=submission.id,
        subject=mentor.id, code=code, ended=assignment.id,
    )  # fmt: skip


def reason_in_words(code: str, text: str) -> str:
    """Return a conflict in words, for a page or a mail."""
    words = {
        "member": _("участник этой команды"),
        "former_coach": _("раньше консультировал эту команду"),
        "organisation": _("та же организация, что у команды"),
        "family": _("родственные связи"),
        "coach": _("помогает этой команде"),
        "other": _("заявлен конфликт интересов"),
        "partner": _("работодатель – партнёр проекта"),
        "municipality": _("тот же район"),
    }[code]
    return f"{words} – {text}" if text else words


async def withdraw_all_barred() -> int:
    """Withdraw excluded assignments in all projects, including conflicts that arose without notice (the school
    changed, a mentor moved). Return how many."""
    gone = 0
    for project in await _projects_with_barred_mentors():
        async with writing():
            gone += await withdraw_barred(project)
    return gone


async def _projects_with_barred_mentors() -> list[int]:
    """Return the ids of projects with an excluded mentor; only assigned pairs are checked.

    A few submissions at a time, because each comes with all its texts.
    """
    mentors: dict[int, list[int]] = {}
    for row in await Assignment.select(Assignment.submission, Assignment.mentor).where(Assignment.waiting()):
        mentors.setdefault(row["submission"], []).append(row["mentor"])
    reviewers = await reviewers_for() if mentors else []
    barred = set()
    for part in portions(sorted(mentors), _AT_ONCE):
        matcher = Matcher(reviewers, await cases_for(await Submission.objects().where(Submission.id.is_in(part))))
        for case in matcher.cases:
            asked = [each for each in reviewers if each.person.id in mentors[case.submission.id]]
            if any(matcher.candidate(case, each).is_barred for each in asked):
                barred.add(case.project.id)
    return sorted(barred)
