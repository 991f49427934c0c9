"""Correcting a typo in a submitted version, as organiser: with a reason, in the history, told to the team."""

from collections.abc import Mapping
from dataclasses import dataclass

from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal, Stale
from incubator.core.text import clean
from incubator.core.visible import says_something
from incubator.db import writing
from incubator.history.record import Happened, record
from incubator.http.markdown.version import GRAMMAR
from incubator.http.prose import Prose, prose_of
from incubator.people.tables import Person
from incubator.projects.access import require_may, require_reason
from incubator.projects.document import Frozen
from incubator.projects.errata import TITLE, corrected, corrected_parts, corrected_title, errata_of
from incubator.projects.locking import lock_project_of
from incubator.projects.permissions import Action
from incubator.projects.tables import Answer, Erratum, Project, Submission
from incubator.publication.examination import found_in_correction
from incubator.publication.publish import follow_correction
from incubator.search.postings import hold


@dataclass(frozen=True, slots=True)
class _Change:
    key: str
    before: str
    after: str


async def correct_typo(
    submission: Submission, texts: Mapping[str, str], *, reason: str, version: int, by: Person
) -> list[Erratum]:
    """Correct sections (by key) and the title (key ``TITLE``) of a version; return what was corrected.

    The version keeps its number, and reviews stay on what they were written about. The team's document follows where
    it still says the same, and so does the showcase. ``version``: how many corrections were there when the text was
    read. Raises Stale if there are more now, Refusal without a reason or a change.
    """
    require_reason(reason)
    prose = await prose_of(texts.values())
    found = await found_in_correction(submission.project, await _readable(submission), texts)
    async with writing():
        project, submission = await lock_project_of(submission.id)
        await require_may(by, Action.MANAGE, project.id)
        if submission.is_taken_back:
            raise Refusal(_("Эту версию сняли с рецензии: исправлять в ней нечего"))
        errata = await errata_of(submission)
        if len(errata) != version:
            raise Stale(_("Эту версию за это время уже исправили. Посмотрите, как она читается теперь."))
        changes = _changes(corrected_title(submission, errata), corrected_parts(submission, errata), texts)
        if not changes:
            raise Refusal(_("Вы ничего не изменили"))
        await hold()
        rows = [await _store(submission, change, prose, reason, by) for change in changes]
        for change in changes:
            await _follow(project, change, by)
        await follow_correction(project, await corrected(submission), {c.key: c.before for c in changes}, found, by=by)
        for change in changes:
            await record(
                Happened.TYPO_CORRECTED, by=by, project=project.id, submission=submission.id, key=change.key,
                reason=reason, errata=[row.id for row in rows] if change is changes[-1] else [],
            )  # fmt: skip
        return rows


async def _readable(submission: Submission) -> dict[str, str]:
    """Return the title and the sections as they read now."""
    errata = await errata_of(submission)
    parts = corrected_parts(submission, errata)
    return {TITLE: corrected_title(submission, errata), **{part.key: part.text for part in parts}}


def _changes(title: str, parts: list[Frozen], texts: Mapping[str, str]) -> list[_Change]:
    known = {TITLE: title, **{part.key: part.text for part in parts}}
    if any(not says_something(text) for key, text in texts.items() if says_something(known.get(key, ""))):
        raise Refusal(_("Исправить – не значит стереть: текст не может стать пустым"))
    return [
        _Change(key, known[key], text)
        for key, text in texts.items()
        if key in known and clean(known[key]) != clean(text)
    ]


async def _store(submission: Submission, change: _Change, prose: Prose, reason: str, by: Person) -> Erratum:
    row = Erratum(
        submission=submission.id, key=change.key, before=change.before, after=change.after,
        html=str(prose(change.after)) if change.key else "", grammar=GRAMMAR, reason=reason, corrected_by=by.id, at=now(),
    )  # fmt: skip
    await row.save()
    return row


async def _follow(project: Project, change: _Change, by: Person) -> None:
    """Correct the team's document as well, where it has not been changed since."""
    if change.key == TITLE:
        await Project.update(
            {
                Project.title: change.after,
                Project.folded: Project.folded_of(change.after, project.team_name),
                Project.details_version: Project.details_version + 1,
            }
        ).where((Project.id == project.id) & (Project.title == change.before))
        return
    await Answer.update(
        {
            Answer.text: change.after,
            Answer.version: Answer.version + 1,
            Answer.changed_at: now(),
            Answer.changed_by: by.id,
        }
    ).where((Answer.project == project.id) & (Answer.key == change.key) & (Answer.text == change.before))
