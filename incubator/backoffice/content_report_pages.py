"""Organisers read what visitors report about public pages: hide at once, answer, close."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.backoffice.content_report_list import of_others, page_of_reports
from incubator.core import limits
from incubator.core.languages import _
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.keyset import after_of
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, organiser
from incubator.publication.content_report_words import words_for_team
from incubator.publication.content_reports import KEPT, close_report, hide_reported
from incubator.publication.entry import publication_of
from incubator.publication.tables import ContentReport

_HERE = "/organiser/reports"


class ContentReportPages(Controller):
    path = _HERE
    guards = [organiser]

    @get()
    async def every(self, request: PersonRequest) -> Response[Any]:
        after = after_of(request)
        found = await page_of_reports(after, reader=request.user)
        return page(request, "backoffice/reports.html", found=found, is_first=after is None)

    @get("/{report_id:int}")
    async def show(self, request: PersonRequest, report_id: FromPath[int]) -> Response[Any]:
        report = await _report(report_id, request)
        return await _page(request, report, Form(reason=words_for_team(report.wrong)))

    @post("/{report_id:int}/hiding")
    async def hide(self, request: PersonRequest, report_id: FromPath[int]) -> Response[Any]:
        report, form = await _report(report_id, request), await read_form(request)
        reason = form.text("reason", longest=limits.REASON, lines=True)
        if form.errors:
            return await _page(request, report, form, status=422)
        is_told = await hide_reported(report.id, reason=reason, by=request.user)
        text = _("Скрыто: на витрине этого больше нет.")
        told = _("Команда получит письмо.")
        return redirect(f"{_HERE}/{report.id}", Flash("success", f"{text} {told}" if is_told else text))

    @post("/{report_id:int}/closing")
    async def close(self, request: PersonRequest, report_id: FromPath[int]) -> Response[Any]:
        report, form = await _report(report_id, request), await read_form(request)
        is_answer = form.value("how") == "answer"
        answer = form.text("answer", longest=limits.REPLY, required=is_answer, lines=True)
        if form.errors:
            return await _page(request, report, form, status=422)
        goes = await close_report(report.id, answer=answer if is_answer else "", by=request.user)
        text = _("Ответ отправлен, сообщение закрыто.") if goes else _("Закрыто без ответа.")
        return redirect(_HERE, Flash("success", text))


async def _report(report_id: int, request: PersonRequest) -> ContentReport:
    """Return the report; 404 also for somebody of the team: no team ever gets it."""
    every = ContentReport.objects(ContentReport.project, ContentReport.hidden_by, ContentReport.closed_by)
    return get_or_404(await every.where((ContentReport.id == report_id) & of_others(request.user)).first())


async def _page(request: PersonRequest, report: ContentReport, form: Form, *, status: int = 200) -> Response[Any]:
    return page(
        request, "backoffice/report.html", status=status, report=report, form=form,
        entry=await publication_of(report.project.id), kept=KEPT.days,
    )  # fmt: skip


PAGES = [ContentReportPages]
