"""The page behind an invitation link: what it offers, and accepting it."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from incubator.core.languages import _
from incubator.gates.accept import accept
from incubator.http.flash import Flash
from incubator.http.requests import AnyRequest
from incubator.http.templating import page, redirect
from incubator.people.guards import PersonRequest, signed_in
from incubator.projects.invitations import open_invitation


class InvitationPages(Controller):
    path = "/invitations/{secret:str}"

    @get()
    async def show(self, request: AnyRequest, secret: FromPath[str]) -> Response[Any]:
        invitation = await open_invitation(secret)
        return page(
            request, "gates/invitation.html", status=200 if invitation else 404, invitation=invitation, secret=secret
        )

    @post(guards=[signed_in])
    async def accept(self, request: PersonRequest, secret: FromPath[str]) -> Response[Any]:
        to = await accept(secret, by=request.user)
        return redirect(to, Flash("success", _("Вы в деле. Добро пожаловать.")))


PAGES = [InvitationPages]
