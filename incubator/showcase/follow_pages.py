"""Following a project: the form on its page, the link in its mails, and what one follows with an account."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core.languages import _
from incubator.http.flash import Flash
from incubator.http.forms import read_form
from incubator.http.requests import AnyRequest, client_address
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, signed_in
from incubator.publication.following import (
    WAITS,
    ask_to_follow,
    confirm_following,
    end_all_following,
    end_following,
    follow,
    same_owner,
    stop_following,
)
from incubator.publication.tables import Follower, Publication
from incubator.showcase.project_pages import publication_at


@dataclass(frozen=True, slots=True)
class Followed:
    """One project that somebody follows, as a page lists it."""

    row: Follower
    title: str
    """As the public reads it; empty: it is not on the showcase now."""
    slug: str


class FollowPages(Controller):
    path = "/showcase/{slug:str}/follow"

    @post()
    async def follow(self, request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
        """Follow with an account by one press; as a visitor with an address that gets a link. ``end``: with an account no more."""
        publication = await publication_at(slug)
        back = f"/showcase/{publication.project.slug}"
        form, person = await read_form(request), request.scope.get("user")
        if person is not None and form.flag("end"):
            await stop_following(publication.project.id, by=person)
            return redirect(back, Flash("info", _("Вы больше не следите за этим проектом")))
        if person is not None and "email" not in form:
            await follow(publication, by=person)
            return redirect(back, Flash("success", _("Новости проекта придут вам письмом, не чаще раза в день")))
        email = form.email("email")
        if form.errors:
            return page(
                request, "showcase/follow.html", status=422, publication=publication, project=publication.project,
                form=form,
            )  # fmt: skip
        # A honeypot that people do not see: whoever fills it in is told the same, and nothing is kept.
        if not form.value("website"):
            await ask_to_follow(publication, email=email, address=client_address(request))
        said = _("Мы отправили письмо со ссылкой. Откройте её, чтобы подтвердить адрес.")
        return redirect(back, Flash("success", said))


class FollowedPages(Controller):
    """The link in mails, which works without signing in."""

    path = "/mail/follow/{secret:str}"

    @get()
    async def show(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        return await _link_page(request, secret)

    @post(status_code=200)
    async def end(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        """End it: the button of the page, and that of mail programs (RFC 8058). Repeating it changes nothing."""
        await end_following(secret)
        return page(request, "showcase/followed.html", rows=[], is_over=True, secret=secret, days=WAITS.days)

    @post("/confirmed", status_code=200)
    async def confirm(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        await confirm_following(secret)
        return await _link_page(request, secret)

    @post("/all", status_code=200)
    async def end_all(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        await end_all_following(secret)
        return page(request, "showcase/followed.html", rows=[], is_over=True, secret=secret, days=WAITS.days)


class OwnFollowedPages(Controller):
    """What somebody follows with an account."""

    path = "/following"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        rows = await Follower.objects().where(Follower.person == request.user.id).order_by(Follower.id)
        return page(request, "showcase/following.html", rows=await _followed(rows))

    @post()
    async def end(self, request: PersonRequest) -> Response[Any]:
        project = (await read_form(request)).id("project", required=True)
        await stop_following(project or 0, by=request.user)
        return redirect("/following", Flash("info", _("Вы больше не следите за этим проектом")))


async def _link_page(request: AnyRequest, secret: str) -> Response[Any]:
    rows = await _followed(await same_owner(secret))
    return page(
        request, "showcase/followed.html", status=200 if rows else 404, rows=rows, is_over=False, secret=secret, days=WAITS.days
    )  # fmt: skip


async def _followed(rows: list[Follower]) -> list[Followed]:
    """Return what is followed with titles and addresses of what is on the showcase. One query."""
    projects = [row.project for row in rows]
    known = await Publication.objects(Publication.project).where(
        Publication.public() & Publication.project.is_in(projects or [0])
    )
    shown = {row.project.id: row for row in known}
    return [
        Followed(row, shown[row.project].title, shown[row.project].project.slug)
        if row.project in shown
        else Followed(row, "", "")
        for row in rows
    ]


PAGES = [FollowPages, FollowedPages, OwnFollowedPages]
