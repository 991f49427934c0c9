"""The organiser's page of mail on its way."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.backoffice.outbox_view import SHOWN, outbox
from incubator.core import email_address
from incubator.core.languages import _
from incubator.http.flash import Flash
from incubator.http.templating import page, redirect
from incubator.mail.retention import KEPT
from incubator.notifications.outbox import drop, resend, send_test_to
from incubator.people.guards import PersonRequest, organiser

_HERE = "/organiser/outbox"


class OutboxPages(Controller):
    path = _HERE
    guards = [organiser]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        return page(request, "backoffice/outbox.html", outbox=await outbox(), shown=SHOWN, kept=KEPT.days)

    @post("/test")
    async def test(self, request: PersonRequest) -> Response[Any]:
        await send_test_to(request.user)
        address = email_address.readable(request.user.email)
        text = _(
            "Письмо для %(address)s ждёт отправки. Обновите страницу: ниже будет видно, ушло ли оно.", address=address
        )
        return redirect(_HERE, Flash("info", text))

    @post("/{message_id:int}/resending")
    async def resend(self, request: PersonRequest, message_id: FromPath[int]) -> Response[Any]:
        await resend(message_id, by=request.user)
        return redirect(
            _HERE, Flash("info", _("Отправляем ещё раз. Обновите страницу: ниже будет видно, ушло ли письмо."))
        )

    @post("/{message_id:int}/removal")
    async def drop(self, request: PersonRequest, message_id: FromPath[int]) -> Response[Any]:
        await drop(message_id, by=request.user)
        return redirect(_HERE, Flash("success", _("Письмо убрано, оно не уйдёт")))


PAGES = [OutboxPages]
