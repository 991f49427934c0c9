"""What visitors report about public pages: an organiser looks, hides at once, answers, closes.

Anybody may report, without an account. What they wrote is for organisers alone: no mail, no journal and no team ever gets it.
Their address serves for the answer and is erased with their words some time after the report is closed.
"""

from datetime import timedelta

from incubator.core.clock import now
from incubator.core.languages import _, current_locale, override_locale
from incubator.core.networks import network_of
from incubator.core.refusals import AGAIN, Refusal, Repeated
from incubator.db import writing
from incubator.db.locking import locked_row
from incubator.db.references import some_id_of
from incubator.history.record import Happened, record
from incubator.mail.outbox import queue
from incubator.people.grants import require_staff
from incubator.people.permissions import StaffAction
from incubator.people.rate_limits import DAY, HOUR, Limit, has_room, key_of, take
from incubator.people.tables import Person
from incubator.projects.access import require_outside
from incubator.projects.locking import lock_project
from incubator.projects.tables import Project
from incubator.publication.content_report_words import Spot, Wrong
from incubator.publication.publish import unpublish
from incubator.publication.tables import ContentReport, Publication, PublicVersion

#: How long words and address of a reporter are kept after the report was closed.
KEPT = timedelta(days=30)
#: Reports from one address, which may be a whole school's, and from everywhere.
_FROM_ONE = ((20, HOUR), (60, DAY))
_FROM_ALL = ((300, HOUR), (1500, DAY))


async def report_content(
    publication: Publication, *, wrong: Wrong, place: Spot, text: str, email: str, address: str
) -> None:
    """Take down what a visitor says about a public page. Raises TooOften, Repeated for the same words once more."""
    project = publication.project
    network = network_of(address)
    said = Limit(key_of("report-said", f"{project.id} {wrong} {email} {text} {network}"), 1, AGAIN)
    async with writing():
        if not await has_room(said):
            raise Repeated(_("Это вы уже отправили: второй раз не нужно."), f"/showcase/{project.slug}")
        await take([said, *_limits(network)], _("Сообщений было уже много."))
        report = ContentReport(
            project=project.id, number=publication.number, wrong=wrong.value, place=place.value, text=text,
            email=email, locale=current_locale(), reported_at=now(),
        )  # fmt: skip
        await report.save()
        await record(Happened.CONTENT_REPORTED, by=None, project=project.id, report=report.id)


def _limits(network: str) -> list[Limit]:
    one = [Limit(key_of("report-from", network), most, window) for most, window in _FROM_ONE]
    return one + [Limit(key_of("report-all", ""), most, window) for most, window in _FROM_ALL]


async def hide_reported(report_id: int, *, reason: str, by: Person) -> bool:
    """Take the project off the showcase, as an organiser; return whether the team is told, with ``reason``.

    The report stays open: whoever wrote it waits for an answer.
    """
    await require_staff(by, StaffAction.PUBLISH)
    report = _present(await ContentReport.objects().get(ContentReport.id == report_id))
    project = await Project.objects().get(Project.id == report.project)
    assert project is not None
    await require_outside(by, project.id)
    async with writing():
        project = await lock_project(project.id)
        was_public = await PublicVersion.exists().where((PublicVersion.project == project.id) & PublicVersion.public())
        is_told = await unpublish(project, reason=reason, by=by)
        fresh = await _locked(report_id)
        if was_public:
            fresh.hidden_at, fresh.hidden_by = now(), by.id
            await fresh.save([ContentReport.hidden_at, ContentReport.hidden_by])
    return is_told


async def close_report(report_id: int, *, answer: str, by: Person) -> bool:
    """Close a report, as an organiser, and mail ``answer`` to whoever left an address; return whether a mail goes.

    Raises Refusal if somebody else has closed it, or if there is nobody to answer.
    """
    await require_staff(by, StaffAction.PUBLISH)
    async with writing():
        report = await _locked(report_id)
        await require_outside(by, some_id_of(report.project))
        if report.closed_at is not None:
            raise Refusal(_("Это сообщение уже закрыли. Посмотрите, что ответили."))
        if answer and not report.email:
            raise Refusal(_("Адреса для ответа нет: закройте без ответа."))
        report.closed_at, report.closed_by, report.answer = now(), by.id, answer
        await report.save([ContentReport.closed_at, ContentReport.closed_by, ContentReport.answer])
        await record(
            Happened.CONTENT_REPORT_CLOSED, by=by, project=report.project, report=report.id, is_answered=bool(answer)
        )
        if answer:
            await _mail_answer(report)
    return bool(answer)


async def _mail_answer(report: ContentReport) -> None:
    with override_locale(report.locale):
        await queue(
            report.email,
            _("Ответ на ваше сообщение"),
            _("Вы сообщили о странице на витрине программы «От идеи к делу». Спасибо. Организатор отвечает:"),
            report.answer,
            _("Ваш адрес и ваши слова мы сотрём через %(n)s дней.", n=KEPT.days),
            link="/showcase", locale=report.locale,
        )  # fmt: skip


async def _locked(report_id: int) -> ContentReport:
    """Lock a report until the end of this transaction."""
    return _present(await locked_row(ContentReport, report_id))


def _present(report: ContentReport | None) -> ContentReport:
    if report is None:
        raise Refusal(_("Этого сообщения больше нет: проект удалили."))
    return report


async def forget_reporters() -> int:
    """Erase words and addresses of those whose reports have been closed long enough; return how many."""
    old = ContentReport.closed_at < now() - KEPT
    holds = (ContentReport.email != "") | (ContentReport.text != "")
    rows = (
        await ContentReport.update({ContentReport.email: "", ContentReport.text: "", ContentReport.erased_at: now()})
        .where(old & holds)
        .returning(ContentReport.id)
    )
    return len(rows)
