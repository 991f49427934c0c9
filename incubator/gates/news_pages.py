"""The team's news: writing them, their picture, seeing what the public would read, offering them and taking them off."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from incubator.attachments.attach import attach_to_news
from incubator.core import limits
from incubator.core.languages import _
from incubator.core.refusals import NotAllowed, Refusal, Stale
from incubator.gates.file_pages import chunks_of
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.rebased_form import rebased
from incubator.http.templating import page, redirect
from incubator.imaging.limits import LARGEST_PICTURE
from incubator.people.guards import PersonRequest, signed_in
from incubator.projects.access import Access, require
from incubator.projects.enter import enter
from incubator.projects.kinds.file_ref import FileRef
from incubator.projects.permissions import Action
from incubator.projects.tables import News
from incubator.publication.following import number_of_followers
from incubator.publication.news import (
    NewsFlagged,
    NewsWording,
    change_news,
    delete_news,
    news_at,
    news_of,
    offer_news,
    take_news_off,
    write_news,
)
from incubator.publication.news_view import news_view, pictures_for_news
from incubator.publication.versions import public_versions_of

#: Bytes of the form with a picture: browsers add some to the picture's own.
_MOST_BYTES = LARGEST_PICTURE + 1024 * 1024


class NewsPages(Controller):
    path = "/projects/{project_id:int}/news"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        return page(
            request, "gates/news.html", way=way, project=way.project, news=await news_of(project_id),
            is_project_public=bool(await public_versions_of(project_id)),
            followers=await number_of_followers(project_id),
        )  # fmt: skip

    @get("/new")
    async def form(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        return await _form_page(request, await enter(request, project_id), Form())

    @post("/new")
    async def write(self, request: PersonRequest, project_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        require(way.may(Action.WRITE_NEWS))
        form = await read_form(request)
        wording = _wording(form)
        if form.errors:
            return await _form_page(request, way, form, status=422)
        row = await write_news(way.project, wording, by=request.user)
        return redirect(_at(row), Flash("success", _("Записано. Теперь посмотрите, что увидят все, и предложите.")))

    @get("/{news_id:int}")
    async def read(self, request: PersonRequest, project_id: FromPath[int], news_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        row = get_or_404(await news_at(news_id, project_id))
        return await _news_page(request, way, row, _filled(row))

    @post("/{news_id:int}")
    async def change(self, request: PersonRequest, project_id: FromPath[int], news_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        row = get_or_404(await news_at(news_id, project_id))
        require(way.may(Action.WRITE_NEWS))
        form = await read_form(request)
        wording = _wording(form)
        if form.errors:
            return await _news_page(request, way, row, form, status=422)
        try:
            await change_news(way.project, news_id, wording, version=form.version(), by=request.user)
        except Stale as changed:
            row = get_or_404(await news_at(news_id, project_id))
            form = rebased(form, _filled(row), texts=("headline", "text", "caption"))
            form.refuse("version", changed.message)
            return await _news_page(request, way, row, form, status=409)
        return redirect(_at(row), Flash("success", _("Сохранено")))

    @post("/{news_id:int}/offer")
    async def offer(self, request: PersonRequest, project_id: FromPath[int], news_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        row = get_or_404(await news_at(news_id, project_id))
        form = await read_form(request)
        try:
            await offer_news(way.project, news_id, is_checked=form.flag("checked"), by=request.user)
        except NewsFlagged as flagged:
            return redirect(_at(row), Flash("warning", flagged.message))
        return redirect(_at(row), Flash("success", _("Новость у организатора: он прочтёт её и ответит письмом")))

    @post("/{news_id:int}/removal")
    async def remove(self, request: PersonRequest, project_id: FromPath[int], news_id: FromPath[int]) -> Response[Any]:
        """Take it off the showcase, recall it, or delete what nobody reads."""
        way = await enter(request, project_id)
        row = get_or_404(await news_at(news_id, project_id))
        form = await read_form(request)
        if form.flag("delete"):
            await delete_news(way.project, news_id, version=form.version(), by=request.user)
            return redirect(f"/projects/{project_id}/news", Flash("info", _("Черновик удалён")))
        was_public = row.is_public
        await take_news_off(project_id, news_id, by=request.user)
        said = _("Снято: этой новости больше никто не видит") if was_public else _("Просьба отозвана")
        return redirect(_at(row), Flash("info", said))

    @get("/{news_id:int}/picture")
    async def picture(self, request: PersonRequest, project_id: FromPath[int], news_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        return _picture_page(request, way, get_or_404(await news_at(news_id, project_id)), Form())

    @post("/{news_id:int}/picture", request_max_body_size=_MOST_BYTES)
    async def upload(self, request: PersonRequest, project_id: FromPath[int], news_id: FromPath[int]) -> Response[Any]:
        way = await enter(request, project_id)
        row = get_or_404(await news_at(news_id, project_id))
        require(way.may(Action.WRITE_NEWS))
        form = Form()
        file = (await request.form()).get("picture")
        if not isinstance(file, UploadFile) or not file.filename:
            form.refuse("picture", _("Выберите картинку"))
            return _picture_page(request, way, row, form, status=422)
        try:
            await attach_to_news(project_id, news_id, chunks_of(file), name=file.filename, by=request.user)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse("picture", refusal.message)
            return _picture_page(request, way, row, form, status=422)
        finally:
            await file.close()
        return redirect(
            f"/projects/{project_id}/files",
            Flash("success", _("Картинка у новости. Скажите, кто на ней: без этого её никто не увидит.")),
        )


def _at(row: News) -> str:
    return f"/projects/{row.project}/news/{row.id}"


def _wording(form: Form) -> NewsWording:
    return NewsWording(
        headline=form.text("headline", longest=limits.NEWS_TITLE, required=True),
        text=form.text("text", longest=limits.NEWS, required=True, lines=True),
        picture=form.id("picture"),
        caption=form.text("caption", longest=limits.CAPTION),
    )


def _filled(row: News) -> Form:
    file = FileRef.of(row.picture)
    return Form(
        headline=row.headline, text=row.text, picture=file.id if file else "", caption=row.caption, version=row.version
    )  # fmt: skip


async def _form_page(request: PersonRequest, way: Access, form: Form, *, status: int = 200) -> Response[Any]:
    require(way.may(Action.WRITE_NEWS))
    return page(
        request, "gates/news_new.html", status=status, way=way, project=way.project, form=form,
        pictures=await pictures_for_news(way.project),
    )  # fmt: skip


async def _news_page(
    request: PersonRequest, way: Access, row: News, form: Form, *, status: int = 200
) -> Response[Any]:  # fmt: skip
    view = await news_view(way.project, row)
    return page(
        request, "gates/news_item.html", status=status, way=way, form=form,
        pictures=await pictures_for_news(way.project, row), **vars(view),
    )  # fmt: skip


def _picture_page(request: PersonRequest, way: Access, row: News, form: Form, *, status: int = 200) -> Response[Any]:
    return page(
        request, "gates/news_picture.html", status=status, way=way, project=way.project, row=row, form=form,
        largest=LARGEST_PICTURE,
    )  # fmt: skip


PAGES = [NewsPages]
