"""A person's own page: name, language, password, sessions."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import LOCALES, _
from incubator.core.refusals import Refusal
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.templating import page, redirect
from incubator.people import accounts
from incubator.people.guards import PersonRequest, signed_in
from incubator.people.hashing import hash_secret
from incubator.people.pages import about
from incubator.people.sessions import end_session_of, secret_from
from incubator.people.tables import Session


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
            request.user, given_name=given, family_name=family, locale=locale, is_adult=form.flag("is_adult")
        )
        return redirect("/profile", Flash("success", _("Сохранено")))

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
            return await self._page(request, status=422, password_form=form)
        return redirect("/profile", Flash("success", _("Новый пароль сохранён. На других устройствах вы вышли.")))

    @post("/sessions/{session_id:int}/end")
    async def end(self, request: PersonRequest, session_id: FromPath[int]) -> Response[Any]:
        get_or_404(await end_session_of(request.user, session_id) or None)
        return redirect("/profile", Flash("success", _("На том устройстве вы вышли")))

    async def _page(
        self, request: PersonRequest, *, status: int = 200, form: Form | None = None, password_form: Form | None = None
    ) -> Response[Any]:
        person = request.user
        sessions = await Session.objects().where(Session.person == person.id).order_by(Session.seen_at, ascending=False)
        names = {name: getattr(person, name) for name in ("given_name", "family_name", "locale")}
        return page(
            request,
            "people/profile.html",
            status=status,
            form=form or Form(**names, is_adult="1" if person.is_adult else ""),
            password_form=password_form or Form(),
            sessions=sessions,
            this_session=hash_secret(secret_from(request.scope)),
        )


PAGES = [ProfilePages]
