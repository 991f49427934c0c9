"""Publishing a version and ending it: the team offers it, an organiser approves or refuses, and either can end it at once."""

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.http.markdown.version import GRAMMAR
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.access import require_may, role_of
from incubator.projects.document import submissions_of
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action, ProjectRole
from incubator.projects.tables import Project, Submission
from incubator.projects.transition import StageChanged
from incubator.publication.entry import approve_details, publication_of, update_entry
from incubator.publication.letters import tell_published, tell_refused, tell_taken_off
from incubator.publication.tables import Publication, PublicVersion
from incubator.publication.versions import offered_versions


async def ask_publication(project: Project, *, by: Person, number: int | None = None) -> None:
    """Offer a version to the public, as captain or teacher: the newest, or ``number``.

    Raises Refusal before the first submission. A public version can be offered again when the details beside its
    text have changed.
    """
    async with writing():
        project = await lock_project(project.id)
        await require_may(by, Action.ASK_PUBLICATION, project.id)
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
        submission = await Submission.objects().get(Submission.id == row.submission)
        assert submission is not None
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
