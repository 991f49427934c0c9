"""A person's own page: name, language, date of birth, password, sessions."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import LOCALES, _
from incubator.core.refusals import Refusal
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.requests import client_address
from incubator.http.templating import page, redirect
from incubator.people import accounts
from incubator.people.address_change import WrongPassword, ask_new_address, open_change, stop_own_change
from incubator.people.age_changes import state_birth_date
from incubator.people.age_history import age_history
from incubator.people.birth_date import birth_date_form, birth_date_from
from incubator.people.guards import PersonRequest, signed_in
from incubator.people.hashing import hash_secret
from incubator.people.oidc.identities import ways_in
from incubator.people.own_notices import own_notices
from incubator.people.pages import about, mailbox_hint
from incubator.people.second_factor import may_have_factor
from incubator.people.second_factor_view import factors_of
from incubator.people.sessions import end_session_of, secret_from
from incubator.people.tables import Session

#: What the person, and in part a teacher, may change at once.
_NAMES = ("given_name", "family_name", "locale")


class ProfilePages(Controller):
    path = "/profile"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        return await self._page(request)

    @post()
    async def change(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        given = form.text("given_name", longest=limits.NAME, required=True)
        family = form.text("family_name", longest=limits.NAME)
        locale = form.choice("locale", ("", *LOCALES), required=False)
        if form.errors:
            return await self._page(request, status=422, form=form)
        await accounts.change_profile(
            request.user, given_name=given, family_name=family, locale=locale, read=form.before(*_NAMES)
        )
        return redirect("/profile", Flash("success", _("Сохранено")))

    @post("/birth-date")
    async def state_birth_date(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        born_on = birth_date_from(form, required=True)
        if born_on is not None and not form.errors:
            try:
                await state_birth_date(request.user, born_on)
            except Refusal as refusal:
                form.refuse("born_on", refusal.message)
        if form.errors:
            return await self._page(request, status=422, birth_form=form)
        return redirect("/profile", Flash("success", _("Дата рождения сохранена")))

    @get("/password")
    async def password(self, request: PersonRequest) -> Response[Any]:
        """Show the form on a page of its own: no other button sends a password, nor loses what was typed beside it."""
        return page(request, "people/password.html", form=Form())

    @post("/password")
    async def change_password(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        new = form.new_password("new_password", about=about(request.user))
        if not form.errors:
            try:
                await accounts.change_password(
                    request.user, current=form.value("current_password"), new=new,
                    kept_session=secret_from(request.scope),
                )  # fmt: skip
            except Refusal as refusal:
                form.refuse("current_password", refusal.message)
        if form.errors:
            return page(request, "people/password.html", status=422, form=form)
        return redirect("/profile", Flash("success", _("Новый пароль сохранён. На других устройствах вы вышли.")))

    @get("/address")
    async def address(self, request: PersonRequest) -> Response[Any]:
        return page(request, "people/new_address.html", form=Form())

    @post("/address")
    async def ask_new_address(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        email = form.email("new_email")
        if not form.errors:
            try:
                await ask_new_address(
                    request.user, email, password=form.value("address_password"), address=client_address(request)
                )
            except WrongPassword as refusal:
                form.refuse("address_password", refusal.message)
            except Refusal as refusal:
                form.refuse("new_email", refusal.message)
        if form.errors:
            return page(request, "people/new_address.html", status=422, form=form)
        both = _("Мы написали на оба адреса: откройте ссылки в письмах")
        new = _("Мы написали на новый адрес: откройте ссылку в письме")
        return redirect("/profile", mailbox_hint(new if request.user.email_confirmed_at is None else both))

    @post("/address/stop")
    async def stop_new_address(self, request: PersonRequest) -> Response[Any]:
        await stop_own_change(request.user)
        return redirect("/profile", Flash("success", _("Адрес остаётся прежним")))

    @post("/sessions/{session_id:int}/end")
    async def end(self, request: PersonRequest, session_id: FromPath[int]) -> Response[Any]:
        get_or_404(await end_session_of(request.user, session_id) or None)
        return redirect("/profile", Flash("success", _("На том устройстве вы вышли")))

    async def _page(
        self, request: PersonRequest, *, status: int = 200, form: Form | None = None,
        birth_form: Form | None = None,
    ) -> Response[Any]:  # fmt: skip
        person = request.user
        sessions = await Session.objects().where(Session.person == person.id).order_by(Session.seen_at, ascending=False)
        names = {name: getattr(person, name) for name in _NAMES}
        return page(
            request,
            "people/profile.html",
            status=status,
            form=form or Form(**names).with_read(*_NAMES),
            birth_form=birth_form or birth_date_form(person.born_on),
            age_history=await age_history(person.id),
            ways_in=await ways_in(person),
            change=await open_change(person),
            sessions=sessions,
            this_session=hash_secret(secret_from(request.scope)),
            factors=await factors_of(person),
            may_have_factor=await may_have_factor(person),
            notices=await own_notices(person),
        )


PAGES = [ProfilePages]
