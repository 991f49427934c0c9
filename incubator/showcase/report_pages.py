"""Reporting a public page: a short form for anybody, without an account."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import _
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.requests import AnyRequest, client_address
from incubator.http.templating import page, redirect
from incubator.publication.content_report_words import Spot, Wrong, place_title, wrong_title
from incubator.publication.content_reports import KEPT, report_content
from incubator.publication.tables import Publication
from incubator.showcase.project_pages import publication_at


class ReportPages(Controller):
    path = "/showcase/{slug:str}/report"

    @get()
    async def show(self, request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
        about = request.query_params.get("about", "")
        return _page(request, await publication_at(slug), Form(place=about if about in set(Spot) else Spot.PAGE.value))

    @post()
    async def report(self, request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
        publication = await publication_at(slug)
        form = await read_form(request)
        wrong = form.choice("wrong", [each.value for each in Wrong])
        place = form.choice("place", [each.value for each in Spot], required=False) or Spot.PAGE.value
        text = form.text("text", longest=limits.CONTENT_REPORT, required=wrong == Wrong.OTHER, lines=True)
        email = form.email("email", required=False)
        if form.errors:
            return _page(request, publication, form, status=422)
        # A honeypot that people do not see: whoever fills it in is thanked, and nothing is kept.
        if not form.value("website"):
            await report_content(
                publication, wrong=Wrong(wrong), place=Spot(place), text=text, email=email,
                address=client_address(request),
            )  # fmt: skip
        thanks = _("Спасибо. Организаторы посмотрят и, если нужно, сразу скроют страницу.")
        return redirect(f"/showcase/{publication.project.slug}", Flash("success", thanks))


def _page(request: AnyRequest, publication: Publication, form: Form, *, status: int = 200) -> Response[Any]:
    return page(
        request, "showcase/report.html", status=status, publication=publication, project=publication.project,
        form=form, wrongs=[(each.value, wrong_title(each)) for each in Wrong],
        places=[(each.value, place_title(each)) for each in Spot], kept=KEPT.days,
    )  # fmt: skip


PAGES = [ReportPages]
