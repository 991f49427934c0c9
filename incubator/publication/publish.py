"""Publishing a version and ending it: the team offers it, an organiser approves or refuses, and either can end it at once."""

from collections.abc import Mapping

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.http.markdown.version import GRAMMAR
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.access import require_may, require_reason, role_of
from incubator.projects.document import frozen_parts, submissions_of
from incubator.projects.errata import TITLE, content_of, corrected
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action, ProjectRole
from incubator.projects.tables import Project, Submission
from incubator.projects.team_mail import write_to_team
from incubator.projects.transition import StageChanged
from incubator.publication.entry import approve_details, publication_of, update_entry
from incubator.publication.letters import tell_published, tell_refused, tell_taken_off
from incubator.publication.tables import Publication, PublicVersion
from incubator.publication.versions import offered_versions


async def ask_publication(project: Project, *, by: Person, number: int | None = None, reason: str = "") -> None:
    """Offer a version to the public, as captain or teacher: the newest, or ``number``.

    An organiser may do it in the team's name, with a ``reason``; the team is told by mail and can recall it.
    Raises Refusal before the first submission. A public version can be offered again when the details beside its
    text have changed.
    """
    async with writing():
        project = await lock_project(project.id)
        role = await require_may(by, Action.ASK_PUBLICATION, project.id)
        if role == ProjectRole.ORGANISER:
            require_reason(reason)
        submission = await _submitted(project, number)
        row = await version_for(submission)
        if row.is_waiting or (row.is_public and not differs(await publication_of(project.id), project)):
            return  # repeated click
        if not row.is_public:
            row.approved_at = row.approved_by = row.ended_at = row.ended_by = None
        row.is_waiting, row.offered_at, row.offered_by, row.refusal = True, now(), by.id, ""
        await row.save()
        await record(
            Happened.PUBLICATION_ASKED, by=by, project=project.id, submission=submission.id, number=submission.number
        )
        if role == ProjectRole.ORGANISER:
            await write_to_team(project, "offered", lambda: [reason], link=f"/projects/{project.id}")


async def _submitted(project: Project, number: int | None) -> Submission:
    """Return the newest version of a project, or the one with this number."""
    submissions = await submissions_of(project.id)
    if not submissions:
        raise Refusal(_("На витрину попадает сданная версия: сначала сдайте заявку"))
    chosen = [each for each in submissions if number is None or each.number == number]
    if not chosen:
        raise StageChanged
    return chosen[-1]


async def version_for(submission: Submission) -> PublicVersion:
    """Return the row of a submitted version, new if nobody has offered it yet."""
    row = await PublicVersion.objects().where(PublicVersion.submission == submission.id).first()
    return row or PublicVersion(
        project=submission.project, submission=submission.id, number=submission.number, stage=submission.stage,
        round=submission.round, submitted_at=submission.submitted_at, grammar=GRAMMAR,
    )  # fmt: skip


def differs(entry: Publication | None, project: Project) -> bool:
    """Return whether the details differ from those that the public reads."""
    return entry is not None and (entry.team_name, entry.help_wanted) != (project.team_name, project.help_wanted)


async def publish(project: Project, *, by: Person, number: int | None = None) -> None:
    """Approve a version that waits, as an organiser: exactly this one becomes public, no earlier and no later one.

    ``number``: the version that the organiser has read; otherwise the newest that waits.
    """
    await require_staff(by, StaffAction.PUBLISH)
    async with writing():
        # Otherwise an approval of a stale page could restore what the team has withdrawn.
        project = await lock_project(project.id)
        row = await _waiting(project, number)
        if row is None:
            return  # repeated click
        submitted = await Submission.objects().get(Submission.id == row.submission)
        assert submitted is not None
        submission = await corrected(submitted)
        row.title, row.content, row.grammar = submission.title, submission.content, submission.grammar
        row.is_waiting, row.approved_at, row.approved_by, row.ended_at = False, now(), by.id, None
        await row.save()
        await approve_details(project)
        await update_entry(project)
        await record(Happened.PUBLISHED, by=by, project=project.id, submission=row.submission, number=row.number)
        await tell_published(project, row)


async def _waiting(project: Project, number: int | None) -> PublicVersion | None:
    """Return the version that waits; None if it is public already. Raises Refusal if the team has not offered it."""
    rows = await offered_versions(project.id)
    waiting = [each for each in rows if rows[each].is_waiting]
    chosen = number if number is not None else max(waiting, default=max(rows, default=0))
    row = rows.get(chosen)
    if row is None or not (row.is_waiting or row.is_public):
        raise Refusal(_("Команда пока не просила показать эту версию"))
    return row if row.is_waiting else None


async def refuse(project: Project, *, number: int, reason: str, by: Person) -> None:
    """Refuse an offered version, as an organiser, and tell the team why. What is public already stays public."""
    await require_staff(by, StaffAction.PUBLISH)
    async with writing():
        project = await lock_project(project.id)
        row = (await offered_versions(project.id)).get(number)
        if row is None or not row.is_waiting:
            raise StageChanged
        row.is_waiting, row.refusal = False, reason
        if not row.is_public:
            row.ended_at, row.ended_by = now(), by.id
        await row.save()
        await record(
            Happened.PUBLICATION_REFUSED, by=by, project=project.id, submission=row.submission, number=row.number
        )
        await tell_refused(project, row, reason)


async def unpublish(project: Project, *, by: Person, number: int | None = None, reason: str = "") -> None:
    """Take the project, or one version of it, off the showcase, as captain, teacher or organiser.

    An offer that still waits is recalled. The team is told if an organiser did it.
    """
    async with writing():
        project = await lock_project(project.id)
        await require_may(by, Action.UNPUBLISH, project.id)
        rows = await offered_versions(project.id)
        ending = [row for row in rows.values() if (row.is_public or row.is_waiting) and number in (None, row.number)]
        if not ending:
            return  # repeated click
        await _end(project, ending, by=by)
        if await role_of(by, project.id) == ProjectRole.ORGANISER:
            await tell_taken_off(project, reason)


async def retract_version(project: Project, submission: Submission, *, by: Person) -> None:
    """End what the public reads, or could have read, of a version that the team takes back.

    Call inside the transaction that withdraws it and has locked the project.
    """
    row = (await offered_versions(project.id)).get(submission.number)
    if row is not None and (row.is_public or row.is_waiting):
        await _end(project, [row], by=by)


async def follow_correction(project: Project, submission: Submission, before: Mapping[str, str]) -> None:
    """Correct what the public reads of a version after a typo was corrected in it.

    ``submission``: as it reads now; ``before``: the texts that were corrected, by section (empty: the title). Raises
    Refusal where the public reads something else than the version says: part of it is hidden. Call inside the
    transaction of the correction, which has locked the project.
    """
    row = (await offered_versions(project.id)).get(submission.number)
    if row is None or not row.is_public:
        return
    public, present = frozen_parts(row), {part.key: part for part in frozen_parts(submission)}
    if any(part.text != before[part.key] for part in public if part.key in before):
        raise Refusal(_("Часть этого раздела на витрине скрыта: сначала снимите версию с витрины, потом исправьте"))
    row.content = content_of([present[part.key] if part.key in before else part for part in public])
    if TITLE in before:
        row.title = submission.title
    await row.save()
    await update_entry(project)


async def end_all(project: Project, *, by: Person) -> None:
    """End everything that is public or offered. Call inside a transaction that has locked the project."""
    if ending := [row for row in (await offered_versions(project.id)).values() if row.is_public or row.is_waiting]:
        await _end(project, ending, by=by)


async def _end(project: Project, rows: list[PublicVersion], *, by: Person | None) -> None:
    was_public = any(row.is_public for row in rows)
    for row in rows:
        row.is_waiting, row.ended_at, row.ended_by = False, now(), by.id if by else None
        row.title, row.content = "", "[]"
        await row.save()
    if was_public:
        await update_entry(project)
    for row in rows:
        await record(Happened.UNPUBLISHED, by=by, project=project.id, submission=row.submission, number=row.number)
