"""The list behind the bell. Looking at it changes nothing; going where something happened notes that it was read."""

from datetime import timedelta
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core.clock import today
from incubator.core.languages import _
from incubator.http.flash import Flash
from incubator.http.forms import read_form
from incubator.http.keyset import after_of
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.notifications.bell import mark_read, open_notification, page_of_notifications
from incubator.people.guards import PersonRequest, signed_in


class BellPages(Controller):
    path = "/notifications"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        after = after_of(request)
        found = await page_of_notifications(request.user, after)
        return page(
            request,
            "notifications/bell.html",
            found=found,
            is_first=after is None,
            yesterday=today() - timedelta(days=1),
        )

    @post("/read")
    async def read_all(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        through = form.id("through")
        if through is None:
            return redirect("/notifications")
        await mark_read(through=through, by=request.user)
        return redirect("/notifications", Flash("success", _("Всё прочитано")))

    @post("/{notification_id:int}")
    async def open(self, request: PersonRequest, notification_id: FromPath[int]) -> Response[Any]:
        link = get_or_404(await open_notification(notification_id, by=request.user))
        return redirect(link or "/notifications")


PAGES = [BellPages]
