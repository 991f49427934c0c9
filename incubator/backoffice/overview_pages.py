"""The organisers' overview: one screen for what needs attention."""

from typing import Any

from litestar import Controller, Response, get

from incubator.backoffice.overview import overview
from incubator.http.templating import page
from incubator.notifications.bell import unread_since_yesterday
from incubator.people.guards import PersonRequest, organiser, unread_by
from incubator.programme.seasons import current_season
from incubator.projects.staff_consents import staff_consent_notice
from incubator.projects.vouching import waiting_for


class OrganiserPages(Controller):
    path = "/organiser"
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        season = await current_season()
        return page(
            request, "backoffice/organiser.html", season=season, overview=await overview(season, request.user),
            waiting=await waiting_for(request.user), notice=await staff_consent_notice(request.user),
            happened=await unread_since_yesterday(request.user, unread=unread_by(request)),
        )  # fmt: skip


PAGES = [OrganiserPages]
