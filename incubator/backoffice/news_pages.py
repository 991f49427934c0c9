"""The organiser's page of a piece of news that a team offers: what the public would read, and the answer."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.backoffice.approval_pages import LIST
from incubator.core import limits
from incubator.core.languages import _
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, organiser
from incubator.projects.tables import News, Project
from incubator.projects.team_mail import told_in_words
from incubator.publication.news import NewsFlagged, news_at, publish_news, refuse_news, take_news_off
from incubator.publication.news_view import news_view


class NewsApprovalPages(Controller):
    path = "/organiser/news/{news_id:int}"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest, news_id: FromPath[int]) -> Response[Any]:
        return await _page(request, get_or_404(await news_at(news_id)), Form())

    @post()
    async def approve(self, request: PersonRequest, news_id: FromPath[int]) -> Response[Any]:
        """Show the news that were read to everybody, or take them off."""
        row = get_or_404(await news_at(news_id))
        form = await read_form(request)
        if form.flag("withdraw"):
            reason = form.text("reason", longest=limits.REASON, lines=True)
            if form.errors:
                return await _page(request, row, form, status=422)
            is_told = await take_news_off(row.project, news_id, reason=reason, by=request.user)
            told = await told_in_words(row.project) if is_told else ""
            return redirect(LIST, Flash("info", f"{_('Снято с витрины.')} {told}".strip()))
        try:
            await publish_news(news_id, mark=form.value("mark"), by=request.user)
        except NewsFlagged as flagged:
            return redirect(f"/organiser/news/{news_id}", Flash("warning", flagged.message))
        project = await _project(row)
        return redirect(LIST, Flash("success", _("Новость видят все"), f"/showcase/{project.slug}#news-{news_id}"))

    @post("/refusal")
    async def refuse(self, request: PersonRequest, news_id: FromPath[int]) -> Response[Any]:
        row = get_or_404(await news_at(news_id))
        form = await read_form(request)
        reason = form.text("reason", longest=limits.REASON, required=True, lines=True)
        if form.errors:
            return await _page(request, row, form, status=422)
        await refuse_news(news_id, reason=reason, by=request.user)
        text = _("Отказ записан вместе с причиной.") + " " + await told_in_words(row.project)
        return redirect(LIST, Flash("info", text))


async def _project(row: News) -> Project:
    return get_or_404(await Project.objects().get(Project.id == row.project))


async def _page(request: PersonRequest, row: News, form: Form, *, status: int = 200) -> Response[Any]:
    view = await news_view(await _project(row), row)
    return page(request, "backoffice/news.html", status=status, form=form, **vars(view))


PAGES = [NewsApprovalPages]
