"""The public pages of one project: its story, its poster, its pictures, and the form for offering help."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from incubator.core import limits
from incubator.core.languages import _
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.requests import AnyRequest, client_address
from incubator.http.templating import page, redirect
from incubator.projects.version_files import files_of, without_files
from incubator.publication.facets import values_in
from incubator.publication.following import followed_by
from incubator.publication.tables import Publication
from incubator.showcase.addresses import links_of, without_more
from incubator.showcase.help import offer_help
from incubator.showcase.pictures import photo_as_svg
from incubator.showcase.poster import PAPERS, Poster, drawn_picture, drawn_poster
from incubator.showcase.project_view import cover_at, newest_parts, project_view
from incubator.showcase.reference_titles import reference_lists, titles_of
from incubator.showcase.story import (
    present_slug,
    public_team,
    public_versions,
    published,
)
from incubator.typesetting.qr import qr_code


class Moved(Exception):
    """The project has moved to another address."""

    def __init__(self, former: str, present: str) -> None:
        super().__init__(present)
        self.former, self.present = former, present


def moved(request: AnyRequest, error: Moved) -> Redirect:
    """Redirect to the same page, picture, feed or API answer at the current address."""
    parts = request.url.path.split("/")
    # Not the first part: a project may have been called like one of our rooms.
    at = next(n for n, part in enumerate(parts) if n > 1 and part.partition(".")[0] == error.former)
    parts[at] = error.present + parts[at].removeprefix(error.former)
    path = "/".join(parts)
    address = f"{path}?{request.url.query}" if request.url.query else path
    # A title may be changed back: a browser that remembered this for ever would then go round in a circle.
    return Redirect(address, status_code=301, headers={"cache-control": "no-cache"})


async def publication_at(slug: str) -> Publication:
    """Return the publication with its project; 404 if it is not public. Raises Moved for a former address."""
    publication = await published(slug)
    if publication is None:
        raise Moved(slug, get_or_404(await present_slug(slug)))
    return publication


class ProjectPages(Controller):
    path = "/showcase/{slug:str}"

    @get()
    async def show(self, request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
        publication = await publication_at(slug)
        links = links_of(request, canonical=f"/showcase/{publication.project.slug}")
        view = await project_view(publication, url=links.canonical)
        person = request.scope.get("user")
        is_following = person is not None and publication.project.id in await followed_by(person.id)
        return page(
            request, "showcase/project.html", links=links, form=Form(), is_following=is_following, **vars(view)
        )  # fmt: skip

    @get("/picture.png")
    async def picture(self, request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
        """Return the picture that messengers show beside a link: 1200 × 630 pixels."""
        if clean := without_more(request, "lang"):
            return clean
        return Response(await drawn_picture(await _poster(await publication_at(slug))), media_type="image/png")

    @get("/poster")
    async def poster(self, request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
        """Show a page for printing from the browser."""
        poster = await _poster(await publication_at(slug))
        return page(request, "showcase/poster.html", poster=poster, slug=slug, papers=PAPERS, qr=qr_code(poster.url))

    @get("/poster.pdf")
    async def poster_pdf(self, request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
        """Return the poster for a print shop; ``?paper=a3`` or a4."""
        if clean := without_more(request, "paper", "lang"):
            return clean
        paper = request.query_params.get("paper", "a3")
        body = await drawn_poster(await _poster(await publication_at(slug)), paper if paper in PAPERS else "a3")
        headers = {
            "content-disposition": f'inline; filename="{slug[: limits.SLUG]}-{paper if paper in PAPERS else "a3"}.pdf"'
        }
        return Response(body, media_type="application/pdf", headers=headers)

    @get("/help")
    async def help(self, request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
        return _help_page(request, await _wanting(slug), Form())

    @post("/help")
    async def offer(self, request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
        publication = await _wanting(slug)
        form = await read_form(request)
        name = form.text("name", longest=limits.HELP_OFFER_NAME, required=True)
        email = form.email("email")
        text = form.text("text", longest=limits.HELP_OFFER, required=True, lines=True)
        if form.errors:
            return _help_page(request, publication, form, status=422)
        # A honeypot that people do not see: whoever fills it in is thanked, and nothing is sent.
        if not form.value("website"):
            await offer_help(publication, name=name, email=email, text=text, address=client_address(request))
        thanks = _("Спасибо. Ваше письмо получит взрослый: педагог команды, а если его нет – организатор.")
        return redirect(f"/showcase/{publication.project.slug}", Flash("success", thanks))


async def _poster(publication: Publication) -> Poster:
    """Return the content of the poster and the picture, in the language of the request."""
    lists, facets = await reference_lists(), values_in(publication.facets)
    parts = newest_parts(await public_versions(publication))
    names = [mate.name for mate in await public_team(publication.project.id)]

    def titles(name: str) -> list[str]:
        return [titles_of(name, lists).get(value, value) for value in facets.get(name, [])]

    shown = files_of(parts).cover
    photo = await photo_as_svg(shown.file, publication.project.id) if shown else None
    return Poster.of(
        publication, without_files(parts), cover=str(cover_at(publication, lists)), photo=photo, names=names, places=titles("municipality"),
        clusters=titles("cluster"), stage=facets.get("stage", ["idea"])[0],
    )  # fmt: skip


async def _wanting(slug: str) -> Publication:
    """Return a publication whose team looks for help; else raise 404."""
    publication = await publication_at(slug)
    return get_or_404(publication if publication.help_wanted else None)


def _help_page(request: AnyRequest, publication: Publication, form: Form, *, status: int = 200) -> Response[Any]:
    return page(
        request, "showcase/help.html", status=status, publication=publication, project=publication.project, form=form,
    )  # fmt: skip


PAGES = [ProjectPages]
