"""Going to another site to sign in there, coming back, and the ways in that are linked to an account."""

from dataclasses import replace
from typing import Any

import structlog
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.config import SignInProvider
from incubator.core.languages import _, localized
from incubator.core.refusals import Refusal
from incubator.http.flash import Flash
from incubator.http.form_body import posted_of
from incubator.http.forms import Form, read_form
from incubator.http.lookup import get_or_404
from incubator.http.requests import AnyRequest, client_address
from incubator.http.templating import page, redirect, safe_path
from incubator.people.accounts import require_password
from incubator.people.guards import PersonRequest, signed_in
from incubator.people.hashing import new_secret
from incubator.people.kept_forms import FIELD
from incubator.people.oidc.errors import NotProved, NoWayBack, ProviderAway
from incubator.people.oidc.identities import link, person_for, provider_with, require_confirmed, unlink, ways_in
from incubator.people.oidc.tokens import Visitor, visitor_with
from incubator.people.oidc.visits import (
    COOKIE,
    LONGEST_KEPT,
    Return,
    begin_visit,
    end_visit,
    return_address,
    visit_cookie,
)
from incubator.people.pages import go_on_signed_in
from incubator.people.tables import Person

log = structlog.get_logger()

#: Of a form for signing up: the other site tells it.
_ACCOUNT = {"email", "given_name", "family_name", "born_on"}


_HERE = "/profile/ways-in"


class SignInWithPages(Controller):
    path = "/sign-in/with/{key:str}"

    @post()
    async def leave(self, request: AnyRequest, key: FromPath[str]) -> Response[Any]:
        """Begin a visit, with what was typed before signing in."""
        provider, form = get_or_404(provider_with(key)), await read_form(request)
        next_page = safe_path(form.value("next") or request.query_params.get("next", ""), "/")
        kept = form.value(FIELD) or await _typed(request, next_page)
        if len(kept) > LONGEST_KEPT:
            return _sign_in_page(request, next_page, kept, _too_long())
        try:
            return await _leave(request, provider, next_page=next_page, kept=kept)
        except Refusal as refusal:
            return _sign_in_page(request, next_page, kept, refusal)

    @get("/return")
    async def come_back(self, request: AnyRequest, key: FromPath[str]) -> Response[Any]:
        provider, browser = get_or_404(provider_with(key)), request.cookies.get(COOKIE, "")
        asked = request.query_params
        try:
            visit = await end_visit(provider, browser=browser, state=asked.get("state", ""))
        except NoWayBack as refusal:
            user = request.scope.get("user")
            return redirect("/" if user else "/sign-in", Flash("info" if user else "warning", refusal.message))
        try:
            visitor = await _visitor(provider, visit, asked.get("code", ""), asked.get("error", ""))
            if visit.person is not None:
                return await self._linked(request, provider, visit.person, visitor)
            person, is_new = await person_for(visitor)
        except Refusal as refusal:
            if visit.person is not None:
                return redirect(_HERE, Flash("danger", refusal.message))
            return _sign_in_page(request, visit.next_page, visit.kept, refusal)
        form = Form([("next", visit.next_page), (FIELD, visit.kept)])
        return await go_on_signed_in(request, person, form, *([_welcome(person)] if is_new else []))

    async def _linked(
        self, request: AnyRequest, provider: SignInProvider, person_id: int, visitor: Visitor
    ) -> Response[Any]:
        user = request.scope.get("user")
        if user is None or user.id != person_id:
            raise NoWayBack
        await link(person_id, visitor)
        text = _("Теперь можно входить через «%(name)s»", name=localized(provider, "name"))
        return redirect(_HERE, Flash("success", text))


class WaysInPages(Controller):
    path = _HERE
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        return await _ways_in_page(request, Form())

    @post()
    async def add(self, request: PersonRequest) -> Response[Any]:
        """Begin a visit that links an account there, for somebody who knows the password."""
        form = await read_form(request)
        provider = get_or_404(provider_with(form.value("provider")))
        try:
            require_confirmed(request.user)
            await require_password(request.user, form.value("password"))
            return await _leave(request, provider, next_page=_HERE, person=request.user)
        except Refusal as refusal:
            form.refuse("password", refusal.message)
        return await _ways_in_page(request, form, status=422)

    @post("/{identity_id:int}/remove")
    async def remove(self, request: PersonRequest, identity_id: FromPath[int]) -> Response[Any]:
        get_or_404(await unlink(request.user, identity_id) or None)
        return redirect(_HERE, Flash("success", _("Отвязано")))


async def _ways_in_page(request: PersonRequest, form: Form, *, status: int = 200) -> Response[Any]:
    return page(request, "people/ways_in.html", status=status, form=form, ways_in=await ways_in(request.user))


async def _leave(
    request: AnyRequest, provider: SignInProvider, *, next_page: str, kept: str = "", person: Person | None = None
) -> Response[Any]:
    """Return a page that leads to the provider; no redirect, because our forms may lead nowhere else (form-action)."""
    browser = request.cookies.get(COOKIE) or new_secret()
    to = await begin_visit(
        provider, browser=browser, address=client_address(request), next_page=next_page, kept=kept, person=person
    )
    response = page(request, "people/leaving.html", to=to, name=localized(provider, "name"))
    response.set_cookie(visit_cookie(browser))
    return response


async def _visitor(provider: SignInProvider, visit: Return, code: str, error: str) -> Visitor:
    if error or not code:
        raise Refusal(_("Вы не вошли на том сайте. Можно попробовать ещё раз или войти с паролем."))
    try:
        return await visitor_with(
            provider, code, verifier=visit.verifier, nonce=visit.nonce, back=return_address(provider)
        )
    except (ProviderAway, NotProved) as failure:
        log.warning("sign-in elsewhere failed", provider=provider.key, reason=failure.detail)
        raise


async def _typed(request: AnyRequest, next_page: str) -> str:
    """Return what was typed into the form with the button, for the form of the page that comes next."""
    fields = (await request.form()).multi_items()
    typed = posted_of(request, [(name, value) for name, value in fields if name.partition("-")[0] not in _ACCOUNT])
    return replace(typed, action=next_page, page=next_page).as_json() if typed.texts else ""


def _sign_in_page(request: AnyRequest, next_page: str, kept: str, refusal: Refusal) -> Response[Any]:
    form = Form([("next", next_page), (FIELD, kept)])
    form.refuse("with", refusal.message)
    return page(request, "people/sign_in.html", status=refusal.status, form=form)


def _too_long() -> Refusal:
    return Refusal(_("Ваш текст слишком длинный, чтобы взять его с собой. Войдите в другой вкладке и вернитесь сюда."))


def _welcome(person: Person) -> Flash:
    return Flash("success", _("Мы завели вам запись. Имя и дату рождения можно указать в профиле."), "/profile")


PAGES = [SignInWithPages, WaysInPages]
