"""What the programme is, who runs it, where to find help, and what becomes of personal data: the same for every visitor."""

from typing import Any

from litestar import Controller, Response, get

from incubator.http.requests import AnyRequest
from incubator.http.templating import page
from incubator.people.tables import ConsentText
from incubator.privacy.data_operator import the_operator
from incubator.programme.seasons import current_season
from incubator.showcase.addresses import links_of


class AboutPages(Controller):
    @get("/about")
    async def about(self, request: AnyRequest) -> Response[Any]:
        return page(
            request, "privacy/about.html", season=await current_season(), operator=await the_operator(),
            links=links_of(request, canonical="/about"),
        )  # fmt: skip

    @get("/help")
    async def help(self, request: AnyRequest) -> Response[Any]:
        return page(
            request, "privacy/help.html", operator=await the_operator(), links=links_of(request, canonical="/help")
        )

    @get("/privacy")
    async def privacy(self, request: AnyRequest) -> Response[Any]:
        texts = await ConsentText.objects().order_by(ConsentText.id)
        return page(
            request, "privacy/privacy.html", texts={t.purpose: t for t in texts}.values(), operator=await the_operator()
        )


PAGES = [AboutPages]
