"""The pages of the second factor: showing it, at signing in and before what asks for a fresh proof, and setting it up."""

from enum import StrEnum
from typing import Any, cast
from urllib.parse import urlsplit

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator import config
from incubator.core import limits
from incubator.core.clock import now
from incubator.core.languages import _
from incubator.core.printed_codes import in_groups
from incubator.core.refusals import NotAllowed, Refusal
from incubator.http.errors import problem, refused
from incubator.http.flash import Flash
from incubator.http.form_body import Posted
from incubator.http.forms import Form, read_form
from incubator.http.requests import AnyRequest, came_from, page_at
from incubator.http.templating import address_of, page, redirect, safe_path, wants_json
from incubator.people import second_factor as factors
from incubator.people.grants import roles_of
from incubator.people.guards import (
    PersonRequest,
    ProofNeeded,
    SetUpNeeded,
    SignInNeeded,
    freshly_proved,
    proof_in,
    signed_in,
)
from incubator.people.kept_forms import FIELD, PROVE_FIRST, PROVED, SIGNED_IN, SignedInWith, proof_page
from incubator.people.known_devices import device_cookie, device_secret, remember_device
from incubator.people.pages import goal, is_kept_of, kept_of_another
from incubator.people.passkeys import options_to_add, options_to_show, place_of_passkeys
from incubator.people.second_factor import Shower, WrongCode
from incubator.people.second_factor_view import factors_of
from incubator.people.sessions import secret_from, session_cookie
from incubator.people.tables import Person
from incubator.people.totp import address_for_app
from incubator.typesetting.qr import qr_code

HERE = "/profile/second-factor"


class Asked(StrEnum):
    """What the page asks for."""

    AT_SIGN_IN = "at_sign_in"
    FACTOR = "factor"
    PASSWORD = "password"  # noqa: S105 - a name, no password
    NEW_PASSWORD = "new_password"  # noqa: S105 - a name, no password
    """There is nothing yet by which the person could prove themselves."""


def proof_needed(request: AnyRequest, _error: ProofNeeded) -> Response[Any]:
    """Redirect to the page that asks, and afterwards back; KeptForms lets a form go on instead."""
    if wants_json(request):
        return problem(request, 403, _("Подтвердите ещё раз, что это вы"))
    request.scope["state"][PROVE_FIRST] = True
    is_page = request.method == "GET"
    return redirect(proof_page(address_of(request) if is_page else page_at(request, came_from(request))))


def set_up_needed(request: AnyRequest, error: SetUpNeeded) -> Response[Any]:
    """Lead to the page on which a second factor is set up. What was typed is shown to copy (KeptForms)."""
    if request.method == "GET" and not wants_json(request):
        return redirect(HERE)
    return refused(request, error)


def _who(request: AnyRequest) -> tuple[Shower, Asked]:
    """Return who has to show what. Raises SignInNeeded."""
    secret, proof = secret_from(request.scope), proof_in(request.scope)
    waiting = cast(Person | None, request.scope.get("awaits_factor"))
    if waiting is not None:
        return Shower(waiting, secret, is_signed_in=False), Asked.AT_SIGN_IN
    person = cast(Person | None, request.scope.get("user"))
    if person is None or proof is None:
        raise SignInNeeded
    asked = Asked.PASSWORD if proof.has_password else Asked.NEW_PASSWORD
    return Shower(person, secret, is_signed_in=True), Asked.FACTOR if proof.has_factor else asked


class ProofPages(Controller):
    path = "/second-factor"

    @get()
    async def show(self, request: AnyRequest) -> Response[Any]:
        shower, asked = _who(request)
        to = safe_path(request.query_params.get("next", "/"))
        proof = proof_in(request.scope)
        if asked != Asked.AT_SIGN_IN and proof is not None and proof.is_fresh(now()):
            return redirect(to)
        kept = request.scope["state"].get(FIELD, "")  # set by KeptForms alone
        return await self._page(request, shower, asked, Form(next=to, kept=kept))

    @post()
    async def prove(self, request: AnyRequest) -> Response[Any]:
        form = await read_form(request)
        shower, asked = _who(request)
        try:
            secret = await self._accept(shower, asked, form)
        except Refusal as refusal:
            form.refuse("password" if asked == Asked.PASSWORD else "one_time_code", refusal.message)
            return await self._page(request, shower, asked, form, status=422)
        if asked == Asked.AT_SIGN_IN:
            return await _opened(request, shower.person, secret, form)
        if Posted.from_json(form.value(FIELD)):
            request.scope["state"][PROVED] = form.value(FIELD)
        to = safe_path(form.value("next"))
        is_file = "." in to.partition("?")[0].rpartition("/")[2]
        return page(request, "people/download.html", file=to) if is_file else redirect(to)

    async def _accept(self, shower: Shower, asked: Asked, form: Form) -> str:
        """Return the session's secret once the proof is accepted. Raises Refusal."""
        if asked == Asked.NEW_PASSWORD:
            raise Refusal(_("Сначала задайте пароль"))
        if asked == Asked.PASSWORD:
            await factors.show_password(shower, form.value("password"))
            return shower.session
        if form.value("passkey"):
            return await factors.show_passkey(shower, form.value("passkey"))
        if not form.value("one_time_code").strip():
            raise WrongCode(_("Введите код"))
        return await factors.show_code(shower, form.value("one_time_code"))

    @post("/passkey")
    async def passkey(self, request: AnyRequest) -> dict[str, Any]:
        """Return what the browser is asked to sign."""
        shower, asked = _who(request)
        if asked not in {Asked.AT_SIGN_IN, Asked.FACTOR}:
            raise NotAllowed(_("Сначала добавьте ключ в профиле"))
        return await options_to_show(shower.person, session=shower.session)

    async def _page(
        self, request: AnyRequest, shower: Shower, asked: Asked, form: Form, *, status: int = 200
    ) -> Response[Any]:
        return page(
            request, "people/second_factor.html", status=status, form=form, asked=asked.value,
            shower=shower.person, factors=await factors_of(shower.person),
        )  # fmt: skip


async def _opened(request: AnyRequest, person: Person, secret: str, form: Form) -> Response[Any]:
    """Go on where the person was going when they signed in; KeptForms shows what they had typed before."""
    kept = Posted.from_json(form.value(FIELD))
    is_own = is_kept_of(person, kept)
    to = goal(form.value("next"), await roles_of(person.id))
    response = redirect(to) if is_own else redirect(to, kept_of_another())
    response.set_cookie(session_cookie(secret))
    response.set_cookie(device_cookie(await remember_device(person, device_secret(request))))
    if kept and is_own:
        request.scope["state"][SIGNED_IN] = SignedInWith(form.value(FIELD), secret)
    return response


class SecondFactorPages(Controller):
    path = HERE
    guards = [signed_in, freshly_proved]

    @get()
    async def show(self, request: PersonRequest) -> Response[Any]:
        return await self._page(request, Form())

    @post("/app")
    async def start_app(self, request: PersonRequest) -> Response[Any]:
        await factors.start_app(request.user)
        return redirect(f"{HERE}/app")

    @get("/app")
    async def app(self, request: PersonRequest) -> Response[Any]:
        return await self._app(request, Form())

    @post("/app/confirmation")
    async def confirm_app(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        try:
            codes = await factors.confirm_app(_shower(request), form.value("one_time_code"))
        except WrongCode as refusal:
            form.refuse("one_time_code", refusal.message)
            return await self._app(request, form, status=422)
        return self._done(request, codes, _("Приложение подключено"))

    @post("/app/removal")
    async def remove_app(self, request: PersonRequest) -> Response[Any]:
        await factors.remove_app(request.user)
        return redirect(HERE, Flash("success", _("Приложение отключено")))

    @post("/passkeys/options")
    async def options(self, request: PersonRequest) -> dict[str, Any]:
        """Return what the browser is asked to make."""
        return await options_to_add(request.user, session=secret_from(request.scope))

    @post("/passkeys")
    async def add_passkey(self, request: PersonRequest) -> Response[Any]:
        form = await read_form(request)
        name = form.text("name", longest=limits.PASSKEY_NAME, required=True)
        if not form.errors:
            try:
                codes = await factors.add_passkey(_shower(request), form.value("passkey"), name=name)
            except Refusal as refusal:
                form.refuse("name", refusal.message)
            else:
                return self._done(request, codes, _("Ключ добавлен"))
        return await self._page(request, form, status=422)

    @post("/passkeys/{passkey_id:int}/removal")
    async def remove_passkey(self, request: PersonRequest, passkey_id: FromPath[int]) -> Response[Any]:
        await factors.remove_passkey(request.user, passkey_id)
        return redirect(HERE, Flash("success", _("Ключ удалён")))

    @post("/codes")
    async def renew_codes(self, request: PersonRequest) -> Response[Any]:
        return self._done(request, await factors.renew_codes(request.user), "")

    def _done(self, request: PersonRequest, codes: list[str], text: str) -> Response[Any]:
        """Show new recovery codes, this once; without any, go back."""
        if not codes:
            return redirect(HERE, Flash("success", text))
        return page(request, "people/recovery_codes.html", codes=codes, done=text)

    async def _app(self, request: PersonRequest, form: Form, *, status: int = 200) -> Response[Any]:
        app = await factors.waiting_app(request.user)
        if app is None:
            return redirect(HERE)
        # The host instead of the site's name: letters beyond ASCII would double the code that a camera has to read.
        address = address_for_app(
            app.secret, account=request.user.email, site=urlsplit(config.settings.base_url).hostname or "incubator"
        )
        return page(
            request, "people/authenticator.html", status=status, form=form, seed=in_groups(app.secret, " "),
            address=address, qr=qr_code(address),
        )  # fmt: skip

    async def _page(self, request: PersonRequest, form: Form, *, status: int = 200) -> Response[Any]:
        return page(
            request, "people/second_factors.html", status=status, form=form, factors=await factors_of(request.user),
            may_have=await factors.may_have_factor(request.user), has_passkeys=place_of_passkeys() is not None,
        )  # fmt: skip


def _shower(request: PersonRequest) -> Shower:
    return Shower(request.user, secret_from(request.scope), is_signed_in=True)


PAGES = [ProofPages, SecondFactorPages]
