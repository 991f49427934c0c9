"""Account pages: signing in and out, confirming an address, passwords."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any
from urllib.parse import quote

from litestar import Controller, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.languages import _
from incubator.core.logins import is_login
from incubator.core.refusals import Refusal
from incubator.http.csrf import SESSION_COOKIE
from incubator.http.errors import problem
from incubator.http.flash import Flash
from incubator.http.form_body import Posted
from incubator.http.forms import Form, read_form
from incubator.http.requests import AnyRequest, came_from, client_address, page_at
from incubator.http.templating import address_of, page, redirect, safe_path, wants_json
from incubator.people import accounts, tokens
from incubator.people.birth_date import birth_date_from
from incubator.people.factors import has_factor
from incubator.people.grants import roles_of
from incubator.people.guards import PersonRequest, SignInNeeded, signed_in
from incubator.people.kept_forms import FIELD, SIGN_IN_FIRST, SIGNED_IN, SignedInWith, proof_page
from incubator.people.known_devices import device_cookie, device_secret, remember_device
from incubator.people.mailbox_proof import confirm_with_new_password
from incubator.people.permissions import StaffAction, may
from incubator.people.proof import Opened
from incubator.people.sessions import (
    begin_session,
    end_session,
    owner_tag,
    secret_from,
    session_cookie,
)
from incubator.people.tables import Person


async def signed_in_redirect(
    request: AnyRequest, person: Person, to: str, *flashes: Flash, opened: Opened = Opened.MAILBOX
) -> Response[Any]:
    """Start a session with a new secret and redirect to ``to``: the one place where sessions begin.

    Where the person has a second factor that ``opened`` does not include, by way of the page that asks for it.
    """
    waits = opened != Opened.FACTOR and await has_factor(person.id)
    secret = await begin_session(person, user_agent=request.headers.get("user-agent", ""), opened=opened)
    response = redirect(proof_page(to) if waits else to, *flashes)
    response.set_cookie(session_cookie(secret))
    if not waits:
        response.set_cookie(device_cookie(await remember_device(person, device_secret(request))))
    return response


def sign_in_needed(request: AnyRequest, _error: SignInNeeded) -> Response[Any]:
    """Redirect to the sign-in page, or to that of the second factor if only this is missing, and afterwards back."""
    brings_files = request.content_type[0] == RequestEncodingType.MULTI_PART
    lost = _("Сеанс закончился, и файлы не загружены. Войдите и выберите их ещё раз.") if brings_files else ""
    if wants_json(request):
        return problem(request, 401, _("Войдите, чтобы продолжить"), lost)
    request.scope["state"][SIGN_IN_FIRST] = True
    here = address_of(request) if request.method == "GET" else page_at(request, came_from(request))
    there = proof_page(here) if request.scope.get("awaits_factor") else f"/sign-in?next={quote(here, safe='')}"
    return redirect(there, *([Flash("warning", lost)] if lost else ()))


def mailbox_hint(text: str) -> Flash:
    """Return a message that tells where a mail went; in development it links to the mailbox."""
    from incubator import config

    return Flash("info", text, "/mailbox" if config.settings.dev else "")


async def confirm_hint(person: Person, text: str) -> Flash:
    """Return ``text`` about the link that was mailed to confirm the address, or when it can be asked for if none was."""
    if await tokens.is_open(person, tokens.CONFIRM):
        return mailbox_hint(text)
    later = _("На этот адрес сегодня ушло уже много писем. Ссылку для подтверждения попросите чуть позже в профиле.")
    return Flash("warning", later, "/profile")


def _next_page(request: AnyRequest) -> str:
    return safe_path(request.query_params.get("next", "/"))


class SignInPages(Controller):
    @get("/sign-in")
    async def show(self, request: PersonRequest) -> Response[Any]:
        next_page = _next_page(request)
        if request.scope.get("user"):
            return redirect(goal(next_page, await roles_of(request.user.id)))
        if request.scope.get("awaits_factor"):
            return redirect(proof_page(next_page))
        return page(request, "people/sign_in.html", form=Form(next=next_page))

    @post("/sign-in")
    async def sign_in(self, request: AnyRequest) -> Response[Any]:
        form = await read_form(request)
        email = form.address_or_login("email")
        password = form.value("password")
        if not form.errors:
            try:
                person = await accounts.authenticate(
                    email, password, address=client_address(request), device=device_secret(request)
                )
            except Refusal as refusal:
                form.refuse("email", refusal.message)
            else:
                if person:
                    return await go_on_signed_in(request, person, form, opened=Opened.PASSWORD)
                form.refuse(
                    "password",
                    _("Логин и пароль не подошли друг к другу")
                    if is_login(email)
                    else _("Адрес и пароль не подошли друг к другу"),
                )
        return page(request, "people/sign_in.html", status=422, form=form)

    @get("/sign-in/{secret:str}")
    async def by_link(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        """Show a page with one button, so that a mail scanner that opens the link does not use it up."""
        person = await tokens.holder(secret, tokens.SIGN_IN)
        return page(
            request,
            "people/use_link.html",
            person_to_be=person,
            action=f"/sign-in/{secret}",
            purpose="sign_in",
            next="",
        )

    @post("/sign-in/{secret:str}")
    async def use_link(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        person = await accounts.sign_in_by_link(secret)
        return await signed_in_redirect(request, person, home_of(await roles_of(person.id)))

    @post("/sign-out")
    async def sign_out(self, request: AnyRequest) -> Response[Any]:
        await end_session(secret_from(request.scope))
        to = safe_path((await read_form(request)).value("next"), "/")
        response = redirect(to, Flash("info", _("Вы вышли")))
        response.set_cookie(session_cookie(""))
        return response

    @get("/sign-up")
    async def sign_up_form(self, request: PersonRequest) -> Response[Any]:
        next_page = _next_page(request)
        if request.scope.get("user"):
            return redirect(goal(next_page, await roles_of(request.user.id)))
        return page(request, "people/sign_up.html", form=Form(next=next_page))

    @post("/sign-up")
    async def sign_up(self, request: AnyRequest) -> Response[Any]:
        form = await read_form(request)
        person = await sign_up_from(form, request)
        if person is None:
            return page(request, "people/sign_up.html", status=422, form=form)
        hint = await confirm_hint(person, _("Мы отправили письмо: подтвердите адрес по ссылке в нём"))
        return await signed_in_redirect(
            request, person, goal(form.value("next"), ()), hint, opened=Opened.PASSWORD
        )  # fmt: skip


async def go_on_signed_in(
    request: AnyRequest, person: Person, form: Form, *flashes: Flash, opened: Opened = Opened.MAILBOX
) -> Response[Any]:
    """Go on where the person was going; KeptForms shows what they had typed before they had to sign in."""
    to = goal(form.value("next"), await roles_of(person.id))
    kept = Posted.from_json(form.value(FIELD))
    if is_kept_of(person, kept):
        response = await signed_in_redirect(request, person, to, *flashes, opened=opened)
        if kept:
            secret = next(cookie.value for cookie in response.cookies if cookie.key == SESSION_COOKIE) or ""
            asks = proof_page(to) if await has_factor(person.id) else ""
            request.scope["state"][SIGNED_IN] = SignedInWith(form.value(FIELD), secret, asks)
        return response
    return await signed_in_redirect(request, person, to, kept_of_another(), opened=opened)


def is_kept_of(person: Person, kept: Posted | None) -> bool:
    """Return whether there is nothing that another person had typed."""
    return kept is None or kept.owner in {"", owner_tag(person)}


def kept_of_another() -> Flash:
    return Flash(
        "warning",
        _("Здесь писал кто-то другой: его слова мы не показываем. Они вернутся, когда войдёт тот, кто писал."),
    )


async def sign_up_from(
    form: Form, request: AnyRequest, begin: Callable[[Person], Awaitable[object]] | None = None
) -> Person | None:
    """Create the account that ``form`` asks for; return None, with messages in the form, if that is impossible.

    ``begin``: as in ``sign_up``.
    """
    email = form.email("email")
    given, family = form.text("given_name", longest=limits.NAME), form.text("family_name", longest=limits.NAME)
    password = form.new_password("password", about=(email, given, family))
    born_on = birth_date_from(form)
    if form.errors:
        return None
    back = safe_path(form.value("next"), "")
    try:
        return await accounts.sign_up(
            email, password, given_name=given, family_name=family, born_on=born_on,
            address=client_address(request), back=back if back != "/" else "", begin=begin,
        )  # fmt: skip
    except Refusal as refusal:
        form.refuse("email", refusal.message)
        return None


def goal(next_page: str, roles: Collection[str]) -> str:
    """Return where somebody with these staff roles goes after signing in: where they were going, else to their work."""
    to = safe_path(next_page)
    return home_of(roles) if to == "/" else to


def home_of(roles: Collection[str]) -> str:
    """Return the start page for somebody with these staff roles."""
    return home_of_allowed({action for action in StaffAction if may(roles, action)})


def home_of_allowed(allowed: Collection[StaffAction]) -> str:
    """Return the start page, their work, for somebody who may do this in the whole programme."""
    if StaffAction.ORGANISE in allowed:
        return "/organiser"
    return "/desk" if StaffAction.REVIEW in allowed else "/projects"


class ConfirmPages(Controller):
    @get("/confirm/{secret:str}")
    async def show(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        return await self._page(request, secret, Form(next=safe_path(request.query_params.get("next", ""), "")))

    @post("/confirm/{secret:str}")
    async def confirm(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        """Confirm: with one click where the account is signed in, elsewhere with its password, which also signs in."""
        form = await read_form(request)
        to, done = safe_path(form.value("next"), "/projects"), Flash("success", _("Адрес подтверждён"))
        holder = await tokens.holder(secret, tokens.CONFIRM)
        if holder is None or _is_signed_in(request, holder):
            await accounts.confirm_email(secret)
            return redirect(to, done)
        try:
            person = await accounts.confirm_with_password(
                secret, form.value("password"), address=client_address(request), device=device_secret(request)
            )
        except Refusal as refusal:
            form.refuse("password", refusal.message)
        else:
            if person is not None:
                return await signed_in_redirect(request, person, to, done, opened=Opened.PASSWORD)
            form.refuse("password", _("Пароль не подошёл"))
        return await self._page(request, secret, form, status=422)

    @post("/confirm/{secret:str}/password")
    async def confirm_anew(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        """Confirm with a new password, for the owner of the mailbox who does not know the old one."""
        form = await read_form(request)
        holder = await tokens.holder(secret, tokens.CONFIRM)
        password = form.new_password("new_password", about=about(holder))
        if form.errors and holder is not None:
            return await self._page(request, secret, form, status=422)
        person = await confirm_with_new_password(secret, password)
        to = safe_path(form.value("next"), "/projects")
        return await signed_in_redirect(
            request, person, to, Flash("success", _("Адрес подтверждён")), opened=Opened.PASSWORD
        )  # fmt: skip

    async def _page(self, request: AnyRequest, secret: str, form: Form, *, status: int = 200) -> Response[Any]:
        holder = await tokens.holder(secret, tokens.CONFIRM)
        return page(
            request, "people/confirm.html", status=status, form=form, holder=holder, secret=secret,
            is_signed_in=holder is not None and _is_signed_in(request, holder),
        )  # fmt: skip

    @post("/confirmation", guards=[signed_in])
    async def again(self, request: PersonRequest) -> Response[Any]:
        back = safe_path((await read_form(request)).value("back"), "/profile")
        if not request.user.has_mailbox:
            return redirect("/profile/address")
        if request.user.email_confirmed_at is None:
            after = back if back.startswith("/invitations/") else ""
            await accounts.ask_to_confirm(request.user, address=client_address(request), back=after)
        return redirect(back, mailbox_hint(_("Письмо отправлено ещё раз")))


class PasswordPages(Controller):
    path = "/password"

    @get("/forgot")
    async def forgot(self, request: AnyRequest) -> Response[Any]:
        return page(request, "people/forgot.html", form=Form(), is_sent=False)

    @post("/forgot")
    async def mail_link(self, request: AnyRequest) -> Response[Any]:
        form = await read_form(request)
        email = form.address_or_login("email")
        if not form.errors:
            try:
                await accounts.mail_reset_link(email, address=client_address(request), device=device_secret(request))
            except Refusal as refusal:
                form.refuse("email", refusal.message)
            else:
                return redirect(
                    "/sign-in", mailbox_hint(_("Если такой адрес у нас есть, письмо со ссылкой уже в пути"))
                )
        return page(request, "people/forgot.html", status=422, form=form)

    @get("/reset/{secret:str}")
    async def choose(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        person = await tokens.holder(secret, tokens.RESET)
        return self._choose(request, secret, Form(), person)

    @post("/reset/{secret:str}")
    async def reset(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        form = await read_form(request)
        holder = await tokens.holder(secret, tokens.RESET)
        password = form.new_password("password", about=about(holder))
        if form.errors:
            return self._choose(request, secret, form, holder, status=422)
        person = await accounts.reset_password(secret, password)
        to = home_of(await roles_of(person.id))
        return await signed_in_redirect(
            request, person, to, Flash("success", _("Новый пароль сохранён")), opened=Opened.PASSWORD
        )  # fmt: skip

    def _choose(
        self, request: AnyRequest, secret: str, form: Form, holder: Person | None, *, status: int = 200
    ) -> Response[Any]:
        email = holder.email if holder else ""
        return page(
            request, "people/reset.html", status=status, form=form, is_alive=holder is not None, secret=secret,
            email=email,
        )  # fmt: skip


def _is_signed_in(request: AnyRequest, holder: Person) -> bool:
    user = request.scope.get("user")
    return user is not None and user.id == holder.id


def about(person: Person | None) -> tuple[str, ...]:
    """Return what a password must not be made of."""
    return (person.email, person.given_name, person.family_name) if person else ()


PAGES = [SignInPages, ConfirmPages, PasswordPages]
