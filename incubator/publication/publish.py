"""Publishing a version and ending it: the team offers it, an organiser approves or refuses, and either can end it at once."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.http.markdown.version import GRAMMAR
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.tables import Person
from incubator.projects.access import require_may, require_outside, require_reason, role_of
from incubator.projects.document import content_of, frozen_parts, submissions_of
from incubator.projects.errata import TITLE
from incubator.projects.locking import lock_project
from incubator.projects.permissions import Action, ProjectRole
from incubator.projects.tables import Project, Submission
from incubator.projects.transition import StageChanged
from incubator.publication.entry import publication_of, update_entry
from incubator.publication.examination import Basis, Examination, basis_of, basis_of_approval, examine
from incubator.publication.findings import Standing, TextFinding
from incubator.publication.following import recall_mails
from incubator.publication.passages import store
from incubator.publication.public_copy import Unrendered, approve_details, hidden_of
from incubator.publication.public_files import note_looked_at
from incubator.publication.tables import PublicVersion, Verdict
from incubator.publication.team_names import approve_names, mate_names
from incubator.publication.versions import end_news_of, offered_versions, public_versions_of


class Flagged(Refusal):
    """The text names or locates somebody; ``number`` is the version in question."""

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.number = number


async def ask_publication(
    project: Project, *, by: Person, number: int | None = None, is_checked: bool = False, reason: str = ""
) -> None:
    """Offer a version to the public, as captain or teacher: the newest, or ``number``.

    Raises Refusal before the first submission, and Flagged while the text names somebody who did not consent, or,
    unless the team has looked (``is_checked``), while it holds a telephone number, an address and the like. A public
    version can be offered again when the details beside its text have changed.

    An organiser may do it in the team's name, with a ``reason``; the team is told by mail and can recall it.
    """
    while True:
        submission = await _submitted(project, number)
        examination = await examine(await basis_of(await _now(project), submission))
        with suppress(Unrendered):
            async with writing():
                fresh = await lock_project(project.id)
                is_office = await require_may(by, Action.ASK_PUBLICATION, fresh.id) == ProjectRole.ORGANISER
                if is_office:
                    require_reason(reason)
                _require_to_stay(fresh)
                chosen = await _submitted(fresh, number)
                _require_same(chosen, await basis_of(fresh, chosen), submission, examination)
                await _offer(fresh, submission, examination, is_checked=is_checked or is_office, by=by, reason=reason)
            return


def _require_to_stay(project: Project) -> None:
    """Raise Refusal for a project that will be deleted: until then it is off the showcase."""
    if project.deletes_at is not None:
        raise Refusal(_("Проект скоро удалится, поэтому на витрину он не попадёт. Оставить его может организатор."))


def _require_same(now_chosen: Submission, basis: Basis, seen: Submission, examination: Examination) -> None:
    """Raise Unrendered if the text has changed since it was examined."""
    if now_chosen.id != seen.id or basis != examination.basis:
        raise Unrendered


async def _offer(
    project: Project, submission: Submission, examination: Examination, *, is_checked: bool, by: Person, reason: str
) -> None:
    """Let the version wait for an organiser, unless it does, or is public, already."""
    row = await version_for(submission)
    if row.is_offered or (row.is_public and not await differs(project)):
        return
    _require_clean(examination, submission, is_checked=is_checked)
    if not row.is_public:
        row.approved_at = row.approved_by = row.ended_at = row.ended_by = None
    row.is_waiting, row.offered_at, row.offered_by, row.refusal = True, now(), by.id, ""
    await row.save()
    await record(
        Happened.PUBLICATION_ASKED, by=by, project=project.id, submission=submission.id, number=row.number,
        reason=reason,
    )  # fmt: skip


def _require_clean(examination: Examination, submission: Submission, *, is_checked: bool) -> None:
    if examination.forbidden:
        raise Flagged(
            _("В тексте названы те, кто не соглашался на имя в открытом доступе. Скройте эти места."), submission.number
        )
    if examination.open and not is_checked:
        raise Flagged(
            _("В тексте есть телефон, адрес или что-то похожее. Скройте это или отметьте, что это не личное."),
            submission.number,
        )


async def _now(project: Project) -> Project:
    fresh = await Project.objects().get(Project.id == project.id)
    assert fresh is not None
    return fresh


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


async def differs(project: Project) -> bool:
    """Return whether the details differ from those that the public reads."""
    entry, what = await publication_of(project.id), await hidden_of(project.id)
    own = (what.of(project.team_name), what.of(project.help_wanted))
    if entry is None:
        return False
    return (entry.team_name, entry.help_wanted) != own or any(name.is_waiting for name in await mate_names(project.id))


async def publish(project: Project, *, by: Person, number: int | None = None, mark: str = "") -> None:
    """Approve a version, as an organiser: exactly this one becomes public, no earlier and no later one.

    ``number``: the version that the organiser has read; otherwise the newest that waits. ``mark``: what the page showed
    (``examination.py: Basis.mark``). Raises StageChanged if the text is another by now, Flagged while something in it
    is neither hidden nor kept. A version that is public already is shown as it is now, without what was hidden meanwhile.
    """
    await require_staff(by, StaffAction.PUBLISH)
    await require_outside(by, project.id)
    while True:
        row = await _approvable(project, number)
        submission = await _submission_of(row)
        examination = await examine(await basis_of_approval(await _now(project), submission, row))
        with suppress(Unrendered):
            async with writing():
                # Otherwise an approval of a stale page could restore what the team has withdrawn.
                fresh = await lock_project(project.id)
                row = await _approvable(fresh, number)
                chosen = await _submission_of(row)
                _require_same(chosen, await basis_of_approval(fresh, chosen, row), submission, examination)
                if mark and mark != examination.basis.mark:
                    raise StageChanged
                content = content_of(examination.parts)
                is_same = (row.title, row.content) == (examination.basis.title, content)
                if is_same and not row.is_waiting and not examination.basis.has_new_names:
                    return  # repeated click
                if examination.open:
                    raise Flagged(
                        _("Сначала решите обо всём, что отмечено в тексте: скройте или оставьте."), row.number
                    )
                await _approve(row, fresh, examination, by=by)
            return


async def _approvable(project: Project, number: int | None) -> PublicVersion:
    """Return the version that waits, or is public. Raises Refusal if the team has not offered it."""
    rows = await offered_versions(project.id)
    waiting = [each for each in rows if rows[each].is_waiting]
    chosen = number if number is not None else max(waiting, default=max(rows, default=0))
    row = rows.get(chosen)
    if row is None or not (row.is_waiting or row.is_public):
        raise Refusal(_("Команда пока не просила показать эту версию"))
    return row


async def _submission_of(row: PublicVersion) -> Submission:
    submission = await Submission.objects().get(Submission.id == row.submission)
    assert submission is not None
    return submission


async def _approve(row: PublicVersion, project: Project, examination: Examination, *, by: Person) -> None:
    was_offered = row.is_offered
    row.title, row.content, row.grammar = examination.basis.title, content_of(examination.parts), GRAMMAR
    row.is_waiting, row.approved_at, row.approved_by, row.ended_at = False, now(), by.id, None
    await row.save()
    await note_names(project, examination.findings, by=by)
    await note_looked_at(examination.parts)
    await approve_names(examination.basis.mates)
    if was_offered:
        await approve_details(project, await hidden_of(project.id))
    await update_entry(project)
    await record(Happened.PUBLISHED, by=by, project=project.id, submission=row.submission, number=row.number)


async def note_names(project: Project, findings: Sequence[TextFinding], *, by: Person) -> None:
    """Note whom the public text names, so that the end of their consent hides it."""
    for finding in findings:
        for person in finding.people if finding.standing is Standing.NAMED else ():
            await store(project.id, Verdict.NAMED, [finding.passage], by=by, person=person)


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
            Happened.PUBLICATION_REFUSED, by=by, project=project.id, submission=row.submission, number=row.number,
            reason=reason,
        )  # fmt: skip


async def unpublish(project: Project, *, by: Person, number: int | None = None, reason: str = "") -> bool:
    """Take the project, or one version of it, off the showcase, as captain, teacher or organiser.

    An offer that still waits is recalled. The team is told if an organiser outside of it did it; return whether it is.
    """
    async with writing():
        project = await lock_project(project.id)
        await require_may(by, Action.UNPUBLISH, project.id)
        rows = await offered_versions(project.id)
        ending = [row for row in rows.values() if (row.is_public or row.is_waiting) and number in (None, row.number)]
        if not ending:
            return False  # repeated click
        is_office = await role_of(by, project.id) == ProjectRole.ORGANISER
        await _end(project, ending, by=by, told=reason if is_office else None)
        return is_office


async def retract_version(project: Project, submission: Submission, *, by: Person) -> None:
    """End what the public reads, or could have read, of a version that the team takes back.

    Call inside the transaction that withdraws it and has locked the project.
    """
    row = (await offered_versions(project.id)).get(submission.number)
    if row is not None and (row.is_public or row.is_waiting):
        await _end(project, [row], by=by)


async def follow_correction(
    project: Project, submission: Submission, before: Mapping[str, str], found: Sequence[TextFinding], *, by: Person
) -> None:
    """Correct what the public reads of a version after a typo was corrected in it.

    ``submission``: as it reads now; ``before``: the texts that were corrected, by section (empty: the title);
    ``found``: what the corrections say of people (``examination.py: found_in_correction``). Raises Refusal for what
    nobody may publish, and where the public reads something else than the version says: part of it is hidden. Call
    inside the transaction of the correction, which has locked the project.
    """
    row = (await offered_versions(project.id)).get(submission.number)
    if row is None or not row.is_public:
        return
    public, present = frozen_parts(row), {part.key: part for part in frozen_parts(submission)}
    what = await hidden_of(project.id)
    if any(
        part.text != before[part.key] or what.of(text := present[part.key].text) != text
        for part in public
        if part.key in before
    ):
        raise Refusal(_("Часть этого раздела на витрине скрыта: сначала снимите версию с витрины, потом исправьте"))
    _require_nothing_private(found)
    await note_names(project, found, by=by)
    row.content = content_of([present[part.key] if part.key in before else part for part in public])
    if TITLE in before:
        row.title = what.of(submission.title)
    await row.save()
    await update_entry(project)


def _require_nothing_private(found: Sequence[TextFinding]) -> None:
    if private := [finding.passage for finding in found if finding.is_open]:
        raise Refusal(
            _("Эта версия на витрине, а исправление называет человека, телефон или адрес: %(what)s. Уберите это или сначала снимите версию с витрины.", what=", ".join(private[:3]))
        )  # fmt: skip


async def end_all(project: Project, *, by: Person) -> None:
    """End everything that is public or offered. Call inside a transaction that has locked the project."""
    if ending := [row for row in (await offered_versions(project.id)).values() if row.is_public or row.is_waiting]:
        await _end(project, ending, by=by)


async def _end(project: Project, rows: list[PublicVersion], *, by: Person | None, told: str | None = None) -> None:
    """``told``: an organiser's reason, which the team gets in one mail, however many versions end; None: no mail."""
    was_public = any(row.is_public for row in rows)
    for row in rows:
        row.is_waiting, row.ended_at, row.ended_by = False, now(), by.id if by else None
        row.title, row.content = "", "[]"
        await row.save()
    if not await public_versions_of(project.id):
        await end_news_of(project.id)
    if was_public:
        await update_entry(project)
        await recall_mails(project.id)
    for row in rows:
        await record(
            Happened.UNPUBLISHED, by=by, project=project.id, submission=row.submission, number=row.number,
            is_told=told is not None and row is rows[-1], reason=told or "",
        )  # fmt: skip
