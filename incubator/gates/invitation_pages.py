"""The page behind an invitation link: what it offers, and accepting it."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core import limits
from incubator.core.email_address import masked, readable
from incubator.core.languages import _
from incubator.core.refusals import Refusal
from incubator.gates.accept import Newcomer, accept, accept_invitation, claim, entrance_for, valid_invitation
from incubator.http.flash import Flash
from incubator.http.forms import Form, read_form
from incubator.http.requests import AnyRequest
from incubator.http.templating import page, redirect
from incubator.people.birth_date import birth_date_from
from incubator.people.guards import PersonRequest, signed_in
from incubator.people.pages import signed_in_redirect
from incubator.people.proof import Opened
from incubator.people.sessions import secret_from
from incubator.projects.invitations import behind_link, mailed_to
from incubator.projects.invitees import Entrance


class InvitationPages(Controller):
    path = "/invitations/{secret:str}"

    @get()
    async def show(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        return await self._page(request, secret, Form())

    @post(guards=[signed_in])
    async def accept(self, request: PersonRequest, secret: FromPath[str]) -> Response[Any]:
        to = await accept(secret, by=request.user, kept_session=secret_from(request.scope))
        return redirect(to, Flash("success", _("Приглашение принято. Добро пожаловать.")))

    @post("/account")
    async def claim(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        """Accept a mailed invitation with a new password, without a confirmed account."""
        form = await read_form(request)
        invitation = await valid_invitation(behind_link(secret))
        given = form.text("given_name", longest=limits.NAME)
        family = form.text("family_name", longest=limits.NAME)
        email = invitation.email if invitation else ""
        password = form.new_password("password", about=(email, given, family))
        born_on = birth_date_from(form)
        if form.errors or not email:
            return await self._page(request, secret, form, status=422)
        try:
            person, to = await claim(secret, Newcomer(password, given, family, born_on))
        except Refusal as refusal:
            form.refuse("invitation", refusal.message)
            return await self._page(request, secret, form, status=422)
        welcome = Flash("success", _("Приглашение принято. Добро пожаловать."))
        return await signed_in_redirect(request, person, to, welcome, opened=Opened.PASSWORD)

    async def _page(self, request: AnyRequest, secret: str, form: Form, *, status: int = 200) -> Response[Any]:
        invitation = await valid_invitation(behind_link(secret))
        if invitation is None:
            return page(request, "gates/invitation.html", status=404, invitation=None)
        way = await entrance_for(invitation, request.scope.get("user"))
        # Only who proves the mailbox by opening the link reads the address in full.
        address = readable(invitation.email) if way is Entrance.CLAIM else masked(invitation.email)
        return page(
            request, "gates/invitation.html", status=status, invitation=invitation, secret=secret, way=way, form=form,
            address=address,
        )  # fmt: skip


class MailedInvitationPages(Controller):
    """The same page for whoever got it by mail and has confirmed that address: the bell leads here, without the link's secret."""

    path = "/invitations/mine/{invitation_id:int}"
    guards = [signed_in]

    @get()
    async def show(self, request: PersonRequest, invitation_id: FromPath[int]) -> Response[Any]:
        invitation = await valid_invitation(mailed_to(request.user, invitation_id))
        if invitation is None:
            return page(request, "gates/invitation.html", status=404, invitation=None)
        return page(
            request, "gates/invitation.html", invitation=invitation, secret=f"mine/{invitation_id}",
            way=Entrance.ACCEPT, form=Form(), address=masked(invitation.email),
        )  # fmt: skip

    @post()
    async def accept(self, request: PersonRequest, invitation_id: FromPath[int]) -> Response[Any]:
        to = await accept_invitation(
            mailed_to(request.user, invitation_id), by=request.user, kept_session=secret_from(request.scope)
        )
        return redirect(to, Flash("success", _("Приглашение принято. Добро пожаловать.")))


PAGES = [InvitationPages, MailedInvitationPages]
