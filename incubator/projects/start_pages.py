"""Starting: signing up with an idea from the landing page, and starting another project."""

from typing import Any

from litestar import Controller, Response, get, post

from incubator.core import limits
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.http.forms import Form, read_form
from incubator.http.markdown.renderer import render
from incubator.http.requests import AnyRequest
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, signed_in
from incubator.people.pages import confirm_hint, sign_up_from, signed_in_redirect
from incubator.people.proof import Opened
from incubator.people.tables import Person
from incubator.programme.seasons import current_season
from incubator.programme.tables import Season
from incubator.projects.deadlines import deadline_for_ideas
from incubator.projects.start import start
from incubator.projects.tables import Project


class StartPages(Controller):
    """Starting a project, from the landing page to its document."""

    @get("/start")
    async def show(self, request: AnyRequest) -> Response[Any]:
        if request.scope.get("user"):
            return redirect("/projects/new")
        season = await current_season()
        return page(request, "projects/start.html", form=Form(), **await _season(season))

    @post("/start")
    async def begin(self, request: AnyRequest) -> Response[Any]:
        if request.scope.get("user"):
            return redirect("/projects/new")
        season = await _open_season()
        form = await read_form(request)
        title = form.text("title", longest=limits.TITLE)
        begun: list[Project] = []

        async def begin(person: Person) -> None:
            begun.append(await start(title, season=season, by=person))

        person = None if form.errors else await sign_up_from(form, request, begin)
        if person is None:
            return page(request, "projects/start.html", status=422, form=form, **await _season(season))
        project = begun[0]
        hint = await confirm_hint(
            person, _("Мы отправили письмо: подтвердите адрес по ссылке в нём. Писать можно уже сейчас.")
        )
        return await signed_in_redirect(request, person, f"/projects/{project.id}", hint, opened=Opened.PASSWORD)

    @get("/projects/new", guards=[signed_in])
    async def new(self, request: PersonRequest) -> Response[Any]:
        return page(request, "projects/new.html", form=Form(), **await _season(await current_season()))

    @post("/projects/new", guards=[signed_in])
    async def create(self, request: PersonRequest) -> Response[Any]:
        season = await _open_season()
        form = await read_form(request)
        title = form.text("title", longest=limits.TITLE, required=True)
        pitch = form.text("pitch", longest=limits.PITCH)
        if form.errors:
            return page(request, "projects/new.html", status=422, form=form, **await _season(season))
        project = await start(title, season=season, by=request.user, pitch=pitch)
        return redirect(f"/projects/{project.id}")

    @post("/preview", guards=[signed_in])
    async def preview(self, request: PersonRequest) -> dict[str, str]:
        """Return the rendered text for the live preview."""
        text = (await read_form(request)).value("text")[:10_000]
        return {"html": await render(text)}


async def _open_season() -> Season:
    """Return the season that is open now. Raises Refusal if it closed after the page was opened."""
    season = await current_season()
    if season is None:
        raise Refusal(_("Сезон уже закрыт: новые идеи принимаем, когда откроется следующий"))
    return season


async def _season(season: Season | None) -> dict[str, Any]:
    """Return what both pages say of the season: whether it is open, and until when ideas are accepted."""
    deadline = await deadline_for_ideas(season)
    return {"season": season, "deadline": deadline, "is_over": deadline is not None and deadline.is_over(now())}


PAGES = [StartPages]
