"""The page to which a card's QR code leads: choose a password with the code, and come in."""

from typing import Any

from litestar import Controller, Response, get, post

from incubator.classroom.cards import CODE, use_card
from incubator.core import limits
from incubator.core.languages import _
from incubator.core.logins import typed_login
from incubator.core.printed_codes import in_groups, typed_code
from incubator.core.refusals import Refusal
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.requests import AnyRequest, client_address
from incubator.http.templating import page
from incubator.people.pages import signed_in_redirect
from incubator.people.proof import Opened


class CardPages(Controller):
    path = "/card"

    @get()
    async def show(self, request: AnyRequest) -> Response[Any]:
        """Show the form, filled in by the QR code. Nothing is looked up before its button is pressed."""
        query = request.query_params
        code = typed_code(query.get("code", "")[: limits.PHONE])
        return _private(page(request, "classroom/card.html", form=Form(login=typed_login(query.get("login", "")), code=in_groups(code))))  # fmt: skip

    @post()
    async def use(self, request: AnyRequest) -> Response[Any]:
        form = await read_form(request)
        login, code = typed_login(form.value("login")), typed_code(form.value("code")[: limits.PHONE])
        if not login:
            form.refuse("login", _("Наберите логин, как на карточке: латинские буквы, точка и цифры"))
        if len(code) != CODE:
            form.refuse("code", _("В коде двенадцать букв и цифр: проверьте его по карточке"))
        password = form.new_password("password", about=(login, *login.split(".")))
        if not form.errors:
            try:
                person = await use_card(login, code, password, address=client_address(request))
            except Refusal as refusal:
                form.refuse("code", refusal.message)
            else:
                welcome = _("Вы вошли. В следующий раз: логин %(login)s и пароль, который вы придумали.", login=login)
                return await signed_in_redirect(
                    request, person, "/projects", Flash("success", welcome), opened=Opened.PASSWORD
                )
        return _private(page(request, "classroom/card.html", status=422, form=form))


def _private(response: Response[Any]) -> Response[Any]:
    """Keep the page, whose address may hold a code, out of caches and search engines."""
    response.headers |= {"cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}
    return response


PAGES = [CardPages]
