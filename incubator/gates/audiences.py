"""Whom decisions, dates and an organiser's acts on a project concern: its team, and whoever decided."""

from collections.abc import Sequence
from datetime import datetime

from incubator.core.formatting import deadline as formatted
from incubator.core.languages import _, localized, override_locale
from incubator.db.references import id_of
from incubator.gates.decision_mail import letter_of
from incubator.gates.farewell import farewell
from incubator.history.record import Happened
from incubator.history.tables import Event
from incubator.notifications.audiences import Audience, NothingLeft, Paragraphs, Reader, data_of, language_for, readers
from incubator.projects.audiences import office_of, project_of, team_readers
from incubator.projects.deadlines import binding_deadline, deadline_in_words
from incubator.projects.document import frozen_parts
from incubator.projects.lifecycle import WRITABLE, State
from incubator.projects.season_changes import written
from incubator.projects.tables import Erratum, Project, Submission
from incubator.projects.team import team_of
from incubator.reviews.outcomes import outcome_in_words
from incubator.reviews.tables import Decision
from incubator.reviews.told_decisions import since_told


async def team_with_decision(event: Event) -> Sequence[Reader]:
    """The team, with the decision, its remarks, what to do next and until when; nobody once it is corrected."""
    decision = await _decision_of(event)
    return await _decided(decision) if decision.superseded_at is None else []


async def team_with_correction(event: Event) -> Sequence[Reader]:
    """The team, with both outcomes and the reason before the mail of the new decision; nobody once that is corrected, too."""
    decision = await _decision_of(event)
    before, reasons = await since_told(decision)

    def change() -> Sequence[str]:
        new = outcome_in_words(decision.outcome)
        return [
            _("Было: %(outcome)s. Стало: %(new)s.", outcome=outcome_in_words(before), new=new)
            if before != decision.outcome
            else _("Само решение прежнее: %(outcome)s. Исправлены слова.", outcome=new),
            *(_("Почему: %(why)s", why=why) for why in reasons),
        ]

    return await _decided(decision, change) if decision.superseded_at is None else []


async def _decision_of(event: Event) -> Decision:
    decision = await Decision.objects(Decision.submission).get(Decision.id == data_of(event).get("decision"))
    if decision is None:
        raise NothingLeft
    return decision


async def _decided(decision: Decision, before: Paragraphs = lambda: ()) -> Sequence[Reader]:
    submission: Submission = decision.submission
    project = await Project.objects().get(Project.id == submission.project)
    assert project is not None
    deadline = await binding_deadline(project) if project.state == State.DRAFT else None
    found: list[Reader] = []
    for mate in await team_of(project.id):
        locale = language_for(mate.person)
        _key, words, values = await letter_of(project.state, project.stage, submission, decision, deadline, locale)
        with override_locale(locale):
            paragraphs = [*before(), *words]
        found += readers([mate.person], _version_page(submission), paragraphs.copy, **values)
    return found


async def who_decided(event: Event) -> Sequence[Reader]:
    """Whoever decided, when the team has replied; all organisers, if that person is none any more, or unknown."""
    decision = (
        await Decision.objects(Decision.submission, Decision.decided_by)
        .where((Decision.submission == event.submission_id) & Decision.released())
        .first()
    )
    if decision is None:
        return []
    office = await office_of(decision.submission.project)
    decider = [person for person in office if person.id == id_of(decision.decided_by)]
    return readers(decider or office, f"/organiser/submissions/{event.submission_id}", title=decision.submission.title)


async def team_with_new_date(event: Event) -> Sequence[Reader]:
    """The team, with the date and the reason, until it has another date."""
    project, data = await project_of(event), data_of(event)
    deadline = await binding_deadline(project)
    if deadline is None or deadline.until != datetime.fromisoformat(data["until"]):
        return []
    reason = str(data.get("reason", ""))
    return await team_readers(project, paragraphs=lambda: [deadline_in_words(project.stage, deadline), reason])


async def team_reopened(event: Event) -> Sequence[Reader]:
    """The team with its date, as ``team_with_new_date``; where the stage has none, as long as it may write."""
    if data_of(event)["until"]:
        return await team_with_new_date(event)
    project = await project_of(event)
    if project.state not in WRITABLE:
        return []
    return await team_readers(project, paragraphs=lambda: [_("Срока нет: сдать можно, когда будете готовы.")])


async def team_with_moved_date(event: Event) -> Sequence[Reader]:
    """The team, with the stage's new and former date, as long as it is at that stage and the new one binds it."""
    project, data = await project_of(event), data_of(event)
    deadline = await binding_deadline(project)
    if (project.stage, written(deadline)) != (data["stage"], data["until"]) or project.state not in WRITABLE:
        return []
    before = datetime.fromisoformat(data["before"]) if data["before"] else None
    return await team_readers(
        project,
        paragraphs=lambda: [
            deadline_in_words(project.stage, deadline) or _("Срока теперь нет: сдать можно, когда будете готовы."),
            _("Раньше срок был до %(until)s.", until=formatted(before)) if before else "",
        ],
    )


async def team_with_reason(event: Event) -> Sequence[Reader]:
    """The team, with the organiser's reason for what was done to its project."""
    reason = str(data_of(event).get("reason", ""))
    return await team_readers(await project_of(event), paragraphs=lambda: [reason])


async def team_of_merged(event: Event) -> Sequence[Reader]:
    """The team, with the organiser's reason, and until when it may hand in the project that stays."""
    project, reason = await project_of(event), str(data_of(event).get("reason", ""))
    deadline = await binding_deadline(project) if project.state in WRITABLE else None
    return await team_readers(project, paragraphs=lambda: [reason, deadline_in_words(project.stage, deadline)])


async def team_before_deletion(event: Event) -> Sequence[Reader]:
    """The team, with the reason, the day, and everything that it has written, unless the project is kept after all."""
    project = await project_of(event)
    until = project.deletes_at
    if until is None:
        return []

    def before() -> Sequence[str]:
        return [_("Проект удалится %(until)s. До тех пор организатор может его вернуть.", until=formatted(until))]

    reason = str(data_of(event).get("reason", ""))
    return await team_readers(project, paragraphs=await farewell(project, reason, before=before))


async def team_before_idea_goes(event: Event) -> Sequence[Reader]:
    """The rest of the team, with the day, and everything that it has written, unless the captain thinks better of it."""
    project = await project_of(event)
    until = project.deletes_at
    if until is None:
        return []

    def before() -> Sequence[str]:
        return [_("Идея удалится %(until)s. До тех пор капитан может её вернуть.", until=formatted(until))]

    return await team_readers(project, paragraphs=await farewell(project, "", before=before))


async def team_of_kept(event: Event) -> Sequence[Reader]:
    """The team, as long as its project is kept."""
    project = await project_of(event)
    return await team_readers(project) if project.deletes_at is None else []


async def team_with_errata(event: Event) -> Sequence[Reader]:
    """The team, with everything that was corrected at once, in one mail."""
    data = data_of(event)
    rows = await Erratum.objects().where(Erratum.id.is_in(data.get("errata") or [0])).order_by(Erratum.id)
    submission = await Submission.objects().get(Submission.id == event.submission_id)
    if not rows or submission is None:
        return []
    sections = {part.key: part for part in frozen_parts(submission)}

    def corrections() -> Sequence[str]:
        return [
            *(
                _("Раздел «%(name)s»", name=localized(sections[row.key], "title"))
                if row.key
                else _("Название: «%(title)s»", title=row.after)
                for row in rows
            ),
            str(data.get("reason", "")),
        ]

    return await team_readers(await project_of(event), _version_page(submission), corrections)


def _version_page(submission: Submission) -> str:
    return f"/projects/{submission.project}/submissions/{submission.number}"


AUDIENCES = (
    Audience(Happened.ADVANCED, team_with_decision, "advance"),
    Audience(Happened.GRADUATED, team_with_decision, "graduated"),
    Audience(Happened.RETURNED, team_with_decision, "return"),
    Audience(Happened.STOPPED, team_with_decision, "stop"),
    Audience(Happened.DECISION_CORRECTED, team_with_correction, "corrected"),
    Audience(Happened.DECISION_ANSWERED, who_decided, "answer"),
    Audience(Happened.EXTENDED, team_with_new_date, "extended"),
    Audience(Happened.DATE_MOVED, team_with_moved_date, "date_moved", "dates", is_urgent=True),
    Audience(Happened.REOPENED, team_reopened, "reopened"),
    Audience(Happened.WITHDRAWN, team_with_reason, "withdrawn_by_office"),
    Audience(Happened.PROJECTS_MERGED, team_of_merged, "merged"),
    Audience(Happened.DELETION_PLANNED, team_before_deletion, "deletion_planned"),
    Audience(Happened.DELETION_STOPPED, team_of_kept, "deletion_stopped"),
    Audience(Happened.IDEA_DELETED, team_before_idea_goes, "idea_deleted"),
    Audience(Happened.IDEA_RESTORED, team_of_kept, "idea_restored"),
    Audience(Happened.TYPO_CORRECTED, team_with_errata, "typo_corrected"),
)
