"""The page behind the links of a change of address: confirm, or stop it."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core.languages import _
from incubator.http.flash import Flash
from incubator.http.forms import read_form
from incubator.http.requests import AnyRequest
from incubator.http.templating import page, redirect
from incubator.people.address_change import confirm_address, side_of, stop_address
from incubator.people.sessions import secret_from


class AddressPages(Controller):
    path = "/address/{secret:str}"

    @get()
    async def show(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        """Show a page with buttons, so that a mail scanner that opens the link confirms nothing."""
        return page(request, "people/address.html", side=await side_of(secret), secret=secret)

    @post()
    async def answer(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        if (await read_form(request)).flag("stop"):
            await stop_address(secret)
            text = _("Адрес остаётся прежним, на всех устройствах вы вышли. Придумайте новый пароль.")
            return redirect("/password/forgot", Flash("warning", text))
        is_done = await confirm_address(secret, kept_session=secret_from(request.scope))
        text = (
            _("Адрес сменился. Теперь входите с новым.")
            if is_done
            else _("Подтверждено. Осталось открыть ссылку из письма на другой адрес.")
        )
        return redirect("/profile" if request.scope.get("user") else "/sign-in", Flash("success", text))


PAGES = [AddressPages]
